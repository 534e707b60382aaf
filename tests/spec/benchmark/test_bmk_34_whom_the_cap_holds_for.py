"""BMK-34: minimum sizes, populations that grew many times over, and newly voluntary months."""

import pytest

from tests.drawn import flag, table
from tests.rules import risk_ratio_rules
from tests.spec.benchmark.chain import PLAIN, computed, ratio

CASES = table(
    """
    case                               | category | minimum | growth | by3  | py   | capped
    -----------------------------------|----------|---------|--------|------|------|-------
    both off: everybody                | AD       | no      | no     | 10   | 9000 | yes
    exactly the minimum                | AD       | yes     | no     | 1500 | 1500 | yes
    one below the minimum              | AD       | yes     | no     | 1499 | 1500 | no
    aged: reference year alone         | AD       | yes     | no     | 1500 | 1    | yes
    ESRD: both years, exactly          | ESRD     | yes     | no     | 50   | 50   | yes
    ESRD: reference year too small     | ESRD     | yes     | no     | 49   | 50   | no
    ESRD: performance year too small   | ESRD     | yes     | no     | 50   | 49   | no
    High Needs has no minimum          | HN       | yes     | no     | 1    | 1    | yes
    just below three times             | AD       | no      | yes    | 1000 | 2999 | yes
    exactly three times                | AD       | no      | yes    | 1000 | 3000 | no
    above three times                  | AD       | no      | yes    | 1000 | 3001 | no
    both, both hold                    | AD       | yes     | yes    | 1500 | 4499 | yes
    both, too small                    | AD       | yes     | yes    | 1499 | 1499 | no
    both, grown out                    | AD       | yes     | yes    | 1500 | 4500 | no
    both, ESRD                         | ESRD     | yes     | yes    | 50   | 149  | yes
    """,
    minimum=flag,
    growth=flag,
    by3=int,
    py=int,
    capped=flag,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_exemptions(case):
    rules = risk_ratio_rules(
        cap_minimum_applies=str(case["minimum"]).lower(), cap_growth_exemption_applies=str(case["growth"]).lower()
    )
    told = ratio(rules, case["category"], raw_by3=1.0, raw_py=1.2, people_by3=case["by3"], people_py=case["py"])
    ceiling = 1 + rules.of(case["category"]).risk_cap
    assert told["rr"] == pytest.approx(ceiling if case["capped"] else 1.2)
    assert told["cap_applies"] == (1.0 if case["capped"] else 0.0)


SHARES = table(
    """
    case                             | route | uncapped | share | ratio
    ---------------------------------|-------|----------|-------|-------
    claims: the share is not asked   | C     | yes      | 1     | 1.03
    all newly voluntary              | V     | yes      | 1     | 1.10
    none newly voluntary             | V     | yes      | 0     | 1.03
    half of the months               | V     | yes      | 0.5   | 1.065
    Medicaid route as voluntary      | M     | yes      | 0.5   | 1.065
    switched off                     | V     | no       | 1     | 1.03
    """,
    uncapped=flag,
    share=float,
    ratio=float,
)


@pytest.mark.parametrize("case", SHARES, ids=lambda case: case["case"])
def test_newly_voluntary_months(case):
    rules = risk_ratio_rules(newly_voluntary_uncapped=str(case["uncapped"]).lower())
    told = computed(rules, "AD", case["route"], raw_by3=1.0, raw_py=1.1, newly_voluntary_share=case["share"], **PLAIN)
    assert told.values["rr"] == pytest.approx(case["ratio"])


def test_newly_voluntary_months_take_no_coding_factor_either():
    rules = risk_ratio_rules(cif_ad="1.006")
    told = computed(rules, "AD", "V", raw_by3=1.0, raw_py=1.1, newly_voluntary_share=0.5, **PLAIN)
    assert told.values["rr"] == pytest.approx(0.5 * 1.1 + 0.5 * 1.03 / 1.006)


def test_without_tenure_a_voluntary_ratio_is_not_written():
    told = computed(risk_ratio_rules(), "AD", "V", raw_by3=1.0, raw_py=1.1, **PLAIN)
    assert told.lacking["rr"] == ("newly_voluntary_share",) and "rr_capped" in told.values
