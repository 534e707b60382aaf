"""Alignment of one beneficiary: which lines count, who wins and by which step, to whom a year goes and for which months.

Plain Python on plain values; the reviewer's page. The same rules over whole tables stand in `services.py`, `rank.py`
and `months_aligned.py`; choices of beneficiaries are judged in `designations.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from .rules import AlignmentRules, CodeRule, FacilityRule, ServiceRules

SERVICE_AREA, OVERLAP = "SERVICE_AREA", "OVERLAP"
NO_CARE = "NO_CARE_FROM_ACO"  # removed after the year (ALN-67)


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


class Route(StrEnum):
    """By what a person is aligned (ALN-62)."""

    CLAIMS = "C"
    VOLUNTARY = "V"
    BOTH = "B"
    MEDICAID = "M"


class Month(NamedTuple):
    """A month of a person that was evaluated, as alignment asks of it."""

    month: date
    reason: str | None = None  # why it is not eligible, whoever the ACO is
    inside: frozenset[str] | None = None  # the ACOs whose service area holds the county; None: not tested or not known
    other_model: str | None = None  # that goes before LEAD in the month (ALN-45)

    def fails(self, aco_id: str) -> str | None:
        """Why the month cannot be aligned to an ACO, in the order of ALN-18; None where it can."""
        if self.reason is not None:
            return self.reason
        if self.inside is not None and aco_id not in self.inside:
            return SERVICE_AREA
        return OVERLAP if self.other_model is not None else None


class Pointers(NamedTuple):
    """Whom claims and choices point to in a year."""

    claims: str | None = None  # the winner of the run before the year, where it is an ACO
    choices: Mapping[date, str | None] = {}  # by month, the ACO of the choice that decides it; None: outside every ACO
    midyear: str | None = None  # the winner of the mid-year run (ALN-43)
    hybrid: frozenset[str] = frozenset()  # the ACOs whose choices are refreshed monthly (ALN-41)
    medicaid: Mapping[date, str] = {}  # by month, the ACO whose partner the person has Medicaid from (ALN-66)


class AlignedYear(NamedTuple):
    """Whom a person's year is aligned to, by what, for which months, and why it ended or never began."""

    aco_id: str | None  # also of a person never eligible: whom claims or choice point to
    route: Route | None
    months: list[date]
    end_reason: str | None
    excluded_by: str | None = None  # the model that goes before LEAD


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


def aligned_year(
    year: int, evaluated: Sequence[Month], death: date | None, pointers: Pointers, rules: AlignmentRules
) -> AlignedYear:
    """The year of one person: who takes it, from when, until when (ALN-19 to ALN-23, ALN-39, ALN-41 to ALN-43, ALN-46).

    The first month that an ACO is pointed to and that is eligible begins alignment, and the first that is not eligible
    ends it for the year: nobody comes back, changes ACO, or leaves for another reason. Months without enrolment data
    are not evaluated: they are no aligned months, and they begin and end nothing. Medicaid is asked last, of a person whom
    nothing else gives a month of the year (ALN-45, ALN-66).
    """
    known = sorted(evaluated)
    offers = [(month, offer) for month in known for offer in _pointed(year, month.month, pointers, rules)]
    by_medicaid = [(month, pointers.medicaid.get(month.month)) for month in known]
    offers += [(month, (aco_id, Route.MEDICAID)) for month, aco_id in by_medicaid if aco_id is not None]
    for month, (aco_id, route) in offers:
        if month.fails(aco_id) is None:
            return _held(aco_id, route, [each for each in known if each.month >= month.month])
    january = date(year, 1, 1)
    pointed = next(_pointed(year, january, pointers, rules), None)
    if pointed is None:
        return AlignedYear(None, None, [], None)
    aco_id, route = pointed
    first = next((month for month in known if month.month == january), None)
    if first is None:
        return AlignedYear(aco_id, route, [], _never_evaluated(january, death, rules))
    reason = first.fails(aco_id)
    if reason == OVERLAP:  # the other model goes before: whom LEAD would point to is not asked (ALN-45)
        return AlignedYear(None, None, [], reason, first.other_model)
    return AlignedYear(aco_id, route, [], reason)


def _pointed(year: int, month: date, to: Pointers, rules: AlignmentRules) -> Iterator[tuple[str, Route]]:
    """The ACOs that a month's runs point to: choice before claims; the same by both is both (ALN-39, ALN-46).

    Claims stand behind a choice that eligibility refuses, never behind one that waits for the next year.
    """
    is_january = month == date(year, 1, 1)
    claims = to.claims if is_january else to.midyear if month == rules.midyear else None
    chosen = to.choices.get(month)
    is_open = chosen is None or is_january or chosen in to.hybrid
    if chosen is not None and is_open:
        yield chosen, Route.BOTH if chosen == claims else Route.VOLUNTARY
    if claims is not None and claims != chosen and is_open:
        yield claims, Route.CLAIMS


def _held(aco_id: str, route: Route, since: Sequence[Month]) -> AlignedYear:
    """From the first of these months to the one before the first that fails."""
    failed = next((month for month in since if month.fails(aco_id) is not None), None)
    months = [month.month for month in since if failed is None or month.month < failed.month]
    if failed is None:
        return AlignedYear(aco_id, route, months, None)
    reason = failed.fails(aco_id)
    return AlignedYear(aco_id, route, months, reason, failed.other_model if reason == OVERLAP else None)


def midyear_winner(
    scores: Sequence[UnitScore],
    of_added: Sequence[UnitScore],
    hybrid: frozenset[str],
    needs_added_line: bool,
    rules: AlignmentRules,
) -> str | None:
    """Whom the mid-year run points to: a hybrid ACO that wins on the list with the added TINs (ALN-43, conditions b and c).

    `scores`: by unit, ACOs with their added TINs; `of_added`: of the added TINs alone, by their ACO. Whether the person is
    aligned already (condition a) is asked by `aligned_year`.
    """
    stage = deciding_stage(scores, rules)
    best_first = ranked(scores, stage)
    if not best_first or best_first[0].unit not in hybrid:
        return None
    winner = best_first[0].unit
    has_line = any(added.unit == winner and added.at(stage).lines > 0 for added in of_added)
    return winner if has_line or not needs_added_line else None


def is_removed_after_the_year(route: Route, has_care: bool | None, has_other_care: bool | None) -> bool:
    """Whether a person aligned by choice alone is removed for want of any claim of the ACO (ALN-67). None: not evaluated."""
    return route is Route.VOLUNTARY and has_care is False and has_other_care is True


def _never_evaluated(january: date, death: date | None, rules: AlignmentRules) -> str:
    if death is not None and death < january:
        return "DEAD"
    return "NOT_EVALUATED" if january > rules.enrolment_through else "NO_ENROLMENT"
