"""When claims became known: exact by claim type and month, and the run-out triangle that is published (DL 10.2)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from pyspark.sql import Column, DataFrame, Row, Window
from pyspark.sql import functions as F

from lead_engine.foundation.months import add_months
from lead_engine.lake.accounts import account, balance
from lead_engine.tables.review import RUN_OUT

from .compared import newest_and_previous
from .hide import NOTHING_SHOWN, Part, Shown, reached, shown, withheld
from .money import rate, usd
from .rules import ReviewRules, RunOutRules

ClaimMonth = tuple[str, date]  # a claim type and a month of from-dates
CLAIM_MONTH = ["claim_type", "month"]
PART = ["known_months", "is_since_previous"]


def exact(deliveries: Sequence[Any], claims: DataFrame, rules: RunOutRules) -> DataFrame:
    """`calc__run_out`: people, claims and payments by the month of service and the months until they were known.

    In: the deliveries, `core__claim`. The one grouping of claims behind the data review: people meet their claims once.
    """
    records = claims.where("sign != 0").select(
        "bene_key",
        "claim_type",
        F.trunc("from_date", "month").alias("month"),
        _known_months(rules).alias("known_months"),
        _is_since(deliveries).alias("is_since_previous"),
        "sign",
        _signed_cents().alias("cents"),
    )
    sums = [F.sum("sign").alias("claims"), F.sum("cents").alias("cents")]
    by_person = records.repartition("bene_key").groupBy("bene_key", *CLAIM_MONTH, *PART).agg(*sums)
    first = F.min(F.struct(*PART)).over(Window.partitionBy("bene_key", *CLAIM_MONTH))
    marked = by_person.withColumn("is_first", F.struct(*PART).eqNullSafe(first))
    return marked.groupBy(*CLAIM_MONTH, *PART).agg(
        F.count(F.lit(1)).alias("people"),
        F.count_if("is_first").alias("first_people"),
        F.sum("claims").alias("claims"),
        F.sum("cents").alias("paid_cents"),
    )


def accounts(deliveries: Sequence[Any], claims: DataFrame, rules: RunOutRules, cells: DataFrame) -> DataFrame:
    """Claims of the lake and their payments are those of the months reviewed."""
    name = "claims (cancellations subtracted) and their payments"
    return balance(
        account(name, "in", claims, rows=F.col("sign"), cents=_signed_cents()),
        account(name, "out", cells, rows=F.col("claims"), cents=F.col("paid_cents")),
    )


def published(cells: DataFrame, rules: ReviewRules) -> DataFrame:
    """`mart__run_out` from `calc__run_out`: what was known of each month by the end of the months after it."""
    by_month = months_of(cells.collect())
    may = may_show(by_month, rules)
    newest = last_known(by_month, may)
    rows = [
        (*key, *figures)
        for key, parts in by_month.items()
        for figures in _triangle_row(parts, may[key], _passed(key, newest, rules))
    ]
    return cells.sparkSession.createDataFrame(rows, RUN_OUT.schema)


def months_of(cells: Iterable[Row]) -> dict[ClaimMonth, list[Row]]:
    """The parts of each claim type and month, in the order in which they became known."""
    ordered = sorted(cells, key=lambda row: (row["claim_type"], row["month"], _part(row)))
    return {key: list(parts) for key, parts in groupby(ordered, key=lambda row: (row["claim_type"], row["month"]))}


def may_show(by_month: dict[ClaimMonth, list[Row]], rules: ReviewRules) -> dict[ClaimMonth, Shown]:
    """What may be shown of each claim type and month (DL 10.4)."""
    found = {}
    for claim_type, group in groupby(by_month.items(), key=lambda item: item[0][0]):
        parts = {month: [_part(row) for row in rows] for (_, month), rows in group}
        hidden = withheld({month: reached(of_month) for month, of_month in parts.items()}, rules.smallest_cell)
        for month, of_month in parts.items():
            may = shown(of_month, rules.run_out_months, rules.smallest_cell)
            found[claim_type, month] = NOTHING_SHOWN if month in hidden else may
    return found


def last_known(by_month: dict[ClaimMonth, list[Row]], may: dict[ClaimMonth, Shown]) -> date:
    """The last month in which anything became known of the months that are shown."""
    known = [
        add_months(key[1], part["known_months"]) for key, parts in by_month.items() if may[key].now for part in parts
    ]
    return max(known, default=date.min)


def _passed(key: ClaimMonth, newest: date, rules: ReviewRules) -> int:
    """How many months of the triangle have passed since a month."""
    return min((newest.year - key[1].year) * 12 + newest.month - key[1].month, rules.run_out_months)


def _triangle_row(
    parts: Sequence[Row], may: Shown, passed: int
) -> Iterator[tuple[int, Decimal | None, Decimal | None, bool]]:
    """Month by month, what was known of the payments; a sum that may not be shown is empty."""
    total = sum(part["paid_cents"] for part in parts)
    for known_months in range(passed + 1):
        is_shown = known_months in may.known_months
        paid = sum(part["paid_cents"] for part in parts if part["known_months"] <= known_months) if is_shown else None
        yield known_months, usd(paid), rate(paid, total), not is_shown


def _part(row: Row) -> Part:
    return Part(row["known_months"], row["is_since_previous"], row["people"], row["first_people"])


def _known_months(rules: RunOutRules) -> Column:
    """Calendar months until known; a record known before its service counts as known in its month."""
    passed = (F.year("known_date") - F.year("from_date")) * 12 + F.month("known_date") - F.month("from_date")
    return F.least(F.greatest(passed, F.lit(0)), F.lit(rules.run_out_months))


def _is_since(deliveries: Iterable[Any]) -> Column:
    _, previous = newest_and_previous(delivery.received for delivery in deliveries)
    return F.lit(None).cast("boolean") if previous is None else F.col("known_date") > F.lit(previous)


def _signed_cents() -> Column:
    return F.col("sign") * F.col("paid_cents")
