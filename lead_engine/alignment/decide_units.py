"""Which units compete: a line's TIN or CCN as the ACO, the group or the provider it is compared as (ALN-7, ALN-9, ALN-31).

Plain Python on plain values; the reviewer's page. The same rules over whole tables stand in `units.py`.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from lead_engine.foundation.months import EARLIEST, LATEST, Period

from .rules import AlignmentRules


class CcnTin(NamedTuple):
    """The TIN of a CCN for a period, as the snapshot of provider enrolment has it."""

    ccn: str  # units, here and below: `CCN:…`, `TIN:…`
    tin: str
    start: date | None
    end: date | None


class OtherAcoTin(NamedTuple):
    """A TIN in an ACO of another model, for a period."""

    tin: str
    model: str
    entity: str | None
    start: date
    end: date | None


class Billed(NamedTuple):
    """Whose charges a score is: the unit of the claim lines, and the clinician where scores are kept by NPI."""

    unit: str
    npi: str | None = None


class Lists(NamedTuple):
    """What a run's lists say of units."""

    participants: Mapping[str, str]  # unit to ACO
    ccn_tins: Sequence[CcnTin]
    groups: Mapping[str, str]  # TIN to the TIN that stands for its other ACO; see `groups`


def tin_of(ccn: str, year: Period, mapped: Iterable[CcnTin]) -> str | None:
    """The last TIN a CCN had in an alignment year, or none (ALN-9).

    A snapshot is of the run, so charges of one alignment year are not parted by the day of the service.
    """
    held = [
        (row.start or EARLIEST, row.tin)
        for row in mapped
        if row.ccn == ccn and (row.start or EARLIEST) <= year.end and (row.end or LATEST) >= year.start
    ]
    return max(held)[1] if held else None


def groups(
    rows: Iterable[OtherAcoTin], on: date, models: Sequence[str], participants: Container[str]
) -> dict[str, str]:
    """Every TIN of an ACO of another model on a day, with the lowest TIN of that ACO, which stands for it (ALN-31).

    A TIN in two of them goes with the lower name; a row that names no entity groups nothing, and a Participant of a LEAD
    ACO is in no group.
    """
    acos: dict[str, str] = {}
    for row in rows:
        is_other = row.tin not in participants
        if is_other and row.model in models and row.entity and row.start <= on <= (row.end or LATEST):
            acos[row.tin] = min(acos.get(row.tin, row.entity), row.entity)
    lowest: dict[str, str] = {}
    for tin, entity in acos.items():
        lowest[entity] = min(lowest.get(entity, tin), tin)
    return {tin: lowest[entity] for tin, entity in acos.items()}


def comparison_unit(billed: Billed, year: Period, lists: Lists, rules: AlignmentRules) -> str:
    """What a unit's charges are compared as: its ACO, else its group, else the provider itself (ALN-31).

    A CCN that the list of Participants names stays with that ACO, whatever TIN it is mapped to (clarification 2).
    """
    tin = tin_of(billed.unit, year, lists.ccn_tins) if billed.unit.startswith("CCN:") else None
    by_tin = tin or billed.unit
    for aco in (lists.participants.get(billed.unit), lists.participants.get(by_tin)):
        if aco:
            return aco
    if by_tin in lists.groups:
        return lists.groups[by_tin]
    if rules.competitor_grouping == "NPI" and billed.npi:
        return billed.npi
    return by_tin if rules.competitor_grouping == "TIN" else billed.unit
