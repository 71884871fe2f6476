#!/usr/bin/env python3
"""Writes examples/acme/input: the logs, grants and inventory of a made-up organisation.

Python 3, standard library only. No clock and no outside source of chance: the same code gives the
same files. README.md says what is in them. With `--check` nothing is written: it fails, with their
names, when files are not what this code gives.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

from generator import cloudtrail, estate, grants, reports, routine, situations, transcripts
from generator.output import Output


def main(arguments):
    output = Output(os.path.join(HERE, "input"))
    estate.write(output)
    grants.write(output)
    cloudtrail.write(output, reports.work)
    reports.write(output)
    transcripts.write(output)
    situations.write(output, routine.events() + situations.events())
    if arguments == ["--check"]:
        different = output.differences()
        for path in different:
            print(f"{path}: not what generate.py writes")
        return 1 if different else 0
    if arguments:
        print("usage: generate.py [--check]", file=sys.stderr)
        return 2
    print(output.save())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
