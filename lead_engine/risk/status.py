"""Which months of a year are alike for a score: ESRD, Medicaid, institution, graft (RM 3.3, RM 3.4, RM 3.6).

`decide.is_institutional`, `decide.graft_months` and `decide.told_apart` as Spark expressions. A person whose months are
not alike has one score for each kind of month, and no score is of a month it is not for.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.months import MONTHS_OF_A_YEAR
from lead_engine.lake.accounts import account, balance
from lead_engine.lake.month_sets import as_set, is_in

from .rules import RiskRules

PERSON = ["bene_key", "year"]
STATUS = ["is_esrd", "dual_class", "is_long_term_institutional", "graft_months"]
PERIODS = "array<struct<effective_date:date,termination_date:date>>"
GRAFTS = "array<struct<transplant_date:date,failure_date:date>>"


def statuses(
    enrolment: DataFrame,
    claims: DataFrame,
    institutional: DataFrame | None,
    transplants: DataFrame | None,
    rules: RiskRules,
) -> DataFrame:
    """`calc__risk_status`: one row per person, payment year and kind of month, of the months with enrolment data, alive.

    In: `core__enrolment_month`, `core__claim` and, where the lists are given, `core__institutional_period` and
    `core__kidney_transplant`. Without the first nobody is institutional; without the second transplants are stays with a
    transplant DRG that stand. A month is in one row of the person's year.
    """
    grafts = transplants if transplants is not None else _transplant_stays(claims, rules)
    facts = _gathered(
        _lived(enrolment, rules), institutional, ["effective_date", "termination_date"], PERIODS, "periods"
    )
    facts = _gathered(facts, grafts, ["transplant_date", "failure_date"], GRAFTS, "grafts")
    classes = F.create_map(*[F.lit(part) for pair in rules.dual_classes for part in pair])
    told = facts.select(
        *PERSON,
        "month",
        is_esrd(rules).alias("is_esrd"),
        F.coalesce(classes[F.col("dual_code")], F.lit("NONE")).alias("dual_class"),
        is_institutional().alias("is_long_term_institutional"),
        told_apart(graft_months(), rules.graft_months_told_apart).alias("graft_months"),
    )
    return (
        told.groupBy(*PERSON, *STATUS)
        .agg(F.min(F.month("month")).alias("first_month"), as_set(F.col("month")).alias("month_set"))
        .withColumn("is_institution_given", F.lit(institutional is not None))
        .withColumn("is_graft_given", F.lit(transplants is not None))
    )


def accounts(
    enrolment: DataFrame,
    claims: DataFrame,
    institutional: DataFrame | None,
    transplants: DataFrame | None,
    rules: RiskRules,
    told: DataFrame,
) -> DataFrame:
    """Months with enrolment data, alive, are the months of the rows."""
    name = "months to be scored"
    return balance(
        account(name, "in", _lived(enrolment, rules)),
        account(name, "out", told, rows=F.bit_count("month_set")),
    )


def is_esrd(rules: RiskRules) -> Column:
    """Whether a month is one of ESRD (RM 3.6)."""
    return F.coalesce(F.col("medicare_status_code").isin(list(rules.esrd_status_codes)), F.lit(False))


def is_institutional() -> Column:
    """The twin of `decide.is_institutional`, over the array `periods`."""

    def holds(period: Column) -> Column:
        return (period["effective_date"] <= F.col("month")) & F.coalesce(
            period["termination_date"] >= F.col("month"), F.lit(True)
        )

    return F.exists("periods", holds)


def graft_months() -> Column:
    """The twin of `decide.graft_months`, over the array `grafts`."""
    latest = F.array_max(F.filter("grafts", lambda graft: F.trunc(graft["transplant_date"], "month") <= F.col("month")))
    since = (
        (F.year("month") - F.year(latest["transplant_date"])) * MONTHS_OF_A_YEAR
        + F.month("month")
        - F.month(latest["transplant_date"])
        + 1
    )
    stands = F.coalesce(latest["failure_date"] >= F.col("month"), F.lit(True))
    return F.coalesce(F.when(stands, since), F.lit(0))


def told_apart(months: Column, starts: tuple[int, ...]) -> Column:
    """The twin of `decide.told_apart`."""
    return F.coalesce(*[F.when(months >= start, start) for start in reversed(starts)], F.lit(0))


def with_scores(months: DataFrame, scores: DataFrame, on: Sequence[str]) -> DataFrame:
    """Every row of `months` with the columns of the score that is for its month; without one they are empty.

    In: rows with `month`; scores with `month_set`, of which no two of the same `on` share a month.
    """
    same = [F.col(f"m.{name}") == F.col(f"s.{name}") for name in on]
    is_of_month = reduce(and_, [*same, is_in(F.col("s.month_set"), F.col("m.month"))])
    told = [F.col(f"s.{name}") for name in scores.columns if name not in (*on, "month_set")]
    return months.alias("m").join(scores.alias("s"), is_of_month, "left").select("m.*", *told)


def _lived(enrolment: DataFrame, rules: RiskRules) -> DataFrame:
    lived = F.col("is_alive") & (F.col("month") <= F.lit(rules.enrolment_through))
    return enrolment.where(F.col("year").isin(list(rules.years)) & lived).select(
        *PERSON, "month", "medicare_status_code", "dual_code"
    )


def _gathered(facts: DataFrame, rows: DataFrame | None, columns: list[str], kind: str, name: str) -> DataFrame:
    """The rows of each person as one array, empty where there are none."""
    nothing = F.array().cast(kind)
    if rows is None:
        return facts.withColumn(name, nothing)
    gathered = rows.groupBy("bene_key").agg(F.collect_set(F.struct(*columns)).cast(kind).alias(name))
    return facts.join(gathered, "bene_key", "left").withColumn(name, F.coalesce(name, nothing))


def _transplant_stays(claims: DataFrame, rules: RiskRules) -> DataFrame:
    """Stays with a transplant DRG that stand, as transplants."""
    counts = (F.col("sign") > 0) & F.col("cancelled_known_date").isNull() & ~F.col("is_denied")
    stays = claims.where(F.col("drg_code").isin(list(rules.transplant_drgs)) & counts)
    return stays.select(
        "bene_key", F.col("from_date").alias("transplant_date"), F.lit(None).cast("date").alias("failure_date")
    )
