"""BMK-38: mean, renormalise, blend, ratio to BY3, cap, coding factor; both ends take the same weight."""

import numpy as np
import pytest

from lead_engine.benchmark.ledger import Ledger
from lead_engine.benchmark.risk_ratio import formulas
from tests.rules import risk_ratio_rules
from tests.spec.benchmark.chain import PLAIN, lines

AI = {"ai_reference_mean_by3": 1.0, "ai_reference_mean_py": 1.0}


def test_the_order_follows_from_what_each_line_reads():
    order = [each.name for each in Ledger(formulas(risk_ratio_rules(2029).of("AD"))).lines]
    wanted = ["raw_mean_py", "r_hcc_py", "r_py", "rr_raw", "rr_capped", "rr", "r_used"]
    assert [name for name in order if name in wanted] == wanted
    assert order.index("r_ai_py") < order.index("r_py")


def test_both_ends_take_the_weight_of_the_performance_year():
    """An AI score that stands a tenth lower in both years makes no jump."""
    told = lines(risk_ratio_rules(2029), **PLAIN, **AI, raw_by3=1.0, raw_py=1.0, ai_by3=0.9, ai_py=0.9)
    assert told["rr"] == pytest.approx(1.0) and told["r_by3"] == pytest.approx(1 - 0.1 / 3)


def test_base_years_keep_the_hcc_score():
    told = lines(risk_ratio_rules(2031), **PLAIN, **AI, raw_by3=1.2, raw_py=1.0, ai_by3=0.9, ai_py=0.9)
    assert (told["r_hcc_by3"], told["r_by3"]) == (pytest.approx(1.2), pytest.approx(0.9))


def test_the_cap_comes_before_the_coding_factor():
    told = lines(risk_ratio_rules(cif_ad="1.01"), **PLAIN, raw_by3=1.0, raw_py=1.04)
    assert told["rr"] == pytest.approx(1.03 / 1.01)  # the other way about, 1.04 / 1.01 would stay


def test_arrays_give_what_scalars_give():
    scores = np.array([0.9, 0.97, 1.0, 1.02, 1.03, 1.2])
    together = lines(risk_ratio_rules(2030), **PLAIN, **AI, raw_by3=1.0, raw_py=scores, ai_by3=1.0, ai_py=scores)
    alone = [
        lines(risk_ratio_rules(2030), **PLAIN, **AI, raw_by3=1.0, raw_py=one, ai_by3=1.0, ai_py=one)["rr"]
        for one in scores
    ]
    assert list(together["rr"]) == alone
