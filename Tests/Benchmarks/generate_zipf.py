#!/usr/bin/env python3
"""generate_zipf.py EVENTS OUT.ndjson [--live N] [--seed N]

Writes canonical events, in order of time and always the same for the same arguments: 600 actions
whose frequency falls with their rank (Zipf, exponent 1), sessions of about 50 events of which N
(default: EVENTS / 5000, at least 50) run side by side, 200 agents.

The actions are names of `mappings/vocabulary`: 100 to which it gives a capability, so that the
shipped policies have something to look at, the rest reads and lists that no policy names."""
import argparse
import itertools
import pathlib
import random
import re

ACTIONS = 600
WITH_MEANING = 100
FREQUENT = 60
AGENTS = 200
VOCABULARY = pathlib.Path(__file__).resolve().parents[2] / "mappings" / "vocabulary"


def named_actions():
    """(action, capability) for each exact name in aws.yaml, in its order, each action once."""
    found, capability, inside = {}, None, False
    for line in (VOCABULARY / "aws.yaml").read_text().splitlines():
        if re.match(r"^\S", line):
            inside = line.startswith("actions:")
        if not inside:
            continue
        heading = re.match(r"^  ([a-z][a-z.-]*):\s*$", line)
        if heading:
            capability = heading.group(1)
        item = re.match(r'^    - "?([a-z0-9-]+:[A-Za-z0-9]+)"?\s*$', line)
        if item and capability:
            found.setdefault(item.group(1), capability)
    return list(found.items())


def plain_actions():
    """Reads and lists of the level table."""
    for line in (VOCABULARY / "aws-levels.txt").read_text().splitlines():
        words = line.split()
        if len(words) > 2 and words[1] in ("L", "R") and not line.startswith("#"):
            yield from (f"{words[0]}:{name}" for name in words[2:])


def actions(seed=7):
    """The 600 actions by rank, most frequent first, as (action, capability or None)."""
    source = random.Random(seed)
    named = named_actions()
    firsts = {capability: name for name, capability in reversed(named)}
    meant = [(name, capability) for capability, name in sorted(firsts.items())]
    others = [pair for pair in named if pair not in meant]
    meant += source.sample(others, WITH_MEANING - len(meant))
    known = {name for name, _ in named}
    plain = [(name, None) for name in plain_actions() if name not in known]
    others = source.sample(plain, ACTIONS - WITH_MEANING)
    # What matters is rare: the most frequent actions are plain ones.
    rest = meant + others[FREQUENT:]
    source.shuffle(rest)
    return others[:FREQUENT] + rest


def weights():
    return [1 / rank for rank in range(1, ACTIONS + 1)]


def write(count, path, live, seed):
    source = random.Random(seed)
    names = [name for name, _ in actions()]
    cumulative = list(itertools.accumulate(weights()))
    total = cumulative[-1]
    sessions, made = [None] * live, 0
    step = max(1, 3_600_000 // (live * 50))  # milliseconds: a session lasts about an hour
    time = 1_767_225_600_000
    uniform, choices = source.random, source.choices
    with open(path, "w", buffering=1 << 20) as out:
        for index in range(count):
            place = int(uniform() * live)
            session = sessions[place]
            if session is None or session[1] <= 0:
                made += 1
                session = sessions[place] = [
                    f"s-{made * 2654435761 & 0xffffffff:08x}{made:08x}",
                    25 + int(uniform() * 50), f"agent-{made % AGENTS:03d}",
                ]
            session[1] -= 1
            time += int(uniform() * 2 * step)
            action = choices(names, cum_weights=cumulative)[0]
            chance = uniform()
            outcome = "allowed" if chance < 0.97 else "denied" if chance < 0.99 else "failed"
            out.write(
                f'{{"id":"e-{index:012x}","time":{time},"agent":"{session[2]}",'
                f'"action":"{action}","session":"{session[0]}","outcome":"{outcome}",'
                f'"resource":"res/{int(uniform() * uniform() * 1000)}",'
                f'"args":{{"amount":{int(uniform() * 1000)},"host":"h-{int(uniform() * 50)}"}}}}\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("events", type=int)
    parser.add_argument("out")
    parser.add_argument("--live", type=int)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    write(given.events, given.out, given.live or max(50, given.events // 5000), given.seed)


if __name__ == "__main__":
    main()
