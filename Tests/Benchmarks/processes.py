"""Runs whole processes and measures them: wall time, time on the processors, peak memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parents[2]
"""Every command runs here, so that what is printed can be typed."""

WORK = Path(".build-bench")
"""What the benchmarks make, relative to the project: ignored by git, made once and reused."""

PYTHON = str(WORK / "venv/bin/python")
"""The interpreter that has the peers."""


@dataclass(frozen=True)
class Run:
    """One process from its start to its end."""

    seconds: float
    processor_seconds: float
    peak_bytes: int
    out: str
    err: str


def run(command: list[str], allowed_codes: tuple[int, ...] = (0,)) -> Run:
    """Runs a command in the project's folder; raises when it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=PROJECT, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = [_text(file) for file in (out, err)]
    if process.returncode not in allowed_codes:
        raise RuntimeError(
            f"{' '.join(command)}: exit code {process.returncode}\n{texts[1][-2000:]}"
        )
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, *texts)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def forget(path: str) -> None:
    """Drops a file from the page cache, so that the next run reads it from the disk."""
    with open(PROJECT / path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@dataclass(frozen=True)
class Runs:
    """The same process, several times."""

    command: list[str]
    all: list[Run]

    @property
    def last(self) -> Run:
        return self.all[-1]

    @property
    def seconds(self) -> float:
        """The median of the wall times."""
        return statistics.median(run.seconds for run in self.all)

    @property
    def processor_seconds(self) -> float:
        """The median of the times on the processors, all threads together."""
        return statistics.median(run.processor_seconds for run in self.all)

    @property
    def spread(self) -> str:
        """The fastest and the slowest wall time."""
        seconds = [run.seconds for run in self.all]
        return f"{min(seconds):.2f} to {max(seconds):.2f}"

    @property
    def peak_bytes(self) -> int:
        return max(run.peak_bytes for run in self.all)


def alternate(commands: dict[str, list[str]], rounds: int) -> dict[str, Runs]:
    """Runs every command once to warm up, then all of them in turn, `rounds` times.

    Taking turns spreads over all of them what else the machine happens to do.
    """
    for command in commands.values():
        run(command)
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run(command))
    return {name: Runs(commands[name], runs[name]) for name in commands}
