"""Makes a decade of a history that holds one review, always the same for the same history.

generate_history.py HISTORY SHEET OUT QUARTERS

In the folder OUT: history.sqlite, in which the review stands QUARTERS times under the names Q1 (the
latest) to Qn, each a quarter earlier and a little different, and itself no more; and decisions.csv,
the review's SHEET with 5,000 rows filled in as an answer to Q1. From quarter to quarter every agent's
score moves, a quarter of the findings is other than the review's, and a twentieth of what is asked;
500 decisions a quarter are taken and stay known.
"""

from __future__ import annotations

import csv
import shutil
import sqlite3
import sys
from pathlib import Path

QUARTER_NANOSECONDS = 91 * 86_400 * 10**9
DECISIONS_A_QUARTER, FILLED_IN = 500, 5_000

COPY = """
INSERT INTO review SELECT :new, 'Q' || :n, fromNanoseconds - :n * :quarter, fromDigits,
  toNanoseconds - :n * :quarter, toDigits, vocabulary, scoring, scoringDigest
  FROM review WHERE number = :base;
INSERT INTO policy SELECT :new, id, digest FROM policy WHERE review = :base;
INSERT INTO agent SELECT :new, id, (privilege + :n) % 100, composition, held, unused, sources,
  isEvidenceEnough FROM agent WHERE review = :base;
INSERT INTO finding SELECT :new, CASE (row_number() OVER (ORDER BY id) + :n) % 4
  WHEN 0 THEN id || '-' || :n ELSE id END, policy, title, kind, status, severity, agents,
  occurrences, lastNanoseconds, lastDigits FROM finding WHERE review = :base;
INSERT INTO figures SELECT :new, critical, high, moderate, low, notAssessed, held, unused, unseen
  FROM figures WHERE review = :base;
INSERT INTO findingFigures SELECT :new, status, count FROM findingFigures WHERE review = :base;
INSERT INTO question SELECT :new, subject FROM question
  WHERE review = :base AND subject % 20 <> :n % 20;
INSERT INTO subject (digest, text, item)
  SELECT substr(digest, 1, 28) || printf('q%03d', :n), text, item FROM subject
  WHERE number IN (SELECT subject FROM question WHERE review = :base AND subject % 20 = :n % 20);
INSERT INTO question SELECT :new, number FROM subject WHERE number > :last;
INSERT INTO decision SELECT :new, item, 'Q' || :quarters, toNanoseconds - :quarters * :quarter,
  toDigits, 'revoke', 'al', 'nobody needs it', NULL, NULL, 'decisions.csv', 2,
  CASE subject.number % 3 WHEN 0 THEN 'done' ELSE 'not done' END, subject.number
  FROM review JOIN subject WHERE review.number = :base AND subject.number IN (
    SELECT subject FROM question WHERE review = :base ORDER BY subject LIMIT :decided);
"""


def main() -> None:
    history, sheet, out, quarters = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    out.mkdir(parents=True)
    shutil.copyfile(history, out / "history.sqlite")
    database = sqlite3.connect(out / "history.sqlite")
    ((base,),) = database.execute("SELECT number FROM review")
    for n in range(quarters, 0, -1):
        ((last,),) = database.execute("SELECT max(number) FROM subject")
        values = {
            "base": base,
            "new": base + quarters - n + 1,
            "n": n,
            "quarter": QUARTER_NANOSECONDS,
            "quarters": quarters,
            "last": last,
            "decided": DECISIONS_A_QUARTER * (quarters - n + 1),
        }
        for statement in COPY.split(";\n"):
            if statement.strip():
                database.execute(statement, values)
    database.commit()
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("DELETE FROM review WHERE number = ?", (base,))
    database.commit()
    database.execute("VACUUM")
    fill_in(sheet, out / "decisions.csv")


def fill_in(sheet: str, out: Path) -> None:
    """Answers rows that lie evenly over the sheet."""
    with open(sheet, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    step = max(1, len(rows) // FILLED_IN)
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for row in rows[::step][:FILLED_IN]:
            answer = {"decision": "keep", "decidedBy": "al", "reason": "in use", "review": "Q1"}
            writer.writerow({**row, **answer})


if __name__ == "__main__":
    main()
