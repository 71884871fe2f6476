"""The three-step query by eql, the event query language's own engine in Python.

eql_query.py FILE [unless]

An EQL sequence keeps one partial match for each key and consumes it, so chains that share events
with an earlier match are missed. The approval is said as `until`.
"""

import json
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version

import orjson
from eql import Event, PythonEngine, parse_query

SEQUENCE = """
sequence by userIdentity.sessionContext.sessionId with maxspan=30m
  [any where eventName == "GetSecretValue"]
  [any where eventName == "UpdateFunctionCode"]
  [any where eventName == "RebootInstances"]
"""
TICKS_IN_A_MILLISECOND = 10_000


def events(path: str) -> Iterator[Event]:
    with open(path, "rb") as lines:
        for line in lines:
            fields = orjson.loads(line)
            yield Event("generic", fields["ts"] * TICKS_IN_A_MILLISECOND, fields)


def main() -> None:
    excused = sys.argv[2:] == ["unless"]
    query = SEQUENCE + ('until [any where eventName == "ApproveChange"]' if excused else "")
    start = time.perf_counter()
    matches: list = []
    engine = PythonEngine({"hooks": [matches.append]})
    with engine.schema:
        engine.add_query(parse_query(query, implied_any=True, implied_base=True))
    engine.stream_events(events(sys.argv[1]))
    last = [match.events[-1].data for match in matches]
    print(
        json.dumps(
            {
                "completions": len(last),
                "keys": len(
                    {fields["userIdentity"]["sessionContext"]["sessionId"] for fields in last}
                ),
                "seconds": time.perf_counter() - start,
                "version": version("eql"),
            }
        )
    )


if __name__ == "__main__":
    main()
