"""The truth about the three-step query, and what a careful script of one's own would do.

reference.py FILE [IDS]

Reads every line with orjson and keeps, for each session, the latest start of a chain that has come
to each step: a later start serves every later event at least as well. A completion is a reboot at
most 30 minutes after that start; equal times stand in the order of the file. An approval forgets
every chain of its session. Prints both answers, without and with the approval, and writes the ids
of the completing events to the file IDS.
"""

import json
import sys
import time
from dataclasses import dataclass, field
from importlib.metadata import version

import orjson

WINDOW_MILLISECONDS = 30 * 60 * 1000


@dataclass
class Chains:
    """The latest start of a chain in each session, and what completed."""

    after_secret: dict[str, int] = field(default_factory=dict)
    after_code: dict[str, int] = field(default_factory=dict)
    completed: list[str] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)

    def update(self, session: str) -> None:
        if session in self.after_secret:
            self.after_code[session] = self.after_secret[session]

    def reboot(self, session: str, at: int, event: str) -> None:
        start = self.after_code.get(session)
        if start is not None and at - start <= WINDOW_MILLISECONDS:
            self.completed.append(event)
            self.sessions.add(session)

    def forget(self, session: str) -> None:
        self.after_secret.pop(session, None)
        self.after_code.pop(session, None)

    def answer(self) -> dict[str, int]:
        return {"completions": len(self.completed), "keys": len(self.sessions)}


def judge(path: str, plain: Chains, unless: Chains) -> int:
    """Feeds every event of the file to both; gives the number of events."""
    count = 0
    with open(path, "rb") as lines:
        for line in lines:
            count += 1
            event = orjson.loads(line)
            name = event["eventName"]
            if name == "GetSecretValue":
                session = event["userIdentity"]["sessionContext"]["sessionId"]
                plain.after_secret[session] = unless.after_secret[session] = event["ts"]
            elif name == "UpdateFunctionCode":
                session = event["userIdentity"]["sessionContext"]["sessionId"]
                plain.update(session)
                unless.update(session)
            elif name == "RebootInstances":
                session = event["userIdentity"]["sessionContext"]["sessionId"]
                plain.reboot(session, event["ts"], event["eventID"])
                unless.reboot(session, event["ts"], event["eventID"])
            elif name == "ApproveChange":
                unless.forget(event["userIdentity"]["sessionContext"]["sessionId"])
    return count


def main() -> None:
    start = time.perf_counter()
    plain, unless = Chains(), Chains()
    count = judge(sys.argv[1], plain, unless)
    seconds = time.perf_counter() - start
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="ascii") as ids:
            json.dump({"plain": sorted(plain.completed), "unless": sorted(unless.completed)}, ids)
    print(
        json.dumps(
            {
                "events": count,
                "plain": plain.answer(),
                "unless": unless.answer(),
                "seconds": seconds,
                "version": f"{sys.version.split()[0]}, orjson {version('orjson')}",
            }
        )
    )


if __name__ == "__main__":
    main()
