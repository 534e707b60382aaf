"""What a performance year says about spending, and about claims that are not shown."""

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


@dataclass(frozen=True)
class SubstanceUseRules:
    """Whose claims are not shown to an ACO."""

    icd10_codes: tuple[str, ...]  # privacy/substance_use_codes, DL 5.1
    hcpcs_codes: tuple[str, ...]  # likewise

    @classmethod
    def from_methodology(cls, resolved: Resolved) -> Self:
        """Read the parameter named above."""
        rows = list(resolved.table("privacy/substance_use_codes").records())
        by_system = {
            system: tuple(row["code"] for row in rows if row["code_system"] == system)
            for system in ("ICD10_CM", "HCPCS")
        }
        return cls(by_system["ICD10_CM"], by_system["HCPCS"])
