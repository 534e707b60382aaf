"""TV-B3 and TV-B9: the worked examples of the cap and of the AI weight, digit for digit."""

import pytest

from tests.drawn import table
from tests.rules import risk_ratio_rules
from tests.spec.benchmark.chain import PLAIN, lines

B3 = {
    "raw_by3": 1.010, "reference_mean_by3": 1.050, "raw_py": 1.090, "reference_mean_py": 1.080,
    "demographic_by3": 0.990, "demographic_py": 1.000,
}  # fmt: skip
VARIANTS = table(
    """
    case                      | demographic | cif   | rr       | score
    --------------------------|-------------|-------|----------|---------
    plain                     | false       | 1     | 1.030000 | 0.990762
    demographic               | true        | 1     | 1.040101 | 1.000478
    plain, coding factor      | false       | 1.006 | 1.023857 | 0.984853
    demographic, coding factor| true        | 1.006 | 1.033898 | 0.994511
    """,
    rr=float,
    score=float,
)


def test_tv_b3_scores_and_growth():
    told = lines(risk_ratio_rules(), **B3)
    assert round(told["r_hcc_by3"], 6) == 0.961905 and round(told["r_hcc_py"], 6) == 1.009259
    assert round(told["rr_raw"] - 1, 6) == 0.049230
    assert round(lines(risk_ratio_rules(cap_demographic_adjusted="true"), **B3)["demographic_growth"], 6) == 0.010101


@pytest.mark.parametrize("case", VARIANTS, ids=lambda case: case["case"])
def test_tv_b3_cap(case):
    rules = risk_ratio_rules(cap_demographic_adjusted=case["demographic"], cif_ad=case["cif"])
    told = lines(rules, **B3)
    assert round(told["r_used"], 6) == case["score"]
    assert round(told["rr"], 6) == case["rr"]


@pytest.mark.parametrize(("year", "ratio"), [(2028, 1.02), (2029, 1.01), (2030, 1.00), (2031, 0.99)])
def test_tv_b9_ai_weight(year, ratio):
    """Scores stand at 1 in BY3, so the ratios the vector names are the scores of the performance year."""
    ai = {"ai_by3": 1.0, "ai_py": 0.99, "ai_reference_mean_by3": 1.0, "ai_reference_mean_py": 1.0}
    told = lines(risk_ratio_rules(year), **PLAIN, **ai, raw_by3=1.0, raw_py=1.02)
    assert told["rr"] == pytest.approx(ratio, abs=5e-5)
