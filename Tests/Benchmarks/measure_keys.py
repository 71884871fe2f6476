"""What live keys cost: the same query and number of events, more and more sessions at a time."""

from __future__ import annotations

from typing import Any

import material
import sequitur
from material import Log
from options import Options
from processes import Runs, alternate
from sequitur import Review
from tables import Section, Table, megabytes, seconds, verdict

LIVE = (400, 10_000, 1_000_000)
LIMITS = {10_000: 1.0, 1_000_000: 1.5}
"""How much an event may cost, of its cost with the fewest sessions. Runs differ by some percent."""


def measure(options: Options) -> Section:
    logs = {live: material.own_log(options.events(2_000_000), live) for live in LIVE}
    reviews = {
        live: Review([log.path], [sequitur.STEPS], f"keys-{live}", threads=2, history=False)
        for live, log in logs.items()
    }
    for review in reviews.values():
        review.discard()
    runs = alternate(
        {str(live): review.command for live, review in reviews.items()}, options.rounds
    )
    base = runs[str(LIVE[0])].seconds
    table = Table(
        "sessions at a time | sessions judged | wall, median | fastest to slowest | per event | "
        "of the first | peak memory | completions | right"
    )
    for live in LIVE:
        add_row(table, live, logs[live], reviews[live].report(), runs[str(live)], base)
    return Section(
        title="Live keys",
        about=(
            f"The three-step query over {logs[LIVE[0]].events:,} events by our own generator; "
            "a session lives an hour, or as long as the log lasts."
        ),
        tables=[table],
        verdicts=[
            verdict(
                f"{live:,} sessions, cost per event of {LIVE[0]}",
                runs[str(live)].seconds / base,
                limit,
            )
            for live, limit in LIMITS.items()
        ],
        commands=[
            command
            for live, log in logs.items()
            for command in (*log.made_by, reviews[live].command)
        ],
    )


def add_row(
    table: Table, live: int, log: Log, report: dict[str, Any], runs: Runs, base: float
) -> None:
    answer, truth = sequitur.answer(report, "three-steps"), material.truths(log)["plain"]
    health = next(each for each in report["policyHealth"] if each["policy"] == "three-steps")
    table.add(
        f"{live:,}",
        f"{health['keys']:,}",
        seconds(runs.seconds),
        runs.spread,
        f"{runs.seconds / log.events * 1e9:,.0f} ns",
        f"{runs.seconds / base:.2f}",
        megabytes(runs.peak_bytes),
        f"{answer.completions:,}",
        "yes, every event" if answer.events == truth.events else "**no**",
    )
