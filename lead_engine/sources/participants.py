"""The Participant list: which TINs, and which CCNs without a TIN, belong to which ACO (ALN-6, ALN-7, ALN-8, ALN-11)."""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pyspark.sql import DataFrame, SparkSession

from lead_engine.foundation.errors import ConfigurationError, Problem, raise_all
from lead_engine.foundation.identifiers import CCN_PATTERN, TIN_PATTERN, pack_unit
from lead_engine.foundation.months import EARLIEST, LATEST, Period, joined
from lead_engine.sources.acos import AcoId
from lead_engine.sources.lists import checksum_of, problems_of, scan_list

PARTICIPANT, PREFERRED = "Participant", "Preferred"
VERSION_DIGITS = 12

Empty = BeforeValidator(lambda text: text or None)


def known_class(text: str) -> str:
    """A class of providers as lists name it. Raises ValueError for one that begins with neither known word."""
    if not text.startswith((PARTICIPANT, PREFERRED)):
        raise ValueError(f"must begin with {PARTICIPANT} or {PREFERRED}")
    return text


class Participant(BaseModel):
    """A row of the list as CMS and ACOs keep it: one clinician of one TIN, or one facility."""

    aco_id: AcoId
    provider_class: Annotated[str, AfterValidator(known_class)]
    tin: Annotated[Annotated[str, Field(pattern=f"^{TIN_PATTERN}$")] | None, Empty]
    ccn: Annotated[Annotated[str, Field(pattern=f"^{CCN_PATTERN}$")] | None, Empty]
    effective_date: Annotated[date | None, Empty] = None
    termination_date: Annotated[date | None, Empty] = None

    @property
    def is_participant(self) -> bool:
        """Participant, of whatever kind; Preferred Providers never drive claims-based alignment (ALN-6)."""
        return self.provider_class.startswith(PARTICIPANT)

    @property
    def unit(self) -> str:
        """The billing unit the row names: its TIN, else its CCN (ALN-7 and clarification 2)."""
        return f"TIN:{self.tin}" if self.tin else f"CCN:{self.ccn}"

    def holds_in(self, year: int) -> bool:
        """Whether it holds on a day of the year (ALN-11)."""
        start, end = self.effective_date or EARLIEST, self.termination_date or LATEST
        return start <= end and start.year <= year <= end.year


def read_participants(path: Path, acos: set[str] | None, year: int) -> list[Participant]:
    """The Participant rows of a list. Without `acos` (their list is wrong itself) nobody is missed or unknown.

    Raises ConfigurationError with every mistake: a row that names neither TIN nor CCN, an ACO the run does not know,
    an ACO without a Participant on any day of the performance year, and every TIN or CCN that stands in two ACOs
    (ALN-8), naming each. Nobody is missed where a row could not be read: it may be theirs.
    """
    rows, mistakes = scan_list(path, Participant)
    problems = problems_of(path, mistakes)
    problems += [
        Problem(f"{path.name} line {line}", "names neither a TIN nor a CCN", "nothing could be aligned by it")
        for line, row in rows
        if row.tin is None and row.ccn is None
    ]
    if acos is not None:
        participants = [row for _, row in rows if row.is_participant]
        problems += _unknown(path, participants, acos)
        problems += [] if mistakes else _missed(path, participants, acos, year)
    problems += _shared_units(path, rows)
    raise_all(ConfigurationError, problems)
    return [row for _, row in rows if row.is_participant]


def _unknown(path: Path, participants: list[Participant], acos: set[str]) -> list[Problem]:
    remedy = "give it a row in the list of ACOs"
    return [
        Problem(path.name, f"names the ACO {aco}, which the run does not know", remedy=remedy)
        for aco in sorted({row.aco_id for row in participants} - acos)
    ]


def _missed(path: Path, participants: list[Participant], acos: set[str], year: int) -> list[Problem]:
    listed, why = {row.aco_id for row in participants}, "nobody could be aligned to it"
    held = {row.aco_id for row in participants if row.holds_in(year)}
    return [
        *(Problem(path.name, f"has no Participant of ACO {aco}", why) for aco in sorted(acos - listed)),
        *(
            Problem(
                path.name, f"has no Participant of ACO {aco} on any day of {year}", why, "give the list of that year"
            )
            for aco in sorted((acos & listed) - held)
        ),
    ]


def list_version(path: Path) -> str:
    """The name a list's answers carry: the first digits of its checksum."""
    return checksum_of(path)[:VERSION_DIGITS]


def participant_frame(spark: SparkSession, participants: list[Participant], version: str) -> DataFrame:
    """`core__participant`: one row a TIN or CCN and period, since one may leave and come back (ALN-11).

    Rows of a unit, mostly of its clinicians, whose days touch are one period; a row without a date is open on that side.
    """
    by_unit: dict[tuple[str, str], list[Period]] = {}
    for row in participants:
        days = Period(row.effective_date or EARLIEST, row.termination_date or LATEST)
        by_unit.setdefault((row.unit, row.aco_id), []).append(days)
    rows = [
        (version, pack_unit(unit), aco_id, start if start > EARLIEST else None, end if end < LATEST else None)
        for (unit, aco_id), periods in sorted(by_unit.items())
        for start, end in joined(periods)
    ]
    return spark.createDataFrame(
        rows, "list_version string, unit bigint, aco_id string, start_date date, end_date date"
    )


def _shared_units(path: Path, rows: list[tuple[int, Participant]]) -> list[Problem]:
    """Every Participant TIN or CCN that two ACOs name (ALN-8; read for CCNs as for TINs)."""
    places: dict[str, dict[str, int]] = {}
    for line, row in rows:
        if row.is_participant and (row.tin or row.ccn):
            places.setdefault(row.unit, {}).setdefault(row.aco_id, line)
    return [
        Problem(
            path.name,
            f"{unit} is a Participant of {' and '.join(f'{aco} (line {line})' for aco, line in sorted(by_aco.items()))}",
            "a TIN or CCN belongs to one ACO at a time (ALN-8); the engine never splits one",
            "leave it with one of them",
        )
        for unit, by_aco in sorted(places.items())
        if len(by_aco) > 1
    ]
