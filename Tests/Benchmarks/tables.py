"""Tables and sections in Markdown: printed to the terminal and written to docs/benchmarks.md."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


class Table:
    """Rows of text under columns; the first column is on the left, the others on the right."""

    def __init__(self, columns: str) -> None:
        """Columns are given as they are printed: `"who | wall | answer"`."""
        self.columns = [name.strip() for name in columns.split("|")]
        self.rows: list[list[str]] = []

    def add(self, *cells: str) -> None:
        self.rows.append(list(cells))

    def markdown(self) -> str:
        table = [self.columns, *self.rows]
        widths = [max(len(row[at]) for row in table) for at in range(len(self.columns))]
        lines = ["| " + " | ".join(_padded(row, widths)) + " |" for row in table]
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        return "\n".join([lines[0], "| " + " | ".join(rule) + " |", *lines[1:]])


def _padded(row: list[str], widths: list[int]) -> list[str]:
    return [
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


@dataclass
class Section:
    """What one benchmark has to say."""

    title: str
    about: str
    tables: list[Table]
    verdicts: list[str]
    commands: list[list[str]]
    notes: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        parts = [f"## {self.title}", self.about]
        parts += [table.markdown() for table in self.tables]
        if self.verdicts or self.notes:
            parts.append("\n".join(f"- {line}" for line in [*self.verdicts, *self.notes]))
        if self.commands:
            parts.append("```\n" + "\n".join(map(shell_line, self.commands)) + "\n```")
        return "\n\n".join(parts) + "\n"


def shell_line(command: list[str]) -> str:
    """A command as one would type it."""
    return " ".join(_quoted(word) for word in command)


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word) else "'" + word.replace("'", "'\\''") + "'"


def verdict(what: str, value: float, limit: float, unit: str = "", at_most: bool = True) -> str:
    """A measured value against its target, in words."""
    met = value <= limit if at_most else value >= limit
    wanted = f"wanted {'at most' if at_most else 'at least'} {limit:g}{unit}"
    return f"{'met' if met else '**missed**'}: {what}: {value:.3g}{unit}, {wanted}"


def seconds(value: float) -> str:
    return f"{value:.2f} s"


def megabytes(value: float) -> str:
    return f"{value / 1e6:,.0f} MB"


def ratio(value: float, base: float) -> str:
    return f"{value / base:.2f}"
