"""Accounts of a step: people, rows and dollars that went in are those that came out and those excluded, by reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.errors import Problem

SIDES = ("in", "out", "excluded")


@dataclass(frozen=True)
class Entry:
    """One side of an account, for one reason."""

    account: str
    side: str
    reason: str
    rows: int
    cents: int


def account(
    name: str,
    side: str,
    frame: DataFrame,
    reason: Column | None = None,
    rows: Column | None = None,
    cents: Column | None = None,
) -> DataFrame:
    """One side of an account: rows (or the sum of `rows`) and cents, by reason. Lazy."""
    counted = F.sum(rows) if rows is not None else F.count(F.lit(1))
    money = F.sum(cents) if cents is not None else F.lit(0)
    grouped = frame.groupBy((reason if reason is not None else F.lit("")).alias("reason"))
    sums = grouped.agg(
        F.coalesce(counted, F.lit(0)).cast("bigint").alias("rows"),
        F.coalesce(money, F.lit(0)).cast("bigint").alias("cents"),
    )
    return sums.select(
        F.lit(name).alias("account"),
        F.lit(side).alias("side"),
        F.coalesce("reason", F.lit("")).alias("reason"),
        "rows",
        "cents",
    )


def balance(*sides: DataFrame) -> DataFrame:
    """All sides of a step's accounts as one frame."""
    return reduce(DataFrame.unionByName, sides)


def entries(accounts: DataFrame) -> list[Entry]:
    """The accounts, computed."""
    return [Entry(**row.asDict()) for row in accounts.collect()]


def unbalanced(step: str, found: Iterable[Entry]) -> list[Problem]:
    """Every account of a step where something was lost or made up."""
    totals: dict[str, dict[str, list[int]]] = {}
    for entry in found:
        side = totals.setdefault(entry.account, {side: [0, 0] for side in SIDES})[entry.side]
        side[0] += entry.rows
        side[1] += entry.cents
    return [
        Problem(
            f"{step}, {name}",
            f"{sides['in'][place]} {what} went in, {sides['out'][place]} came out, {sides['excluded'][place]} were excluded",
        )
        for name, sides in sorted(totals.items())
        for place, what in enumerate(("rows", "cents"))
        if sides["in"][place] != sides["out"][place] + sides["excluded"][place]
    ]
