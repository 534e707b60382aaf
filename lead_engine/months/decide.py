"""Which months of a person's year are alignment-eligible, and in which category.

Plain Python on plain values; the reviewer's page. The same rules over whole tables stand in `evaluate.py`.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from .rules import MonthRules


class Reason(StrEnum):
    """Why a month is not eligible, in the order of ALN-18: the first that fails is the one told."""

    DEAD = "DEAD"
    NOT_A_AND_B = "NOT_A_AND_B"
    MA = "MA"  # Medicare Advantage or another Medicare health plan
    MSP = "MSP"  # Medicare is secondary payer
    NON_US = "NON_US"
    SERVICE_AREA = "SERVICE_AREA"  # this and the next by ACO and route, where months are aligned
    OVERLAP = "OVERLAP"


class Category(StrEnum):
    """Benchmark category of a month (ALN-56)."""

    AD = "AD"
    ESRD = "ESRD"
    HN = "HN"


class Month(NamedTuple):
    """What enrolment says of one person in one month."""

    month: date
    is_alive: bool
    has_part_a: bool | None  # None, here and below: the source cannot tell, and the month counts (DL 8, DL 9)
    has_part_b: bool | None
    is_medicare_advantage: bool | None
    is_medicare_secondary: bool | None
    county_fips_code: str | None
    medicare_status_code: str | None
    county_code: str | None = None  # SSA, by which service areas are known


class Evaluated(NamedTuple):
    """The answer for one month."""

    month: date
    reason: Reason | None  # None: eligible
    category: Category
    not_tested: str


def evaluate_year(months: Sequence[Month], rules: MonthRules, met: Sequence[date] = ()) -> list[Evaluated]:
    """Every month of one person's calendar year that has enrolment data and lies inside the run's evaluation.

    `met` are the High Needs checks that found a criterion met.
    """
    known = [month for month in months if month.month <= rules.enrolment_through]
    abroad_this_year = any(_is_abroad(month, rules) for month in known if month.is_alive)
    return [
        Evaluated(
            month.month,
            _reason(month, abroad_this_year, rules),
            _category(month, met, rules),
            _not_tested(month, rules),
        )
        for month in known
    ]


def _reason(month: Month, abroad_this_year: bool, rules: MonthRules) -> Reason | None:
    """The first condition of ALN-18 that fails on the first of the month. A month of death is still alive (ALN-21)."""
    if not month.is_alive:
        return Reason.DEAD
    if False in (month.has_part_a, month.has_part_b):
        return Reason.NOT_A_AND_B
    if month.is_medicare_advantage:
        return Reason.MA
    if month.is_medicare_secondary:
        return Reason.MSP
    abroad = abroad_this_year if rules.non_us_removes_the_year else _is_abroad(month, rules)
    return Reason.NON_US if abroad else None


def _is_abroad(month: Month, rules: MonthRules) -> bool:
    """Residence outside the listed states; an unknown county counts as inside."""
    return month.county_fips_code is not None and month.county_fips_code[:2] not in rules.us_states


def is_high_needs(month: date, met: Sequence[date], rules: MonthRules) -> bool:
    """Whether a check that succeeded makes the month High Needs: for ever, or for its calendar year (ALN-53, ALN-58)."""
    began = [effective(check, rules) for check in met]
    return any(first <= month and (rules.hn_is_forever or first.year == month.year) for first in began)


def effective(check: date, rules: MonthRules) -> date:
    """The month from which a check that succeeded counts (ALN-58)."""
    return {"CHECK_QUARTER": check, "JAN1_OF_PY": date(check.year, 1, 1), "NEXT_PY": date(check.year + 1, 1, 1)}[
        rules.hn_effective
    ]


def _category(month: Month, met: Sequence[date], rules: MonthRules) -> Category:
    """The first category of the order that fits the month; aged and disabled fits every one (ALN-57)."""
    fits = {
        Category.ESRD: month.medicare_status_code in rules.esrd_status_codes,
        Category.HN: is_high_needs(month.month, met, rules),
        Category.AD: True,
    }
    return next(Category(name) for name in rules.category_order if fits[Category(name)])


def _not_tested(month: Month, rules: MonthRules) -> str:
    """Conditions nobody could test for the month (ALN-18, clarification 4)."""
    told = {
        "A_AND_B": (month.has_part_a, month.has_part_b),
        "MA": (month.is_medicare_advantage,),
        "MSP": (month.is_medicare_secondary,),
    }
    untold = [name for name, flags in told.items() if None in flags]
    if not rules.tests_service_area or month.county_code is None:
        untold.append(Reason.SERVICE_AREA)
    return ",".join(untold if rules.tests_overlap else [*untold, Reason.OVERLAP])
