"""Writes a file of many records of one source's format, from the lines of its fixture.

python3 generate_sources.py FIXTURE RECORDS OUT [KEY=text | KEY=trace | KEY=]...

Each record is a line of the fixture, or an element of its list. Under a dotted key, through lists,
with `=text` each record has a text of its own. With `=trace` all lines of the fixture together are
one story, whose ids are written again with each: of a text the last twelve characters change. Lines
that lack a key are left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

PLACE = "900719925474"
"""Stands for the number of a record."""


def main() -> None:
    fixture, count, out, *keys = sys.argv[1:]
    templates = [template(each, keys) for each in records(Path(fixture).read_text())]
    usable = [each for each in templates if each is not None]
    story = len(usable) if any(key.endswith("=trace") for key in keys) else 1
    with open(out, "w", encoding="utf-8") as file:
        block: list[str] = []
        for number in range(int(count)):
            record = usable[number % len(usable)]
            block.append(record.replace(PLACE, f"{number // story:012}"))
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
        holders = [each for each in below(record, parents) if last in each]
        if not holders:
            return None
        for holder in holders:
            if kind == "text":
                holder[last] = f"n{PLACE}"
            elif kind == "trace":
                holder[last] = holder[last][:-12] + PLACE
    return json.dumps(record, separators=(",", ":")) + "\n"


def below(value: Any, parents: list[str]) -> list[dict[str, Any]]:
    """The objects at a path, which goes through lists."""
    if isinstance(value, list):
        return [found for each in value for found in below(each, parents)]
    if not isinstance(value, dict):
        return []
    return below(value.get(parents[0]), parents[1:]) if parents else [value]


if __name__ == "__main__":
    main()
