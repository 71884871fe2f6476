"""Files of the input folder, with stable bytes."""

import gzip
import json
import os
import shutil


class Output:
    """Keeps the files of one folder until they are saved or compared."""

    def __init__(self, root):
        self.root = root
        self.files = {}

    def write(self, path, text):
        """A text; what ends in `.gz` is compressed when it is saved."""
        self.files[path] = text.encode("utf-8")

    def write_json(self, path, value):
        self.write(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def save(self):
        """Replaces the folder; says what was written."""
        shutil.rmtree(self.root, ignore_errors=True)
        total = 0
        for path, data in self.files.items():
            full = os.path.join(self.root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            if path.endswith(".gz"):
                # No name and no time in the header: the bytes follow from the text alone.
                data = gzip.compress(data, compresslevel=9, mtime=0)
            with open(full, "wb") as file:
                file.write(data)
            total += len(data)
        return f"{len(self.files)} files, {total / 1e6:.2f} MB in {self.root}"

    def differences(self):
        """Paths whose contents are missing, other, or too many; compressed ones by their text."""
        found = {}
        for folder, _, names in os.walk(self.root):
            for name in names:
                full = os.path.join(folder, name)
                opened = gzip.open(full) if name.endswith(".gz") else open(full, "rb")
                with opened as file:
                    found[os.path.relpath(full, self.root).replace(os.sep, "/")] = file.read()
        paths = sorted(set(found) | set(self.files))
        return [path for path in paths if found.get(path) != self.files.get(path)]


def line(value):
    """One JSON record on one line, keys in the order given."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
