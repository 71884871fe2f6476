"""Reading alone (parse, intern, account), beside a bare simdjson loop over the same bytes."""

from __future__ import annotations

import json

import material
import sequitur
from material import Log
from options import Options
from processes import Runs, alternate
from sequitur import Review
from tables import Section, Table, seconds, verdict

POLICY = "Tests/Benchmarks/policies/nothing.yaml"
"""A policy of an action that nobody takes: a review must have one, and this one costs nothing."""

START = "sequitur, one event"
NATIVE, PORTABLE = "bare loop, this processor's kernel", "bare loop, SSE 4.2 as our binary"
OURS = "sequitur"


def measure(options: Options) -> Section:
    log = material.chain_log(options.events(2_000_000))
    commands: dict[str, list[str]] = {}
    for threads in (1, 2):
        commands |= {
            name_of(NATIVE, threads): [*native(), log.path, str(threads)],
            name_of(PORTABLE, threads): [*portable(), log.path, str(threads)],
            name_of(OURS, threads): Review(
                [log.path],
                [POLICY],
                f"intake-{threads}",
                threads=threads,
                digests=False,
            ).command,
        }
    one = material.first_event(log)
    commands[START] = Review([one.path], [POLICY], "intake-start", threads=1, digests=False).command
    runs = alternate(commands, options.rounds)
    return Section(
        title="Reading alone",
        about=(
            f"{log.events:,} events, {log.bytes / 1e6:,.0f} MB. The bare loop reads four fields "
            "of each event and keeps nothing; we find what each file is, read every field that "
            "a policy or the report may need, intern it, and account every agent's usage."
        ),
        tables=[table_of(runs, log)],
        verdicts=verdicts(runs),
        notes=notes(runs),
        commands=one.made_by + [each.command for each in runs.values()],
    )


def table_of(runs: dict[str, Runs], log: Log) -> Table:
    table = Table(
        "who | threads | process, median | reading | GB/s | "
        "of the bare loop, same threads | of one thread"
    )
    for threads in (1, 2):
        for who in (NATIVE, PORTABLE, OURS):
            own, base = reading(runs, who, threads), reading(runs, NATIVE, threads)
            table.add(
                who,
                str(threads),
                seconds(runs[name_of(who, threads)].seconds),
                seconds(own),
                f"{log.bytes / own / 1e9:.2f}",
                f"{base / own:.2f}",
                f"{reading(runs, who, 1) / own:.2f}",
            )
    return table


def native() -> list[str]:
    return material.program("bare-native", "-march=native", source="bare")


def portable() -> list[str]:
    return material.program("bare-portable", "-msse4.2", "-mpclmul", source="bare")


def name_of(who: str, threads: int) -> str:
    return f"{who}, {threads}"


def reading(runs: dict[str, Runs], who: str, threads: int) -> float:
    """Seconds of reading: the process without what one event costs, start, mappings and report."""
    start = runs[START].seconds if who == OURS else 0
    return runs[name_of(who, threads)].seconds - start


def verdicts(runs: dict[str, Runs]) -> list[str]:
    ours, two = reading(runs, OURS, 1), reading(runs, OURS, 2)
    return [
        verdict(
            "one thread, of the bare loop's speed",
            reading(runs, NATIVE, 1) / ours,
            0.6,
            at_most=False,
        ),
        verdict(
            "one thread, of the speed of the bare loop with our instructions",
            reading(runs, PORTABLE, 1) / ours,
            0.6,
            at_most=False,
        ),
        verdict("two threads, of one thread's speed", ours / two, 1.8, at_most=False),
    ]


def notes(runs: dict[str, Runs]) -> list[str]:
    lines = [
        "our reading is the process less that of a log of one event, "
        f"{runs[START].seconds:.2f} s: start, mappings and report"
    ]
    missing = sequitur.missing_flags("--threads", "--no-input-digests", "--no-shipped-policies")
    if missing:
        lines.append(f"this build has no {', '.join(missing)}: run without")
    said = json.loads(runs[name_of(NATIVE, 1)].last.out)
    lines.append(f"simdjson {said['simdjson']}, kernel {said['kernel']}")
    return lines
