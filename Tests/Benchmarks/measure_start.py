"""The example organisation, from the start of the process to the first output and to the last."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import time

from options import Options
from processes import PROJECT, WORK
from sequitur import BINARY
from tables import Section, Table, seconds, verdict

OUT = str(WORK / "out/acme")
COMMAND = [
    BINARY,
    "review",
    "examples/acme/input",
    "--config",
    "examples/acme/review.yaml",
    "--quiet",
    "--out",
    OUT,
]


def measure(options: Options) -> Section:
    first_output()
    measured = [first_output() for _ in range(2 * options.rounds)]
    first, whole = (statistics.median(column) for column in zip(*measured, strict=True))
    table = Table(" | median | slowest")
    table.add("first output", seconds(first), seconds(max(each[0] for each in measured)))
    table.add("the process's end", seconds(whole), seconds(max(each[1] for each in measured)))
    return Section(
        title="Start to first output",
        about="The example organisation, all formats; the first output is the summary.",
        tables=[table],
        verdicts=[verdict("the first output", first, 0.2, " s")],
        commands=[COMMAND],
    )


def first_output() -> tuple[float, float]:
    """Seconds to the first byte on standard output, and to the end of the process."""
    shutil.rmtree(PROJECT / OUT, ignore_errors=True)
    start = time.perf_counter()
    with subprocess.Popen(
        COMMAND, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        os.read(process.stdout.fileno(), 1)
        first = time.perf_counter() - start
        process.stdout.read()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(COMMAND)}: exit code {process.returncode}")
    return first, time.perf_counter() - start
