"""Month arithmetic."""

from datetime import date

import pytest

from lead_engine.foundation.months import Period, add_months, last_day, months_of, parse_month


@pytest.mark.parametrize(
    ("count", "month"),
    [(1, date(2027, 1, 1)), (-12, date(2025, 12, 1)), (0, date(2026, 12, 1)), (13, date(2028, 1, 1))],
)
def test_add(count, month):
    assert add_months(date(2026, 12, 1), count) == month


def test_ends_belong_to_a_period():
    period = Period(date(2026, 1, 1), date(2026, 1, 31))
    assert period.holds(period.start) and period.holds(period.end) and not period.holds(date(2026, 2, 1))


def test_last_day():
    assert [last_day(month).day for month in months_of(2028)[:3]] == [31, 29, 31]


@pytest.mark.parametrize("text", ["2026", "2026-1", "26-01", "2026-13", "2026-01-01"])
def test_what_is_no_month(text):
    with pytest.raises(ValueError):
        parse_month(text)
