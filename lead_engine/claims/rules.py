"""What a performance year says about spending."""

from dataclasses import dataclass
from typing import Self

from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved


@dataclass(frozen=True)
class SpendRules:
    """Which claims are Part A and B spending."""

    claim_types: tuple[str, ...]  # claims/expenditure_claim_types, BMK-3

    @classmethod
    def from_methodology(cls, resolved: Resolved, _: RunFacts) -> Self:
        """Read the parameter named above."""
        return cls(resolved.table("claims/expenditure_claim_types").column("claim_type_code"))
