"""What a performance year says about Medicaid-based alignment."""

from dataclasses import dataclass
from typing import Self

from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved


@dataclass(frozen=True)
class MedicaidRules:
    """Since when there is route M. Whether there is any says `alignment/medicaid_alignment`: without it no step asks."""

    performance_year: int
    first_year: int  # alignment/medicaid_first_year, ALN-66

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above."""
        return cls(facts.performance_year, resolved.value("alignment/medicaid_first_year"))
