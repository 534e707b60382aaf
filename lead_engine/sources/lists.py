"""Lists kept by people, as CSV or Parquet: read whole, checked whole, every mistake reported with its line and field.

No message repeats what a field holds: a list may be about people.
"""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, get_args

import pyarrow as pa
from pyarrow import parquet
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from lead_engine.foundation.errors import ConfigurationError, Problem, raise_all

Row = TypeVar("Row", bound=BaseModel)
Rows = list[tuple[int, Row]]

PARQUET = ".parquet"
TOLD_ONE_BY_ONE = 20  # mistakes of one kind; what is beyond is told as a number
EXACT_TYPES = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_integer,
    pa.types.is_decimal,
    pa.types.is_boolean,
    pa.types.is_date,
    pa.types.is_timestamp,
    pa.types.is_null,
)


@dataclass(frozen=True)
class Written:
    """How the values of a field are written. Stands beside the type of the field, for messages and for the guide."""

    words: str
    example: str


@dataclass(frozen=True)
class Mistake:
    """Something wrong in a list: on which line, in which field; never what the field holds."""

    line: int
    field: str
    what: str
    why: str = ""
    remedy: str = ""
    other: int | None = None  # the line it does not go with


@dataclass
class _Sheet:
    """A file as text: its columns, its records with their lines, what is wrong before any field is looked at."""

    header: list[str]
    records: list[tuple[int, dict[str, str]]]
    mistakes: list[Mistake]


def read_list(path: Path, row: type[Row]) -> Rows[Row]:
    """The rows of a list with their line numbers. Columns the row model does not know are left alone.

    Raises ConfigurationError with every problem: not readable, a column missing, a value that does not fit.
    """
    found, mistakes = scan_list(path, row)
    raise_all(ConfigurationError, problems_of(path, mistakes))
    return found


def scan_list(path: Path, row: type[Row]) -> tuple[Rows[Row], list[Mistake]]:
    """The rows that are right in themselves, and what is wrong with the others: for rules that look at all rows.

    The first record has line 2, also in Parquet, where no line names the columns: both forms give the same messages.

    Raises ConfigurationError when the file cannot be read or a column is missing.
    """
    is_parquet = path.suffix.lower() == PARQUET
    sheet = _parquet_sheet(path, list(row.model_fields)) if is_parquet else _csv_sheet(path)
    raise_all(ConfigurationError, _header_problems(path, sheet.header, row))
    found, mistakes = [], list(sheet.mistakes)
    for line, record in sheet.records:
        given = {name: value.strip() for name, value in record.items() if name in row.model_fields}
        try:
            found.append((line, row.model_validate(given)))
        except ValidationError as error:
            mistakes += _mistakes(line, given, error, row)
    return found, mistakes


def problems_of(path: Path, mistakes: list[Mistake]) -> list[Problem]:
    """Mistakes as problems, by line; of a kind that fills a file, the first ones and how many more there are."""
    told, seen = [], Counter[Mistake]()
    for mistake in sorted(mistakes, key=lambda mistake: mistake.line):
        kind = replace(mistake, line=0, other=None)
        seen[kind] += 1
        if seen[kind] <= TOLD_ONE_BY_ONE:
            what = mistake.what if mistake.other is None else f"{mistake.what} (line {mistake.other})"
            where = _where(f"{path.name} line {mistake.line}", mistake.field)
            told.append(Problem(where, what, mistake.why, mistake.remedy))
    for kind, count in seen.items():
        if count > TOLD_ONE_BY_ONE:
            what = f"{kind.what}, on {count - TOLD_ONE_BY_ONE:,} lines more"
            told.append(Problem(_where(path.name, kind.field), what, kind.why, kind.remedy))
    return told


def written(field: FieldInfo) -> Written | None:
    """How a field is written, where its type says so; an optional type holds it one level down."""
    inside = (part for kind in get_args(field.annotation) for part in getattr(kind, "__metadata__", ()))
    return next((part for part in (*field.metadata, *inside) if isinstance(part, Written)), None)


def checksum_of(path: Path) -> str:
    """SHA-256 of a list as it is on disk."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _csv_sheet(path: Path) -> _Sheet:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            Problem(path.name, "cannot be read as a text file", remedy="give a CSV file in UTF-8")
        ) from None
    sheet = _Sheet([], [], [])
    reader = csv.reader(io.StringIO(text), skipinitialspace=True, strict=True)
    try:
        sheet.header = [name.strip() for name in next(reader, [])]
        for fields in filter(None, reader):
            if len(fields) < len(sheet.header) or any(fields[len(sheet.header) :]):
                what = f"has {len(fields)} fields, the first line names {len(sheet.header)}"
                remedy = "put a field that holds a comma in double quotes, and a comma for every empty field"
                sheet.mistakes.append(Mistake(reader.line_num, "", what, remedy=remedy))
            else:
                sheet.records.append((reader.line_num, dict(zip(sheet.header, fields, strict=False))))
    except csv.Error:
        what, why = "cannot be read as CSV from here on", "a double quote may be open, or stand inside a field"
        sheet.mistakes.append(Mistake(reader.line_num, "", what, why))
    return sheet


def _parquet_sheet(path: Path, wanted: list[str]) -> _Sheet:
    try:
        file = parquet.ParquetFile(path)
        header = file.schema_arrow.names
        table = file.read(columns=[name for name in wanted if name in header])
    except (OSError, pa.ArrowException):
        raise ConfigurationError(
            Problem(path.name, "cannot be read as a Parquet file", remedy="give a Parquet file, or the columns as CSV")
        ) from None
    why, remedy = "a value has to be as exact as it was written", "store it as text, whole number, decimal or date"
    inexact = [field for field in table.schema if not any(test(field.type) for test in EXACT_TYPES)]
    if inexact:
        return _Sheet(header, [], [Mistake(1, field.name, f"is a {field.type}", why, remedy) for field in inexact])
    columns = [map(_text, table.column(name).to_pylist()) for name in table.column_names]
    records = [dict(zip(table.column_names, values, strict=True)) for values in zip(*columns, strict=True)]
    return _Sheet(header, list(enumerate(records, 2)), [])


def _text(value: Any) -> str:
    """A value of a Parquet file as a CSV file would have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text  # zeros of the column's scale, not of the value
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _header_problems(path: Path, header: list[str], row: type[BaseModel]) -> list[Problem]:
    missing = [name for name, field in row.model_fields.items() if field.is_required() and name not in header]
    twice = sorted(name for name, count in Counter(header).items() if count > 1 and name in row.model_fields)
    where = f"{path.name} line 1"
    remedy = f"the first line must name the columns {', '.join(row.model_fields)}"
    return [
        *([Problem(where, f"lacks the columns {', '.join(missing)}", remedy=remedy)] if missing else []),
        *(Problem(where, f"names the column {name} twice", remedy="leave one of them") for name in twice),
    ]


def _mistakes(line: int, given: dict[str, str], error: ValidationError, row: type[BaseModel]) -> Iterator[Mistake]:
    """What pydantic found in a row, in the words of the field where its type has any."""
    for finding in error.errors(include_url=False, include_input=False):
        name = str(finding["loc"][0]) if finding["loc"] else ""
        field = row.model_fields.get(name)
        form = written(field) if field else None
        if field and form:
            what = f"is not {form.words}" if given.get(name) else "is empty"
            yield Mistake(line, name, what, field.description or "", f"write {form.words}, such as {form.example}")
        else:
            place = ".".join(map(str, finding["loc"]))
            yield Mistake(line, place, finding["msg"].removeprefix("Value error, "))


def _where(place: str, field: str) -> str:
    return f"{place}, field {field}" if field else place
