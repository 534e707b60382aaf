"""What the review compares: which deliveries, and which months count as enrolled."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from lead_engine.foundation.months import first_of_month

ENROLLED = "is_alive AND coalesce(has_part_a OR has_part_b, true)"  # a source may tell of neither part


class Role(StrEnum):
    """What a delivery is in the comparison."""

    NEWEST = "NEWEST"
    PREVIOUS = "PREVIOUS"
    EARLIER = "EARLIER"


def newest_and_previous(received: Iterable[date]) -> tuple[date, date | None]:
    """The day of the newest delivery, and of the last one in an earlier month; None when there is no such one (DL 10.1).

    Deliveries of one calendar month count as one: those of several ACOs, monthly and run-out files.
    """
    days = set(received)
    newest = max(days)
    return newest, max((day for day in days if first_of_month(day) < first_of_month(newest)), default=None)


def role(received: date, newest: date, previous: date | None) -> Role:
    """What the delivery of a day is."""
    month = first_of_month(received)
    if month == first_of_month(newest):
        return Role.NEWEST
    return Role.PREVIOUS if previous is not None and month == first_of_month(previous) else Role.EARLIER
