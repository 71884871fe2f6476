"""Writes accounts whose privileges are hard to resolve, always the same for the same arguments.

generate_privileges.py statements OUT AGENTS STATEMENTS_EACH
generate_privileges.py managed OUT POLICIES

`statements`: agents with so many statements each, one to three actions or wildcards over the full
action table on named resources, prefixes or everything; one statement in twenty denies.
`managed`: one role for each policy document of the NDJSON file POLICIES, and a log of 92 days with
an event of everything that a log shows only when it is switched on, so that nothing held was used
and all of it would have been seen.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

LEVELS = Path(__file__).resolve().parents[2] / "mappings/vocabulary/aws-levels.txt"
ACCOUNT = "111122223333"
DAYS = 92
DATA_EVENTS = (
    ("s3.amazonaws.com", "GetObject"),
    ("dynamodb.amazonaws.com", "GetItem"),
    ("lambda.amazonaws.com", "Invoke"),
    ("sqs.amazonaws.com", "SendMessage"),
    ("sns.amazonaws.com", "Publish"),
    ("kinesis.amazonaws.com", "PutRecord"),
    ("ebs.amazonaws.com", "GetSnapshotBlock"),
)


def actions() -> list[str]:
    """Every action of the level table; a line is a service, a level and names."""
    lines = (line.split() for line in LEVELS.read_text().splitlines() if not line.startswith("#"))
    return [f"{words[0]}:{name}" for words in lines if len(words) > 2 for name in words[2:]]


def pattern(rng: random.Random, names: list[str]) -> str:
    """An action, or now and then its service or its verb with a wildcard."""
    name = rng.choice(names)
    chance = rng.random()
    service, _, rest = name.partition(":")
    if chance < 0.02:
        return f"{service}:*"
    if chance < 0.12:
        verb = rest[0] + "".join(iter_lower(rest[1:]))
        return f"{service}:{verb}*"
    return name


def iter_lower(text: str) -> Iterator[str]:
    for letter in text:
        if not letter.islower():
            return
        yield letter


def resource(rng: random.Random, name: str) -> str:
    service = name.partition(":")[0]
    number = rng.randrange(1000)
    return rng.choice(
        (
            "*",
            f"arn:aws:{service}:eu-west-1:{ACCOUNT}:thing/app-{number}",
            f"arn:aws:{service}:eu-west-1:{ACCOUNT}:thing/app-{number % 30}-*",
            f"arn:aws:{service}:eu-west-1:{ACCOUNT}:thing/prod/{number}",
        )
    )


def statement(rng: random.Random, names: list[str]) -> dict[str, object]:
    chosen = [pattern(rng, names) for _ in range(rng.choice((1, 1, 2, 3)))]
    effect = "Deny" if rng.random() < 0.05 else "Allow"
    return {"Effect": effect, "Action": chosen, "Resource": resource(rng, chosen[0])}


def role(name: str, documents: list[dict[str, object]]) -> dict[str, object]:
    return {
        "RoleName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "Path": "/",
        "CreateDate": "2026-01-01T00:00:00Z",
        "RolePolicyList": [
            {"PolicyName": f"p{number}", "PolicyDocument": document}
            for number, document in enumerate(documents)
        ],
        "AttachedManagedPolicies": [],
    }


def write_roles(out: Path, roles: Iterator[dict[str, object]]) -> None:
    with open(out / "authorization-details.json", "w", encoding="utf-8") as file:
        file.write('{"UserDetailList": [], "GroupDetailList": [], "Policies": [], "RoleDetailList": [')
        for number, each in enumerate(roles):
            file.write((",\n  " if number else "\n  ") + json.dumps(each, separators=(",", ":")))
        file.write("\n]}\n")


def event(number: int, day: int, source: str, name: str) -> dict[str, object]:
    month, date = divmod(day, 28)
    return {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "IAMUser",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/somebody",
            "accountId": ACCOUNT,
            "userName": "somebody",
        },
        "eventTime": f"2026-{month + 1:02d}-{date + 1:02d}T12:00:{number % 60:02d}Z",
        "eventSource": source,
        "eventName": name,
        "awsRegion": "eu-west-1",
        "eventID": f"e{number}",
        "eventType": "AwsApiCall",
        "recipientAccountId": ACCOUNT,
    }


def write_log(out: Path) -> None:
    events = [
        event(number, number // len(DATA_EVENTS), source, name)
        for number, (source, name) in enumerate(DATA_EVENTS * DAYS)
    ]
    with open(out / "trail.ndjson", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(each) + "\n" for each in events)


def main() -> None:
    kind, out = sys.argv[1], Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    if kind == "managed":
        with gzip.open(sys.argv[3], "rt", encoding="utf-8") as file:
            policies = [json.loads(line) for line in file]
        roles = (role(f"r{at:04d}", [each["document"]]) for at, each in enumerate(policies))
    else:
        agents, each = int(sys.argv[3]), int(sys.argv[4])
        names = actions()
        rng = random.Random(4)
        roles = (
            role(
                f"r{at:05d}",
                [{"Version": "2012-10-17", "Statement": [statement(rng, names) for _ in range(each)]}],
            )
            for at in range(agents)
        )
    write_roles(out, roles)
    write_log(out)


if __name__ == "__main__":
    main()
