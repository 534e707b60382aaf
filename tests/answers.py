"""Holds tables to the answer key of an invented network (`truth.csv`)."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import keyed_hash
from lead_engine.synthetic import identifiers
from lead_engine.synthetic.damage import TABLE
from lead_engine.synthetic.lists import SECRET
from lead_engine.synthetic.truth import FILE

Read = Callable[[str], DataFrame]


def wrong_answers(folder: Path, read: Read, source: str) -> list[str]:
    """Every answer that a table does not give, in words. `source` is the kind of delivery the tables came from."""
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if source in row["sources"].split()]
    return [
        *_of_people([row for row in rows if row["subject_kind"] == "person"], read, source),
        *_of_others(rows, read, "aco", "aco_id"),
        *_of_others(rows, read, "file", "source_file"),
        *_of_others(rows, read, "attestation", "attestation_id"),
        *_not_planted(rows, read),
    ]


def _of_people(rows: list[dict[str, str]], read: Read, source: str) -> Iterator[str]:
    keys = {row["subject"]: _key(row["subject"], source) for row in rows}
    for table in sorted({row["table"] for row in rows}):
        found = read(table).where(F.col("bene_key").isin(list(keys.values()))).collect()
        for row in rows:
            if row["table"] == table:
                told = [each.asDict() for each in found if each["bene_key"] == keys[row["subject"]]]
                yield from _compared(row, told)


def _of_others(rows: list[dict[str, str]], read: Read, kind: str, column: str) -> Iterator[str]:
    for row in rows:
        if row["subject_kind"] == kind:
            told = [each.asDict() for each in read(row["table"]).where(F.col(column) == row["subject"]).collect()]
            yield from _compared(row, told)


def _not_planted(rows: list[dict[str, str]], read: Read) -> Iterator[str]:
    """Bad records nobody planted."""
    planted = {tuple(json.loads(row["where"]).values()) for row in rows if row["subject_kind"] == "file"}
    if planted:
        for bad in read(TABLE).select("source_file", "field", "reason").collect():
            if tuple(bad) not in planted:
                yield f"{bad.source_file}: {TABLE} has {bad.field} {bad.reason}, which nobody planted"


def _compared(row: dict[str, str], told: list[dict[str, Any]]) -> Iterator[str]:
    where, says = json.loads(row["where"]), json.loads(row["says"])
    chosen = [each for each in told if all(_text(each[name]) == _text(value) for name, value in where.items())]
    rows = says.pop("rows", 1 if says else 0)
    if len(chosen) != rows:
        yield f"{row['case'] or row['subject']}: {row['table']} has {len(chosen)} rows, not {rows}; {row['why']}"
    for each in chosen:
        for name, value in says.items():
            if _text(each[name]) != _text(value):
                yield f"{row['case'] or row['subject']}: {row['table']} says {name} {each[name]}, not {value}; {row['why']}"


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _key(bene_id: str, source: str) -> int:
    """The key of a person: by the stable identifier where the source has one, else by the oldest Medicare number."""
    if source == "cclf":
        return keyed_hash(SECRET, "mbi", identifiers.mbi(-int(bene_id) - 1))
    return keyed_hash(SECRET, "bene_id", bene_id)
