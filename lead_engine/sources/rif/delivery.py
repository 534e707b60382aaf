"""A RIF delivery: which files it has, and whether it can be used at all. A delivery is refused whole, with every reason."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from lead_engine.foundation.errors import InputRefusedError, Problem, raise_all
from lead_engine.methodology.reference import reference_table
from lead_engine.sources.files import SourceFile, files_in
from lead_engine.sources.layouts import Field, fields_of, missing_columns

LAYOUT = "layouts/rif"
BENEFICIARY = "beneficiary"
CLAIMS = ("carrier", "dme", "outpatient", "inpatient", "snf", "hha", "hospice")
NAME = re.compile(rf"({BENEFICIARY}_\d{{4}}|{'|'.join(CLAIMS)})([._-]\w+)*\.(csv|txt)(\.gz|\.bz2)?")
EXPECTED = (
    f"files named like {BENEFICIARY}_2024.csv and {', '.join(f'{kind}.csv' for kind in CLAIMS)}, plain, .gz or .bz2"
)
CUT_SHORT = "copy it again in full; its delivery is loaded anew then"


@dataclass(frozen=True)
class RifFile:
    """One file with the header it came with."""

    file: SourceFile
    header: str
    encoding = "utf-8"

    @property
    def kind(self) -> str:
        """beneficiary, or the claim file."""
        return self.file.kind


@dataclass(frozen=True)
class RifDelivery:
    """All files of one folder, received on one day."""

    received: date
    files: tuple[RifFile, ...]

    def of(self, *kinds: str) -> tuple[RifFile, ...]:
        """The files of some kinds."""
        return tuple(file for file in self.files if file.kind in kinds)


def open_delivery(folder: str, received: date) -> RifDelivery:
    """List the files of a folder and check their headers.

    Raises InputRefusedError with every problem: no folder, no files, an empty or damaged file, a missing column.
    """
    try:
        files = files_in(folder, kind_of)
    except FileNotFoundError:
        raise InputRefusedError(
            Problem(folder, "there is no such folder", remedy="name the folder that holds the RIF files")
        ) from None
    problems = [Problem(folder, f"has no {what} file", remedy=f"it must hold {EXPECTED}") for what in _absent(files)]
    found = []
    for file in files:
        try:
            header = file.first_line()
            found.append(RifFile(file, header))
            problems += _header_problems(file, header)
        except OSError:
            problems.append(Problem(file.name, "is damaged or cut short", remedy=CUT_SHORT))
    raise_all(InputRefusedError, problems)
    return RifDelivery(received, tuple(found))


def damaged_files(deliveries: Iterable[Any]) -> list[Problem]:
    """Every file that cannot be read to its end. Reads them all: asked only after a load has failed."""
    return [
        Problem(rif.file.name, "is damaged or cut short", "the load stopped there", CUT_SHORT)
        for delivery in deliveries
        for rif in delivery.files
        if rif.file.is_damaged()
    ]


def kind_of(name: str) -> str | None:
    """What a file holds, by its name; None for a file the engine does not read."""
    found = NAME.fullmatch(name)
    return found.group(1).split("_")[0] if found else None


def layout(kind: str) -> list[Field]:
    """The fields of one kind of RIF file."""
    return fields_of(reference_table(LAYOUT), kind)


def _absent(files: list[SourceFile]) -> Iterator[str]:
    kinds = {file.kind for file in files}
    if BENEFICIARY not in kinds:
        yield BENEFICIARY
    if not kinds & set(CLAIMS):
        yield "claim"


def _header_problems(file: SourceFile, header: str) -> Iterator[Problem]:
    if not header:
        yield Problem(
            file.name, "is empty", "not even a header line is there", "deliver it again, or take it out of the folder"
        )
        return
    missing = missing_columns(layout(file.kind), header.split("|"))
    if missing:
        remedy = "the first line must name the columns, separated by |"
        yield Problem(f"{file.name} line 1", f"lacks the columns {', '.join(missing)}", remedy=remedy)
