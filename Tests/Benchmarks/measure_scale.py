"""Fifty million events in bounded memory: what an event costs, and how much memory is used."""

from __future__ import annotations

import material
import sequitur
from material import Log
from options import Options
from processes import Runs, forget, run
from sequitur import Review
from tables import Section, Table, megabytes, seconds, verdict

MEMORY = "2GiB"
PEAK_LIMIT_BYTES = 2.2 * 2**30


def measure(options: Options) -> Section:
    logs = [material.own_log(options.events(count)) for count in (2_000_000, 50_000_000)]
    reviews = [
        Review([log.path], [sequitur.STEPS], f"scale-{log.events}", threads=2, memory=MEMORY)
        for log in logs
    ]
    short = cold_runs(logs[0], reviews[0], options.rounds)
    long = cold_runs(logs[1], reviews[1], 1)
    table = Table(
        "events | log | wall | processors | per event | processors per event | "
        "peak memory | completions | right"
    )
    for log, review, runs in zip(logs, reviews, (short, long), strict=True):
        add_row(table, log, review, runs)
    growth = logs[1].events / logs[0].events
    return Section(
        title="Fifty million events",
        about=(
            "The three-step query over two logs of our own generator with 400 sessions at a time, "
            f"the second {growth:.0f} times as long, under `--memory {MEMORY}`. Both are dropped "
            "from the page cache before every run, so that both are read from the disk; the larger "
            "one is run once."
        ),
        tables=[table],
        verdicts=verdicts(short, long, growth),
        notes=[f"this build has no {flag}" for flag in sequitur.missing_flags("--memory")],
        commands=[
            command
            for log, review in zip(logs, reviews, strict=True)
            for command in (*log.made_by, review.command)
        ],
    )


def add_row(table: Table, log: Log, review: Review, runs: Runs) -> None:
    answer = sequitur.answer(review.report(), "three-steps")
    is_right = answer.events == material.truths(log)["plain"].events
    table.add(
        f"{log.events:,}",
        megabytes(log.bytes),
        seconds(runs.seconds),
        seconds(runs.processor_seconds),
        f"{runs.seconds / log.events * 1e9:,.0f} ns",
        f"{runs.processor_seconds / log.events * 1e9:,.0f} ns",
        megabytes(runs.peak_bytes),
        f"{answer.completions:,}",
        "yes, every event" if is_right else "**no**",
    )


def verdicts(short: Runs, long: Runs, growth: float) -> list[str]:
    wall = long.seconds / short.seconds / growth
    processors = long.processor_seconds / short.processor_seconds / growth
    return [
        verdict("wall time per event, of the shorter log's", wall, 1.2),
        verdict("processors' time per event, of the shorter log's", processors, 1.2),
        verdict("peak memory", long.peak_bytes / 2**30, PEAK_LIMIT_BYTES / 2**30, " GiB"),
    ]


def cold_runs(log: Log, review: Review, rounds: int) -> Runs:
    """Runs that find nothing of the log in memory."""
    review.discard()
    runs = []
    for _ in range(rounds):
        forget(log.path)
        runs.append(run(review.command))
    return Runs(review.command, runs)
