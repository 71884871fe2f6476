#!/usr/bin/env python3
"""Writes examples/acme/input: the logs, grants and inventory of a made-up organisation.

Python 3, standard library only. No clock and no outside source of chance: the same code gives the
same files. Run it from anywhere; README.md says what is in what it writes.
"""

import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

from generator import cloudtrail, estate, grants, routine, situations, transcripts
from generator.output import Output


def main():
    root = os.path.join(HERE, "input")
    shutil.rmtree(root, ignore_errors=True)
    output = Output(root)
    estate.write(output)
    grants.write(output)
    cloudtrail.write(output)
    transcripts.write(output)
    tools = routine.events() + situations.events()
    situations.write(output, tools)
    print(output.summary())


if __name__ == "__main__":
    main()
