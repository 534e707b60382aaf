"""BMK-30, BMK-32: the mean raw score of the category's model, by month, over the mean of the reference population."""

import pytest

from lead_engine.benchmark.ledger import PERIODS
from lead_engine.benchmark.risk_ratio import raw_mean_at
from tests.drawn import table
from tests.rules import risk_ratio_rules
from tests.spec.benchmark.chain import computed, lines

MEANS = table(
    """
    case                                         | score x months             | months    | mean
    ---------------------------------------------|----------------------------|-----------|---------
    one person, twelve months                    | 12 x 1.0342                | 12        | 1.0342
    weighted by month, not by person             | 12 x 1.0 + 1 x 3.0         | 13        | 1.153846
    a score of zero counts                       | 6 x 2.0 + 6 x 0.0          | 12        | 1.0
    """,
    months=int,
    mean=float,
)


@pytest.mark.parametrize("case", MEANS, ids=lambda case: case["case"])
def test_bmk_30_weighted_by_month(case):
    pairs = [pair.split(" x ") for pair in case["score x months"].split(" + ")]
    total = sum(int(months) * round(float(score) * 1_000_000) for months, score in pairs)
    assert raw_mean_at(total, case["months"]) == pytest.approx(case["mean"], abs=1e-6)


@pytest.mark.parametrize(("category", "model"), [("AD", "V28"), ("ESRD", "ESRDV24"), ("HN", "CMMI_CONCURRENT_V1")])
def test_bmk_30_the_model_of_a_category_is_a_parameter(category, model):
    assert risk_ratio_rules().of(category).model == model
    name = f"risk_model_{category.lower()}"
    assert risk_ratio_rules(**{name: "CMMI_PROSPECTIVE_V1"}).of(category).model == "CMMI_PROSPECTIVE_V1"
    assert risk_ratio_rules().parameter(f"benchmark/{name}").status == "open"


def test_bmk_32_every_base_year_and_the_performance_year_is_divided_by_its_own_mean():
    raw = {f"raw_{period}": 1.0 + place / 10 for place, period in enumerate(PERIODS)}
    means = {f"reference_mean_{period}": 1.25 for period in PERIODS[:3]} | {"reference_mean_py": 1.3}
    told = lines(risk_ratio_rules(), **raw, **means)
    found = [told[f"r_hcc_{period}"] for period in PERIODS]
    assert found == pytest.approx([1.0 / 1.25, 1.1 / 1.25, 1.2 / 1.25, 1.3 / 1.3])


def test_bmk_32_a_population_that_is_the_reference_has_one():
    told = lines(risk_ratio_rules(), raw_by3=1.07, reference_mean_by3=1.07, raw_py=1.1, reference_mean_py=1.1)
    assert (told["r_hcc_by3"], told["rr_raw"], told["rr"]) == (1.0, 1.0, 1.0)


LACKING = table(
    """
    case                        | lacks              | written                            | unwritten
    ----------------------------|--------------------|------------------------------------|----------------------------
    no reference mean of the PY | reference_mean_py  | raw_mean_py r_hcc_by3 rr_ceiling   | r_hcc_py r_py rr_raw rr
    no reference mean of BY3    | reference_mean_by3 | raw_mean_by3 r_hcc_py rr_floor     | r_hcc_by3 rr_raw rr r_used
    nobody scored in BY3        | score_sum_by3      | r_hcc_py r_py                      | raw_mean_by3 rr_raw rr
    """
)


@pytest.mark.parametrize("case", LACKING, ids=lambda case: case["case"])
def test_a_line_whose_input_is_missing_is_not_written_and_says_which(case):
    means = {"reference_mean_by3": 1.0, "reference_mean_py": 1.0, "raw_by3": 1.0, "raw_py": 1.0}
    drawn = {name: value for name, value in means.items() if name != case["lacks"]}
    if case["lacks"] == "score_sum_by3":
        del drawn["raw_by3"]
        drawn["scored_months_by3"] = 10
    told = computed(risk_ratio_rules(), **drawn)
    assert set(case["written"].split()) <= set(told.values)
    for name in case["unwritten"].split():
        assert name not in told.values and case["lacks"] in told.lacking[name]
