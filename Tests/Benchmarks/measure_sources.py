"""Every reader alone, on its own format, beside a bare simdjson loop over the same bytes."""

from __future__ import annotations

from dataclasses import dataclass

import material
from material import FOLDER, Log
from measure_intake import POLICY
from options import Options
from processes import PROJECT, WORK, Runs, alternate
from sequitur import BINARY, Review
from tables import Section, Table, seconds, verdict

FIXTURES = "Tests/IntakeTests/Fixtures"
FIELDS = f"{FOLDER}/fields.txt"
"""The fields of every log's reader, one a line behind its name; a test keeps them as they are."""

SPANS = "resourceSpans.scopeSpans.spans"
TRACE_FIELDS = [
    "resourceSpans.resource.attributes.key",
    "resourceSpans.resource.attributes.value.stringValue",
    *(
        f"{SPANS}.{name}"
        for name in (
            "traceId",
            "spanId",
            "parentSpanId",
            "name",
            "kind",
            "startTimeUnixNano",
            "endTimeUnixNano",
            "status.code",
            "status.message",
            "attributes.key",
            "attributes.value.stringValue",
            "attributes.value.intValue",
            "attributes.value.boolValue",
            "events.name",
            "events.attributes.key",
            "events.attributes.value.stringValue",
            "links.traceId",
            "links.spanId",
        )
    ),
]
"""Of traces every attribute: which of them are wanted only their keys tell."""


@dataclass(frozen=True)
class Format:
    """A source's fixture, what is new in each record, how many there are, and the fields of the
    bare loop where they are not those of a log's reader."""

    name: str
    fixture: str
    keys: list[str]
    records: int = 200_000
    fields: tuple[str, ...] = ()
    is_log: bool = True


FORMATS = [
    Format("github-audit", "github-audit/stream.ndjson", ["_document_id=text"]),
    Format(
        "gcp-audit",
        "gcp-audit/sink.ndjson",
        ["insertId=text", "protoPayload.authenticationInfo.principalEmail="],
    ),
    Format("azure-activity", "azure-activity/exported.ndjson", ["correlationId=text"]),
    Format("entra", "entra/diagnostic.ndjson", ["properties.id=text"]),
    Format(
        "ocsf-api-activity",
        "ocsf-api-activity/lake.ndjson",
        ["metadata.uid=text", "actor.user.uid="],
    ),
    Format(
        "kubernetes-audit",
        "kubernetes-audit/lines.ndjson",
        ["auditID=text", "requestReceivedTimestamp="],
    ),
    Format(
        "otel-genai",
        "otel-genai/requests.jsonl",
        [f"{SPANS}.traceId=trace"],
        records=40_000,
        fields=tuple(TRACE_FIELDS),
    ),
    Format(
        "gcp-iam",
        "gcp-iam/assets.ndjson",
        ["iam_policy.bindings="],
        records=20_000,
        fields=("name", "asset_type"),
        is_log=False,
    ),
    Format(
        "azure-role-assignments",
        "azure-role-assignments/assignments.json",
        ["principalId=text", "principalName="],
        records=20_000,
        fields=("principalId", "principalType", "roleDefinitionId", "scope"),
        is_log=False,
    ),
]


def measure(options: Options) -> Section:
    commands: dict[str, list[str]] = {}
    logs: dict[str, Log] = {}
    bare = material.program("bare-native", "-march=native", source="bare")
    for each in FORMATS:
        log = logs[each.name] = made(each, options.events(each.records))
        one = made(each, 1)
        commands[f"bare {each.name}"] = [*bare, log.path, "1", *fields(each)]
        commands[each.name] = command(each, log)
        commands[f"one {each.name}"] = command(each, one)
    runs = alternate(commands, options.rounds)
    table = Table("source | records | MB | reading | MB/s | bare loop | of the bare loop")
    verdicts = []
    for each in FORMATS:
        log = logs[each.name]
        own = runs[each.name].seconds - runs[f"one {each.name}"].seconds
        bare_seconds = runs[f"bare {each.name}"].seconds
        share = bare_seconds / own
        table.add(
            each.name,
            f"{log.events:,}",
            f"{log.bytes / 1e6:.0f}",
            seconds(own),
            f"{log.bytes / own / 1e6:,.0f}",
            seconds(bare_seconds),
            f"{share:.2f}",
        )
        if each.is_log:
            verdicts.append(verdict(f"{each.name}, of the bare loop", share, 0.5, at_most=False))
    return Section(
        title="Every reader alone",
        about=(
            "Records made from the fixtures, on one thread. The bare loop walks over each record "
            "once, reads the fields that our reader reads, and keeps nothing; ours makes events, "
            "interns and accounts them. Of ours the time with one record is taken off: start, "
            "mappings and report. Lists of grants are read whole, each object with all that it "
            "holds, and are small where they come from: their share is told and is no target."
        ),
        tables=[table],
        verdicts=verdicts,
        commands=commands_of(logs, runs),
    )


def fields(each: Format) -> list[str]:
    """The fields of the bare loop."""
    if each.fields:
        return list(each.fields)
    lines = (PROJECT / FIELDS).read_text().splitlines()
    found = [path for name, path in (line.split(" ", 1) for line in lines) if name == each.name]
    if not found:
        raise RuntimeError(f"{FIELDS} has no fields of {each.name}")
    return found


def command(each: Format, log: Log) -> list[str]:
    """Logs with a policy of nothing; of grants only what they are, not what they add up to."""
    if each.is_log:
        return Review(
            [log.path], [POLICY], f"source-{each.name}", threads=1, digests=False
        ).command
    return ["taskset", "-c", "0", BINARY, "sources", log.path]


def made(each: Format, count: int) -> Log:
    path = str(WORK / f"logs/source-{each.name}-{count}.ndjson")
    generator = [
        "python3",
        f"{FOLDER}/generate_sources.py",
        f"{FIXTURES}/{each.fixture}",
        str(count),
        path,
        *[key for key in each.keys],
    ]
    newest = max(
        (PROJECT / name).stat().st_mtime
        for name in (f"{FIXTURES}/{each.fixture}", f"{FOLDER}/generate_sources.py")
    )
    file = PROJECT / path
    if file.exists() and file.stat().st_mtime < newest:
        file.unlink()
    material.make(path, generator)
    return Log(path, count, [generator])


def commands_of(logs: dict[str, Log], runs: dict[str, Runs]) -> list[list[str]]:
    made_by = [line for log in logs.values() for line in log.made_by]
    return made_by + [each.command for name, each in runs.items() if not name.startswith("one ")]
