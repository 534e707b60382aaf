"""Whether a fitted model may be promoted (RM 8.7, RM 8.8): every bar with what was found, from the run's own metrics."""

from collections.abc import Mapping
from dataclasses import dataclass

from .rules import Bars

JUDGED = (*(f"decile_{number}" for number in range(2, 10)), "decile_10_lower_half")


@dataclass(frozen=True)
class Bar:
    """One bar."""

    name: str
    passed: bool
    found: str
    wanted: str


def judged(metrics: Mapping[str, float], cost_year: int, performance_year: int, bars: Bars) -> list[Bar]:
    """Every bar. A figure that is not known does not pass.

    The bottom decile and the top twentieth are reported with the model and not judged.
    """
    overall = abs(metrics.get("predictive_ratio", float("nan")) - 1)
    gap = metrics.get("r2", float("nan")) - metrics.get("hold_out_r2", float("nan"))
    years = performance_year - cost_year
    low, high = float(bars.least_decile_ratio), float(bars.greatest_decile_ratio)
    found = [
        Bar(
            "overall predictive ratio",
            overall <= bars.overall_tolerance,
            f"{overall:.1e} from 1",
            f"at most {float(bars.overall_tolerance):.0e} from 1",
        ),
        Bar(
            "R² held out",
            abs(gap) <= bars.hold_out_tolerance,
            f"{gap:.4f} from R² in sample",
            f"at most {float(bars.hold_out_tolerance)} from R² in sample",
        ),
        Bar(
            "years before use",
            years >= bars.years_before_use,
            f"{years}, cost of {cost_year} for {performance_year}",
            f"at least {bars.years_before_use}",
        ),
    ]
    for name in JUDGED:
        ratio = metrics.get(name, float("nan"))
        found.append(
            Bar(
                f"predictive ratio of {name.replace('_', ' ')}",
                low <= ratio <= high,
                f"{ratio:.3f}" if ratio == ratio else "not known: too few people to be shown",
                f"{low} to {high}",
            )
        )
    return found
