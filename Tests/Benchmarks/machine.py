"""What the figures were measured on and with; nothing that names the machine or its folders."""

from __future__ import annotations

import json
import os
import platform
import re
from pathlib import Path

import material
import sequitur
from processes import PYTHON, run
from tables import Table

PEERS = ("duckdb", "chdb", "chdb-core", "eql", "orjson")


def machine() -> Table:
    table = Table("machine | ")
    table.add("processor", _first("/proc/cpuinfo", r"model name\s*: (.*)", platform.machine()))
    table.add("cores", str(os.cpu_count()))
    kilobytes = int(_first("/proc/meminfo", r"MemTotal:\s*(\d+)", "0"))
    table.add("memory", f"{kilobytes / 1e6:.0f} GB")
    system = _first("/etc/os-release", r'PRETTY_NAME="?([^"\n]*)', platform.system())
    table.add("system", f"{system}, {platform.system()} {platform.release().split('-')[0]}")
    return table


def versions() -> Table:
    table = Table("program | version")
    table.add("sequitur", sequitur.version())
    names = json.dumps(PEERS)
    script = (
        f"import json, importlib.metadata as m; print(json.dumps([m.version(n) for n in {names}]))"
    )
    for name, version in zip(PEERS, json.loads(run([PYTHON, "-c", script]).out), strict=True):
        table.add(name, version)
    table.add("Python", platform.python_version())
    bare = json.loads(
        run([*material.program("bare-native", "-march=native", source="bare"), "/dev/null"]).out
    )
    table.add("simdjson, bare loop", f"{bare['simdjson']}, kernel {bare['kernel']}")
    table.add("Swift", _match(r"Swift version ([\d.]+)", run(["swift", "--version"]).out))
    return table


def _first(path: str, pattern: str, otherwise: str) -> str:
    try:
        return _match(pattern, Path(path).read_text(), otherwise)
    except OSError:
        return otherwise


def _match(pattern: str, text: str, otherwise: str = "unknown") -> str:
    found = re.search(pattern, text)
    return found.group(1).strip() if found else otherwise
