"""Fifty million events in bounded memory: what an event costs, and how much memory is used."""

from __future__ import annotations

import material
import sequitur
from options import Options
from processes import Runs, alternate, run
from sequitur import Review
from tables import Section, Table, megabytes, seconds, verdict

MEMORY = "2GiB"
PEAK_LIMIT_BYTES = 2.2 * 2**30


def measure(options: Options) -> Section:
    logs = [material.own_log(options.events(count)) for count in (2_000_000, 50_000_000)]
    table = Table(
        [
            "events",
            "log",
            "wall",
            "processors",
            "per event",
            "processors per event",
            "peak memory",
            "completions",
            "right",
        ]
    )
    measured: list[Runs] = []
    commands: list[list[str]] = []
    for log in logs:
        review = Review(
            [log.path], [sequitur.STEPS], f"scale-{log.events}", threads=2, memory=MEMORY
        )
        review.discard()
        runs = (
            alternate({"": review.command}, options.rounds)[""]
            if log is logs[0]
            else Runs(review.command, [run(review.command)])
        )
        answer, truth = (
            sequitur.answer(review.report(), "three-steps"),
            material.truths(log)["plain"],
        )
        table.add(
            f"{log.events:,}",
            megabytes(log.bytes),
            seconds(runs.seconds),
            seconds(runs.processor_seconds),
            f"{runs.seconds / log.events * 1e9:,.0f} ns",
            f"{runs.processor_seconds / log.events * 1e9:,.0f} ns",
            megabytes(runs.peak_bytes),
            f"{answer.completions:,}",
            "yes, every event" if answer.events == truth.events else "**no**",
        )
        measured.append(runs)
        commands += [*log.made_by, review.command]
    growth = logs[1].events / logs[0].events
    notes = [
        "the larger log is run once and does not fit the page cache of a machine with less "
        "memory than it has bytes: there its wall time holds the disk's, and the processors' "
        "time does not"
    ]
    if sequitur.missing_flags("--memory"):
        notes.append("this build has no --memory: run without")
    return Section(
        title="Fifty million events",
        about=(
            f"The three-step query over two logs of our own generator with 400 sessions at a "
            f"time, the second {growth:.0f} times as long, under `--memory {MEMORY}`."
        ),
        tables=[table],
        verdicts=[
            verdict(
                "wall time per event, of the shorter log's",
                measured[1].seconds / measured[0].seconds / growth,
                1.2,
            ),
            verdict(
                "processors' time per event, of the shorter log's",
                measured[1].processor_seconds / measured[0].processor_seconds / growth,
                1.2,
            ),
            verdict(
                "peak memory", measured[1].peak_bytes / 2**30, PEAK_LIMIT_BYTES / 2**30, " GiB"
            ),
        ],
        notes=notes,
        commands=commands,
    )
