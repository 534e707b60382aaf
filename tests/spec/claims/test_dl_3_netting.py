"""DL 3.3 to DL 3.6: money is the signed sum of every record; each cancellation takes back one claim of its natural key."""

from datetime import date, timedelta

import pytest
from pyspark.sql import functions as F

from lead_engine.sources.cclf.netting import CANCELLED, RECORD, Record, cancelled
from tests.drawn import by_case, table

CASES = by_case(
    table(
        """
    case                                             | id | sign | paid | day | group | taken by
    -------------------------------------------------|----|------|------|-----|-------|---------
    packet, Part A: 3 takes 1, 6 takes the later 0   | 1  | 1    | 200  | 1   | A     | 3
                                                     | 2  | 1    | 0    | 2   | A     |
                                                     | 3  | -1   | 200  | 3   | A     |
                                                     | 4  | 1    | 210  | 4   | A     |
                                                     | 5  | 1    | 0    | 5   | A     | 6
                                                     | 6  | -1   | 0    | 6   | A     |
                                                     | 7  | 1    | 50   | 7   | A     |
    same amount and group before same amount         | 1  | 1    | 90   | 5   | B     |
                                                     | 2  | 1    | 90   | 1   | A     | 3
                                                     | 3  | -1   | 90   | 6   | A     |
    same amount before a nearer day                  | 1  | 1    | 90   | 1   | B     | 3
                                                     | 2  | 1    | 80   | 5   | A     |
                                                     | 3  | -1   | 90   | 6   | A     |
    nothing alike: the last one before it            | 1  | 1    | 10   | 1   | A     |
                                                     | 2  | 1    | 20   | 5   | A     | 3
                                                     | 3  | -1   | 90   | 6   | A     |
    the lowest number when all else is equal         | 1  | 1    | 90   | 5   | A     | 3
                                                     | 2  | 1    | 90   | 5   | A     |
                                                     | 3  | -1   | 90   | 6   | A     |
    a cancellation before its claim                  | 1  | -1   | 90   | 1   | A     |
                                                     | 2  | 1    | 90   | 6   | A     | 1
    one before it rather than one after it           | 1  | 1    | 90   | 7   | A     |
                                                     | 2  | 1    | 90   | 1   | A     | 3
                                                     | 3  | -1   | 90   | 6   | A     |
    what is taken is gone for the next               | 1  | 1    | 90   | 1   | A     | 3
                                                     | 2  | 1    | 90   | 5   | A     | 4
                                                     | 3  | -1   | 90   | 7   | A     |
                                                     | 4  | -1   | 90   | 6   | A     |
    a cancellation too many finds nothing            | 1  | 1    | 90   | 1   | A     | 2
                                                     | 2  | -1   | 90   | 2   | A     |
                                                     | 3  | -1   | 90   | 3   | A     |
    """,
        id=int,
        sign=int,
        paid=int,
        day=int,
    )
)
KNOWN_AFTER = timedelta(days=7)


def records(rows) -> tuple[list[Record], list[Record]]:
    """Cancellations and others."""
    sides: dict[int, list[Record]] = {-1: [], 1: []}
    for row in rows:
        day = date(2025, 1, row["day"])
        sides[row["sign"]].append(Record(day, row["id"], day + KNOWN_AFTER, row["paid"], row["group"]))
    return sides[-1], sides[1]


def expected(rows) -> dict[int, date]:
    days = {row["id"]: date(2025, 1, row["day"]) + KNOWN_AFTER for row in rows}
    return {row["id"]: days[int(row["taken by"])] for row in rows if row["taken by"]}


@pytest.mark.parametrize("case", CASES)
def test_cancellations(case):
    assert cancelled(*records(CASES[case])) == expected(CASES[case])


def test_the_same_on_spark(spark):
    rows = [(case, *(sorted(side) for side in records(CASES[case]))) for case in CASES]
    schema = f"case string, cancellations array<{RECORD}>, others array<{RECORD}>"
    found = spark.createDataFrame(rows, schema).select("case", F.expr(CANCELLED).alias("taken")).collect()
    assert {row["case"]: {pair[0]: pair[1] for pair in row["taken"]} for row in found} == {
        case: expected(CASES[case]) for case in CASES
    }


def test_money_is_the_signed_sum_of_every_record():
    rows = next(iter(CASES.values()))
    assert sum(row["sign"] * row["paid"] for row in rows) == 260
