"""Validates a YAML file against a JSON Schema, as an editor does.

validate_yaml.py SCHEMA FILE

Dates stay texts. Prints the first mistake; exit code 1 when there is one.
"""

from __future__ import annotations

import json
import sys

import jsonschema
import yaml


class Texts(yaml.SafeLoader):
    """YAML without times of its own: a schema knows texts only."""


Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        document = yaml.load(file, Loader=Texts)
    jsonschema.Draft202012Validator.check_schema(schema)
    for mistake in jsonschema.Draft202012Validator(schema).iter_errors(document):
        print(f"{'/'.join(map(str, mistake.path))}: {mistake.message}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
