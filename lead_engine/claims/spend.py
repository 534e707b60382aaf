"""Spending by person, month and claim type (BMK-3, BMK-4)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance

from .known import arrived
from .rules import SpendRules


def by_month(claims: DataFrame, rules: SpendRules) -> DataFrame:
    """`calc__spend_month`: Medicare payments in the month of the claim's from-date, cancellations subtracted.

    In: `core__claim`. Out: one row per person, month and claim type with cents and claims. Claim types that are not
    Part A or B spending, and records known after the cut-off, stay out and are accounted for.
    """
    month = F.trunc("from_date", "month").alias("month")
    sums = [F.sum(_signed_cents()).alias("paid_cents"), F.sum("sign").cast("int").alias("claims")]
    return (
        claims.where(_excluded(rules).isNull())
        .groupBy("bene_key", month, F.col("from_year").alias("year"), "claim_type")
        .agg(*sums)
    )


def accounts(claims: DataFrame, rules: SpendRules, spend: DataFrame) -> DataFrame:
    """Claims and dollars delivered are those spent, those of claim types that are not spending and those known late."""
    signed = F.col("sign")
    others = claims.withColumn("reason", _excluded(rules)).where("reason is not null")
    name = "claims (cancellations subtracted) and their payments"
    return balance(
        account(name, "in", claims, rows=signed, cents=_signed_cents()),
        account(name, "out", spend, rows=F.col("claims"), cents=F.col("paid_cents")),
        account(name, "excluded", others, F.col("reason"), rows=signed, cents=_signed_cents()),
    )


def _excluded(rules: SpendRules) -> Column:
    """Why a record does not count, null where it does."""
    other = ~F.col("claim_type").isin(list(rules.claim_types))
    late = ~arrived(rules.claims_cutoff) if rules.claims_cutoff else F.lit(False)
    return F.when(other, F.concat(F.lit("CLAIM_TYPE_"), "claim_type")).when(late, F.lit("KNOWN_LATE"))


def _signed_cents() -> Column:
    return F.col("sign") * F.col("paid_cents")
