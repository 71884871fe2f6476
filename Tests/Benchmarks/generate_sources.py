"""Writes a file of many records of one source's format, from the lines of its fixture.

python3 generate_sources.py FIXTURE RECORDS OUT [KEY=text | KEY=]...

Each record is a line of the fixture, or an element of its list. Under a dotted key with `=text`
each has a text of its own; lines that lack a key are left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    fixture, count, out, *keys = sys.argv[1:]
    templates = [template(each, keys) for each in records(Path(fixture).read_text())]
    usable = [each for each in templates if each is not None]
    with open(out, "w", encoding="utf-8") as file:
        block: list[str] = []
        for number in range(int(count)):
            block.append(usable[number % len(usable)].replace("900719925474", f"{number:012}"))
            if len(block) == 10_000:
                file.write("".join(block))
                block = []
        file.write("".join(block))


def records(text: str) -> list[dict[str, Any]]:
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(whole, dict):
        whole = whole.get("value", whole.get("records", [whole]))
    return [each for each in whole if isinstance(each, dict)]


def template(record: dict[str, Any], keys: list[str]) -> str | None:
    """The record as a line in which twelve digits stand for its number."""
    for key in keys:
        path, _, kind = key.rpartition("=")
        *parents, last = path.split(".")
        place: Any = record
        for parent in parents:
            place = place.get(parent) if isinstance(place, dict) else None
        if not isinstance(place, dict) or last not in place:
            return None
        if kind == "text":
            place[last] = "n900719925474"
    return json.dumps(record, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    main()
