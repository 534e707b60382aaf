"""Sets of months as whole numbers, against Python's own sets: none, one, all, and what begins or ends inside."""

from datetime import date
from itertools import combinations

from pyspark.sql import functions as F

from lead_engine.alignment.months_known import BITS_OF_A_REASON
from lead_engine.foundation.months import MONTHS_OF_A_YEAR
from lead_engine.lake.month_sets import (
    WHOLE_YEAR,
    before_month,
    first_of,
    from_month,
    is_in,
    last_of,
    months_in,
    set_of,
    without,
)  # fmt: skip
from lead_engine.tables.months import REASONS

YEAR = 2027
MONTHS = range(1, MONTHS_OF_A_YEAR + 1)
SETS = [
    frozenset(),
    frozenset(MONTHS),
    *(frozenset(some) for size in (1, 2, 11) for some in combinations(MONTHS, size)),
]


def bits(months):
    return sum(1 << month - 1 for month in months)


def day(month):
    return date(YEAR, month, 1)


def test_sets_of_months_are_pythons_sets(spark):
    rows = [(bits(some), day(month)) for some in SETS for month in MONTHS]
    some, month, half = F.col("some"), F.col("month"), F.lit(bits(range(1, 7)))
    asked = {
        "one": set_of(month),
        "held": is_in(some, month),
        "count": months_in(some, half),
        "rest": without(some, half),
        "from": from_month(some, month),
        "before": before_month(some, month),
        "first": first_of(some, F.lit(YEAR)),
        "last": last_of(some, F.lit(YEAR)),
    }
    answered = spark.createDataFrame(rows, "some int, month date").select(
        *[column.alias(name) for name, column in asked.items()]
    )
    expected = [
        (
            bits({month}),
            month in some,
            len(some & set(range(1, 7))),
            bits(some - set(range(1, 7))),
            bits(each for each in some if each >= month),
            bits(each for each in some if each < month),
            day(min(some)) if some else None,
            day(max(some)) if some else None,
        )
        for some in SETS
        for month in MONTHS
    ]
    assert sorted(map(tuple, answered.collect()), key=str) == sorted(expected, key=str)


def test_the_whole_year_is_all_months():
    assert bits(MONTHS) == WHOLE_YEAR


def test_every_reason_fits_its_bits():
    """One more reason than bits can number would be told as another."""
    assert len(REASONS) < 1 << BITS_OF_A_REASON
