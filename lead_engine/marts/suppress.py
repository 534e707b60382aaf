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
        found |= {cell: Why.SMALL if is_small(cell.people, smallest) else Why.SUBTRACTION for cell in kept_back}
    return found


def _hidden_in_row(row: list[Cell], smallest: int) -> list[Cell]:
    """Small categories; then, smallest first, as many others as keep the hidden ones from being told by subtraction.

    A person may be in several categories. With the total shown, total less a category is how many were never in it, and
    total less all shown ones is what the hidden ones hold together: two or more of them, and on no few people.
    """
    total = [cell for cell in row if cell.category == ALL]
    others = sorted((cell for cell in row if cell.category != ALL), key=lambda cell: (cell.people, cell.category))
    everybody = total[0].people if total else sum(cell.people for cell in others)
    if is_small(everybody, smallest):
        return row
    hide = [cell for cell in others if any(is_small(n, smallest) for n in (cell.people, everybody - cell.people))]
    spare = [cell for cell in others if cell not in hide and cell.people]
    while hide and (len(hide) == 1 or is_small(_at_least(hide, spare, everybody), smallest)):
        if not spare:
            return [*hide, *total]
        hide.append(spare.pop(0))
    return hide


def _at_least(hide: list[Cell], shown: list[Cell], everybody: int) -> int:
    """How many people the hidden cells hold together, at the least: a person may be in several."""
    return max(*(cell.people for cell in hide), everybody - sum(cell.people for cell in shown))


def is_small(people: int, smallest: int) -> bool:
    """Whether a figure rests on few people; on nobody is not few."""
    return 0 < people < smallest
