"""Which other model a person belongs to in a month, and which Participant TINs another model bars.

Plain Python on plain values; the reviewer's page. The months over whole tables stand in `months.py`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from lead_engine.foundation.months import EARLIEST, LATEST, Period

from .rules import OverlapRules


class Membership(NamedTuple):
    """A person in another model, for a period."""

    model: str
    assignment: str | None  # of MSSP: PROSPECTIVE or PRELIMINARY
    start: date
    end: date | None


class Overlap(NamedTuple):
    """The model that goes before LEAD in a month, and by which entry of the order."""

    model: str
    excluded_by: str


class ParticipantTin(NamedTuple):
    """A Participant TIN of an ACO, for a period."""

    aco_id: str
    tin: str
    start: date | None
    end: date | None


class ModelTin(NamedTuple):
    """A TIN in another model, for a period."""

    tin: str
    model: str
    start: date
    end: date | None


class Barred(NamedTuple):
    """A Participant TIN in a model that bars it, and the days of the performance year for which both hold."""

    participant: ParticipantTin
    other: ModelTin
    days: Period


def overlap_of(memberships: Iterable[Membership], month: date, rules: OverlapRules) -> Overlap | None:
    """The first entry of the order that holds on the first of the month, of those before LEAD (ALN-18 item 7, ALN-45).

    A person in two models at once belongs to the one that comes first. Models the order does not name, and those after
    LEAD, such as MSSP with preliminary assignment, take nobody.
    """
    there = [each for each in memberships if each.start <= month <= (each.end or LATEST)]
    for entry in rules.before_lead:
        for each in there:
            if entry in (each.model, f"{each.model}:{each.assignment}"):
                return Overlap(each.model, entry)
    return None


def barred_tins(
    participants: Sequence[ParticipantTin], others: Iterable[ModelTin], rules: OverlapRules
) -> list[Barred]:
    """Every Participant TIN that a barred model holds on a day of the performance year on which it is one (ALN-44)."""
    by_tin: dict[str, list[ParticipantTin]] = {}
    for each in participants:
        by_tin.setdefault(each.tin, []).append(each)
    first, last = date(rules.performance_year, 1, 1), date(rules.performance_year, 12, 31)
    found = []
    for other in others:
        for each in by_tin.get(other.tin, ()) if other.model in rules.barred_models else ():
            start = max(first, each.start or EARLIEST, other.start)
            end = min(last, each.end or LATEST, other.end or LATEST)
            if start <= end:
                found.append(Barred(each, other, Period(start, end)))
    return found
