"""What a performance year says about spending."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved


@dataclass(frozen=True)
class SpendRules:
    """Which claims are Part A and B spending."""

    claim_types: tuple[str, ...]  # claims/expenditure_claim_types, BMK-3
    claims_cutoff: date | None  # run: spending_claims_cutoff, DL 4.1, BMK-6; none: every record delivered counts

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameter and the fact named above."""
        codes = resolved.table("claims/expenditure_claim_types").column("claim_type_code")
        return cls(codes, facts.spending_claims_cutoff)
