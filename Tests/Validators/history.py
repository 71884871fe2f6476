"""Checks that a history is a whole SQLite file, and prints what it has of each review.

history.py FILE

Exit code 1 when the file is damaged. The file is only read.
"""

from __future__ import annotations

import sqlite3
import sys


def main() -> int:
    database = sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True)
    checks = [row[0] for row in database.execute("PRAGMA integrity_check")]
    foreign = list(database.execute("PRAGMA foreign_key_check"))
    if checks != ["ok"] or foreign:
        print(checks, foreign)
        return 1
    lost = list(
        database.execute("SELECT * FROM question WHERE subject NOT IN (SELECT number FROM subject)")
    )
    idle = list(
        database.execute(
            """
            SELECT number FROM subject WHERE number NOT IN (
              SELECT subject FROM question UNION SELECT subject FROM decision)
            """
        )
    )
    if lost or idle:
        print("questions without a subject:", lost, "subjects of nothing:", idle)
        return 1
    rows = database.execute(
        """
        SELECT review.id, (SELECT count(*) FROM finding WHERE finding.review = number),
          (SELECT count(*) FROM agent WHERE agent.review = number),
          (SELECT count(*) FROM question WHERE question.review = number),
          (SELECT count(*) FROM figures WHERE figures.review = number)
        FROM review ORDER BY review.id
        """
    )
    for row in rows:
        print(*row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
