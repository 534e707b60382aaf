"""The parts of an explanation: sentences with rule and status, and tables. Made by `explain.py` of a stage, shown by the CLI."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """One thing that was decided, in words, with where the rule stands and how sure it is."""

    about: str
    says: str
    rule: str = ""
    status: str = ""


@dataclass(frozen=True)
class Table:
    """Figures behind the sentences."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Page:
    """An explanation of one person in one year."""

    title: str
    sentences: tuple[Sentence, ...]
    tables: tuple[Table, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)  # for machines: the same, unrounded


def dollars(cents: int | None) -> str:
    """Cents as dollars, for people."""
    return "" if cents is None else f"{cents / 100:,.2f}"
