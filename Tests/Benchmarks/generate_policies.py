#!/usr/bin/env python3
"""generate_policies.py OUT [COUNT] [--seed N]

Writes COUNT (100) policies as YAML files into the folder OUT, always the same for the same
arguments, over the actions of generate_zipf.py: chains of two to four steps with windows, gaps,
registers, `absent`, `unless` and `until`, and limits that count, sum or count distinct values.

Early steps are drawn by the actions' frequency, so that the policies have much to look at; last
steps are drawn evenly or carry a condition, so that few chains complete, as in a real log."""
import argparse
import itertools
import pathlib
import random

from generate_zipf import actions, weights

KEYS = [("session", 60), ("agent", 20), ("{first: [task, session, agent]}", 12),
        ("[agent, resource]", 8)]
LENGTHS = [(2, 35), (3, 45), (4, 20)]
WINDOWS = [("10m", 25), ("30m", 45), ("1h", 25), ("4h", 5)]
CONDITIONS = ["args.amount: {gt: 900}", "args.amount: {ge: 500}", 'args.host: {like: "h-1*"}',
              "resource: {in: [res/1, res/2, res/3, res/5]}", "args.host: h-7"]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = [name for name, _ in actions()]
        self.cumulative = list(itertools.accumulate(weights()))

    def pick(self, table):
        values, shares = zip(*table)
        return self.random.choices(values, shares)[0]

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def frequent(self):
        return self.random.choices(self.names, cum_weights=self.cumulative)[0]

    def rare(self):
        return self.random.choice(self.names[50:])

    def selector(self, name, condition=0):
        parts = [f'action: "{name}"']
        if self.chance(15):
            parts = [f'action: ["{name}", "{self.rare()}"]']
        if self.chance(condition):
            parts.append(f"where: {{{self.random.choice(CONDITIONS)}}}")
        return parts

    def chain(self, key):
        length = self.pick(LENGTHS)
        register = self.chance(25) and "resource" not in key
        bound, lines = False, []
        for number in range(length):
            is_last = number == length - 1
            name = self.rare() if is_last or self.chance(40) else self.frequent()
            parts = [f"id: step{number + 1}"] + self.selector(name, 25)
            if register and not bound:
                parts.append("bind: {thing: resource}")
                bound = True
            elif register and (is_last or self.chance(50)):
                parts.append(f"{self.pick([('same', 80), ('differs', 20)])}: {{thing: resource}}")
            if number > 0 and self.chance(15):
                parts.append(f"gap: {self.pick(WINDOWS)}")
            if number > 0 and self.chance(12):
                parts.append(f"absent: {{{', '.join(self.selector(self.rare()))}}}")
            lines.append(f"  - {{{', '.join(parts)}}}")
        lines = ["steps:"] + lines + [f"within: {self.pick(WINDOWS)}"]
        if self.chance(25):
            excuse = self.selector(self.rare())
            if self.chance(40):
                excuse.append("before: 0")
            lines.append(f"unless: {{{', '.join(excuse)}}}")
        if self.chance(20):
            lines.append(f"until: {{{', '.join(self.selector(self.rare()))}}}")
        return ["kind: forbid", f"per: {key}"] + lines

    def limit(self, key):
        measure, bound = self.random.choice([("count: true", 60), ("sum: args.amount", 30_000),
                                             ("distinct: resource", 50)])
        counted = self.selector(self.frequent() if self.chance(50) else self.rare(), 20)
        lines = ["kind: limit", f"per: {key}"]
        if self.chance(25):
            first = ", ".join(["id: first"] + self.selector(self.rare()))
            lines += ["steps:", f"  - {{{first}}}", "within: 1h"]
        aggregate = [f"of: {{{', '.join(counted)}}}", measure, f"ge: {bound}",
                     f"window: {self.pick(WINDOWS)}"]
        return lines + [f"aggregate: {{{', '.join(aggregate)}}}"]

    def policy(self, number):
        key = self.pick(KEYS)
        body = self.limit(key) if self.chance(18) else self.chain(key)
        head = [f"policy: generated-{number:03d}", "version: 1",
                f"title: The generated policy {number}",
                f"severity: {self.random.choice(['low', 'moderate', 'high', 'critical'])}",
                "themes: [chained-actions]"]
        tail = ["because: It measures the engine.", "falsePositives: [everything]",
                "remedy: Nothing is to be done."]
        return "\n".join(head + body + tail) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("count", type=int, nargs="?", default=100)
    parser.add_argument("--seed", type=int, default=11)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    maker = Maker(given.seed)
    for number in range(1, given.count + 1):
        (given.out / f"generated-{number:03d}.yaml").write_text(maker.policy(number))


if __name__ == "__main__":
    main()
