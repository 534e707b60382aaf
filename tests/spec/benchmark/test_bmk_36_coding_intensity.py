"""BMK-36: the capped score is divided by the coding intensity factor, which has a ceiling; 1 is no factor."""

import pytest

from tests.drawn import table
from tests.rules import risk_ratio_rules
from tests.spec.benchmark.chain import ratio

CASES = table(
    """
    case                     | category | cif   | used
    -------------------------|----------|-------|------
    off                      | AD       | 1     | 1
    on                       | AD       | 1.006 | 1.006
    exactly at the ceiling   | AD       | 1.01  | 1.01
    above the ceiling        | AD       | 1.011 | 1.01
    ESRD has the same        | ESRD     | 1.02  | 1.01
    High Needs has its own   | HN       | 1.02  | 1.02
    above its own            | HN       | 1.03  | 1.02
    below one                | AD       | 0.995 | 0.995
    """,
    used=float,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_factor(case):
    rules = risk_ratio_rules(**{f"cif_{case['category'].lower()}": case["cif"]})
    told = ratio(rules, case["category"], raw_by3=1.0, raw_py=1.1)
    assert told["cif_used"] == pytest.approx(case["used"])
    assert told["rr"] == pytest.approx(told["rr_capped"] / case["used"])
    assert told["rr_capped"] == pytest.approx(1 + rules.of(case["category"]).risk_cap)
