"""Many policies at once: the shipped ones and 100 generated ones over 600 actions."""

from __future__ import annotations

import statistics
from typing import Any

import material
import sequitur
from measure_intake import POLICY as NOTHING
from options import Options
from processes import Runs, alternate
from sequitur import Review
from tables import Section, Table, seconds, verdict

NONE, SHIPPED, ALL = "a policy that looks at nothing", "shipped", "shipped and 100 generated"


def measure(options: Options) -> Section:
    log = material.zipf_log(options.events(2_000_000))
    generated, made_by = material.generated_policies(100)
    reviews = {
        NONE: Review([log.path], [NOTHING], "policies-none", threads=2, timings=True),
        SHIPPED: Review([log.path], [], "policies-shipped", shipped=True, threads=2, timings=True),
        ALL: Review([log.path], [generated], "policies-all", shipped=True, threads=2, timings=True),
    }
    for review in reviews.values():
        review.discard()
    runs = alternate({name: review.command for name, review in reviews.items()}, options.rounds)
    table = Table(
        "policies | how many | wall, median | fastest to slowest | processors | matches | "
        "added, per match | judging | judging, per match"
    )
    for name, review in reviews.items():
        add_row(table, name, runs[name], runs[NONE], review.report())
    told = judging(runs[ALL])
    wall = runs[ALL].seconds - runs[NONE].seconds if told is None else told
    cost = wall / matches(reviews[ALL].report()) * 1e9
    words = "wall time that the policies add" if told is None else "judging, of wall time"
    return Section(
        title="Many policies",
        about=(
            f"{log.events:,} events over 600 actions whose frequency falls with their rank. A "
            "match is an event and a step, or an aggregate, of a policy that it can be; events "
            'that only excuse, end or interrupt a chain are judged too and not counted. "Added" is '
            "what the policies add to a review that looks at no event: keeping those events, "
            'judging them, and making and checking the report of their findings. "Judging" is '
            "the engine alone, where the binary tells it."
        ),
        tables=[table],
        verdicts=[verdict(f"{words}, per match", cost, 40, " ns")],
        notes=[
            f"this build has no {flag}: run without"
            for flag in sequitur.missing_flags("--no-shipped-policies", "--threads", "--timings")
        ],
        commands=[*log.made_by, made_by, *(each.command for each in runs.values())],
    )


def matches(report: dict[str, Any]) -> int:
    """Pairs of an event and a step, of all policies."""
    return sum(sum(health["matchedPerStep"].values()) for health in report["policyHealth"])


def judging(runs: Runs) -> float | None:
    """The median of the engine's seconds, where the binary tells them."""
    told = [sequitur.phase(each, "judg") for each in runs.all]
    known = [each for each in told if each is not None]
    return statistics.median(known) if known else None


def add_row(table: Table, name: str, runs: Runs, base: Runs, report: dict[str, Any]) -> None:
    count, engine = matches(report), judging(runs)
    is_measured = name != NONE and count > 0
    table.add(
        name,
        str(len(report["policies"])),
        seconds(runs.seconds),
        runs.spread,
        seconds(runs.processor_seconds),
        f"{count:,}",
        f"{(runs.seconds - base.seconds) / count * 1e9:.0f} ns" if is_measured else "",
        "not told" if engine is None else f"{engine:.3f} s",
        f"{engine / count * 1e9:.0f} ns" if is_measured and engine is not None else "",
    )
