"""Measures Sequitur beside what one would use instead, and checks every answer.

python3 Tests/Benchmarks/bench.py [--write] [--only NAME...] [--quick] [--large]

`make bench` sets up and runs it. Each benchmark prints a section with its tables; `--write` puts
them into docs/benchmarks.md, and needs all of them.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback

import machine
from material import say
from options import Options
from processes import PROJECT

BENCHMARKS = {
    "chain": "one policy over two million events, beside databases and scripts",
    "policies": "the shipped policies and 100 more",
    "intake": "reading alone, beside a bare simdjson loop",
    "sources": "every reader alone, beside a bare simdjson loop on its own format",
    "keys": "400, 10,000 and 1,000,000 sessions at a time",
    "gzip": "compressed input, beside decompressing alone",
    "reports": "an organisation of 10,000 agents in every format",
    "privileges": "effective privileges: every managed policy, and 10,000 large agents",
    "history": "the review that follows 40 quarters of 10,000 agents",
    "start": "the example organisation, from start to first output",
    "detection": "runs of real agents",
    "scale": "fifty million events in bounded memory (only with --large)",
}


def main() -> int:
    given = arguments()
    options = Options(quick=given.quick, large=given.large)
    names = given.only or [name for name in BENCHMARKS if name != "scale" or given.large]
    sections = [preamble(options)]
    print(sections[0])
    failed = []
    for name in names:
        try:
            section = importlib.import_module(f"measure_{name}").measure(options).markdown()
        except Exception:  # the others are measured all the same
            traceback.print_exc()
            failed.append(name)
            continue
        sections.append(section)
        print(section, flush=True)
    if failed:
        say(f"failed: {', '.join(failed)}")
        return 1
    if given.write:
        (PROJECT / "docs/benchmarks.md").write_text("\n".join(sections))
        say("wrote docs/benchmarks.md")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"{name:10} {about}" for name, about in BENCHMARKS.items()),
    )
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--only", nargs="+", choices=list(BENCHMARKS), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="a tenth of the events, 2 rounds")
    parser.add_argument(
        "--large", action="store_true", help="also what needs 25 GB of disk and time"
    )
    given = parser.parse_args()
    if given.write and (given.only or given.quick):
        parser.error("--write is of a whole run: not with --only or --quick")
    return given


def preamble(options: Options) -> str:
    rounds = f"The median of {options.rounds} runs in turn, after one to warm up"
    parts = [
        "# Benchmarks",
        "`make bench` prints this page and `make bench BENCH=--write` writes it; nothing of it is "
        "a test. "
        f"{rounds}, of whole processes unless it is said otherwise. The commands below each table "
        "are what was run, in the project's folder.",
        machine.machine().markdown(),
        machine.versions().markdown(),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main())
