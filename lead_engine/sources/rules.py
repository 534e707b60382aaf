"""What a performance year says about reading deliveries."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved


@dataclass(frozen=True)
class DeliveryRules:
    """Which records are denied, and where the money of a claim type stands."""

    denied_claim_codes: tuple[str, ...]  # claims/denied_claim_codes, DL 3.8
    allowed_line_codes: tuple[str, ...]  # claims/allowed_line_codes, DL 3.8
    bad_share_to_stop: Fraction  # claims/bad_share_to_stop, DL 1.3
    paid_by_line: tuple[str, ...]  # claims/expenditure_claim_types, professional types

    @classmethod
    def from_methodology(cls, resolved: Resolved, _: RunFacts) -> Self:
        """Read the parameters named above."""
        types = resolved.table("claims/expenditure_claim_types").records()
        return cls(
            denied_claim_codes=resolved.value("claims/denied_claim_codes"),
            allowed_line_codes=resolved.value("claims/allowed_line_codes"),
            bad_share_to_stop=resolved.value("claims/bad_share_to_stop"),
            paid_by_line=tuple(row["claim_type_code"] for row in types if row["family"] == "PROFESSIONAL"),
        )
