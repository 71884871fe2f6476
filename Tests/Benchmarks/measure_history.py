"""A decade of reviews of a large organisation: what the history costs the next one."""

from __future__ import annotations

import shutil
import statistics

import material
from options import Options
from processes import PROJECT, WORK, Run, run
from sequitur import BINARY, phase
from tables import Section, Table, megabytes, seconds, verdict

POLICY = "Tests/Benchmarks/policies/estate.yaml"
AGENTS, PRIVILEGES_EACH, DAYS, QUARTERS = 10_000, 20, 92, 40
LIMIT_HISTORY_SECONDS, LIMIT_KEEP_SECONDS = 2, 5
OUT = str(WORK / "out/history")
MADE = str(WORK / "out/history-made")


def measure(options: Options) -> Section:
    agents = options.events(AGENTS)
    estate, made_by = material.estate(agents, PRIVILEGES_EACH, DAYS)
    for path in (OUT, MADE):
        shutil.rmtree(PROJECT / path, ignore_errors=True)
    first = command(estate, "decisions")
    keeping_first = phase(run(first), "keep")
    decade = [
        "python3",
        "Tests/Benchmarks/generate_history.py",
        f"{OUT}/history.sqlite",
        f"{OUT}/now/decisions.csv",
        MADE,
        str(QUARTERS),
    ]
    run(decade)
    size = (PROJECT / MADE / "history.sqlite").stat().st_size
    again = command(estate, "csv") + ["--decisions", f"{MADE}/decisions.csv"]
    restore = ["cp", f"{MADE}/history.sqlite", f"{OUT}/history.sqlite"]
    measured: list[Run] = []
    for _ in range(options.rounds):
        run(restore)
        measured.append(run(again))
    history, keeping = median(measured, "history"), median(measured, "keep")
    table = Table("what | time")
    table.add("opening, decisions, baseline, change and trend", seconds(history))
    table.add("keeping the review that follows", seconds(keeping))
    table.add("keeping a first review", seconds(keeping_first or 0))
    table.add(
        "the whole review, with a CSV of all privileges",
        seconds(statistics.median(each.seconds for each in measured)),
    )
    for path in (OUT, MADE):
        shutil.rmtree(PROJECT / path, ignore_errors=True)
    part = agents / AGENTS
    return Section(
        title="History",
        about=(
            f"The review that follows {QUARTERS} quarters of {agents:,} agents, each with two findings "
            f"and ten rows of the decision sheet: a history of {megabytes(size)} with "
            "20,000 decisions still known, and a sheet of 5,000 more. What the review does with it is "
            "counted by the binary (`--timings`), apart from its other work."
        ),
        tables=[table],
        verdicts=[
            verdict("what a review does with its history", history, LIMIT_HISTORY_SECONDS, " s"),
            verdict("keeping it", keeping, LIMIT_KEEP_SECONDS, " s"),
        ],
        notes=[] if part == 1 else [f"{part:g} of the agents that the times wanted are for"],
        commands=[made_by, first, decade, restore, again],
    )


def command(estate: str, formats: str) -> list[str]:
    return [
        *[BINARY, "review", estate, "--policies", POLICY, "--no-shipped-policies"],
        *["--no-input-digests", "--threads", "2", "--timings", "--quiet", "--formats", formats],
        *["--name", "now", "--from", "2026-01-01", "--to", "2026-04-02", "--out", OUT],
    ]


def median(runs: list[Run], part: str) -> float:
    told = [phase(each, part) for each in runs]
    return statistics.median(value for value in told if value is not None)
