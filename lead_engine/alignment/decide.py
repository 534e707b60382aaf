"""Claims-based alignment of one beneficiary: which lines count, who wins and by which step, and for which months.

Plain Python on plain values; the reviewer's page. The same rules over whole tables stand in `services.py`, `rank.py`
and `months_aligned.py`.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lead_engine.foundation.months import add_months

from .rules import AlignmentRules, CodeRule, FacilityRule, ServiceRules


class Stage(StrEnum):
    """Which charges decide (ALN-32)."""

    PRIMARY = "PRIMARY"  # primary care specialists decide
    SPECIALIST = "SPECIALIST"  # selected non-primary specialists decide
    NONE = "NONE"  # no qualifying charges: cannot be aligned by claims


class TieBreak(StrEnum):
    """What parted first and second (ALN-33)."""

    NONE = "none"
    DATE = "date"
    LINES = "lines"
    KEY = "key"


class NotCounted(StrEnum):
    """Why a line does not count; the first that holds is told."""

    CANCELLED = "CANCELLED"
    KNOWN_LATE = "KNOWN_LATE"
    DENIED = "DENIED"
    NOT_PRIMARY_CARE = "NOT_PRIMARY_CARE"
    PLACE_OF_SERVICE = "PLACE_OF_SERVICE"
    SPECIALTY = "SPECIALTY"
    NO_UNIT = "NO_UNIT"


class Line(NamedTuple):
    """A claim line, as alignment asks of it."""

    service_date: date
    claim_type: str
    bill_type: str | None
    hcpcs_code: str | None
    revenue_center_code: str | None
    specialty_code: str | None
    place_of_service_code: str | None
    tin: str | None
    ccn: str | None
    allowed_cents: int | None
    paid_cents: int | None
    deductible_cents: int | None
    coinsurance_cents: int | None
    sign: int
    known_date: date
    cancelled_known_date: date | None
    is_denied: bool
    npi: str | None = None  # as a unit, `NPI:…`


class Counted(NamedTuple):
    """A line that counts."""

    alignment_year_end: date
    unit: str
    stage: Stage  # whose charges they are
    cents: int
    npi: str | None = None  # the clinician, where units compete by clinician (ALN-31)


class Charges(NamedTuple):
    """Weighted allowed charges (cents) of one beneficiary at one unit, over the alignment years."""

    cents: int
    last_service: date | None
    lines: int


class UnitScore(NamedTuple):
    """A unit's charges in both specialty sets."""

    unit: str
    pcs: Charges
    sps: Charges

    def at(self, stage: Stage) -> Charges:
        """The charges that count in a stage."""
        return self.pcs if stage is Stage.PRIMARY else self.sps


class AlignedMonths(NamedTuple):
    """When alignment holds, and why it ended or never began."""

    months: list[date]
    end_reason: str | None


def counts(line: Line, rules: ServiceRules) -> Counted | NotCounted | None:
    """Whether a line counts, where and as what, or why not; None outside every alignment year (ALN-4, ALN-24 to 29).

    Where every aligned year has a known-by date of its own, ask with `rules.of_year` for each.
    """
    year = next((period for period in rules.alignment_years if period.holds(line.service_date)), None)
    if year is None:
        return None
    if line.sign <= 0 or (line.cancelled_known_date is not None and line.cancelled_known_date <= rules.claims_cutoff):
        return NotCounted.CANCELLED
    if line.known_date > rules.claims_cutoff:
        return NotCounted.KNOWN_LATE
    if line.is_denied:
        return NotCounted.DENIED
    qualified = (
        _professional(line, rules) if line.claim_type in rules.professional_claim_types else _institutional(line, rules)
    )
    if isinstance(qualified, NotCounted):
        return qualified
    stage, unit, cents = qualified
    if unit is None:
        return NotCounted.NO_UNIT
    is_kept = rules.by_clinician and line.claim_type in rules.professional_claim_types
    return Counted(year.end, unit, stage, cents, line.npi if is_kept else None)


def _professional(line: Line, rules: ServiceRules) -> tuple[Stage, str | None, int] | NotCounted:
    """By code on the service date, place of service and specialty of the line; the allowed charge (ALN-28, ALN-29)."""
    code = _code_rule(line, rules)
    if code is None:
        return NotCounted.NOT_PRIMARY_CARE
    if code.excluded_place_of_service and line.place_of_service_code == code.excluded_place_of_service:
        return NotCounted.PLACE_OF_SERVICE
    unit = f"TIN:{line.tin}" if line.tin else None
    if line.specialty_code in rules.primary_care_specialties:
        return Stage.PRIMARY, unit, line.allowed_cents or 0
    if line.specialty_code in rules.selected_specialties:
        return Stage.SPECIALIST, unit, line.allowed_cents or 0
    return NotCounted.SPECIALTY


def _institutional(line: Line, rules: ServiceRules) -> tuple[Stage, str | None, int] | NotCounted:
    """By bill type and revenue centre; payment and cost share of the line, never a claim total (ALN-28, ALN-29)."""
    facility = next((rule for rule in rules.facilities if _is_of(line, rule, rules)), None)
    if facility is None:
        return NotCounted.NOT_PRIMARY_CARE
    cents = (line.paid_cents or 0) + (line.deductible_cents or 0) + (line.coinsurance_cents or 0)
    return Stage(facility.specialty_set), f"CCN:{line.ccn}" if line.ccn else None, cents


def _is_of(line: Line, rule: FacilityRule, rules: ServiceRules) -> bool:
    if line.bill_type != rule.bill_type or not (line.revenue_center_code or "").startswith(rule.revenue_center_prefix):
        return False
    if rule.needs_eta_hospital and line.ccn not in rules.eta_hospitals:
        return False
    if rule.hcpcs_condition == "LIST":
        return _code_rule(line, rules) is not None
    return rule.hcpcs_condition in ("", line.hcpcs_code)


def _code_rule(line: Line, rules: ServiceRules) -> CodeRule | None:
    return next(
        (
            code
            for code in rules.codes
            if code.hcpcs_code == line.hcpcs_code and code.valid_from <= line.service_date <= code.valid_to
        ),
        None,
    )


def deciding_stage(scores: Sequence[UnitScore], rules: AlignmentRules) -> Stage:
    """Primary care decides where its share of qualifying charges reaches the threshold (ALN-32)."""
    primary = sum(score.pcs.cents for score in scores)
    total = primary + sum(score.sps.cents for score in scores)
    if total <= 0:
        return Stage.NONE
    threshold = rules.primary_care_threshold * total
    reached = primary >= threshold if rules.threshold_is_inclusive else primary > threshold
    return Stage.PRIMARY if reached else Stage.SPECIALIST


def ranked(scores: Sequence[UnitScore], stage: Stage) -> list[UnitScore]:
    """Best unit first: charges, then latest service, then most lines, then lowest key (ALN-33). Nothing at or below zero."""
    if stage is Stage.NONE:
        return []

    def place(score: UnitScore) -> tuple[int, int, int, str]:
        charges = score.at(stage)
        return -charges.cents, -(charges.last_service or date.min).toordinal(), -charges.lines, score.unit

    return sorted((score for score in scores if score.at(stage).cents > 0), key=place)


def tie_break(best_first: Sequence[UnitScore], stage: Stage) -> TieBreak:
    """What parted the first from the second (ALN-33)."""
    if len(best_first) < 2:
        return TieBreak.NONE
    first, second = best_first[0].at(stage), best_first[1].at(stage)
    if first.cents != second.cents:
        return TieBreak.NONE
    if first.last_service != second.last_service:
        return TieBreak.DATE
    return TieBreak.LINES if first.lines != second.lines else TieBreak.KEY


def aligned_months(
    year: int, evaluated: Sequence[tuple[date, str | None]], death: date | None, rules: AlignmentRules
) -> AlignedMonths:
    """The months of an aligned year, from January to the first ineligible one (ALN-19, ALN-20, ALN-23).

    `evaluated`: months of the year with the reason they are not eligible, or None. Months without enrolment data are
    not evaluated: they are no aligned months, and they end nothing.
    """
    reasons = dict(evaluated)
    january = date(year, 1, 1)
    if january not in reasons:
        return AlignedMonths([], _never_evaluated(january, death, rules))
    failed = min((month for month, reason in reasons.items() if reason), default=add_months(january, 12))
    return AlignedMonths(sorted(month for month in reasons if month < failed), reasons.get(failed))


def _never_evaluated(january: date, death: date | None, rules: AlignmentRules) -> str:
    if death is not None and death < january:
        return "DEAD"
    return "NOT_EVALUATED" if january > rules.enrolment_through else "NO_ENROLMENT"
