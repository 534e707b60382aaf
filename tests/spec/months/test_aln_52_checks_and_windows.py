"""ALN-52, ALN-54: when status is assessed, from care of which months."""

from dataclasses import replace
from datetime import date

import pytest

from lead_engine.foundation.errors import MethodologyError
from lead_engine.foundation.months import Period
from lead_engine.methodology.reference import ReferenceTable
from lead_engine.risk.windows import WindowRules, checks
from tests.drawn import day, table
from tests.rules import FACTS, resolved

WINDOWS = table(
    """
    check      | from       | to         | sixty from
    -----------|------------|------------|-----------
    2024-01-01 | 2022-11-01 | 2023-10-31 | 2018-11-01
    2027-01-01 | 2025-11-01 | 2026-10-31 | 2021-11-01
    2027-04-01 | 2026-02-01 | 2027-01-31 | 2022-02-01
    2027-07-01 | 2026-05-01 | 2027-04-30 | 2022-05-01
    2027-10-01 | 2026-08-01 | 2027-07-31 | 2022-08-01
    """,
    **dict.fromkeys(("check", "from", "to", "sixty from"), day),
)


@pytest.mark.parametrize("row", WINDOWS, ids=lambda row: str(row["check"]))
def test_windows(row):
    found = {check.on: check for check in checks(resolved(), FACTS)}[row["check"]]
    assert found.window == Period(row["from"], row["to"])
    assert found.frailty == Period(row["sixty from"], row["to"])


def test_every_quarter_from_january_of_the_first_base_year():
    days = [check.on for check in checks(resolved(), FACTS)]
    assert days == [date(year, month, 1) for year in range(2024, 2028) for month in (1, 4, 7, 10)]
    later = replace(
        FACTS, performance_year=2028, first_performance_years=(2027, 2028), enrolment_through=date(2028, 12, 1)
    )
    assert checks(resolved(2028), later)[0].on == date(2024, 1, 1)
    assert {check.on.year for check in checks(resolved(2028), later)} == {2024, 2025, 2026, 2027, 2028}


def test_a_window_that_is_not_known_to_its_end_is_not_evaluated():
    def last(**changes):
        return checks(resolved(), replace(FACTS, **changes))[-1].on

    assert last(enrolment_through=date(2027, 4, 1)) == date(2027, 7, 1)
    assert last(enrolment_through=date(2027, 3, 1)) == date(2027, 4, 1)
    assert last(spending_claims_cutoff=date(2027, 1, 31)) == date(2027, 4, 1)
    assert last(spending_claims_cutoff=date(2027, 1, 30)) == date(2027, 1, 1)


def test_alternatives_by_a_scenario():
    yearly = checks(resolved(months__hn_check_months=[1]), FACTS)
    assert [check.on.month for check in yearly] == [1, 1, 1, 1]
    shifted = {
        "months__hn_window_months": 24,
        "months__hn_frailty_window_months": 36,
        "months__hn_window_end_offset": 1,
    }
    january = checks(resolved(**shifted), FACTS)[12]
    assert january.window == Period(date(2025, 1, 1), date(2026, 12, 31))
    assert january.frailty == Period(date(2024, 1, 1), date(2026, 12, 31))


def test_a_month_that_is_none_is_refused():
    with pytest.raises(MethodologyError, match="not 1 to 12"):
        checks(resolved(months__hn_check_months=[1, 13]), FACTS)


def test_a_parameter_that_contradicts_the_published_windows_is_an_error(monkeypatch):
    def other(self):
        yield {
            "check_date": "2027-01-01",
            "criteria": "a b c e",
            "window_start": "2025-12-01",
            "window_end": "2026-11-30",
        }

    told = resolved()
    monkeypatch.setattr(ReferenceTable, "records", other)
    with pytest.raises(MethodologyError, match="2025-12-01 to 2026-11-30 for the check of 2027-01-01"):
        checks(told, FACTS)


def test_a_window_without_a_list_of_eligible_codes_is_not_scored():
    """RM 2.2: the lists are of care of 2023 to 2026, so windows that touch 2022 or 2027 are not evaluated by score."""
    rules = WindowRules.from_methodology(resolved(), FACTS)
    left_out = {check.on for check in rules.checks} - {check.on for check in rules.scored}
    assert left_out == {date(2024, 1, 1), date(2027, 4, 1), date(2027, 7, 1), date(2027, 10, 1)}
