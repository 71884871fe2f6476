"""Our own binary: which flags it has, the command of a review, and the answer in its report."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from functools import cache
from typing import Any

from processes import PROJECT, WORK, Run, run

BINARY = ".build/release/sequitur"
POLICIES = "Tests/Benchmarks/policies"
STEPS = f"{POLICIES}/three-steps.yaml"
STEPS_UNLESS = f"{POLICIES}/three-steps-unapproved.yaml"


@cache
def help_text() -> str:
    return run([BINARY, "review", "--help"]).out


def has(flag: str) -> bool:
    """Whether this build of the binary knows a flag, for example `--threads`."""
    return re.search(rf"(?<![\w-]){flag}(?![\w-])", help_text()) is not None


def missing_flags(*flags: str) -> list[str]:
    return [flag for flag in flags if not has(flag)]


def version() -> str:
    commit = run(["git", "rev-parse", "--short", "HEAD"], allowed_codes=(0, 128)).out.strip()
    return f"{run([BINARY, '--version']).out.strip()} ({commit})" if commit else "unknown commit"


@dataclass(frozen=True)
class Review:
    """A review to be timed. Flags that the binary does not know are left out of the command."""

    inputs: list[str]
    policies: list[str]
    name: str
    shipped: bool = False
    digests: bool = True
    threads: int | None = None
    memory: str | None = None
    formats: str = "json"
    timings: bool = False
    history: bool = True

    @property
    def out(self) -> str:
        return str(WORK / "out" / self.name)

    @property
    def command(self) -> list[str]:
        wanted: list[tuple[bool, list[str]]] = [
            (not self.shipped, ["--no-shipped-policies"]),
            (not self.digests, ["--no-input-digests"]),
            (not self.history, ["--no-history"]),
            (self.threads is not None, ["--threads", str(self.threads)]),
            (self.timings, ["--timings"]),
            (self.memory is not None, ["--memory", str(self.memory)]),
        ]
        flags = [word for asked, words in wanted if asked and has(words[0]) for word in words]
        policies = [word for path in self.policies for word in ("--policies", path)]
        return [
            BINARY,
            "review",
            *self.inputs,
            *policies,
            *flags,
            "--formats",
            self.formats,
            "--quiet",
            "--out",
            self.out,
        ]

    def report(self) -> dict[str, Any]:
        """The report that the last run wrote."""
        paths = sorted((PROJECT / self.out).glob("*/report.json"))
        if len(paths) != 1:
            raise RuntimeError(f"{self.out}: expected one report, found {len(paths)}")
        with open(paths[0], encoding="utf-8") as file:
            report: dict[str, Any] = json.load(file)
        return report

    def discard(self) -> None:
        """Removes what the runs wrote, so that the next use of the name starts clean."""
        shutil.rmtree(PROJECT / self.out, ignore_errors=True)


def phase(measured: Run, name: str) -> float | None:
    """Seconds of a phase as `--timings` tells on standard error, a line `judge 0.123 s` each."""
    found = re.search(rf"\b{name}[a-z]*[:=]?\s+([\d.]+)\s*(ms|s)\b", measured.err)
    return float(found[1]) / (1000 if found[2] == "ms" else 1) if found else None


@dataclass(frozen=True)
class Answer:
    """What a policy found: completing events and keys, and whether every one has its witness."""

    completions: int
    keys: int
    events: list[str]
    witnesses: int


def answer(report: dict[str, Any], policy: str) -> Answer:
    """Counts the occurrences of a policy's realised findings."""
    occurrences = [
        occurrence
        for finding in report["findings"]
        if finding.get("policy") == policy and finding["status"] == "realised"
        for occurrence in finding["occurrences"]
    ]
    steps = next(len(entry["steps"]) for entry in report["policies"] if entry["id"] == policy)
    return Answer(
        completions=len(occurrences),
        keys=len({json.dumps(each["key"], sort_keys=True) for each in occurrences}),
        events=sorted(each["chain"][-1]["event"] for each in occurrences),
        witnesses=sum(len(each["chain"]) == steps for each in occurrences),
    )
