"""Reports of a large organisation in every format: time and memory."""

from __future__ import annotations

import material
from options import Options
from processes import run
from sequitur import Review
from tables import Section, Table, megabytes, seconds, verdict

POLICY = "Tests/Benchmarks/policies/estate.yaml"
AGENTS, PRIVILEGES_EACH = 10_000, 200
PARTS = {"json": "JSON", "html,json,xml,csv": "every format"}
LIMIT_SECONDS, LIMIT_BYTES = 15, 2**30


def measure(options: Options) -> Section:
    agents = AGENTS if options.large else AGENTS // 10
    estate, made_by = material.estate(options.events(agents), PRIVILEGES_EACH)
    table = Table("formats | wall | processors | peak memory | privileges | findings")
    commands = [made_by]
    for formats, name in PARTS.items():
        review = Review([estate], [POLICY], "reports", threads=2, formats=formats)
        review.discard()
        measured = run(review.command)
        commands.append(review.command)
        report = review.report()
        table.add(
            name,
            seconds(measured.seconds),
            seconds(measured.processor_seconds),
            megabytes(measured.peak_bytes),
            f"{report['evidence']['privileges']:,}",
            f"{len(report['findings']):,}",
        )
        review.discard()
    part = options.events(agents) / AGENTS
    scaled = [
        verdict("wall time of every format", measured.seconds, LIMIT_SECONDS * part, " s"),
        verdict("peak memory", measured.peak_bytes / 2**30, LIMIT_BYTES / 2**30, " GiB"),
    ]
    return Section(
        title="Reports of a large organisation",
        about=(
            f"{options.events(agents):,} agents with {PRIVILEGES_EACH} privileges and two chains "
            f"each, one run; the target of {LIMIT_SECONDS} s and 1 GiB is for {AGENTS:,} agents."
        ),
        tables=[table],
        verdicts=scaled,
        notes=[] if part == 1 else [f"the time wanted is {part:g} of the target's"],
        commands=commands,
    )
