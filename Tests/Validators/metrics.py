"""Checks a file of figures as a collector would read it, and by the rules that promtool checks.

metrics.py FILE

The parser is that of the Prometheus client. Prints the mistakes; exit code 1 when there are any.
"""

from __future__ import annotations

import re
import sys

from prometheus_client.parser import text_string_to_metric_families

UNITS_NOT_BASE = ("milliseconds", "minutes", "hours", "days", "kilobytes", "megabytes", "percent")


def mistakes(text: str) -> list[str]:
    found: list[str] = []
    if not text.endswith("\n"):
        found.append("the last line has no end")
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    names: list[str] = []
    for family in text_string_to_metric_families(text):
        names.append(family.name)
        if family.type != "gauge":
            found.append(f"{family.name}: {family.type}, expected a gauge")
        if not family.documentation:
            found.append(f"{family.name}: no HELP")
        if not re.fullmatch(r"sequitur(_[a-z]+)+", family.name):
            found.append(f"{family.name}: not in snake case")
        if family.name.endswith(("_total", "_count", "_sum", "_bucket")):
            found.append(f"{family.name}: the name of a counter or a histogram")
        if any(unit in family.name.split("_") for unit in UNITS_NOT_BASE):
            found.append(f"{family.name}: not a base unit")
        if "gauge" in family.name or family.name.endswith(("_string", "_int")):
            found.append(f"{family.name}: names its own type")
        for sample in family.samples:
            if sample.timestamp is not None:
                found.append(f"{family.name}: a time stamp, which the textfile collector refuses")
            if sample.value != sample.value:
                found.append(f"{family.name}: no number")
            key = (sample.name, tuple(sorted(sample.labels.items())))
            if key in seen:
                found.append(f"{key}: twice")
            seen.add(key)
    if len(names) != len(set(names)):
        found.append("a family stands in two places")
    return found


def main() -> int:
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        found = mistakes(file.read())
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
