"""Route M for one person: in which months of a year they could be aligned by Medicaid, and in which they are (ALN-66).

Plain Python on plain values; the reviewer's page. The same rules over whole tables stand in `months.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from lead_engine.foundation.months import LATEST

from .rules import MedicaidRules


class Partner(NamedTuple):
    """A Medicaid organisation that is partner of an ACO, for a period. On a day it is partner of one."""

    aco_id: str
    org_id: str
    start: date
    end: date | None


class Benefits(NamedTuple):
    """A person's Medicaid in a month."""

    month: date
    org_id: str
    is_full_benefit_dual: bool


class ByMedicaid(NamedTuple):
    """The ACO a person is aligned to by route M, and for which months."""

    aco_id: str
    months: list[date]
    end_reason: str | None


def candidate(benefits: Benefits, partners: Sequence[Partner], rules: MedicaidRules) -> str | None:
    """The ACO whose partner gives a full-benefit dually eligible person their Medicaid on the first of the month."""
    if not benefits.is_full_benefit_dual or benefits.month.year != rules.performance_year:
        return None
    if rules.performance_year < rules.first_year:
        return None
    return next(
        (
            partner.aco_id
            for partner in partners
            if partner.org_id == benefits.org_id and partner.start <= benefits.month <= (partner.end or LATEST)
        ),
        None,
    )


def by_medicaid(
    candidates: Mapping[date, str], evaluated: Sequence[tuple[date, str | None]], is_aligned: bool
) -> ByMedicaid | None:
    """Route M is last: only for a person whom no other route gave a month of the year (ALN-45, ALN-46, ALN-66).

    It begins with the first eligible month that has a candidate and goes on, as every route, to the first month that is
    not eligible (ALN-20, ALN-42). `evaluated`: months with the reason they are not eligible, or None.
    """
    reasons = dict(evaluated)
    starts = sorted(month for month in candidates if month in reasons and reasons[month] is None)
    if is_aligned or not starts:
        return None
    failed = min((month for month, reason in reasons.items() if reason and month > starts[0]), default=LATEST)
    months = sorted(month for month in reasons if starts[0] <= month < failed)
    return ByMedicaid(candidates[starts[0]], months, reasons.get(failed))
