"""Which cells stay hidden so that nobody can be found: small ones, and those a subtraction would lead to (ALN-64, DL 7.1)."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

ALL = "ALL"


class Cell(NamedTuple):
    """People of an ACO, year and category; ALL is the total of the categories."""

    aco_id: str
    year: int
    category: str
    people: int


class Why(StrEnum):
    """Why a cell is hidden."""

    SMALL = "SMALL"  # rests on 1 to 10 people: none of its figures is shown
    SUBTRACTION = "SUBTRACTION"  # large, but its counts and sums would tell a small one; its means may be shown


def hidden(cells: Iterable[Cell], smallest: int) -> dict[Cell, Why]:
    """The cells that must not be shown, for every ACO and year by itself."""
    found: dict[Cell, Why] = {}
    for _, row in groupby(sorted(cells), key=lambda cell: cell[:2]):
        kept_back = _hidden_in_row(list(row), smallest)
        found |= {cell: Why.SMALL if _is_small(cell.people, smallest) else Why.SUBTRACTION for cell in kept_back}
    return found


def _hidden_in_row(row: list[Cell], smallest: int) -> list[Cell]:
    """Small categories; then, smallest first, as many others as keep the hidden ones from being told by subtraction.

    With the total shown, the hidden categories together are known, so they must be two or more and not small in sum.
    """
    total = [cell for cell in row if cell.category == ALL]
    others = sorted((cell for cell in row if cell.category != ALL), key=lambda cell: (cell.people, cell.category))
    if any(_is_small(cell.people, smallest) for cell in total):
        return row
    hide = [cell for cell in others if _is_small(cell.people, smallest)]
    spare = [cell for cell in others if cell.people >= smallest]
    while hide and (len(hide) == 1 or _is_small(sum(cell.people for cell in hide), smallest)):
        if not spare:
            return [*hide, *total]
        hide.append(spare.pop(0))
    return hide


def _is_small(people: int, smallest: int) -> bool:
    return 0 < people < smallest
