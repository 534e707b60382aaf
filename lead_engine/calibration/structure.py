"""Which coefficients are one, which are held, and which may not be below which (RM 8.5)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lead_engine.risk.terms import AgeSex, HccPresent

from .design import Design, age_cells, count_columns
from .rules import CalibrationRules
from .sums import Sums

HELD_AT_ZERO, HELD_AT_PUBLISHED = "ZERO", "PUBLISHED"


class Order(NamedTuple):
    """The coefficient of `above` is at least that of `below` (columns)."""

    above: int
    below: int


@dataclass(frozen=True)
class Structure:
    """Columns that share a coefficient have the same number in `group`; held ones have a reason."""

    group: tuple[int, ...]  # of each column, the first column of its group
    held: tuple[str | None, ...]
    orders: tuple[Order, ...]
    equal: tuple[tuple[int, ...], ...]  # columns of the constraint groups that may still become one

    def merged(self, columns: Iterable[int]) -> "Structure":
        """With these columns, and whoever shares with them, under one coefficient."""
        of = {self.group[column] for column in columns}
        return replace(self, group=tuple(min(of) if group in of else group for group in self.group))


def structure(design: Design, sums: Sums, rules: CalibrationRules) -> Structure:
    """Columns with too few person-years, or fewer people than may be shown, join another or are held.

    Members of a constraint group become one when one of them is small. Any other small HCC joins the HCC next above in its
    hierarchy, the topmost the one next below; without either it keeps the published factor. A small age cell joins its
    neighbour, a small count the next lower count, and the lowest count, an interaction or a segment is left out.
    """
    found = _first(design, rules)
    found = _equal_groups(found, sums, rules)
    found = _joined(found, [_neighbours(cells) for cells in age_cells(design)], sums, rules)
    found = _joined(found, [_lower(count_columns(design))], sums, rules)
    found = _joined(found, [_parents(design, rules)], sums, rules)
    return _held(design, found, sums, rules)


def _first(design: Design, rules: CalibrationRules) -> Structure:
    place = design.hccs
    orders = [
        Order(place[above], place[hcc])
        for above, below in rules.model.hierarchies.items()
        for hcc in below
        if above in place and hcc in place and f"{above}/{hcc}" not in rules.order_exceptions
    ]
    equal = [tuple(place[hcc] for hcc in hccs if hcc in place) for hccs in rules.equal_groups]
    width = len(design.names)
    return Structure(tuple(range(width)), (None,) * width, tuple(orders), tuple(equal))


def _equal_groups(found: Structure, sums: Sums, rules: CalibrationRules) -> Structure:
    for columns in found.equal:
        if any(_is_small(found, column, sums, rules) for column in columns):
            found = found.merged(columns)
    return found


Partners = dict[int, list[int]]  # of each column, whom it may join, the best first


def _neighbours(cells: list[int]) -> Partners:
    older = dict(pairwise(cells))
    younger = {cell: below for below, cell in pairwise(cells)}
    return {cell: [each[cell] for each in (younger, older) if cell in each] for cell in cells}


def _lower(counts: list[int]) -> Partners:
    return {count: [below] for below, count in pairwise(counts)}


def _parents(design: Design, rules: CalibrationRules) -> Partners:
    place, drops = design.hccs, rules.model.hierarchies
    found: Partners = {}
    for hcc, column in place.items():
        above = sorted((d for d in drops if hcc in drops[d] and d in place), reverse=True)
        below = sorted(h for h in drops.get(hcc, ()) if h in place)
        found[column] = [place[each] for each in (*above, *below)]
    return found


def _joined(found: Structure, families: list[Partners], sums: Sums, rules: CalibrationRules) -> Structure:
    """Small groups join a partner outside them until none is small, or none has a partner left."""
    for partners in families:
        waiting = True
        while waiting:
            waiting = False
            for column in partners:
                outside = [p for p in partners[column] if found.group[p] != found.group[column]]
                if outside and _is_small(found, column, sums, rules):
                    found, waiting = found.merged([column, outside[0]]), True
    return found


def _held(design: Design, found: Structure, sums: Sums, rules: CalibrationRules) -> Structure:
    held: list[str | None] = []
    for column, term in enumerate(design.terms):
        small = _is_small(found, column, sums, rules) and not isinstance(term, AgeSex)
        at = HELD_AT_PUBLISHED if isinstance(term, HccPresent) else HELD_AT_ZERO
        held.append(at if small else None)
    return replace(found, held=tuple(held))


def _is_small(found: Structure, column: int, sums: Sums, rules: CalibrationRules) -> bool:
    shared = [place for place, group in enumerate(found.group) if group == found.group[column]]
    years, holders = sums.column_years[shared].sum(), sums.holders[shared].sum()
    return bool(years < rules.minimum_person_years or holders < rules.smallest_cell)


def with_equal_order(found: Structure, coefficients: NDArray[np.float64]) -> Structure:
    """Constraint groups in which a fit without order put a lower HCC above a higher one, made one."""
    for columns in found.equal:
        inside = [order for order in found.orders if {order.above, order.below} <= set(columns)]
        if any(coefficients[order.above] < coefficients[order.below] for order in inside):
            found = found.merged([column for column in columns if found.held[column] is None])
    return found
