"""The page that explains High Needs tells criteria that could not be evaluated as such, never as not met (ALN-48)."""

from datetime import date

import pytest

from lead_engine.months.criteria import BY_SCORE, NONE_MET, Criterion
from lead_engine.months.explain import Stored, explain
from tests.high_needs import high_needs_rules
from tests.rules import resolved

CHECK = {
    "check_date": date(2027, 1, 1), "mobility_stays": 0, "mobility_dates": 0, "admissions": 0, "frailty_dates": 0,
    "snf_days": 50, "home_health_days": None, "score": None, "score_model": None,
    "criteria": int(Criterion.LONG_CARE), "not_evaluated": int(BY_SCORE),
}  # fmt: skip


def page(scored: int, first: date | None, left_out: Criterion):
    status = {
        "bene_key": 7, "hn_first_check_date": first, "criteria": int(Criterion.LONG_CARE) if first else 0,
        "not_evaluated": int(left_out), "scored_checks": scored, "checks": 8,
    }  # fmt: skip
    told = explain(
        Stored(status, [CHECK, CHECK | {"criteria": 0}, CHECK | {"criteria": 0, "not_evaluated": 0}]),
        resolved(),
        high_needs_rules(),
    )
    return {each.about: each.says for each in told.sentences}, [row[-1] for row in told.tables[0].rows]


@pytest.mark.parametrize(
    ("scored", "first", "left_out", "said"),
    [
        (8, date(2027, 1, 1), NONE_MET, "nothing"),
        (5, date(2027, 1, 1), NONE_MET, "(b) and (c) at 3 of 8 checks: no model could score the window"),
        (5, date(2027, 1, 1), BY_SCORE, "(b) and (c) at 3 of 8 checks, the one that succeeded among them: no model"),
        (5, None, NONE_MET, "(b) and (c) at 3 of 8 checks: no model"),
        (0, None, BY_SCORE, "(b) and (c) at 8 of 8 checks: no model"),
    ],
)
def test_what_was_not_evaluated(scored, first, left_out, said):
    assert page(scored, first, left_out)[0]["not evaluated"].startswith(said)


def test_a_check_without_a_score_is_not_said_to_have_met_none():
    assert page(5, None, NONE_MET)[1] == ["e", "none of the others", "none"]
