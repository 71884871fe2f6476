"""The three-step query by ClickHouse's windowFunnel, in its in-process build chdb.

chdb_query.py FILE THREADS

windowFunnel tells how far a session came: the sessions are counted, the completing events cannot
be. An approval in between cannot be said with it.
"""

import json
import sys
import time

import chdb

QUERY = """
SELECT countIf(reached = 3) FROM (
  SELECT
    userIdentity.1.1 AS session,
    windowFunnel(1800000)(ts, eventName = 'GetSecretValue', eventName = 'UpdateFunctionCode',
                          eventName = 'RebootInstances') AS reached
  FROM file('FILE', 'JSONEachRow', 'ts UInt64, eventName String,
            userIdentity Tuple(sessionContext Tuple(sessionId String))')
  WHERE eventName IN ('GetSecretValue', 'UpdateFunctionCode', 'RebootInstances')
  GROUP BY session)
SETTINGS max_threads = THREADS, input_format_skip_unknown_fields = 1
"""


def main() -> None:
    start = time.perf_counter()
    query = QUERY.replace("FILE", sys.argv[1]).replace("THREADS", str(int(sys.argv[2])))
    answer = chdb.query(query, "CSV").bytes().decode()
    print(
        json.dumps(
            {
                "keys": int(answer),
                "seconds": time.perf_counter() - start,
                "version": f"{chdb.__version__} (ClickHouse {chdb.engine_version})",
            }
        )
    )


if __name__ == "__main__":
    main()
