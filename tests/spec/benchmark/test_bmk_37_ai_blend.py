"""BMK-37: the AI-inferred score weighs 0, 0, 1/3, 2/3, 1 in 2027 to 2031; both scores are renormalised before."""

from fractions import Fraction

import pytest

from tests.drawn import table
from tests.rules import risk_ratio_rules
from tests.spec.benchmark.chain import PLAIN, computed, lines

YEARS = table(
    """
    year | weight | status
    -----|--------|---------
    2027 | 0      | reported
    2028 | 0      | reported
    2029 | 1/3    | reported
    2030 | 2/3    | open
    2031 | 1      | reported
    2036 | 1      | reported
    """,
    year=int,
)
AI = {"ai_reference_mean_by3": 1.0, "ai_reference_mean_py": 1.0}


@pytest.mark.parametrize("case", YEARS, ids=lambda case: str(case["year"]))
def test_weights(case):
    weight = risk_ratio_rules(case["year"]).parameter("benchmark/ai_weight")
    assert (weight.value, weight.status) == (Fraction(case["weight"]), case["status"])


def test_both_are_renormalised_before_they_are_blended():
    told = lines(
        risk_ratio_rules(2029),
        raw_by3=1.0, raw_py=1.2, reference_mean_by3=1.0, reference_mean_py=1.2,
        ai_by3=0.5, ai_py=0.66, ai_reference_mean_by3=0.5, ai_reference_mean_py=0.6,
    )  # fmt: skip
    assert told["r_ai_py"] == pytest.approx(1.1) and told["r_hcc_py"] == pytest.approx(1.0)
    assert told["r_py"] == pytest.approx(2 / 3 * 1.0 + 1 / 3 * 1.1)


@pytest.mark.parametrize("year", [2027, 2028])
def test_shadow_scores_are_told_and_weigh_nothing(year):
    given = PLAIN | AI | {"raw_by3": 1.0, "raw_py": 1.02, "ai_by3": 1.0, "ai_py": 0.9}
    told = computed(risk_ratio_rules(year), shadow=True, **given).values
    assert told["r_ai_py"] == pytest.approx(0.9) and told["r_py"] == 1.02 == told["rr"]
    assert "r_ai_py" not in computed(risk_ratio_rules(year), **given).values


@pytest.mark.parametrize("category", ["ESRD", "HN"])
def test_other_categories_are_not_blended(category):
    told = lines(risk_ratio_rules(2031), category, **PLAIN, raw_by3=1.0, raw_py=1.02)
    assert told["rr"] == pytest.approx(1.02)


def test_which_categories_is_a_parameter():
    rules = risk_ratio_rules(2031, ai_categories="[AD, HN]")
    told = lines(rules, "HN", **PLAIN, **AI, raw_by3=1.0, raw_py=1.02, ai_by3=1.0, ai_py=0.99)
    assert told["rr"] == pytest.approx(0.99)


def test_without_ai_scores_nothing_is_written_from_the_year_they_weigh():
    told = computed(risk_ratio_rules(2029), **PLAIN, raw_by3=1.0, raw_py=1.02)
    assert "r_hcc_py" in told.values and "rr" not in told.values and "ai_score_sum_py" in told.lacking["rr"]
