"""Spending by person, month and claim type (BMK-3, BMK-4)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance

from .rules import SpendRules


def by_month(claims: DataFrame, rules: SpendRules) -> DataFrame:
    """`calc__spend_month`: Medicare payments in the month of the claim's from-date, cancellations subtracted.

    In: `core__claim`. Out: one row per person, month and claim type with cents and claims. Claim types that are not
    Part A or B spending stay out and are accounted for.
    """
    month = F.trunc("from_date", "month").alias("month")
    sums = [F.sum(_signed_cents()).alias("paid_cents"), F.sum("sign").cast("int").alias("claims")]
    return (
        claims.where(_is_spending(rules))
        .groupBy("bene_key", month, F.col("from_year").alias("year"), "claim_type")
        .agg(*sums)
    )


def accounts(claims: DataFrame, rules: SpendRules, spend: DataFrame) -> DataFrame:
    """Claims and dollars delivered are those spent and those of claim types that are not spending."""
    signed = F.col("sign")
    others = claims.where(~_is_spending(rules))
    name = "claims (cancellations subtracted) and their payments"
    return balance(
        account(name, "in", claims, rows=signed, cents=_signed_cents()),
        account(name, "out", spend, rows=F.col("claims"), cents=F.col("paid_cents")),
        account(
            name, "excluded", others, F.concat(F.lit("CLAIM_TYPE_"), "claim_type"), rows=signed, cents=_signed_cents()
        ),
    )


def _is_spending(rules: SpendRules) -> Column:
    return F.col("claim_type").isin(list(rules.claim_types))


def _signed_cents() -> Column:
    return F.col("sign") * F.col("paid_cents")
