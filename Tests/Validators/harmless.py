"""Says where a review made of hostile input became markup, script, formula or invalid.

harmless.py FOLDER

Reads every file with a parser of its kind that is not ours. Prints the mistakes; exit code 1 when
there is one.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
ALLOWED_SCRIPTS = {"report.js", "../report.js"}


class Page(HTMLParser):
    """Collects what a hostile text would have made."""

    def __init__(self) -> None:
        super().__init__()
        self.mistakes: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "script" and values.get("src") not in ALLOWED_SCRIPTS:
            self.mistakes.append(f"a script: {values}")
        if tag in ("img", "iframe", "object", "embed", "form", "base"):
            self.mistakes.append(f"an element {tag}")
        for name, value in attributes:
            if name.startswith("on"):
                self.mistakes.append(f"an attribute {name}")
            if name in ("href", "src", "xlink:href") and ":" in (value or "").split("/")[0]:
                self.mistakes.append(f"an address {value}")

    def handle_comment(self, data: str) -> None:
        self.mistakes.append(f"a comment {data[:40]}")


def html(text: str) -> list[str]:
    page = Page()
    page.feed(text)
    page.close()
    if TURNING.search(text) or CONTROL.search(text):
        page.mistakes.append("a character that cannot be seen or turns the direction of text")
    return page.mistakes


def cells(text: str) -> list[str]:
    rows = csv.reader(text.splitlines(keepends=True))
    wrong = [cell[:60] for row in rows for cell in row if cell.startswith(FORMULA)]
    if TURNING.search(text) or CONTROL.search(text):
        wrong.append("a character that cannot be seen or turns the direction of text")
    return wrong


def markdown(text: str) -> list[str]:
    outside = CODE.sub("", text)
    wrong = [mark for mark in ("<", "](", "@all", "javascript") if mark in outside]
    return [f"outside of code: {mark}" for mark in wrong] + (
        ["a character that turns the direction of text"] if TURNING.search(text) else []
    )


def mistakes(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8")
    try:
        if file.suffix == ".html":
            return html(text)
        if file.suffix == ".csv":
            return cells(text)
        if file.suffix == ".md":
            return markdown(text)
        if file.suffix == ".xml":
            ElementTree.fromstring(text.encode())
        elif file.suffix in (".json", ".sarif"):
            json.loads(text)
        elif file.suffix == ".ndjson":
            for line in text.splitlines():
                json.loads(line)
    except (ValueError, ElementTree.ParseError) as error:
        return [f"cannot be read: {error}"]
    return []


def main() -> int:
    found = 0
    for file in sorted(Path(sys.argv[1]).rglob("*")):
        # The history is a database, of which nobody reads the bytes.
        if file.is_file() and not file.name.startswith("history.sqlite"):
            for mistake in mistakes(file)[:5]:
                found += 1
                print(f"{file.name}: {mistake}"[:300])
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
