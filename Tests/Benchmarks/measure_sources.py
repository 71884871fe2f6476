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
RECORDS = 200_000


@dataclass(frozen=True)
class Format:
    """A source's fixture, what is new in each record, and the fields of the bare loop in order."""

    name: str
    fixture: str
    keys: list[str]
    fields: list[str]
    is_log: bool = True


FORMATS = [
    Format(
        "github-audit",
        "github-audit/stream.ndjson",
        ["_document_id=text"],
        ["@timestamp", "_document_id", "action", "org"],
    ),
    Format(
        "gcp-audit",
        "gcp-audit/sink.ndjson",
        ["insertId=text", "protoPayload.authenticationInfo.principalEmail="],
        ["insertId", "logName", "protoPayload.methodName", "timestamp"],
    ),
    Format(
        "azure-activity",
        "azure-activity/exported.ndjson",
        ["correlationId=text"],
        ["time", "resourceId", "operationName", "identity.claims.uti"],
    ),
    Format(
        "entra",
        "entra/diagnostic.ndjson",
        ["properties.id=text"],
        ["time", "operationName", "properties.id", "properties.activityDateTime"],
    ),
    Format(
        "ocsf-api-activity",
        "ocsf-api-activity/lake.ndjson",
        ["metadata.uid=text", "actor.user.uid="],
        ["metadata.uid", "time", "api.operation", "actor.user.uid"],
    ),
    Format(
        "kubernetes-audit",
        "kubernetes-audit/lines.ndjson",
        ["auditID=text", "requestReceivedTimestamp="],
        ["auditID", "stage", "verb", "user.username"],
    ),
    Format(
        "gcp-iam",
        "gcp-iam/assets.ndjson",
        ["iam_policy.bindings="],
        ["name", "asset_type"],
        is_log=False,
    ),
    Format(
        "azure-role-assignments",
        "azure-role-assignments/assignments.json",
        ["principalId=text", "principalName="],
        ["principalId", "principalType", "roleDefinitionId", "scope"],
        is_log=False,
    ),
]


def measure(options: Options) -> Section:
    commands: dict[str, list[str]] = {}
    logs: dict[str, Log] = {}
    for each in FORMATS:
        count = options.events(RECORDS if each.is_log else RECORDS // 10)
        log = logs[each.name] = made(each, count)
        one = made(each, 1)
        bare = material.program("bare-native", "-march=native", source="bare")
        commands[f"bare {each.name}"] = [*bare, log.path, "1", *each.fields]
        commands[each.name] = command(each, log)
        commands[f"one {each.name}"] = command(each, one)
    runs = alternate(commands, options.rounds)
    table = Table("source | records | MB | reading | MB/s | bare loop | of the bare loop")
    verdicts = []
    for each in FORMATS:
        log = logs[each.name]
        own = runs[each.name].seconds - runs[f"one {each.name}"].seconds
        bare_seconds = runs[f"bare {each.name}"].seconds
        table.add(
            each.name,
            f"{log.events:,}",
            f"{log.bytes / 1e6:.0f}",
            seconds(own),
            f"{log.bytes / own / 1e6:,.0f}",
            seconds(bare_seconds),
            f"{bare_seconds / own:.2f}",
        )
        if each.is_log:
            share = bare_seconds / own
            verdicts.append(verdict(f"{each.name}, of the bare loop", share, 0.5, at_most=False))
    return Section(
        title="Every reader alone",
        about=(
            "Records made from the fixtures, on one thread. The bare loop reads a few fields of "
            "each and keeps nothing; ours reads, interns and accounts them. Of ours the time with "
            "one record is taken off: start, mappings and report. Lists of grants are read whole, "
            "each object with all that it holds, and are small where they come from: their share "
            "is told and is no target."
        ),
        tables=[table],
        verdicts=verdicts,
        commands=commands_of(logs, runs),
    )


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
