"""Small CSV lists kept by people: read whole, checked whole, every mistake reported with its line and field."""

import csv
import hashlib
import io
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lead_engine.foundation.errors import ConfigurationError, Problem, raise_all

Row = TypeVar("Row", bound=BaseModel)


def read_list(path: Path, row: type[Row]) -> list[tuple[int, Row]]:
    """The rows of a list with their line numbers. Columns the row model does not know are left alone.

    Raises ConfigurationError with every problem: not readable, a column missing, a value that does not fit.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            Problem(path.name, "cannot be read as a text file", remedy="give a CSV file in UTF-8")
        ) from None
    reader = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    header = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = header
    missing = [name for name, field in row.model_fields.items() if field.is_required() and name not in header]
    if missing:
        remedy = f"the first line must name the columns {', '.join(row.model_fields)}"
        raise ConfigurationError(
            Problem(f"{path.name} line 1", f"lacks the columns {', '.join(missing)}", remedy=remedy)
        )
    found, problems = [], []
    for record in reader:
        try:
            given = {
                name: (value or "").strip()
                for name, value in record.items()
                if name in row.model_fields and isinstance(value, str | None)
            }
            found.append((reader.line_num, row.model_validate(given)))
        except ValidationError as error:
            problems += [
                _problem(path, reader.line_num, finding)
                for finding in error.errors(include_url=False, include_input=False)
            ]
    raise_all(ConfigurationError, problems)
    return found


def checksum_of(path: Path) -> str:
    """SHA-256 of a list as it is on disk."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _problem(path: Path, line: int, finding: ErrorDetails) -> Problem:
    field = ".".join(str(part) for part in finding["loc"])
    return Problem(
        f"{path.name} line {line}" + (f", field {field}" if field else ""), finding["msg"].removeprefix("Value error, ")
    )
