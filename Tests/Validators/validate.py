"""Validates a JSON file, or each line of an NDJSON file, against a JSON Schema.

validate.py SCHEMA FILE [--lines FIELD VALUE]

The draft is the schema's own. Patterns are matched with the `regex` package, since those of OSCAL
use classes of Unicode that Python's own module does not know. With --lines, only lines whose FIELD
is VALUE count, and there must be one. Prints the first mistakes; exit code 1 when there are any.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema
import regex

MISTAKES_MAX = 10


def pattern(_: Any, wanted: str, value: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    if isinstance(value, str) and not regex.search(wanted, value):
        yield jsonschema.ValidationError(f"{value!r} does not match {wanted!r}")


def documents(path: str, lines: list[str]) -> Iterator[Any]:
    with open(path, encoding="utf-8") as file:
        if not lines:
            yield json.load(file)
            return
        field, value = lines
        for line in file:
            document = json.loads(line)
            if str(document.get(field)) == value:
                yield document


def main() -> int:
    schema_path, path, *rest = sys.argv[1:]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    base = jsonschema.validators.validator_for(schema)
    validator_class = jsonschema.validators.extend(base, {"pattern": pattern})
    if "\\p{" not in json.dumps(schema):
        base.check_schema(schema)
    validator = validator_class(schema, format_checker=base.FORMAT_CHECKER)
    count, mistakes = 0, 0
    for document in documents(path, rest[1:]):
        count += 1
        for error in validator.iter_errors(document):
            mistakes += 1
            if mistakes <= MISTAKES_MAX:
                print(f"{error.json_path}: {error.message[:400]}")
    if count == 0:
        print("nothing to validate")
    return 0 if count > 0 and mistakes == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
