"""Route M for one person: in which months of a year they could be aligned by Medicaid (ALN-66).

Plain Python on plain values; the reviewer's page. The same over whole tables stands in `months.py`; that Medicaid comes
last, and which months follow, in `alignment/decide.aligned_year`.
"""

from collections.abc import Sequence
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
