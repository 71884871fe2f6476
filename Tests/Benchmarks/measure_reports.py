"""Reports of a large organisation in every format: time and memory."""

from __future__ import annotations

import material
from options import Options
from processes import PROJECT, run
from sequitur import Review, phase
from tables import Section, Table, megabytes, seconds, verdict

POLICY = "Tests/Benchmarks/policies/estate.yaml"
AGENTS, PRIVILEGES_EACH, DAYS = 10_000, 200, 92
FORMATS = "html,json,xml,csv,policies,oscal,sarif,ocsf,markdown"
LIMIT_SECONDS, LIMIT_BYTES, LIMIT_INDEX_BYTES = 15, 2**30, 10**6


def measure(options: Options) -> Section:
    agents = options.events(AGENTS)
    thin, made_by = material.estate(agents, PRIVILEGES_EACH)
    known, known_by = material.estate(agents, PRIVILEGES_EACH, DAYS)
    runs = [
        ("JSON", Review([thin], [POLICY], "reports", threads=2, formats="json", timings=True)),
        (
            "every format",
            Review([thin], [POLICY], "reports", threads=2, formats=FORMATS, timings=True),
        ),
        (
            f"every format, {DAYS} days of logs, shipped policies",
            Review(
                [known], [POLICY], "reports", shipped=True, threads=2, formats=FORMATS, timings=True
            ),
        ),
    ]
    table = Table(
        "what | wall | of it findings | of it writing | processors | peak memory | privileges | findings"
        " | written"
    )
    commands, measured, writing, sizes = [made_by, known_by], [], [], []
    for name, review in runs:
        review.discard()
        result = run(review.command)
        commands.append(review.command)
        measured.append(result)
        writing.append(phase(result, "report") or float("inf"))
        report = review.report()
        written = {
            path.name: path.stat().st_size
            for path in (PROJECT / review.out).rglob("*")
            if path.is_file()
        }
        sizes.append(written.get("index.html", 0))
        parts = [phase(result, part) for part in ("findings", "report")]
        table.add(
            name,
            seconds(result.seconds),
            *("not told" if part is None else seconds(part) for part in parts),
            seconds(result.processor_seconds),
            megabytes(result.peak_bytes),
            f"{report['evidence']['privileges']:,}",
            f"{len(report['findings']):,}",
            megabytes(sum(written.values())),
        )
        del report
        review.discard()
    part = agents / AGENTS
    whole = measured[1]
    return Section(
        title="Reports of a large organisation",
        about=(
            f"{agents:,} agents with {PRIVILEGES_EACH} privileges and two chains each; the target of "
            f"{LIMIT_SECONDS} s for writing and 1 GiB for the whole is for {AGENTS:,} agents in every "
            "format. The last row has a "
            "log that shows what was not used and all shipped policies: possible chains, cut sets and "
            "policy texts for every agent, which have no target."
        ),
        tables=[table],
        verdicts=[
            verdict("writing every format", writing[1], LIMIT_SECONDS * part, " s"),
            verdict("wall time of the whole", whole.seconds, LIMIT_SECONDS * part, " s"),
            verdict("peak memory", whole.peak_bytes / 2**30, LIMIT_BYTES / 2**30, " GiB"),
            verdict("index.html", max(sizes) / 1e6, LIMIT_INDEX_BYTES / 1e6, " MB"),
        ],
        notes=[] if part == 1 else [f"the time wanted is {part:g} of the target's"],
        commands=commands,
    )
