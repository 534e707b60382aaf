"""BMK-33: the ratio to BY3 may move by 3 % (aged and disabled, ESRD) or 4 % (High Needs), up and down alike."""

import pytest

from tests.drawn import table
from tests.rules import risk_ratio_rules
from tests.spec.benchmark.chain import ratio

CASES = table(
    """
    case                   | category | by3  | py      | ratio
    -----------------------|----------|------|---------|--------
    inside                 | AD       | 1.00 | 1.0125  | 1.0125
    just below the ceiling | AD       | 1.00 | 1.029999| 1.029999
    exactly at the ceiling | AD       | 1.00 | 1.03    | 1.03
    above the ceiling      | AD       | 1.00 | 1.030001| 1.03
    far above              | AD       | 1.00 | 1.50    | 1.03
    just above the floor   | AD       | 1.00 | 0.970001| 0.970001
    exactly at the floor   | AD       | 1.00 | 0.97    | 0.97
    below the floor        | AD       | 1.00 | 0.969999| 0.97
    ESRD as aged           | ESRD     | 1.00 | 1.04    | 1.03
    ESRD at the floor      | ESRD     | 1.00 | 0.97    | 0.97
    High Needs to 4 %      | HN       | 1.00 | 1.04    | 1.04
    High Needs above       | HN       | 1.00 | 1.040001| 1.04
    High Needs below       | HN       | 1.00 | 0.95    | 0.96
    of a BY3 that is not 1 | AD       | 1.20 | 1.26    | 1.03
    TV-B1, aged            | AD       | 1.00 | 1.042   | 1.03
    TV-B1, High Needs      | HN       | 1.01 | 1.061   | 1.04
    TV-B1, ESRD            | ESRD     | 1.02 | 1.015   | 0.995098
    """,
    by3=float,
    py=float,
    ratio=float,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_cap(case):
    told = ratio(risk_ratio_rules(), case["category"], raw_by3=case["by3"], raw_py=case["py"])
    assert told["rr"] == pytest.approx(case["ratio"], abs=5e-7)
    assert told["rr_raw"] == pytest.approx(case["py"] / case["by3"])
    assert told["r_capped"] == pytest.approx(told["r_by3"] * told["rr_capped"])


def test_the_cap_is_a_parameter():
    told = ratio(risk_ratio_rules(risk_cap_ad="0.05"), raw_by3=1.0, raw_py=1.2)
    assert told["rr"] == pytest.approx(1.05)
