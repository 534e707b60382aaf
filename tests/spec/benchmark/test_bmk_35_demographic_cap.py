"""BMK-35: with the switch on, floor and ceiling of aged and disabled move by the growth of the demographic score."""

import pytest

from tests.drawn import table
from tests.rules import risk_ratio_rules
from tests.spec.benchmark.chain import PLAIN, computed, ratio

ON = {"cap_demographic_adjusted": "true"}
CASES = table(
    """
    case                            | category | demographic by3 | demographic py | score py | ratio
    --------------------------------|----------|-----------------|----------------|----------|-------
    no growth is the plain cap      | AD       | 1.00            | 1.00           | 1.10     | 1.03
    older people: higher ceiling    | AD       | 1.00            | 1.02           | 1.10     | 1.05
    exactly at the moved ceiling    | AD       | 1.00            | 1.02           | 1.05     | 1.05
    just below it                   | AD       | 1.00            | 1.02           | 1.0499   | 1.0499
    and a higher floor              | AD       | 1.00            | 1.02           | 0.90     | 0.99
    younger people: lower ceiling   | AD       | 1.00            | 0.98           | 1.10     | 1.01
    and a lower floor               | AD       | 1.00            | 0.98           | 0.94     | 0.95
    ESRD stays plain                | ESRD     | 1.00            | 1.02           | 1.10     | 1.03
    High Needs stays plain          | HN       | 1.00            | 1.02           | 1.10     | 1.04
    """,
    **{"demographic by3": float, "demographic py": float, "score py": float, "ratio": float},
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_switched_on(case):
    told = ratio(
        risk_ratio_rules(**ON),
        case["category"],
        raw_by3=1.0,
        raw_py=case["score py"],
        demographic_by3=case["demographic by3"],
        demographic_py=case["demographic py"],
    )
    assert told["rr"] == pytest.approx(case["ratio"])


def test_switched_off_it_is_not_asked():
    told = ratio(risk_ratio_rules(), raw_by3=1.0, raw_py=1.1, demographic_by3=1.0, demographic_py=1.02)
    assert told["rr"] == pytest.approx(1.03) and "demographic_growth" not in told


def test_without_demographic_scores_the_capped_lines_are_not_written():
    told = computed(risk_ratio_rules(**ON), raw_by3=1.0, raw_py=1.1, **PLAIN)
    assert "rr_raw" in told.values and "rr" not in told.values
    assert set(told.lacking["rr"]) >= {"demographic_sum_py", "demographic_sum_by3"}
