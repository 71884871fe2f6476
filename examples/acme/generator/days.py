"""The quarter, and chance that is the same on every machine."""

import datetime
import hashlib
import random
import uuid

FIRST = datetime.datetime(2026, 7, 1)
LAST = datetime.datetime(2026, 9, 30)


def quarter():
    """Each day of the quarter at midnight, UTC."""
    day = FIRST
    while day <= LAST:
        yield day
        day += datetime.timedelta(days=1)


def is_weekend(day):
    return day.weekday() >= 5


def at(text):
    """`09-16 14:02:10` of the quarter's year."""
    return datetime.datetime.strptime("2026-" + text, "%Y-%m-%d %H:%M:%S")


def rfc3339(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Chance:
    """Only `random()` is used, whose sequence Python promises to keep."""

    def __init__(self, seed):
        digest = hashlib.sha256(seed.encode()).digest()
        self.random = random.Random(int.from_bytes(digest[:8], "big")).random

    def below(self, count):
        return int(self.random() * count)

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def pick(self, values):
        return values[self.below(len(values))]

    def moment(self, day, first_hour, last_hour):
        """A time of a day, to the second."""
        seconds = self.between(first_hour * 3600, last_hour * 3600 - 1)
        return day + datetime.timedelta(seconds=seconds)


def later(time, seconds):
    return time + datetime.timedelta(seconds=seconds)


def identifier(*parts):
    """A UUID that follows from its parts."""
    return str(uuid.UUID(bytes=hashlib.sha256("/".join(parts).encode()).digest()[:16], version=4))
