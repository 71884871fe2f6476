"""Compressed input: our review of a .gz beside decompressing it alone."""

from __future__ import annotations

import material
import sequitur
from material import Log
from options import Options
from processes import PYTHON, Runs, alternate
from sequitur import Review
from tables import Section, Table, megabytes, seconds, verdict

OURS, PLAIN, ZLIB = "sequitur, .gz", "sequitur, the same not compressed", "zlib alone"

READ_ALL = (
    "import gzip, sys\nwith gzip.open(sys.argv[1]) as file:\n    while file.read(1 << 20): pass"
)


def measure(options: Options) -> Section:
    log = material.chain_log(options.events(2_000_000))
    packed = material.gzipped(log)
    reviews = {
        OURS: Review([packed.path], [sequitur.STEPS], "gzip", threads=2, history=False),
        PLAIN: Review([log.path], [sequitur.STEPS], "gzip-plain", threads=2, history=False),
    }
    for review in reviews.values():
        review.discard()
    runs = alternate(
        {
            ZLIB: [*material.program("inflate"), packed.path],
            "gzip -dc": ["sh", "-c", f"gzip -dc {packed.path} >/dev/null"],
            "Python's gzip": [PYTHON, "-c", READ_ALL, packed.path],
            **{name: review.command for name, review in reviews.items()},
        },
        options.rounds,
    )
    expected = material.truths(log)["plain"].completions
    return Section(
        title="Compressed input",
        about=(
            f"The log of the three-step query, {megabytes(log.bytes)} as {megabytes(packed.bytes)} "
            f'of gzip. The answer is {expected}. "zlib alone" is `inflate.cpp`: it keeps nothing.'
        ),
        tables=[table_of(runs, reviews, packed)],
        verdicts=[
            verdict(
                "a review of the .gz, of zlib's speed alone",
                runs[ZLIB].seconds / runs[OURS].seconds,
                0.8,
                at_most=False,
            )
        ],
        commands=packed.made_by + [runs[name].command for name in (ZLIB, OURS)],
    )


def table_of(runs: dict[str, Runs], reviews: dict[str, Review], packed: Log) -> Table:
    table = Table(
        "who | wall, median | fastest to slowest | processors | of the .gz | "
        "of zlib's speed | completions"
    )
    for name, measured in runs.items():
        found = ""
        if name in reviews:
            found = str(sequitur.answer(reviews[name].report(), "three-steps").completions)
        table.add(
            name,
            seconds(measured.seconds),
            measured.spread,
            seconds(measured.processor_seconds),
            f"{packed.bytes / measured.seconds / 1e6:,.0f} MB/s",
            f"{runs[ZLIB].seconds / measured.seconds:.2f}",
            found,
        )
    return table
