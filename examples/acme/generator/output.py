"""Files of the input folder, with stable bytes."""

import gzip
import json
import os


class Output:
    """Writes below one folder and counts what it wrote."""

    def __init__(self, root):
        self.root = root
        self.files = 0
        self.bytes = 0

    def write(self, path, data):
        if isinstance(data, str):
            data = data.encode("utf-8")
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(data)
        self.files += 1
        self.bytes += len(data)

    def write_json(self, path, value):
        self.write(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def write_gzip(self, path, text):
        # No name and no time in the header: the bytes follow from the text alone.
        self.write(path, gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))

    def summary(self):
        return f"{self.files} files, {self.bytes / 1e6:.2f} MB in {self.root}"


def line(value):
    """One JSON record on one line, keys in the order given."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
