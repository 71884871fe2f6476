"""Many policies at once: the shipped ones and 100 generated ones over 600 actions."""

from __future__ import annotations

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
        NONE: Review([log.path], [NOTHING], "policies-none", threads=2),
        SHIPPED: Review([log.path], [], "policies-shipped", shipped=True, threads=2),
        ALL: Review([log.path], [generated], "policies-all", shipped=True, threads=2),
    }
    for review in reviews.values():
        review.discard()
    runs = alternate({name: review.command for name, review in reviews.items()}, options.rounds)
    table = Table(
        "policies | how many | wall, median | fastest to slowest | processors | matches | "
        "wall per match | processors per match"
    )
    for name, review in reviews.items():
        add_row(table, name, runs[name], runs[NONE], review.report())
    added = runs[ALL].seconds - runs[NONE].seconds
    cost = added / matches(reviews[ALL].report()) * 1e9
    return Section(
        title="Many policies",
        about=(
            f"{log.events:,} events over 600 actions whose frequency falls with their rank. A "
            "match is an event and a step, or an aggregate, of a policy that it can be; events "
            "that only excuse, end or interrupt a chain are judged too and not counted. What a "
            "match costs is what the policies add to a review that looks at no event, for all of "
            "it: keeping those events, judging them, and telling the findings."
        ),
        tables=[table],
        verdicts=[verdict("wall time that the policies add, per match", cost, 40, " ns")],
        notes=[
            f"this build has no {flag}: run without"
            for flag in sequitur.missing_flags("--no-shipped-policies", "--threads")
        ],
        commands=[*log.made_by, made_by, *(each.command for each in runs.values())],
    )


def matches(report: dict[str, Any]) -> int:
    """Pairs of an event and a step, of all policies."""
    return sum(sum(health["matchedPerStep"].values()) for health in report["policyHealth"])


def add_row(table: Table, name: str, runs: Runs, base: Runs, report: dict[str, Any]) -> None:
    count = matches(report)
    wall, processors = "", ""
    if name != NONE and count:
        wall = f"{(runs.seconds - base.seconds) / count * 1e9:.0f} ns"
        processors = f"{(runs.processor_seconds - base.processor_seconds) / count * 1e9:.0f} ns"
    table.add(
        name,
        str(len(report["policies"])),
        seconds(runs.seconds),
        runs.spread,
        seconds(runs.processor_seconds),
        f"{count:,}",
        wall,
        processors,
    )
