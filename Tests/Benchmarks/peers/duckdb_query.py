"""The three-step query as SQL with window functions, by DuckDB.

duckdb_query.py FILE THREADS [unless]

A completion is a reboot whose latest start of a chain is at most 30 minutes back; with `unless`,
an approval after that start excuses it. Rows of one session are numbered, and the latest start of
a chain is carried forward from step to step. Prints the answer and the seconds without imports.
"""

import json
import sys
import time

import duckdb

EVENTS = """
WITH events AS (
  SELECT ts, eventID, eventName AS action, userIdentity.sessionContext.sessionId AS session
  FROM read_json(?, format = 'newline_delimited', columns = {
    ts: 'BIGINT', eventID: 'VARCHAR', eventName: 'VARCHAR',
    userIdentity: 'STRUCT(sessionContext STRUCT(sessionId VARCHAR))'})
  WHERE eventName IN (ACTIONS)),
"""

PLAIN = """
secrets AS (
  SELECT *, max(ts) FILTER (WHERE action = 'GetSecretValue') OVER earlier AS secretTime
  FROM events
  WINDOW earlier AS (PARTITION BY session ORDER BY ts, eventID ROWS UNBOUNDED PRECEDING)),
chains AS (
  SELECT *, max(secretTime) FILTER (WHERE action = 'UpdateFunctionCode') OVER earlier AS startTime
  FROM secrets
  WINDOW earlier AS (PARTITION BY session ORDER BY ts, eventID ROWS UNBOUNDED PRECEDING))
SELECT eventID, session FROM chains
WHERE action = 'RebootInstances' AND ts - startTime <= 1800000
"""

UNLESS = """
numbered AS (
  SELECT *, row_number() OVER (PARTITION BY session ORDER BY ts, eventID) AS place FROM events),
secrets AS (
  SELECT *,
    max(ts) FILTER (WHERE action = 'GetSecretValue') OVER earlier AS secretTime,
    max(place) FILTER (WHERE action = 'GetSecretValue') OVER earlier AS secretPlace
  FROM numbered
  WINDOW earlier AS (PARTITION BY session ORDER BY place ROWS UNBOUNDED PRECEDING)),
chains AS (
  SELECT *,
    max(secretTime) FILTER (WHERE action = 'UpdateFunctionCode') OVER earlier AS startTime,
    max(secretPlace) FILTER (WHERE action = 'UpdateFunctionCode') OVER earlier AS startPlace,
    max(place) FILTER (WHERE action = 'ApproveChange') OVER earlier AS approvalPlace
  FROM secrets
  WINDOW earlier AS (PARTITION BY session ORDER BY place ROWS UNBOUNDED PRECEDING))
SELECT eventID, session FROM chains
WHERE action = 'RebootInstances' AND ts - startTime <= 1800000
  AND startPlace > coalesce(approvalPlace, 0)
"""

STEPS = "'GetSecretValue', 'UpdateFunctionCode', 'RebootInstances'"


def main() -> None:
    file, threads = sys.argv[1], int(sys.argv[2])
    query = EVENTS.replace("ACTIONS", STEPS) + PLAIN
    if sys.argv[3:] == ["unless"]:
        query = EVENTS.replace("ACTIONS", STEPS + ", 'ApproveChange'") + UNLESS
    start = time.perf_counter()
    connection = duckdb.connect(config={"threads": threads})
    rows = connection.execute(query, [file]).fetchall()
    print(
        json.dumps(
            {
                "completions": len(rows),
                "keys": len({session for _, session in rows}),
                "seconds": time.perf_counter() - start,
                "version": duckdb.__version__,
            }
        )
    )


if __name__ == "__main__":
    main()
