"""What a performance year says about the fewest people an ACO may have."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, Self

from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved


class Class(StrEnum):
    """A row of minimums (ALN-14)."""

    STANDARD = "STANDARD"
    NEWLY_ENTERING = "NEWLY_ENTERING"
    HIGH_NEEDS = "HIGH_NEEDS"


class Minimum(NamedTuple):
    """The fewest people of a row."""

    row: Class
    aligned: int
    base_year: int


@dataclass(frozen=True)
class MinimumRules:
    """Minimums by row, and the test of the High Needs share."""

    performance_year: int
    base_year_count: int  # alignment/base_year_count, ALN-2
    standard: Minimum  # alignment/minimum_aligned_standard, minimum_base_year_standard; ALN-14, ALN-15
    newly_entering: Minimum  # alignment/minimum_…_newly_entering
    high_needs: Minimum  # alignment/minimum_…_high_needs
    buffer: Fraction  # alignment/minimum_buffer, ALN-15
    share: Fraction  # alignment/hn_share_threshold, ALN-16
    share_may_equal: bool  # alignment/hn_share_operator, ALN-16
    share_includes_esrd: bool  # alignment/hn_share_includes_esrd, ALN-16
    enrolment_through: date  # run: a year that begins after it is not evaluated

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above."""
        value = resolved.value
        return cls(
            performance_year=facts.performance_year,
            base_year_count=value("alignment/base_year_count"),
            standard=Minimum(
                Class.STANDARD,
                value("alignment/minimum_aligned_standard"),
                value("alignment/minimum_base_year_standard"),
            ),
            newly_entering=Minimum(
                Class.NEWLY_ENTERING,
                value("alignment/minimum_aligned_newly_entering"),
                value("alignment/minimum_base_year_newly_entering"),
            ),
            high_needs=Minimum(
                Class.HIGH_NEEDS,
                value("alignment/minimum_aligned_high_needs"),
                value("alignment/minimum_base_year_high_needs"),
            ),
            buffer=value("alignment/minimum_buffer"),
            share=value("alignment/hn_share_threshold"),
            share_may_equal=value("alignment/hn_share_operator") == ">=",
            share_includes_esrd=value("alignment/hn_share_includes_esrd"),
            enrolment_through=facts.enrolment_through,
        )

    @property
    def january(self) -> date:
        """The month of the final prospective alignment (ALN-17)."""
        return date(self.performance_year, 1, 1)
