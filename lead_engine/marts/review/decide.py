"""Which months a reviewer should look at (DL 10.1). Plain Python on what may be shown, and on nothing else.

Ratios and flags are made of published figures alone, so they tell nothing that those do not. The input is a few
thousand months, so this is the only engine.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from lead_engine.foundation.months import add_months

from .rules import ReviewRules


class Flag(StrEnum):
    """Why a month should be looked at: the first that holds is told."""

    GAP = "GAP"  # nothing in a month inside the span
    NEW_MONTH = "NEW_MONTH"  # nothing was known of it at the previous delivery
    RESTATED = "RESTATED"  # its run-out was over, and it changed since the previous delivery
    SUDDEN_CHANGE = "SUDDEN_CHANGE"  # far from the mean of the months around


class Figures(NamedTuple):
    """What may be shown of a month; None: withheld, or not known of this subject."""

    people: int | None
    claims: int | None
    paid_cents: int | None

    @property
    def leading(self) -> int | None:
        """Claims; of enrolment, people."""
        return self.people if self.claims is None else self.claims


NOT_SHOWN = Figures(None, None, None)


class Month(NamedTuple):
    """A month of one subject and claim type."""

    month: date
    now: Figures
    previous: Figures  # as known at the previous delivery


class Told(NamedTuple):
    """What is told of a month besides its figures."""

    to_mean: tuple[Fraction | None, ...]  # each figure by its mean in the months around
    flag: Flag | None


def told(months: Sequence[Month], newest: date, rules: ReviewRules) -> list[Told]:
    """Ratios and flag of every month of one subject and claim type; `newest` is the last month anything is known of."""
    by_month = {month.month: month.now for month in months}
    found = []
    for month in months:
        near = [by_month.get(each, NOT_SHOWN) for each in _around(month.month, rules)]
        around = [figures for figures in near if figures.leading]  # withheld and empty months are no measure
        to_mean = tuple(_to_mean(own, [figures[place] for figures in around]) for place, own in enumerate(month.now))
        is_settled = add_months(month.month, rules.run_out_months) < newest
        found.append(Told(to_mean, _flag(month, to_mean, is_settled, rules)))
    return found


def _around(month: date, rules: ReviewRules) -> list[date]:
    steps = range(1, rules.months_around + 1)
    return [add_months(month, side * step) for side in (-1, 1) for step in steps]


def _to_mean(own: int | None, around: Iterable[int | None]) -> Fraction | None:
    """A figure by the mean of those around that may be shown; None where there is no such mean, or none above zero."""
    shown = [value for value in around if value is not None]
    if own is None or sum(shown) <= 0:
        return None
    return Fraction(own * len(shown), sum(shown))


def _flag(month: Month, to_mean: Iterable[Fraction | None], is_settled: bool, rules: ReviewRules) -> Flag | None:
    if month.now.leading is None:
        return None
    if month.now.leading == 0:
        return Flag.GAP
    if month.previous.leading == 0:
        return Flag.NEW_MONTH
    if is_settled and _is_restated(month, rules):
        return Flag.RESTATED
    far = any(abs(ratio - 1) > rules.sudden_change for ratio in to_mean if ratio is not None)
    return Flag.SUDDEN_CHANGE if far else None


def _is_restated(month: Month, rules: ReviewRules) -> bool:
    """Claims or payments differ from those of the previous delivery by more than the share allowed."""
    now, previous = month.now, month.previous
    pairs = ((now.claims, previous.claims), (now.paid_cents, previous.paid_cents))
    return any(_differs(own, before, rules) for own, before in pairs)


def _differs(own: int | None, before: int | None, rules: ReviewRules) -> bool:
    return own is not None and before is not None and abs(own - before) > rules.restated_change * abs(before)
