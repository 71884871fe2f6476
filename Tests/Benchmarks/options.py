"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Quick runs are for working on the benchmarks: their figures mean nothing."""

    quick: bool
    large: bool

    @property
    def rounds(self) -> int:
        return 2 if self.quick else 5

    def events(self, count: int) -> int:
        """The number of events of a log: a tenth of it in a quick run."""
        return count // 10 if self.quick else count
