"""How well a model fits: predictive ratios by kind of person, deciles, and how it compares with V28 (RM 8.8, RM 8.9).

Cells are counted over people as whole numbers, from the rounded factors; only cells of enough people are shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lead_engine.foundation.months import MONTHS_OF_A_YEAR
from lead_engine.risk.terms import AgeSex

from .design import SEGMENT, Design
from .fit import ONE, Fit
from .structure import HELD_AT_PUBLISHED
from .sums import Whole, by_person

BIN = 1_000  # millionths of score: people are ranked by thousandths
TWENTIETHS = 20
COUNTED_SINGLY = 9  # HCCs; from ten on people are one cell
BASE = "community, not dual"


class Kind(StrEnum):
    """What a cell is a cell of. Everybody is in one cell of a kind, groups of conditions apart."""

    ALL = "ALL"
    SCORE = "SCORE"
    DECILE = "DECILE"
    HCC_COUNT = "HCC_COUNT"
    CONDITION_GROUP = "CONDITION_GROUP"
    DUAL = "DUAL"
    AGE_SEX = "AGE_SEX"


class Cell(NamedTuple):
    """People of a kind: how many, their months, what they cost, and their scores times months in millionths."""

    people: int
    months: int
    cents: int
    score_months: int

    def __add__(self, other: object) -> "Cell":
        assert isinstance(other, Cell)  # noqa: S101
        return Cell(*(one + another for one, another in zip(self, other, strict=True)))


Cells = dict[tuple[Kind, str], Cell]


def cells(design: Design, starts: Whole, columns: Whole, months: Whole, cents: Whole, factors: Whole) -> Cells:
    """Cells of people who stand one after another, as in `Sums.of`."""
    count = len(months)
    person = np.repeat(np.arange(count), np.diff(starts))
    values = np.column_stack(
        [np.ones(count, np.int64), months, cents, by_person(person, factors[columns], count) * months]
    )
    score = values[:, 3] // np.maximum(months, 1)
    is_hcc = np.isin(np.arange(len(design.names)), list(design.hccs.values()))
    hccs = np.minimum(by_person(person, is_hcc[columns].astype(np.int64), count), COUNTED_SINGLY + 1)
    found: Cells = {}
    _add(found, Kind.ALL, ["ALL"], np.zeros(count, np.int64), values)
    bins, of_bin = np.unique(score // BIN, return_inverse=True)
    _add(found, Kind.SCORE, [str(each) for each in bins], of_bin, values)
    _add(found, Kind.HCC_COUNT, [*map(str, range(COUNTED_SINGLY + 1)), f"{COUNTED_SINGLY + 1}+"], hccs, values)
    for kind, names in _kinds(design).items():
        label = np.full(count, len(names), np.int64)
        place = np.full(len(design.names), -1)
        for number, column in enumerate(names):
            place[column] = number
        inside = place[columns] >= 0
        label[person[inside]] = place[columns[inside]]
        said = [design.names[column].removeprefix(SEGMENT) for column in names]
        _add(found, kind, [*said, BASE], label, values)
    _add_groups(found, design, person, columns, values)
    return found


def added(parts: Iterable[Mapping[tuple[Kind, str], Cell]]) -> Cells:
    """Cells of several parts of the people."""
    found: Cells = {}
    for part in parts:
        for key, cell in part.items():
            found[key] = found[key] + cell if key in found else cell
    return found


def deciles(found: Cells) -> Cells:
    """Tenths of the months by score, the highest tenth in two halves.

    People of one thousandth of score, who may be most of a small population, are shared out among the tenths they span, in
    proportion and in whole numbers that add up: no tenth is empty because others tie.
    """
    bins = sorted((int(name), cell) for (kind, name), cell in found.items() if kind is Kind.SCORE)
    months = sum(cell.months for _, cell in bins)
    before, parts = 0, []
    for _, cell in bins:
        for twentieth, part in _shared(cell, before, months):
            name = {18: "10, lower half", 19: "10, upper half"}.get(twentieth, f"{twentieth // 2 + 1}")
            parts.append({(Kind.DECILE, name): part})
        before += cell.months
    return added(parts)


def _shared(cell: Cell, before: int, months: int) -> Iterator[tuple[int, Cell]]:
    """The parts of a cell in each twentieth of all months, of which `before` come before it."""
    first, last = TWENTIETHS * before, TWENTIETHS * (before + cell.months)
    edges = [first, *(edge * months for edge in range(TWENTIETHS) if first < edge * months < last), last]
    for start, end in pairwise(edges):
        upto, since = ([value * (edge - first) // (last - first) for value in cell] for edge in (end, start))
        yield start // months, Cell(*(one - other for one, other in zip(upto, since, strict=True)))


@dataclass(frozen=True)
class Ratio:
    """A cell as it is shown."""

    kind: Kind
    cell: str
    people: int
    person_years: float
    actual_cents: float  # a person-year
    predicted_cents: float  # a person-year

    @property
    def ratio(self) -> float:
        """Predicted by actual."""
        return self.predicted_cents / self.actual_cents if self.actual_cents else float("nan")


def ratios(found: Cells, smallest_cell: int) -> list[Ratio]:
    """Predictive ratios of cells with enough people. A score of 1 predicts the mean cost of everybody.

    Where a cell of a kind is withheld, the next smallest are too, until those withheld together are enough people that
    nothing follows from the total.
    """
    everybody = found[Kind.ALL, "ALL"]
    shown = {key: cell for key, cell in (found | deciles(found)).items() if key[0] is not Kind.SCORE}
    rate = everybody.cents / everybody.months
    made = []
    for kind in Kind:
        of_kind = {name: cell for (each, name), cell in shown.items() if each is kind and cell.people}
        people = {name: cell.people for name, cell in of_kind.items()}
        withheld = _withheld(people, everybody.people, smallest_cell)
        for name in sorted(of_kind, key=_natural):
            if name not in withheld:
                cell = of_kind[name]
                predicted = rate * cell.score_months / ONE / cell.months * MONTHS_OF_A_YEAR
                actual = cell.cents / cell.months * MONTHS_OF_A_YEAR
                made.append(Ratio(kind, name, cell.people, cell.months / MONTHS_OF_A_YEAR, actual, predicted))
    return made


def rank_correlation(fit: Fit) -> tuple[float, int]:
    """Spearman's rank correlation of the HCC factors with the published ones, over how many HCCs (RM 8.9).

    HCCs held at the published factor say nothing and are left out.
    """
    from scipy.stats import spearmanr

    columns = [
        column
        for column in fit.design.hccs.values()
        if fit.structure.held[column] != HELD_AT_PUBLISHED and fit.design.published[column] is not None
    ]
    ours, theirs = fit.factors[columns], [fit.design.published[column] for column in columns]
    if len(columns) < 2 or len(set(ours.tolist())) < 2:
        return float("nan"), len(columns)
    return float(spearmanr(ours, theirs).statistic), len(columns)


def _kinds(design: Design) -> dict[Kind, list[int]]:
    segments = [column for column, name in enumerate(design.names) if name.startswith(SEGMENT)]
    ages = [column for column, term in enumerate(design.terms) if isinstance(term, AgeSex)]
    return {Kind.AGE_SEX: ages} | ({Kind.DUAL: segments} if segments else {})


def _add_groups(found: Cells, design: Design, person: Whole, columns: Whole, values: Whole) -> None:
    for group, hccs in design.model.groups.items():
        of_group = [design.hccs[hcc] for hcc in hccs if hcc in design.hccs]
        if len(of_group) < 2:  # an HCC by itself
            continue
        holders = np.unique(person[np.isin(columns, of_group)])
        _add(found, Kind.CONDITION_GROUP, [group], np.zeros(len(holders), np.int64), values[holders])


def _add(found: Cells, kind: Kind, names: list[str], label: NDArray[np.intp], values: Whole) -> None:
    sums = np.zeros((len(names), values.shape[1]), np.int64)
    np.add.at(sums, label, values)
    for name, row in zip(names, sums, strict=True):
        if row[0]:
            found[kind, name] = Cell(*(int(each) for each in row))


def _withheld(people: dict[str, int], everybody: int, smallest_cell: int) -> set[str]:
    small = {name for name, count in people.items() if count < smallest_cell or 0 < everybody - count < smallest_cell}
    spare = sorted(set(people) - small, key=lambda name: (people[name], name))
    while small and spare and (len(small) < 2 or sum(people[name] for name in small) < smallest_cell):
        small.add(spare.pop(0))
    return small


def _natural(name: str) -> tuple[int, str]:
    digits = "".join(letter for letter in name.split(",")[0] if letter.isdigit())
    return (int(digits) if digits and name[0].isdigit() else 1_000, name)
