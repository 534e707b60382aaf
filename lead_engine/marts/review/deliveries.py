"""Files of every delivery, and what was refused of each (DL 10.1)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.marts.suppress import is_small
from lead_engine.tables.review import DELIVERY

from .compared import newest_and_previous, role
from .rules import PublishRules

Table = DataFrame | None
FILE = ["source_file", "received_date"]
ITSELF = ""  # field and reason of the row that counts a file


class Counted(NamedTuple):
    """Records of a file, or the refused ones of a field and reason."""

    source_kind: str
    received_date: date
    source_file: str
    field: str
    reason: str
    records: int
    people: int | None


def published(
    deliveries: Sequence[Any],
    rif_people: Table,
    rif_lines: Table,
    cclf_files: Table,
    cclf_people: Table,
    tuva_people: Table,
    tuva_lines: Table,
    quarantine: DataFrame,
    rules: PublishRules,
) -> DataFrame:
    """`mart__delivery` from the stage tables and `ops__quarantine`; a table of a kind that was not delivered is None."""
    days = newest_and_previous(delivery.received for delivery in deliveries)
    files = [
        *_people_and_lines("RIF", rif_people, rif_lines),
        *_people_and_lines("TUVA", tuva_people, tuva_lines),
        *_counted_files(cclf_files, cclf_people),
    ]
    rows = [_row(each, days, rules) for each in (*files, *_refused(files, quarantine))]
    return quarantine.sparkSession.createDataFrame(sorted(rows), DELIVERY.schema)


def _people_and_lines(kind: str, people: Table, lines: Table) -> Iterator[Counted]:
    """Files of a kind that has a table of people and one of claim lines."""
    for stage, persons in ((people, _persons()), (lines, _not_counted())):
        if stage is not None:
            yield from _by_file(kind, stage, F.count(F.lit(1)), persons)


def _counted_files(counted: Table, people: Table) -> Iterator[Counted]:
    """CCLF files, which were counted before anything was read."""
    if counted is None or people is None:
        return
    found = people.groupBy(*FILE).agg(_persons().alias("people")).collect()
    persons = {(row["source_file"], row["received_date"]): row["people"] for row in found}
    for each in _by_file("CCLF", counted, F.sum("records"), _not_counted()):
        yield each._replace(people=persons.get((each.source_file, each.received_date)))


def _by_file(kind: str, stage: DataFrame, records: Column, people: Column) -> Iterator[Counted]:
    found = stage.groupBy(*FILE).agg(records.alias("records"), people.alias("people"))
    for row in found.collect():
        yield Counted(kind, row["received_date"], row["source_file"], ITSELF, ITSELF, row["records"], row["people"])


def _refused(files: Iterable[Counted], quarantine: DataFrame) -> Iterator[Counted]:
    kinds = {(each.source_file, each.received_date): each.source_kind for each in files}
    found = quarantine.groupBy(*FILE, "field", "reason").agg(F.sum("records").alias("records"))
    for row in found.collect():
        kind = kinds[row["source_file"], row["received_date"]]
        yield Counted(kind, row["received_date"], row["source_file"], row["field"], row["reason"], row["records"], None)


def _row(counted: Counted, days: tuple[date, date | None], rules: PublishRules) -> tuple[Any, ...]:
    """A row of the mart; a small count is empty."""
    is_hidden = any(is_small(count or 0, rules.smallest_cell) for count in (counted.records, counted.people))
    return (
        counted.source_kind,
        counted.received_date,
        role(counted.received_date, *days).value,
        counted.source_file,
        counted.field,
        counted.reason,
        None if is_hidden else counted.records,
        None if is_hidden else counted.people,
        is_hidden,
    )


def _persons() -> Column:
    return F.count_distinct("person_id_key")


def _not_counted() -> Column:
    return F.lit(None).cast("bigint")
