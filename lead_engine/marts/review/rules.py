"""What a performance year says about the data review: engine conventions all, and the smallest cell."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved


@dataclass(frozen=True)
class RunOutRules:
    """How far the months until a record was known are told apart."""

    run_out_months: int  # review/run_out_months, DL 10.2

    @classmethod
    def from_methodology(cls, resolved: Resolved, _: RunFacts) -> Self:
        """Read the parameter named above."""
        return cls(resolved.value("review/run_out_months"))


@dataclass(frozen=True)
class ReviewRules:
    """Which months are flagged, and which are withheld."""

    months_around: int  # review/months_around, DL 10.1
    sudden_change: Fraction  # review/sudden_change, DL 10.1; more than this
    restated_change: Fraction  # review/restated_change, DL 10.1; more than this
    run_out_months: int  # review/run_out_months, DL 10.1
    smallest_cell: int  # privacy/smallest_cell, DL 10.4

    @classmethod
    def from_methodology(cls, resolved: Resolved, _: RunFacts) -> Self:
        """Read the parameters named above."""
        return cls(
            months_around=resolved.value("review/months_around"),
            sudden_change=resolved.value("review/sudden_change"),
            restated_change=resolved.value("review/restated_change"),
            run_out_months=resolved.value("review/run_out_months"),
            smallest_cell=resolved.value("privacy/smallest_cell"),
        )


@dataclass(frozen=True)
class PublishRules:
    """The smallest cell that may be shown."""

    smallest_cell: int  # privacy/smallest_cell, DL 10.4

    @classmethod
    def from_methodology(cls, resolved: Resolved, _: RunFacts) -> Self:
        """Read the parameter named above."""
        return cls(resolved.value("privacy/smallest_cell"))


@dataclass(frozen=True)
class CodeRules:
    """Which claim types should carry which code."""

    hcpcs_claim_types: tuple[str, ...]  # review/hcpcs_claim_types, DL 10.3
    specialty_claim_types: tuple[str, ...]  # review/specialty_claim_types, DL 10.3
    place_of_service_claim_types: tuple[str, ...]  # review/place_of_service_claim_types, DL 10.3
    diagnosis_claim_types: tuple[str, ...]  # review/diagnosis_claim_types, DL 10.3
    smallest_cell: int  # privacy/smallest_cell, DL 10.4

    @classmethod
    def from_methodology(cls, resolved: Resolved, _: RunFacts) -> Self:
        """Read the parameters named above."""
        return cls(
            hcpcs_claim_types=resolved.value("review/hcpcs_claim_types"),
            specialty_claim_types=resolved.value("review/specialty_claim_types"),
            place_of_service_claim_types=resolved.value("review/place_of_service_claim_types"),
            diagnosis_claim_types=resolved.value("review/diagnosis_claim_types"),
            smallest_cell=resolved.value("privacy/smallest_cell"),
        )
