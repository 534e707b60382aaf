"""A delivery of the Tuva input layer: which files it has, and whether it can be used at all.

A folder holds `eligibility` and `medical_claim`, each as CSV (one file or several) or as Parquet (a file, or a folder
of parts). A delivery is refused whole, with every reason.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from pyarrow import fs
from pyarrow import parquet as pq

from lead_engine.foundation.errors import InputRefusedError, Problem, raise_all
from lead_engine.foundation.places import filesystem_of
from lead_engine.methodology.reference import reference_table
from lead_engine.sources.files import SourceFile, files_in
from lead_engine.sources.layouts import Field, fields_of, missing_columns
from lead_engine.sources.rif.delivery import CUT_SHORT

LAYOUT = "layouts/tuva"
ELIGIBILITY, CLAIMS = "eligibility", "medical_claim"
PARQUET = ".parquet"
NAME = re.compile(rf"({ELIGIBILITY}|{CLAIMS})([._-]\w+)*\.(csv(\.gz)?|parquet)")
EXPECTED = f"{ELIGIBILITY} and {CLAIMS}, each as .csv, .csv.gz or {PARQUET}"


@dataclass(frozen=True)
class Part(SourceFile):
    """A file of a folder of parts; its name begins with the folder's."""

    folder: str

    @property
    def name(self) -> str:
        """Folder and file, as reports and tables carry it."""
        return f"{self.folder}/{super().name}"


@dataclass(frozen=True)
class TuvaFile:
    """One file: its columns in order, by lower-case name, and the header line of a CSV."""

    file: SourceFile
    columns: tuple[str, ...]
    header: str | None = None  # None for Parquet
    types: tuple[str, ...] = ()  # of a Parquet file's columns
    rows: int = 0  # of a Parquet file, by its own count

    @property
    def table(self) -> str:
        """Which table it holds: eligibility or medical_claim."""
        return self.file.kind

    @property
    def encoding(self) -> str | None:
        """How its lines are read; None for Parquet, which has none."""
        return None if self.header is None else "utf-8"


@dataclass(frozen=True)
class TuvaDelivery:
    """All files of one folder, received on one day."""

    received: date
    files: tuple[TuvaFile, ...]

    def of(self, table: str) -> tuple[TuvaFile, ...]:
        """The files of one table."""
        return tuple(file for file in self.files if file.table == table)


def open_delivery(folder: str, received: date) -> TuvaDelivery:
    """List the files of a folder and check their columns.

    Raises InputRefusedError with every problem: no folder, a table that is missing or there in two forms, an empty or
    damaged file, a missing column, a column named twice.
    """
    try:
        files = list(_files(folder))
    except FileNotFoundError:
        remedy = "name the folder that holds eligibility and medical_claim"
        raise InputRefusedError(Problem(folder, "there is no such folder", remedy=remedy)) from None
    problems = list(_table_problems(folder, files))
    found = []
    for file in files:
        try:
            read = _parquet(file) if file.path.endswith(PARQUET) else _csv(file)
        except (OSError, pa.ArrowInvalid):
            problems.append(Problem(file.name, "is damaged or cut short", remedy=CUT_SHORT))
            continue
        found.append(read)
        problems += _column_problems(read)
    raise_all(InputRefusedError, problems)
    return TuvaDelivery(received, tuple(found))


def kind_of(name: str) -> str | None:
    """What a file or folder of parts holds, by its name; None for one the engine does not read."""
    found = NAME.fullmatch(name)
    return found.group(1) if found else None


def layout(table: str) -> list[Field]:
    """The fields the engine reads of a table."""
    return fields_of(reference_table(LAYOUT), table)


def _files(folder: str) -> Iterator[SourceFile]:
    """The files of a folder, then those of its folders of parts, by name."""
    yield from files_in(folder, kind_of)
    filesystem, path = filesystem_of(folder)
    for info in sorted(filesystem.get_file_info(fs.FileSelector(path)), key=lambda info: info.base_name):
        table = kind_of(info.base_name) if info.base_name.endswith(PARQUET) else None
        if info.type == fs.FileType.Directory and table:
            for part in files_in(f"{folder.rstrip('/')}/{info.base_name}", _part_of(table)):
                yield Part(part.path, table, info.base_name)


def _part_of(table: str):
    """Parts by name: no file that begins with _ or . is one."""
    return lambda name: table if name.endswith(PARQUET) and name[0] not in "_." else None


def _csv(file: SourceFile) -> TuvaFile:
    header = file.first_line()
    names = next(csv.reader([header]), [])
    return TuvaFile(file, tuple(name.strip().lower() for name in names), header)


def _parquet(file: SourceFile) -> TuvaFile:
    filesystem, path = filesystem_of(file.path)
    told = pq.read_metadata(path, filesystem=filesystem)
    schema = told.schema.to_arrow_schema()
    columns = tuple(name.strip().lower() for name in schema.names)
    return TuvaFile(file, columns, None, tuple(map(str, schema.types)), told.num_rows)


def _table_problems(folder: str, files: list[SourceFile]) -> Iterator[Problem]:
    for table in (ELIGIBILITY, CLAIMS):
        forms = {file.path.endswith(PARQUET) for file in files if file.kind == table}
        if not forms:
            yield Problem(folder, f"has no {table}", remedy=f"it must hold {EXPECTED}")
        if len(forms) > 1:
            yield Problem(folder, f"has {table} as CSV and as Parquet", "its records would count twice", "keep one")


def _column_problems(file: TuvaFile) -> Iterator[Problem]:
    where = file.file.name if file.header is None else f"{file.file.name} line 1"
    if not file.columns:
        why = "not even a header line is there"
        yield Problem(file.file.name, "is empty", why, "deliver it again, or take it out of the folder")
        return
    missing = list(dict.fromkeys(missing_columns(layout(file.table), list(file.columns))))
    if missing:
        remedy = "a column nobody has values for must be there too, empty"
        yield Problem(where, f"lacks the columns {', '.join(missing)}", remedy=remedy)
    twice = sorted({name for name in file.columns if file.columns.count(name) > 1})
    if twice:
        yield Problem(where, f"names the columns {', '.join(twice)} more than once", remedy="leave one of each")
    fine = [name for name, kind in zip(file.columns, file.types, strict=False) if kind.startswith("timestamp[ns")]
    if fine:
        said = f"holds nanoseconds in {', '.join(fine)}"
        yield Problem(where, said, "Spark reads microseconds", "write such a column as a date, or in microseconds")
