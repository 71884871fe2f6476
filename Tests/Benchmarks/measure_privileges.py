"""Effective privileges and their index: every AWS managed policy, and ten thousand large agents."""

from __future__ import annotations

import collections

import material
from options import Options
from processes import PROJECT, Run, run
from sequitur import Review, phase
from tables import Section, Table, megabytes, seconds, verdict

MANAGED = "../shared/data/aws/aws-managed-policies.ndjson.gz"
"""Documents that AWS publishes; not part of the project."""

AGENTS, STATEMENTS_EACH = 10_000, 200
LIMIT_SECONDS, LIMIT_BYTES = 20, 1.5 * 2**30
MANAGED_LIMIT_SECONDS = 5
BANDS = (("low", 25), ("moderate", 50), ("high", 75), ("critical", 101))


def measure(options: Options) -> Section:
    table = Table("account | agents | statements | wall | of it findings | peak memory | held")
    agents = options.events(AGENTS)
    estate, made_by = material.estate(agents, STATEMENTS_EACH)
    review = Review(
        [f"{estate}"], [], "privileges", formats="csv", timings=True, digests=False, threads=2
    )
    commands = [made_by, review.command]
    measured = timed(review, table, "single actions", agents, agents * STATEMENTS_EACH)
    part = agents / AGENTS
    verdicts = [
        verdict("wall time of the large agents", measured.seconds, LIMIT_SECONDS * part, " s"),
        verdict("their peak memory", measured.peak_bytes / 2**30, LIMIT_BYTES / 2**30, " GiB"),
    ]
    hard, made_by = made("statements", str(agents), str(STATEMENTS_EACH))
    review = Review([hard], [], "hard", formats="csv", timings=True, digests=False, threads=2)
    measured = timed(review, table, "wildcards and denies", agents, agents * STATEMENTS_EACH)
    commands += [made_by, review.command]
    verdicts += [
        verdict("wall time of wildcards", measured.seconds, LIMIT_SECONDS * part, " s"),
        verdict("their peak memory", measured.peak_bytes / 2**30, LIMIT_BYTES / 2**30, " GiB"),
    ]
    tables, notes = [table], [] if part == 1 else [f"the time wanted is {part:g} of the target's"]
    if (PROJECT / MANAGED).exists():
        managed, made_by = made("managed", MANAGED)
        review = Review([managed], [], "managed", formats="json", timings=True, threads=2)
        measured = timed(review, table, "managed policies", None, None)
        commands += [made_by, review.command]
        verdicts.append(
            verdict("wall time of the managed policies", measured.seconds, MANAGED_LIMIT_SECONDS, " s")
        )
        report = review.report()
        problems = report["evidence"]["problems"]
        notes += [f"a problem: {each['reason']}" for each in problems[:10]]
        verdicts.append(verdict("problems in the managed policies", len(problems), 0))
        tables.append(distribution(report["agents"]))
        review.discard()
    else:
        notes.append("skipped: the managed policies are not there")
    return Section(
        title="Effective privileges",
        about=(
            f"{agents:,} agents with {STATEMENTS_EACH} statements of single actions each; as many whose "
            "statements are wildcards and denies over the full action table; and a role for each "
            "policy that AWS manages, held and never used, with a log that would have shown any use. "
            "The time is that of the whole review, reading and a CSV of all privileges included."
        ),
        tables=tables,
        verdicts=verdicts,
        notes=notes,
        commands=commands,
    )


def made(kind: str, *arguments: str) -> tuple[str, list[str]]:
    """A folder with an account, and the command that makes it."""
    return material.privileges(kind, *arguments)


def timed(
    review: Review, table: Table, name: str, agents: int | None, statements: int | None
) -> Run:
    """Runs a review and adds its row; with counts that are not given read from its report."""
    review.discard()
    measured = run(review.command)
    if agents:
        paths = sorted((PROJECT / review.out).glob("*/privileges.csv"))
        with open(paths[0], encoding="utf-8") as file:
            rows = sum(1 for _ in file) - 1
        counted = f"{rows:,} rows"
        review.discard()
    else:
        evidence = review.report()["evidence"]
        agents, statements = evidence["agents"], evidence["statements"]
        counted = f"{evidence['privileges']:,}"
    findings = phase(measured, "findings")
    table.add(
        name,
        f"{agents:,}",
        f"{statements:,}",
        seconds(measured.seconds),
        "not told" if findings is None else seconds(findings),
        megabytes(measured.peak_bytes),
        counted,
    )
    return measured


def distribution(agents: list[dict[str, object]]) -> Table:
    """How many managed policies, held and unused, fall in each band of the privilege index."""
    counts: collections.Counter[str] = collections.Counter()
    for agent in agents:
        index = agent["privilegeIndex"]
        assert isinstance(index, dict)
        value = index.get("value")
        if "role/r" not in str(agent["id"]) or value is None:
            continue
        counts[next(name for name, below in BANDS if value < below)] += 1
    table = Table("privilege index of a managed policy, held and unused | policies")
    for name, _ in BANDS:
        table.add(name, f"{counts[name]:,}")
    return table
