"""A CCLF delivery: which files it has, and whether it can be used at all. A delivery is refused whole, with every reason.

A folder may hold many deliveries; files with the same ACO, kind (monthly or run-out), year and day are one (DL 1.4).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from lead_engine.foundation.errors import InputRefusedError, Problem, raise_all
from lead_engine.methodology.reference import reference_table
from lead_engine.sources.archives import ZIP, members_of
from lead_engine.sources.files import SourceFile, files_in
from lead_engine.sources.layouts import Field, fields_of

LAYOUT, LENGTHS = "layouts/cclf", "layouts/cclf_lengths"
CONTROL = "0"
NEEDED = {"8": "the people", CONTROL: "the counts and lengths"}  # without them no claim can be used
NAME = re.compile(
    r"[PT]\.(?P<aco>[A-Z]\d{4})\.ACO\.ZC(?P<number>[0-9AB])(?P<kind>[YR])(?P<year>\d\d)"
    r"\.D(?P<day>\d{6})\.T\d{6,7}t?(\.(txt|gz|bz2))*"
)
EXPECTED = "files named like P.D0001.ACO.ZC1Y26.D261015.T1200000, one for each of CCLF0 to CCLF9, plain, .gz or .bz2"
CONTROL_ROW = re.compile(r"CCLF(?P<number>[0-9AB])\s*\|[^|]*\|\s*(?P<records>\d+)\s*\|\s*(?P<length>\d+)\s*")


@dataclass(frozen=True)
class CclfFile:
    """One file: its number, and what CCLF0 says of it."""

    file: SourceFile
    record_length: int
    records: int
    encoding = "latin-1"  # positions count bytes

    @property
    def number(self) -> str:
        """1 to 9, A or B."""
        return self.file.kind


@dataclass(frozen=True)
class CclfDelivery:
    """All files of one ACO and day but CCLF0, which has been checked."""

    aco_id: str
    received: date
    files: tuple[CclfFile, ...]

    def of(self, *numbers: str) -> tuple[CclfFile, ...]:
        """The files of some numbers."""
        return tuple(file for file in self.files if file.number in numbers)


def open_deliveries(place: str, acos: set[str] | None, staging: str = "") -> tuple[CclfDelivery, ...]:
    """The deliveries of a folder, with the zip archives in it, or of one archive; oldest first.

    Raises InputRefusedError with every problem of every delivery: no file, no CCLF0, a file that CCLF0 does not list or
    lists and is not there, a record length that CCLF0 or no version knows, an ACO the run does not know, a damaged file.
    """
    files = _files(place, staging)
    if not files:
        raise InputRefusedError(Problem(place, "has no CCLF file", remedy=f"it must hold {EXPECTED}"))
    found, problems = [], []
    for (aco_id, _, _, day), members in groupby(sorted(files, key=_delivery_of), key=_delivery_of):
        if acos is not None and aco_id not in acos:
            remedy = "give the ACO a row in the list of ACOs, or take its files away"
            problems.append(Problem(place, f"holds files of {aco_id}, which is no ACO of this run", remedy=remedy))
        try:
            found.append(CclfDelivery(aco_id, _day(day), tuple(_checked(list(members), f"{aco_id} of {_day(day)}"))))
        except InputRefusedError as error:
            problems += error.problems
    raise_all(InputRefusedError, problems)
    return tuple(sorted(found, key=lambda delivery: (delivery.received, delivery.aco_id)))


def _files(place: str, staging: str) -> list[SourceFile]:
    if place.endswith(ZIP):
        return members_of(place, staging, number_of)
    try:
        archives = files_in(place, lambda name: ZIP if name.endswith(ZIP) else None)
        found = files_in(place, number_of)
    except FileNotFoundError:
        remedy = "name the folder that holds the CCLF files, or a zip archive of them"
        raise InputRefusedError(Problem(place, "there is no such folder", remedy=remedy)) from None
    return [*found, *(file for archive in archives for file in members_of(archive.path, staging, number_of))]


def number_of(name: str) -> str | None:
    """The number of a file, by its name; None for a file that is no CCLF file."""
    found = NAME.fullmatch(name)
    return found["number"] if found else None


def layout(number: str) -> list[Field]:
    """The fields the engine reads of a file."""
    return fields_of(reference_table(LAYOUT), number)


def positions(number: str) -> dict[str, tuple[int, int]]:
    """First position, from 1, and length of each field the engine reads of a file."""
    rows = (row for row in reference_table(LAYOUT).records() if row["file"] == number)
    return {row["field"]: (int(row["start"]), int(row["length"])) for row in rows}


def known_lengths(number: str) -> set[int]:
    """The record lengths of a file in all versions."""
    return {int(row["record_length"]) for row in reference_table(LENGTHS).records() if row["file"] == number}


def _delivery_of(file: SourceFile) -> tuple[str, str, str, str]:
    found = NAME.fullmatch(file.name)
    assert found  # noqa: S101  `files_in` kept only such names
    return found["aco"], found["kind"], found["year"], found["day"]


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%y%m%d").date()  # noqa: DTZ007
    except ValueError:
        raise InputRefusedError(
            Problem(f"D{text}", "is no day", remedy="file names carry the day as Dyymmdd")
        ) from None


def _checked(files: list[SourceFile], name: str) -> Iterator[CclfFile]:
    """The files of one delivery, checked against its CCLF0 and the known layouts (DL 1.2, DL 1.3, DL 1.5)."""
    by_number: dict[str, SourceFile] = {file.kind: file for file in files}
    problems = [
        Problem(file.name, f"is a second CCLF{file.kind} of the delivery {name}", remedy="keep one")
        for file in files
        if by_number[file.kind] is not file
    ]
    problems += [
        Problem(f"delivery {name}", f"has no CCLF{number}, which holds {what}", remedy="deliver it whole")
        for number, what in NEEDED.items()
        if number not in by_number
    ]
    raise_all(InputRefusedError, problems)
    told = _control(by_number.pop(CONTROL))
    found = []
    for number in sorted({*told, *by_number}):
        file = by_number.get(number)
        if file is None:
            problems.append(
                Problem(f"delivery {name}", f"lacks CCLF{number}, which CCLF0 lists", remedy="deliver it whole")
            )
        elif number not in told:
            problems.append(Problem(file.name, "is not listed in CCLF0", remedy="deliver the two together"))
        else:
            records, length = told[number]
            problems += _length_problems(file, number, length)
            found.append(CclfFile(file, length, records))
    raise_all(InputRefusedError, problems)
    yield from found


def _control(file: SourceFile) -> dict[str, tuple[int, int]]:
    """What CCLF0 says of each file: records and record length."""
    try:
        rows = [CONTROL_ROW.fullmatch(line.rstrip()) for line in file.lines()]
    except OSError:
        raise InputRefusedError(Problem(file.name, "is damaged or cut short", remedy="copy it again in full")) from None
    told = {row["number"]: (int(row["records"]), int(row["length"])) for row in rows if row}
    if not told:
        remedy = "each line must read CCLFn | name | records | record length"
        raise InputRefusedError(Problem(file.name, "lists no file", remedy=remedy))
    return told


def _length_problems(file: SourceFile, number: str, length: int) -> Iterator[Problem]:
    known = known_lengths(number)
    if length not in known:
        lengths = ", ".join(map(str, sorted(known)))
        yield Problem(file.name, f"has records of {length} by CCLF0; known layouts have {lengths}", "DL 1.5")
        return
    try:
        found = file.first_length()
    except OSError:
        yield Problem(file.name, "is damaged or cut short", remedy="copy it again in full")
        return
    if found not in (0, length):
        yield Problem(file.name, f"has records of {found}, CCLF0 says {length}", "two layouts may be mixed (DL 1.3)")
