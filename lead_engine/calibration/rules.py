"""What a performance year says about fitting a substitute risk model (RM 8.1 to RM 8.11)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Self

from lead_engine.methodology.resolve import Resolved
from lead_engine.risk.model import RiskModel
from lead_engine.risk.rules import structure_model

Variant = Literal["prospective", "concurrent"]
POPULATIONS = {"HIGH_NEEDS": ("HN",), "ALL_AGED_AND_DISABLED": ("AD", "HN")}


@dataclass(frozen=True)
class Bars:
    """What a model must reach before it is promoted (RM 8.7, RM 8.8)."""

    overall_tolerance: Fraction  # calibration/overall_tolerance
    least_decile_ratio: Fraction  # calibration/least_decile_ratio
    greatest_decile_ratio: Fraction  # calibration/greatest_decile_ratio
    hold_out_tolerance: Fraction  # calibration/hold_out_tolerance
    years_before_use: int  # calibration/years_before_use


@dataclass(frozen=True)
class CalibrationRules:
    """Which variables, which constraints, which acceptance bars."""

    performance_year: int
    model: RiskModel  # calibration/structure: HCCs, hierarchies, groups, interactions, published factors
    aged_from: int  # risk/aged_from
    counts: tuple[tuple[str, tuple[str, ...]], ...]  # calibration/prospective_counts, calibration/concurrent_counts
    equal_groups: tuple[tuple[int, ...], ...]  # calibration/equal_groups
    order_exceptions: tuple[str, ...]  # calibration/order_exceptions: dominant/dropped
    minimum_person_years: int  # calibration/minimum_person_years
    full_year_months: int  # calibration/full_year_months
    concurrent_categories: tuple[str, ...]  # calibration/concurrent_population
    truncation_share: Fraction  # calibration/truncation_share
    smallest_cell: int  # privacy/smallest_cell
    bars: Bars

    @classmethod
    def from_methodology(cls, resolved: Resolved) -> Self:
        """Read the parameters named above."""
        groups: dict[str, list[int]] = {}
        for row in resolved.table("calibration/equal_groups").records():
            groups.setdefault(row["group"], []).append(int(row["hcc"]))
        return cls(
            performance_year=resolved.performance_year,
            model=structure_model(resolved),
            aged_from=resolved.value("risk/aged_from"),
            counts=(
                ("prospective", resolved.value("calibration/prospective_counts")),
                ("concurrent", resolved.value("calibration/concurrent_counts")),
            ),
            equal_groups=tuple(tuple(hccs) for hccs in groups.values()),
            order_exceptions=resolved.value("calibration/order_exceptions"),
            minimum_person_years=resolved.value("calibration/minimum_person_years"),
            full_year_months=resolved.value("calibration/full_year_months"),
            concurrent_categories=POPULATIONS[resolved.value("calibration/concurrent_population")],
            truncation_share=resolved.value("calibration/truncation_share"),
            smallest_cell=resolved.value("privacy/smallest_cell"),
            bars=Bars(
                resolved.value("calibration/overall_tolerance"),
                resolved.value("calibration/least_decile_ratio"),
                resolved.value("calibration/greatest_decile_ratio"),
                resolved.value("calibration/hold_out_tolerance"),
                resolved.value("calibration/years_before_use"),
            ),
        )
