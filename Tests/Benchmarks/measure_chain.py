"""The three-step query over two million events: as a policy of ours, and as peers say it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import material
import sequitur
from material import FOLDER, Log, Truth
from options import Options
from processes import PYTHON, Runs, alternate
from sequitur import Review
from tables import Section, Table, megabytes, seconds, verdict

OURS, OURS_BARE = "sequitur", "sequitur, input not hashed"
DUCKDB, CHDB, SCRIPT, LIMIT = (
    "DuckDB",
    "ClickHouse (chdb)",
    "Python and orjson",
    "bare simdjson loop",
)
EQL, EQL_EVENTS = "eql", 200_000

COLUMNS = (
    "who | wall, median | fastest to slowest | processors | events/s | peak memory | "
    "of DuckDB's wall | completions | sessions | right"
)


@dataclass(frozen=True)
class Variant:
    """The query without or with the approval that excuses."""

    name: str
    policy: str
    file: str

    @property
    def words(self) -> list[str]:
        return ["unless"] if self.name == "unless" else []


PLAIN = Variant("plain", "three-steps", sequitur.STEPS)
UNLESS = Variant("unless", "three-steps-unapproved", sequitur.STEPS_UNLESS)


def measure(options: Options) -> Section:
    log = material.chain_log(options.events(2_000_000))
    truths = material.truths(log)
    plain = run_variant(PLAIN, log, truths["plain"], options)
    unless = run_variant(UNLESS, log, truths["unless"], options)
    return Section(
        title="One policy: three steps in one session",
        about=(
            "A secret is read, a function's code replaced and an instance restarted in one session "
            f"within 30 minutes: {log.events:,} events, {megabytes(log.bytes)}, two threads. "
            "We give every completing event with its witness and account every agent's usage; "
            "the first table is without an excuse, the second with an approval that excuses. "
            "Nothing is kept for later comparisons. Times are of whole processes, with a warm page "
            "cache."
        ),
        tables=[plain.table, unless.table],
        verdicts=plain.verdicts + unless.verdicts,
        notes=notes(log, truths),
        commands=log.made_by + plain.commands + unless.commands,
    )


@dataclass(frozen=True)
class Measured:
    table: Table
    verdicts: list[str]
    commands: list[list[str]]


def run_variant(variant: Variant, log: Log, truth: Truth, options: Options) -> Measured:
    reviews = {
        OURS: Review(
            [log.path], [variant.file], f"{variant.name}-hashed", threads=2, history=False
        ),
        OURS_BARE: Review(
            [log.path], [variant.file], variant.name, threads=2, digests=False, history=False
        ),
    }
    if sequitur.missing_flags("--no-input-digests"):
        del reviews[OURS_BARE]
    for review in reviews.values():
        review.discard()
    commands = {name: review.command for name, review in reviews.items()}
    runs = alternate(commands | peer_commands(variant, log), options.rounds)
    table = Table(COLUMNS)
    for name, measured in runs.items():
        cells = (
            our_answer(reviews[name], variant, truth)
            if name in reviews
            else peer_answer(name, variant, measured, truth)
        )
        add_row(table, name, log.events, measured, runs[DUCKDB].seconds, cells)
    small = material.chain_log(EQL_EVENTS)
    eql = alternate(
        {EQL: [PYTHON, f"{FOLDER}/peers/eql_query.py", small.path, *variant.words]}, options.rounds
    )
    add_row(
        table,
        f"{EQL}, {EQL_EVENTS:,} events",
        EQL_EVENTS,
        eql[EQL],
        None,
        peer_answer(EQL, variant, eql[EQL], material.truths(small)[variant.name]),
    )
    return Measured(table, verdicts(runs), [each.command for each in (runs | eql).values()])


def peer_commands(variant: Variant, log: Log) -> dict[str, list[str]]:
    def script(name: str, *words: str) -> list[str]:
        return [PYTHON, f"{FOLDER}/peers/{name}.py", log.path, *words]

    commands = {DUCKDB: script("duckdb_query", "2", *variant.words)}
    if variant is PLAIN:
        commands[CHDB] = script("chdb_query", "2")
        commands[SCRIPT] = script("reference")
        commands[LIMIT] = [
            *material.program("bare-native", "-march=native", source="bare"),
            log.path,
        ]
    return commands


def add_row(
    table: Table,
    name: str,
    events: int,
    runs: Runs,
    base: float | None,
    answer: tuple[str, str, str],
) -> None:
    table.add(
        name,
        seconds(runs.seconds),
        runs.spread,
        seconds(runs.processor_seconds),
        f"{events / runs.seconds:,.0f}",
        megabytes(runs.peak_bytes),
        f"{runs.seconds / base:.2f}" if base else "",
        *answer,
    )


def our_answer(review: Review, variant: Variant, truth: Truth) -> tuple[str, str, str]:
    answer = sequitur.answer(review.report(), variant.policy)
    is_right = (
        answer.events == truth.events
        and answer.keys == truth.keys
        and answer.witnesses == answer.completions
    )
    return str(answer.completions), str(answer.keys), "yes, every event" if is_right else "**no**"


def peer_answer(name: str, variant: Variant, runs: Runs, truth: Truth) -> tuple[str, str, str]:
    """What a peer said; right when its numbers are: more is not asked of a peer."""
    said = json.loads(runs.last.out)
    if name == LIMIT:
        return "", "", "no answer"
    if name == SCRIPT:
        said = said[variant.name]
    completions, keys = said.get("completions"), said["keys"]
    if completions is None:
        return "", str(keys), "sessions only" if keys == truth.keys else "**no**"
    if completions < truth.completions:
        return str(completions), str(keys), f"misses {truth.completions - completions}"
    is_right = (completions, keys) == (truth.completions, truth.keys)
    return str(completions), str(keys), "yes" if is_right else "**no**"


def verdicts(runs: dict[str, Runs]) -> list[str]:
    duckdb = runs[DUCKDB].seconds
    inside = json.loads(runs[DUCKDB].last.out)["seconds"]
    lines = []
    for name in (OURS, OURS_BARE):
        if name in runs:
            lines.append(
                verdict(f"{name}, of DuckDB's wall time", runs[name].seconds / duckdb, 0.75)
            )
    lines.append(
        f"DuckDB's last run took {inside:.2f} s without starting Python and loading the library"
    )
    return lines


def notes(log: Log, truths: dict[str, Truth]) -> list[str]:
    lines = [
        f"the truth, by `peers/reference.py`: {say(truths['plain'])}; "
        f"with the approval {say(truths['unless'])}"
    ]
    shared = material.shared_truths(log)
    if shared is None or not material.has_shared_log():
        lines.append(
            "the log is by our own generator: the shared one, whose truth is 1107 in 1028 "
            "and 832 in 776, is not beside the project"
        )
    else:
        agrees = all(shared[name] == (each.completions, each.keys) for name, each in truths.items())
        lines.append(
            "the log is by the shared generator `gen.py`, and its counter `ref.py` "
            + ("says the same" if agrees else f"**says otherwise: {shared}**")
        )
    lines.append("a peak below 20 MB is that of the script which starts the processes")
    missing = sequitur.missing_flags("--no-shipped-policies", "--no-input-digests", "--threads")
    if missing:
        lines.append(f"this build has no {', '.join(missing)}: run without")
    return lines


def say(truth: Truth) -> str:
    return f"{truth.completions} completing events in {truth.keys} sessions"
