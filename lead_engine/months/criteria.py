"""Whether a person is High Needs at a check, by which criterion, with which numbers (ALN-47 to ALN-53).

Plain Python on plain values; the reviewer's page. The same rules over whole tables stand in `high_needs.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import IntFlag
from typing import NamedTuple

from lead_engine.foundation.months import Period
from lead_engine.risk.windows import Check

from .rules import HighNeedsRules


class Criterion(IntFlag):
    """The criteria of RFA VII.A; a person qualifies by meeting one. Their sum is the bitmask of ALN-62."""

    MOBILITY = 1  # (a), ALN-47
    HIGH_SCORE = 2  # (b), ALN-48
    MODERATE_SCORE = 4  # (c), ALN-49
    FRAILTY = 8  # (d), ALN-51
    LONG_CARE = 16  # (e), ALN-50


LETTERS = dict(zip(Criterion, "abcde", strict=True))
BY_SCORE = Criterion.HIGH_SCORE | Criterion.MODERATE_SCORE
NONE_MET = Criterion(0)


class Claim(NamedTuple):
    """What the criteria ask of a claim."""

    claim_type: str
    from_date: date
    through_date: date
    admission_date: date | None = None
    admission_type_code: str | None = None
    diagnoses: tuple[str, ...] = ()  # every position, without dots
    equipment: tuple[tuple[str, date], ...] = ()  # code and service date of each line
    sign: int = 1
    known_date: date = date.min
    cancelled_known_date: date | None = None
    is_denied: bool = False

    def stands(self, cutoff: date | None) -> bool:
        """Whether it is a service as known at the run: arrived, final, neither cancelled nor denied."""
        arrived = cutoff is None or self.known_date <= cutoff
        is_cancelled = self.cancelled_known_date and (cutoff is None or self.cancelled_known_date <= cutoff)
        return arrived and self.sign > 0 and not is_cancelled and not self.is_denied


class Evidence(NamedTuple):
    """What was found in the windows of a check."""

    mobility_stays: int  # dates of inpatient claims with a diagnosis of (a)
    mobility_dates: int  # dates of other claims with one
    admissions: int  # dates of unplanned admissions
    frailty_dates: int  # dates of equipment of (d)
    snf_days: int
    home_health_days: int | None  # None: they do not count (ALN-50)


class Answer(NamedTuple):
    """What a check found: criteria met, and those nobody could evaluate."""

    check: date
    met: Criterion
    not_evaluated: Criterion


def evidence(claims: Iterable[Claim], check: Check, rules: HighNeedsRules) -> Evidence:
    """Dates and days inside the windows of a check.

    Diagnoses have the through-date of their claim (RM 2.1), admissions their own date, equipment that of its line.
    """
    counted = [claim for claim in claims if claim.stands(rules.claims_cutoff)]
    stays: set[date] = set()
    others: set[date] = set()
    for claim in counted:
        if check.window.holds(claim.through_date) and _impairs_mobility(claim, rules):
            (stays if _is_inpatient(claim, rules) else others).add(claim.through_date)
    admissions = {
        claim.admission_date or claim.from_date
        for claim in counted
        if _is_inpatient(claim, rules) and claim.admission_type_code not in rules.planned_admission_types
    }
    equipment = {
        day
        for claim in counted
        if not _is_inpatient(claim, rules)
        for code, day in claim.equipment
        if code in rules.frailty_codes
    }
    return Evidence(
        mobility_stays=len(stays),
        mobility_dates=len(others),
        admissions=sum(check.window.holds(day) for day in admissions),
        frailty_dates=sum(check.frailty.holds(day) for day in equipment),
        snf_days=_days(counted, rules.snf_claim_types, check.window),
        home_health_days=(
            None if rules.home_health_days is None else _days(counted, rules.home_health_claim_types, check.window)
        ),
    )


def best(scores: Mapping[str, Decimal], rules: HighNeedsRules) -> tuple[str, Decimal] | None:
    """The highest score of a check and its model; of equal ones the first of the list. None: no model could score (ALN-48)."""
    found = [(model, scores[model]) for model in rules.models if model in scores]
    return max(found, key=lambda told: told[1], default=None)


def assessed(check: Check, found: Evidence, scores: Mapping[str, Decimal], rules: HighNeedsRules) -> Answer:
    """The criteria a person meets at a check. Without a score (b) and (c) are not evaluated, which is not "not met"."""
    met = NONE_MET
    if found.mobility_stays >= rules.mobility_stays or found.mobility_dates >= rules.mobility_dates:
        met |= Criterion.MOBILITY
    if found.frailty_dates >= rules.frailty_dates:
        met |= Criterion.FRAILTY
    enough_home_health = rules.home_health_days is not None and (found.home_health_days or 0) >= rules.home_health_days
    if found.snf_days >= rules.snf_days or enough_home_health:
        met |= Criterion.LONG_CARE
    told = best(scores, rules)
    if told is None:
        return Answer(check.on, met, BY_SCORE)
    model, score = told
    scale = rules.scale(model)
    if score >= scale.high:
        met |= Criterion.HIGH_SCORE
    elif score >= scale.moderate and found.admissions >= rules.unplanned_admissions:
        met |= Criterion.MODERATE_SCORE
    return Answer(check.on, met, NONE_MET)


def first_met(answers: Sequence[Answer]) -> Answer | None:
    """The first check that succeeded: from it on the person is High Needs (ALN-53)."""
    return min((answer for answer in answers if answer.met), default=None)


def _is_inpatient(claim: Claim, rules: HighNeedsRules) -> bool:
    return claim.claim_type in rules.inpatient_claim_types


def _impairs_mobility(claim: Claim, rules: HighNeedsRules) -> bool:
    return any(code.startswith(rules.mobility_prefixes) for code in claim.diagnoses)


def _days(claims: Iterable[Claim], claim_types: Sequence[str], window: Period) -> int:
    """Days of the window inside one claim at least, first and last counted, each once (ALN-50)."""
    days = set()
    for claim in claims:
        if claim.claim_type in claim_types:
            first, last = max(claim.from_date, window.start), min(claim.through_date, window.end)
            days |= {first + timedelta(days=place) for place in range((last - first).days + 1)}
    return len(days)
