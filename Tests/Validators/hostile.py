"""Makes hostile input: for every text field of every fixture one file in which that field is hostile.

hostile.py FIXTURES OUT

FIXTURES is the folder of intake's fixtures; those that are broken or of no source are left out. A
field is a path of names in JSON, NDJSON and YAML and a column in CSV. The texts carry markup, script,
formulas, control characters, marks that turn the direction of text, the end of a CDATA section, a
lone surrogate, and 10,000 characters.
"""

from __future__ import annotations

import copy
import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ATTACK = (
    "=HYPERLINK(\"x\")<script>alert('sequitur')</script>\"><img src=x onerror=alert(1)>"
    "]]>&amp;{{id}}<!--\u0000\u0008\u001b[31m\u202e\u2066\ufffe'`|@all\r\n# x\n- [x](javascript:x)"
)
LONG = "A" * 10_000
# Of a fixture of many records the first few have its fields.
RECORDS_MAX = 4
LEFT_OUT = ("broken", "unrecognised")
FieldPath = tuple[str, ...]


def paths(value: Any, path: FieldPath = ()) -> Iterator[FieldPath]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from paths(member, (*path, str(name)))
    elif isinstance(value, list):
        for member in value:
            yield from paths(member, (*path, "[]"))
    elif isinstance(value, str):
        yield path


def tainted(value: Any, path: FieldPath, text: str) -> Any:
    """The value with a text behind each text that lies at the path."""
    if not path:
        return value + text if isinstance(value, str) else value
    if isinstance(value, dict):
        return {
            name: tainted(member, path[1:], text) if str(name) == path[0] else member
            for name, member in value.items()
        }
    if isinstance(value, list) and path[0] == "[]":
        return [tainted(member, path[1:], text) for member in value]
    return value


def dumped(value: Any) -> str:
    # A lone surrogate is legal in JSON as an escape; json.dumps writes it so.
    return json.dumps(value).replace("A" * 100, "A" * 99 + "\\ud800")


def documents(text: str, ending: str) -> tuple[list[Any], str]:
    if ending == "yaml":
        return list(yaml.load_all(text, yaml.BaseLoader)), "\n---\n"
    # One document after another, on lines or not.
    found, decoder, rest = [], json.JSONDecoder(), text.lstrip("\ufeff \n\r\t")
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].lstrip()
    return found, "\n"


def taints(number: int) -> tuple[str, ...]:
    """Every field is attacked; one in five is long as well."""
    return (ATTACK, LONG) if number % 5 == 0 else (ATTACK,)


def variants(text: str, ending: str) -> Iterator[str]:
    if ending in ("csv", "tsv"):
        comma = "\t" if ending == "tsv" else ","
        rows = list(csv.reader(io.StringIO(text), delimiter=comma))[: RECORDS_MAX + 1]
        for column in range(len(rows[0])):
            for taint in taints(column):
                changed = copy.deepcopy(rows)
                for row in changed[1:]:
                    if column < len(row):
                        row[column] += taint.replace("\u0000", "")
                out = io.StringIO()
                csv.writer(out, delimiter=comma).writerows(changed)
                yield out.getvalue()
        return
    values, between = documents(text, ending)
    values = values[:RECORDS_MAX]
    every = dict.fromkeys(path for value in values for path in paths(value))
    for number, path in enumerate(every):
        for taint in taints(number):
            yield between.join(dumped(tainted(value, path, taint)) for value in values) + "\n"


def main() -> None:
    fixtures, out = Path(sys.argv[1]), Path(sys.argv[2])
    count = 0
    for file in sorted(fixtures.rglob("*")):
        parts = file.relative_to(fixtures).parts
        # What is compressed otherwise than by gzip says nothing that others do not say plainly.
        if file.suffix == ".zst":
            continue
        if not file.is_file() or len(parts) < 2 or parts[0] in LEFT_OUT:
            continue
        name = file.name.removesuffix(".gz")
        content = file.read_bytes()
        text = (gzip.decompress(content) if file.suffix == ".gz" else content).decode("utf-8")
        folder = out / parts[0]
        folder.mkdir(parents=True, exist_ok=True)
        for number, variant in enumerate(variants(text, name.rsplit(".", 1)[-1])):
            (folder / f"{number:03d}-{name}").write_text(variant, encoding="utf-8", newline="")
            count += 1
    print(count)


if __name__ == "__main__":
    main()
