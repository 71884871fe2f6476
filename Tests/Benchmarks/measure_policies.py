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
        NONE: Review([log.path], [NOTHING], "policies-none", threads=2, timings=True),
        SHIPPED: Review([log.path], [], "policies-shipped", shipped=True, threads=2, timings=True),
        ALL: Review([log.path], [generated], "policies-all", shipped=True, threads=2, timings=True),
    }
    for review in reviews.values():
        review.discard()
    runs = alternate({name: review.command for name, review in reviews.items()}, options.rounds)
    table = Table(
        "policies | how many | process, median | judging | matches | judging per match | "
        "judging per event"
    )
    cost = 0.0
    for name, review in reviews.items():
        report, judged = review.report(), judging(runs[name], runs[NONE])
        count = matches(report)
        cost = judged / count * 1e9 if count else 0
        table.add(
            name,
            str(len(report["policies"])),
            seconds(runs[name].seconds),
            seconds(judged),
            f"{count:,}",
            f"{cost:.0f} ns" if count else "",
            f"{judged / log.events * 1e9:.0f} ns",
        )
    return Section(
        title="Many policies",
        about=(
            f"{log.events:,} events over 600 actions whose frequency falls with their rank. A "
            "match is an event and a policy one of whose steps, or whose aggregate, it can be; "
            "events that only excuse, end or interrupt a chain are judged too and not counted."
        ),
        tables=[table],
        verdicts=[verdict("judging, per match", cost, 40, " ns")],
        notes=notes(runs[ALL]),
        commands=[*log.made_by, made_by, *(each.command for each in runs.values())],
    )


def matches(report: dict[str, Any]) -> int:
    """Pairs of an event and a step, of all policies."""
    return sum(sum(health["matchedPerStep"].values()) for health in report["policyHealth"])


def judging(runs: Runs, without: Runs) -> float:
    """Seconds of the engine, as `--timings` tells; else what the policies add to the process."""
    told = sequitur.timings(runs.last).get("judge")
    return told if told is not None else max(runs.seconds - without.seconds, 0)


def notes(runs: Runs) -> list[str]:
    if "judge" in sequitur.timings(runs.last):
        return ["judging is the wall time of the engine on two threads, as `--timings` tells"]
    return [
        "this build has no `--timings`: judging is what the policies add to the whole process, "
        "their findings in the report included"
    ]
