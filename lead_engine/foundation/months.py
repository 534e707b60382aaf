"""Calendar months. A month is the `date` of its first day; the beneficiary-month is the spine of every LEAD number."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

MONTHS_OF_A_YEAR = 12
EARLIEST, LATEST = date(1900, 1, 1), date(9999, 12, 31)  # ends of an open validity; Spark reads no year of fewer digits


class Period(NamedTuple):
    """A span of days, both ends included."""

    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.start <= day <= self.end


def joined(periods: Iterable[Period]) -> list[Period]:
    """Periods that share a day or follow on the day after as one, by start; one that ends before it starts has no day."""
    found: list[Period] = []
    for each in sorted(period for period in periods if period.start <= period.end):
        if found and each.start.toordinal() <= found[-1].end.toordinal() + 1:
            found[-1] = Period(found[-1].start, max(found[-1].end, each.end))
        else:
            found.append(each)
    return found


def first_of_month(day: date) -> date:
    """The month a day lies in."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """The month `count` months later (earlier when negative)."""
    year, place = divmod(month.year * MONTHS_OF_A_YEAR + month.month - 1 + count, MONTHS_OF_A_YEAR)
    return date(year, place + 1, 1)


def last_day(month: date) -> date:
    """The last day of a month."""
    return add_months(month, 1) - timedelta(days=1)


def months_of(year: int) -> list[date]:
    """The twelve months of a calendar year."""
    return [date(year, number, 1) for number in range(1, 13)]


def parse_month(text: str) -> date:
    """Read `YYYY-MM`. Raises ValueError on anything else."""
    year, _, month = text.partition("-")
    if len(year) != 4 or len(month) != 2:
        raise ValueError("a month is written YYYY-MM")
    return date(int(year), int(month), 1)
