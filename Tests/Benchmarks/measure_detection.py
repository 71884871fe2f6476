"""How well the shipped policies tell attacked runs of real agents: by detect.py."""

from __future__ import annotations

from options import Options
from processes import PROJECT, run
from tables import Section

SCRIPT = "Tests/Benchmarks/detect.py"


def measure(options: Options) -> Section:
    command = ["python3", SCRIPT]
    if not (PROJECT / SCRIPT).exists():
        return Section("Detection", "Not measured: detect.py is not there.", [], [], [])
    said = run(command).out.strip().replace(str(PROJECT.parent), "..")
    about = "The shipped policies over recorded runs of agents of which some were attacked."
    return Section("Detection", f"{about}\n\n```text\n{said}\n```", [], [], [command])
