"""What a performance year says about choices of beneficiaries, the mid-year run, and removal after the year."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from lead_engine.foundation.months import Period, add_months, first_of_month, last_day, months_of
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved

from .rules import AlignmentRules, ServiceRules, between

ROLLED_MONTHS = 6  # what ROLL_6M says


@dataclass(frozen=True)
class ChoiceRules:
    """Which choices hold, which of them decides, and from which month."""

    performance_year: int
    sva_valid_years: int  # alignment/sva_valid_years, ALN-36
    window_has_start: bool  # alignment/va_signature_window, ALN-36
    clinician_must_bill: bool  # alignment/va_clinician_must_bill, ALN-36
    cutoff_day: int  # alignment/va_cutoff_day, ALN-42
    is_known_by_submission: bool  # alignment/va_cutoff_by, ALN-42
    first_refresh_month: int  # alignment/va_first_refresh_month, ALN-42
    tenure_counts_reach: bool  # alignment/va_tenure_counts_reach, ALN-40

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above."""
        return cls(
            performance_year=facts.performance_year,
            sva_valid_years=between(resolved, "alignment/sva_valid_years", 1, 10),
            window_has_start=resolved.value("alignment/va_signature_window") == "PARTICIPATION",
            clinician_must_bill=resolved.value("alignment/va_clinician_must_bill"),
            cutoff_day=between(resolved, "alignment/va_cutoff_day", 1, 31),
            is_known_by_submission=resolved.value("alignment/va_cutoff_by") == "SUBMISSION",
            first_refresh_month=between(resolved, "alignment/va_first_refresh_month", 2, 12),
            tenure_counts_reach=resolved.value("alignment/va_tenure_counts_reach"),
        )

    @property
    def run_months(self) -> list[date]:
        """January, which the run before the year decides, and the months of the monthly refresh (ALN-41, ALN-42)."""
        january, *others = months_of(self.performance_year)
        return [january, *(month for month in others if month.month >= self.first_refresh_month)]

    def cutoff(self, month: date) -> date:
        """The last day on which a choice is known in time for a month: that day of the month before (ALN-42)."""
        before = add_months(month, -1)
        return before.replace(day=min(self.cutoff_day, last_day(before).day))

    def answer_month(self, known: date | None) -> date | None:
        """The month whose run first sees a choice; None after the last cut-off of the year."""
        return next((month for month in self.run_months if known is not None and known <= self.cutoff(month)), None)


@dataclass(frozen=True)
class MidyearRules:
    """The run in the middle of the year, for TINs added to hybrid ACOs (ALN-43)."""

    alignment: AlignmentRules  # of the performance year alone, with the period of this run
    services: ServiceRules | None  # of the rolled period; None: the charges of the run before the year serve
    needs_added_line: bool  # alignment/midyear_needs_added_line, ALN-43

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above."""
        before = replace(AlignmentRules.from_methodology(resolved, facts), base_year_count=0)
        needs_line = resolved.value("alignment/midyear_needs_added_line")
        if resolved.value("alignment/midyear_alignment_period") == "SAME":
            return cls(before, None, needs_line)
        rolled = replace(before, end_offset_months=before.end_offset_months - ROLLED_MONTHS)
        services = replace(
            ServiceRules.from_methodology(resolved, facts),
            alignment_years=tuple(rolled.alignment_years(facts.performance_year)),
            claims_cutoff=_moved(facts.alignment_claims_cutoff, ROLLED_MONTHS),
            own_cutoffs=(),
        )
        return cls(rolled, services, needs_line)


@dataclass(frozen=True)
class CareRules:
    """Whether claims of the whole performance year are there, and which of them speak for staying (ALN-67)."""

    year: Period
    services: ServiceRules  # of the performance year, as known when it is asked
    is_on: bool  # alignment/va_retro_removal
    is_evaluated: bool  # enrolment through December, claims known through the year and its run-out

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above."""
        year = Period(date(facts.performance_year, 1, 1), date(facts.performance_year, 12, 31))
        run_out = resolved.value("alignment/va_retro_removal_run_out")
        known = facts.claims_known_through
        complete = known is not None and known >= last_day(add_months(year.end, run_out))
        services = replace(
            ServiceRules.from_methodology(resolved, facts),
            alignment_years=(year,),
            claims_cutoff=known or year.end,
            own_cutoffs=(),
        )
        return cls(
            year=year,
            services=services,
            is_on=resolved.value("alignment/va_retro_removal"),
            is_evaluated=complete and facts.enrolment_through >= first_of_month(year.end),
        )


def _moved(day: date, months: int) -> date:
    """A day so many months later; the last day of a month stays the last."""
    month = add_months(day, months)
    return last_day(month) if day == last_day(day) else month.replace(day=min(day.day, last_day(month).day))
