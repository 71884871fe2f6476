"""Writes a large organisation in the canonical format, always the same for the same arguments.

generate_estate.py OUT [AGENTS [PRIVILEGES_EACH [DAYS]]]

In the folder OUT: agents with owners, their privileges one a line, and for each agent the events
of two chains: a secret read and code replaced, and an account made and given rights. An agent
holds what it used, and draws the rest from the actions that the vocabulary names a level for.
With DAYS there is an event of somebody else on each of so many days, so that what was not used can
be called unused.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

LEVELS = Path(__file__).resolve().parents[2] / "mappings/vocabulary/aws-levels.txt"
CHAINS = (
    ("secretsmanager:GetSecretValue", "lambda:UpdateFunctionCode"),
    ("iam:CreateUser", "iam:AttachUserPolicy"),
)
FIRST_EVENT = 1_767_225_600_000
OWNERS, POLICIES_OF_AN_AGENT = 40, 10


def named_actions() -> list[str]:
    """Every action of the level table; a line is a service, a level and names."""
    lines = (line.split() for line in LEVELS.read_text().splitlines() if not line.startswith("#"))
    return [f"{words[0]}:{name}" for words in lines if len(words) > 2 for name in words[2:]]


def agents(count: int) -> list[dict[str, object]]:
    return [
        {
            "agent": f"agent-{number:05d}",
            "kind": "agent",
            "owner": f"team-{number % OWNERS}",
            "environment": "production",
        }
        for number in range(count)
    ]


def privileges(
    agent: str, count: int, actions: list[str], source: random.Random
) -> list[dict[str, str]]:
    used = [action for chain in CHAINS for action in chain]
    held = used + source.sample(actions, count - len(used))
    return [
        {
            "agent": agent,
            "action": action,
            "resource": f"res/{place % 7}/*",
            "effect": "allow",
            "via": f"{agent}-policy-{place % POLICIES_OF_AN_AGENT}",
        }
        for place, action in enumerate(held)
    ]


def events(agent: str, number: int) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for place, action in enumerate(action for chain in CHAINS for action in chain):
        made.append(
            {
                "id": f"e-{number}-{place}",
                "time": FIRST_EVENT + number * 1000 + place * 60_000,
                "agent": agent,
                "session": f"s-{number}",
                "action": action,
                "resource": f"res/{place % 7}/thing",
            }
        )
    return made


def days(count: int) -> list[dict[str, object]]:
    """A log that has something on each day."""
    return [
        {
            "id": f"d-{day}",
            "time": FIRST_EVENT + day * 86_400_000,
            "agent": "heartbeat",
            "session": f"d-{day}",
            "action": "sts:GetCallerIdentity",
        }
        for day in range(count)
    ]


def main() -> None:
    out = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    each = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    out.mkdir(parents=True)
    source, actions = random.Random(3), named_actions()
    with (
        open(out / "agents.ndjson", "w", encoding="ascii") as agent_lines,
        open(out / "privileges.ndjson", "w", encoding="ascii") as privilege_lines,
        open(out / "events.ndjson", "w", encoding="ascii") as event_lines,
    ):
        for number, fields in enumerate(agents(count)):
            agent = str(fields["agent"])
            print(json.dumps(fields), file=agent_lines)
            for privilege in privileges(agent, each, actions, source):
                print(json.dumps(privilege), file=privilege_lines)
            for event in events(agent, number):
                print(json.dumps(event), file=event_lines)
        for event in days(int(sys.argv[4]) if len(sys.argv) > 4 else 0):
            print(json.dumps(event), file=event_lines)


if __name__ == "__main__":
    main()
