"""What a performance year says about claims-based alignment."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple, Self

from lead_engine.foundation.errors import MethodologyError, Problem
from lead_engine.foundation.months import EARLIEST, LATEST, Period, add_months
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.reference import ReferenceTable
from lead_engine.methodology.resolve import Resolved

MONTHS_OF_AN_ALIGNMENT_YEAR = 12


class CodeRule(NamedTuple):
    """A service code and when it counts."""

    hcpcs_code: str
    valid_from: date
    valid_to: date
    excluded_place_of_service: str  # empty: none


class FacilityRule(NamedTuple):
    """An institutional line that counts: bill type, revenue centre by prefix, and the code it needs."""

    bill_type: str
    revenue_center_prefix: str
    hcpcs_condition: str  # LIST: a code of the service list; a code: that code; empty: any
    specialty_set: str
    needs_eta_hospital: bool


class YearCutoff(NamedTuple):
    """An aligned year whose charges have a known-by date of their own."""

    aligned_year: int
    alignment_years: tuple[Period, ...]
    claims_cutoff: date


@dataclass(frozen=True)
class ServiceRules:
    """Which claim lines count for claims-based alignment, and in which specialty set."""

    alignment_years: tuple[Period, ...]  # all alignment years of the run, ascending; ALN-3
    claims_cutoff: date  # run: alignment_claims_cutoff, ALN-4
    professional_claim_types: tuple[str, ...]  # alignment/professional_claim_types, ALN-28
    codes: tuple[CodeRule, ...]  # alignment/pqem_codes, ALN-24, ALN-25
    primary_care_specialties: tuple[str, ...]  # alignment/primary_care_specialties and additional_…, ALN-26
    selected_specialties: tuple[str, ...]  # alignment/selected_specialties and additional_…, ALN-27
    facilities: tuple[FacilityRule, ...]  # alignment/institutional_primary_care, ALN-28
    eta_hospitals: tuple[str, ...]  # alignment/eta_hospital_ccns, ALN-28
    by_clinician: bool  # alignment/competitor_grouping, ALN-31: whether scores are kept by NPI
    own_cutoffs: tuple[YearCutoff, ...]  # alignment/claims_cutoff_mode, ALN-4; none: claims_cutoff holds for all years

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above."""
        years = AlignmentRules.from_methodology(resolved, facts)
        periods = {period for year in years.aligned_years for period in years.alignment_years(year)}
        return cls(
            alignment_years=tuple(sorted(periods)),
            claims_cutoff=facts.alignment_claims_cutoff,
            professional_claim_types=resolved.value("alignment/professional_claim_types"),
            codes=tuple(_codes(resolved.table("alignment/pqem_codes"))),
            primary_care_specialties=_specialties(resolved, "primary_care_specialties"),
            selected_specialties=_specialties(resolved, "selected_specialties"),
            facilities=tuple(_facilities(resolved.table("alignment/institutional_primary_care"))),
            eta_hospitals=resolved.value("alignment/eta_hospital_ccns"),
            by_clinician=resolved.value("alignment/competitor_grouping") == "NPI",
            own_cutoffs=_own_cutoffs(resolved, facts, years),
        )

    def of_year(self, own: YearCutoff) -> Self:
        """The same for one aligned year with its own known-by date."""
        return replace(self, alignment_years=own.alignment_years, claims_cutoff=own.claims_cutoff, own_cutoffs=())


@dataclass(frozen=True)
class AlignmentRules:
    """Which years are aligned from which charges, and who wins."""

    performance_year: int
    base_year_count: int  # alignment/base_year_count, ALN-2
    first_performance_years: tuple[int, ...]  # run: of its ACOs
    weights: tuple[int, ...]  # alignment/alignment_weights, earliest alignment year first, ALN-30
    end_offset_months: int  # alignment/alignment_period_end_offset, ALN-3
    primary_care_threshold: Fraction  # alignment/primary_care_threshold, ALN-32
    threshold_is_inclusive: bool  # alignment/primary_care_threshold, ALN-32
    midyear_month: int  # alignment/midyear_cba_effective_month, ALN-43
    enrolment_through: date  # run: months after it are not evaluated
    list_version: str  # run: the Participant list, ALN-11
    competitor_grouping: str  # alignment/competitor_grouping, ALN-31: TIN, CCN or NPI
    grouped_models: tuple[str, ...]  # alignment/other_aco_models where group_other_acos says so, ALN-31; else none

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above."""
        threshold = resolved["alignment/primary_care_threshold"]
        return cls(
            performance_year=facts.performance_year,
            base_year_count=resolved.value("alignment/base_year_count"),
            first_performance_years=facts.first_performance_years,
            weights=resolved.value("alignment/alignment_weights"),
            end_offset_months=resolved.value("alignment/alignment_period_end_offset"),
            primary_care_threshold=resolved.value(threshold.name),
            threshold_is_inclusive=bool(threshold.inclusive),
            midyear_month=between(resolved, "alignment/midyear_cba_effective_month", 2, 12),
            enrolment_through=facts.enrolment_through,
            list_version=facts.list_version,
            competitor_grouping=resolved.value("alignment/competitor_grouping"),
            grouped_models=(
                resolved.value("alignment/other_aco_models") if resolved.value("alignment/group_other_acos") else ()
            ),
        )

    @property
    def january(self) -> date:
        """The first day of the performance year: the Participants of that day align it and its base years (ALN-11, ALN-61)."""
        return date(self.performance_year, 1, 1)

    @property
    def midyear(self) -> date:
        """The month from which the mid-year run aligns (ALN-43)."""
        return date(self.performance_year, self.midyear_month, 1)

    @property
    def aligned_years(self) -> tuple[int, ...]:
        """The performance year and every base year of the run's ACOs (ALN-2, ALN-59)."""
        base = {first - back for first in self.first_performance_years for back in range(1, self.base_year_count + 1)}
        return tuple(sorted(base | {self.performance_year}))

    def alignment_years(self, aligned_year: int) -> list[Period]:
        """The alignment years of an aligned year, earliest first (ALN-3)."""
        end = add_months(date(aligned_year, 1, 1), -self.end_offset_months)
        count = len(self.weights)
        starts = [add_months(end, -MONTHS_OF_AN_ALIGNMENT_YEAR * (count - place)) for place in range(count)]
        return [Period(start, add_months(start, MONTHS_OF_AN_ALIGNMENT_YEAR) - timedelta(days=1)) for start in starts]


def between(resolved: Resolved, name: str, low: int, high: int) -> int:
    """A whole number within bounds. Raises MethodologyError outside them."""
    value = int(resolved.value(name))
    if not low <= value <= high:
        what, remedy = f"is {value}", f"write a whole number from {low} to {high}"
        raise MethodologyError(Problem(f"parameter {name}", what, "no month could be told by it", remedy))
    return value


def _own_cutoffs(resolved: Resolved, facts: RunFacts, years: AlignmentRules) -> tuple[YearCutoff, ...]:
    """A day of the year before each aligned year, where the choice is made; never after the run's own (ALN-4)."""
    if resolved.value("alignment/claims_cutoff_mode") == "ONE_DATE":
        return ()
    month, day = map(int, resolved.value("alignment/claims_cutoff_day").split("-"))
    return tuple(
        YearCutoff(
            year, tuple(years.alignment_years(year)), min(facts.alignment_claims_cutoff, date(year - 1, month, day))
        )
        for year in years.aligned_years
    )


def _codes(table: ReferenceTable) -> list[CodeRule]:
    """The codes that count on professional lines; doubtful ones wait for the LEAD table (ALN-25)."""
    return [
        CodeRule(
            row["hcpcs_code"],
            date.fromisoformat(row["valid_from"]) if row["valid_from"] else EARLIEST,
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else LATEST,
            row["excluded_place_of_service"],
        )
        for row in table.records()
        if row["counts"] == "yes"
    ]


def _specialties(resolved: Resolved, name: str) -> tuple[str, ...]:
    listed = resolved.table(f"alignment/{name}").column("specialty_code")
    return tuple(sorted({*listed, *resolved.value(f"alignment/additional_{name}")}))


def _facilities(table: ReferenceTable) -> list[FacilityRule]:
    return [
        FacilityRule(
            row["bill_type"],
            row["revenue_center_prefix"],
            row["hcpcs_condition"],
            row["specialty_set"],
            row["provider_kind"] == "ETA_HOSPITAL",
        )
        for row in table.records()
    ]
