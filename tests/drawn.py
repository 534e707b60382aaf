"""Inputs drawn as little tables inside a test, so that a reader sees the case."""

from collections.abc import Callable
from datetime import date
from typing import Any

NOTHING = {"": None, "none": None}


def table(text: str, **kinds: Callable[[str], Any]) -> list[dict[str, Any]]:
    """Rows of a drawn table. Lines of dashes are for the eye; an empty first cell repeats the one above.

    `kinds` reads the cells of a column; `none` and empty cells are None.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    header, *body = [line for line in lines if set(line) - set("-+| ")]
    names = [name.strip() for name in header.split("|")]
    rows: list[dict[str, Any]] = []
    for line in body:
        cells = [cell.strip() for cell in line.split("|")]
        assert len(cells) == len(names), f"{line!r} has {len(cells)} cells, not {len(names)}"
        row = {name: _read(cell, kinds.get(name)) for name, cell in zip(names, cells, strict=True)}
        if row[names[0]] is None and rows:
            row[names[0]] = rows[-1][names[0]]
        rows.append(row)
    return rows


def by_case(rows: list[dict[str, Any]], key: str = "case") -> dict[str, list[dict[str, Any]]]:
    """The rows of each case, in the order drawn."""
    cases: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        cases.setdefault(row[key], []).append(row)
    return cases


def dollars(text: str) -> int:
    """Dollars as cents."""
    whole, _, part = text.replace(",", "").partition(".")
    return int(whole) * 100 + (-1 if whole.startswith("-") else 1) * int((part or "0").ljust(2, "0"))


def day(text: str) -> date:
    """An ISO date."""
    return date.fromisoformat(text)


def flag(text: str) -> bool:
    """yes or no."""
    return {"yes": True, "no": False}[text]


def _read(cell: str, kind: Callable[[str], Any] | None) -> Any:
    if cell in NOTHING:
        return None
    return kind(cell) if kind else cell
