"""The lines of a cell, from inputs as a test draws them: by the formulas the rules pick, as a run computes them."""

from typing import Any

from lead_engine.benchmark.ledger import Computed, Ledger
from lead_engine.benchmark.risk_ratio import CLAIMS, MILLIONTHS, formulas
from lead_engine.benchmark.rules import RiskRatioRules

MONTHS = 1_000


def computed(
    rules: RiskRatioRules, category: str = "AD", route: str = CLAIMS, shadow: bool = False, **given: Any
) -> Computed:
    """Every line. A mean `raw_…`, `ai_…` or `demographic_…` given by the test becomes a sum over a thousand months."""
    of = rules.of(category)
    inputs = {name: float(value.value) for name, value in rules.stated(category).items()}
    inputs["cap_minimum_people_py"] = inputs.get("cap_minimum_people_py", 0.0)
    months = {"raw": "scored", "ai": "ai_scored", "demographic": "demographic"}
    sums = {"raw": "score", "ai": "ai_score", "demographic": "demographic"}
    for name, value in given.items():
        kind, _, period = name.rpartition("_")
        if kind in sums:
            inputs[f"{sums[kind]}_sum_{period}"] = value * MILLIONTHS * MONTHS
            inputs[f"{months[kind]}_months_{period}"] = MONTHS
        else:
            inputs[name] = value
    return Ledger(formulas(of, route, shadow)).compute(inputs)


def lines(rules: RiskRatioRules, category: str = "AD", **given: Any) -> dict[str, float]:
    """The values of every line."""
    return computed(rules, category, **given).values


PLAIN = {"reference_mean_by3": 1.0, "reference_mean_py": 1.0}  # scores drawn as they are once renormalised


def ratio(rules: RiskRatioRules, category: str = "AD", **given: Any) -> dict[str, float]:
    """The values of every line, from renormalised scores `raw_by3` and `raw_py`."""
    return lines(rules, category, **PLAIN, **given)
