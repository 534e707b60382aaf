"""Reference tables: code lists and coefficients as CSV files, each with origin, licence, validity and checksum.

`conf/reference/index.yaml` lists them. A file that is not in the index, or differs from its checksum, is an error.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from lead_engine.foundation import yaml
from lead_engine.foundation.errors import MethodologyError, Problem, raise_all

from .conf import conf
from .problems import problems_of


class IndexEntry(BaseModel):
    """What the index says of one table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = Field(min_length=10)
    origin: str = Field(min_length=10)
    licence: str = Field(min_length=2)
    valid: str = Field(min_length=4)
    columns: tuple[str, ...]
    key: tuple[str, ...]
    sha256: str = Field(pattern=r"[0-9a-f]{64}")


class Index(RootModel[dict[str, IndexEntry]]):
    """All tables by name (`area/table`)."""


@dataclass(frozen=True)
class ReferenceTable:
    """Rows as text, in the order of the file. Two tables are the same when name and checksum are."""

    name: str
    sha256: str
    columns: tuple[str, ...] = field(repr=False, compare=False)
    rows: tuple[tuple[str, ...], ...] = field(repr=False, compare=False)

    def records(self) -> Iterator[dict[str, str]]:
        """Each row by column name."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def column(self, name: str) -> tuple[str, ...]:
        """The values of one column, in the order of the rows."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)


@cache
def index() -> dict[str, IndexEntry]:
    """The index of all reference tables. Raises MethodologyError with every mistake in it."""
    text = conf().joinpath("reference", "index.yaml").read_text("utf-8")
    document = yaml.load(text, "conf/reference/index.yaml", MethodologyError)
    try:
        return Index.model_validate(document.data).root
    except ValidationError as error:
        raise MethodologyError(*problems_of(error, document)) from None


def tables_named(unit: str, value: Any) -> list[str]:
    """The reference tables a parameter rests on: one for a `table`, all below the folder, or the folders, for `tables`."""
    if unit == "table":
        return [value] if value in index() else []
    folders = [value] if isinstance(value, str) else value
    return sorted(n for n in index() for f in folders if n.startswith(f"{f}/")) if unit == "tables" else []


@cache
def reference_table(name: str) -> ReferenceTable:
    """One table by name, checked against the index. Raises MethodologyError when it is missing or was changed."""
    entry = index().get(name)
    where = f"conf/reference/{name}.csv"
    if entry is None:
        raise MethodologyError(Problem(where, "is not in conf/reference/index.yaml", remedy="add it with its origin"))
    data = conf().joinpath("reference", *f"{name}.csv".split("/")).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    columns, *rows = csv.reader(io.StringIO(data.decode("utf-8")))
    raise_all(MethodologyError, _faults(where, entry, digest, tuple(columns), [tuple(row) for row in rows]))
    return ReferenceTable(name, digest, tuple(columns), tuple(tuple(row) for row in rows))


def _faults(
    where: str, entry: IndexEntry, digest: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]
) -> Iterator[Problem]:
    if digest != entry.sha256:
        remedy = f"if the change is meant, set sha256 to {digest} and say in origin where it comes from"
        yield Problem(where, "differs from the checksum in conf/reference/index.yaml", remedy=remedy)
    if columns != entry.columns:
        yield Problem(where, f"has columns {', '.join(columns)}; the index says {', '.join(entry.columns)}")
        return
    for number, row in enumerate(rows, 2):
        if len(row) != len(columns):
            yield Problem(f"{where} line {number}", f"has {len(row)} fields, not {len(columns)}")
            return
    places = [columns.index(name) for name in entry.key]
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows, 2):
        key = tuple(row[place] for place in places)
        if key in seen:
            yield Problem(f"{where} line {number}", f"repeats the key of line {seen[key]}: {', '.join(key)}")
        seen[key] = number
