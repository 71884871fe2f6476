"""The logs, policies and helper programs that the benchmarks need: made once, then reused."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from processes import PROJECT, PYTHON, WORK, run

FOLDER = "Tests/Benchmarks"
SHARED = "../shared/data/sequence"
"""The log and the counter that the project's targets were stated with; not part of the project."""


@dataclass(frozen=True)
class Log:
    """A file of events, and the commands that make it."""

    path: str
    events: int
    made_by: list[list[str]]

    @property
    def bytes(self) -> int:
        return (PROJECT / self.path).stat().st_size


def program(name: str, *flags: str, source: str = "") -> list[str]:
    """Compiles a C++ file of this folder when it is newer than its program; gives the command."""
    source = f"{FOLDER}/{source or name}.cpp"
    target = str(WORK / name)
    made, written = PROJECT / target, PROJECT / source
    if not made.exists() or made.stat().st_mtime < written.stat().st_mtime:
        say(f"compiling {source}")
        compiler = next(each for each in ("c++", "g++", "clang++") if shutil.which(each))
        run(
            [
                compiler,
                "-std=c++17",
                "-O3",
                *flags,
                source,
                "-o",
                target,
                "-lsimdjson",
                "-lz",
                "-pthread",
            ]
        )
    return [target]


def make(path: str, command: list[str]) -> None:
    """Runs a command that writes a file or folder, unless it is there; never leaves half of it."""
    if (PROJECT / path).exists():
        return
    say(f"making {path}")
    partial = path + ".partial"
    (PROJECT / path).parent.mkdir(parents=True, exist_ok=True)
    run([partial if word == path else word for word in command])
    os.replace(PROJECT / partial, PROJECT / path)


def say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def has_shared_log() -> bool:
    return (PROJECT / SHARED / "gen.py").exists()


def chain_log(events: int) -> Log:
    """The log of the three-step query: the shared one when its generator is there, else our own."""
    if not has_shared_log():
        return own_log(events)
    path = str(WORK / f"logs/shared-{events}.ndjson")
    command = ["python3", f"{SHARED}/gen.py", str(events), path]
    make(path, command)
    return Log(path, events, [command])


def own_log(events: int, live: int = 400) -> Log:
    """A log by our own generator with so many sessions at any time, each about an hour long."""
    milliseconds = max(1, 3_600_000 // (live * 50))
    path = str(WORK / f"logs/own-{events}-{live}.ndjson")
    command = [*program("generate"), str(events), path, str(live), str(milliseconds)]
    make(path, command)
    return Log(path, events, [command])


def zipf_log(events: int) -> Log:
    """A log over 600 actions, few of them frequent."""
    path = str(WORK / f"logs/zipf-{events}.ndjson")
    command = ["python3", f"{FOLDER}/generate_zipf.py", str(events), path]
    make(path, command)
    return Log(path, events, [command])


def generated_policies(count: int) -> tuple[str, list[str]]:
    """A folder of generated policies, and the command that makes it."""
    path = str(WORK / f"policies-{count}")
    command = ["python3", f"{FOLDER}/generate_policies.py", path, str(count)]
    make(path, command)
    return path, command


def first_event(log: Log) -> Log:
    """The first line of a log: what a review of it costs is start, mappings and report."""
    path = log.path.replace(".ndjson", "-first.ndjson")
    command = ["sh", "-c", f"head -n 1 {log.path} >{path}"]
    if not (PROJECT / path).exists():
        run(command)
    return Log(path, 1, [*log.made_by, command])


def estate(agents: int, privileges_each: int, days: int = 0) -> tuple[str, list[str]]:
    """A folder with a large organisation, and the command that makes it; with days, of which what
    was not used is known not to have been."""
    path = str(WORK / f"logs/estate-{agents}-{privileges_each}{f'-{days}' if days else ''}")
    command = [
        "python3",
        f"{FOLDER}/generate_estate.py",
        path,
        str(agents),
        str(privileges_each),
        str(days),
    ]
    make(path, command)
    return path, command


def privileges(kind: str, *arguments: str) -> tuple[str, list[str]]:
    """A folder with an account whose privileges are to be resolved, and the command that makes it."""
    shape = "-".join(word for word in arguments if word.isdigit())
    path = str(WORK / f"logs/privileges-{kind}{'-' if shape else ''}{shape}")
    command = ["python3", f"{FOLDER}/generate_privileges.py", kind, path, *arguments]
    make(path, command)
    return path, command


def gzipped(log: Log) -> Log:
    path = log.path + ".gz"
    command = ["sh", "-c", f"gzip -6 <{log.path} >{path}"]
    if not (PROJECT / path).exists():
        say(f"making {path}")
        run(command)
    return Log(path, log.events, [*log.made_by, command])


@dataclass(frozen=True)
class Truth:
    """What the three-step query must answer."""

    completions: int
    keys: int
    events: list[str]


def truths(log: Log) -> dict[str, Truth]:
    """The answers without (`plain`) and with the approval (`unless`), by our own counter."""
    answers_path, ids_path = log.path + ".answers.json", log.path + ".ids.json"
    answers_file, ids_file = PROJECT / answers_path, PROJECT / ids_path
    if not answers_file.exists():
        say(f"counting the truth about {log.path}")
        answers_file.write_text(
            run([PYTHON, f"{FOLDER}/peers/reference.py", log.path, ids_path]).out
        )
    answers, ids = json.loads(answers_file.read_text()), json.loads(ids_file.read_text())
    return {name: Truth(**answers[name], events=ids[name]) for name in ("plain", "unless")}


def shared_truths(log: Log) -> dict[str, tuple[int, int]] | None:
    """The same by the shared counter, where it is there: completions and keys."""
    if not (PROJECT / SHARED / "ref.py").exists():
        return None
    path = PROJECT / (log.path + ".shared-answers.json")
    if not path.exists():
        say(f"counting the truth about {log.path} with the shared counter")
        counted = ast.literal_eval(run([PYTHON, f"{SHARED}/ref.py", log.path]).out.strip())
        path.write_text(
            json.dumps(
                {
                    "plain": (counted["C_hits"], counted["sessions"]),
                    "unless": (counted["C_hits_noapproval"], counted["sessions_noapproval"]),
                }
            )
        )
    return {name: tuple(pair) for name, pair in json.loads(path.read_text()).items()}


def discard(log: Log) -> None:
    """Removes a log that is too large to keep."""
    for path in Path(PROJECT / log.path).parent.glob(Path(log.path).name + "*"):
        path.unlink()
