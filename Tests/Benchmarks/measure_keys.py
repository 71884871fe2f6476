"""What live keys cost: the same query and number of events, more and more sessions at a time."""

from __future__ import annotations

import material
import sequitur
from options import Options
from processes import alternate
from sequitur import Review
from tables import Section, Table, megabytes, seconds, verdict

LIVE = (400, 10_000, 1_000_000)


def measure(options: Options) -> Section:
    logs = {live: material.own_log(options.events(2_000_000), live) for live in LIVE}
    reviews = {
        live: Review([log.path], [sequitur.STEPS], f"keys-{live}", threads=2)
        for live, log in logs.items()
    }
    for review in reviews.values():
        review.discard()
    runs = alternate(
        {str(live): review.command for live, review in reviews.items()}, options.rounds
    )
    table = Table(
        [
            "sessions at a time",
            "sessions in all",
            "wall, median",
            "fastest to slowest",
            "per event",
            "of the first",
            "peak memory",
            "completions",
            "right",
        ]
    )
    base = runs[str(LIVE[0])].seconds
    for live, log in logs.items():
        measured, report = runs[str(live)], reviews[live].report()
        answer, truth = sequitur.answer(report, "three-steps"), material.truths(log)["plain"]
        keys = next(
            health["keys"] for health in report["policyHealth"] if health["policy"] == "three-steps"
        )
        table.add(
            f"{live:,}",
            f"{keys:,}",
            seconds(measured.seconds),
            measured.spread,
            f"{measured.seconds / log.events * 1e9:,.0f} ns",
            f"{measured.seconds / base:.2f}",
            megabytes(measured.peak_bytes),
            f"{answer.completions:,}",
            "yes, every event" if answer.events == truth.events else "**no**",
        )
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
            for live, limit in ((10_000, 1.0), (1_000_000, 1.5))
        ],
        notes=["equal within what repeated runs differ counts as no more"],
        commands=[
            command
            for live, log in logs.items()
            for command in (*log.made_by, reviews[live].command)
        ],
    )
