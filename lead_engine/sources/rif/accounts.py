"""Accounts of a RIF load: every record of every file once, as loaded or as quarantined; every line and dollar after it."""

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance
from lead_engine.sources.records import BAD, GOOD, union
from lead_engine.sources.rules import DeliveryRules

from .claims import distinct_records
from .delivery import BENEFICIARY, CLAIMS, RifDelivery
from .records import groups

DELIVERED_TWICE = "DELIVERED_TWICE"


def beneficiary_records(
    spark: SparkSession, deliveries: tuple[RifDelivery, ...], _: str, records: DataFrame
) -> DataFrame:
    """Records of the beneficiary-year files are good or quarantined."""
    return _of_files(spark, deliveries, (BENEFICIARY,), records)


def line_records(spark: SparkSession, deliveries: tuple[RifDelivery, ...], _: str, records: DataFrame) -> DataFrame:
    """Records of the claim files are good or quarantined."""
    return _of_files(spark, deliveries, CLAIMS, records)


def claim(lines: DataFrame, rules: DeliveryRules, claims: DataFrame) -> DataFrame:
    """Claims of good records are claims of the lake, and their payments too."""
    records = distinct_records(lines).withColumn("is_by_line", F.col("claim_type").isin(list(rules.paid_by_line)))
    by_claim = records.groupBy("claim_id").agg(
        F.sum(F.when(F.col("is_by_line"), F.col("line_paid_cents"))).alias("by_line"),
        F.min_by(F.when(~F.col("is_by_line"), F.col("claim_paid_cents")), "line_number").alias("whole"),
    )
    return balance(
        account("claims and payments", "in", by_claim, cents=F.coalesce("by_line", "whole", F.lit(0))),
        account("claims and payments", "out", claims, cents=F.col("paid_cents")),
    )


def claim_line(lines: DataFrame, _: DeliveryRules, kept: DataFrame) -> DataFrame:
    """Good records are claim lines, or the same line delivered again."""
    good = lines.where(GOOD)
    again = good.groupBy("claim_id", "line_number").agg((F.count(F.lit(1)) - 1).alias("more")).where("more > 0")
    return balance(
        account("claim lines", "in", good),
        account("claim lines", "out", kept),
        account("claim lines", "excluded", again, F.lit(DELIVERED_TWICE), rows=F.col("more")),
    )


def _of_files(
    spark: SparkSession, deliveries: tuple[RifDelivery, ...], kinds: tuple[str, ...], records: DataFrame
) -> DataFrame:
    lines = union(
        group.lines(spark).select(group.is_header().alias("is_header")) for group in groups(deliveries, kinds)
    )
    return balance(
        account("records of the files", "in", lines),
        account("records of the files", "out", records.where(GOOD)),
        account("records of the files", "excluded", records.where(BAD), _first_reason()),
        account("records of the files", "excluded", lines.where("is_header"), F.lit("HEADER")),
    )


def _first_reason() -> Column:
    return F.col("problems")[0]["reason"]
