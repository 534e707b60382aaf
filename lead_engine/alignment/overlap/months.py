"""Months in which another model goes before LEAD, over whole tables: `decide.overlap_of` as Spark expressions."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.foundation.months import months_of
from lead_engine.lake.accounts import account, balance

from .rules import OverlapRules

MONTH = ["bene_key", "month"]
AFTER, SECOND = "NOT_BEFORE_LEAD", "ANOTHER_MODEL_FIRST"


def overlap_months(people: DataFrame, rules: OverlapRules) -> DataFrame:
    """`calc__overlap_month` from `core__other_model_person`: months of the performance year that LEAD cannot have (ALN-45)."""
    first = _placed(people, rules).where("excluded is null")
    entries = F.array(*[F.lit(entry) for entry in rules.before_lead]).cast("array<string>")
    return first.select(*MONTH, "model", F.get(entries, F.col("place")).alias("excluded_by"))


def accounts(people: DataFrame, rules: OverlapRules, months: DataFrame) -> DataFrame:
    """Months of people in other models are months that go before LEAD, and those that do not or are of a second model."""
    placed = _placed(people, rules)
    return balance(
        account("person-months in other models", "in", placed),
        account("person-months in other models", "out", months),
        account("person-months in other models", "excluded", placed.where("excluded is not null"), F.col("excluded")),
    )


def _placed(people: DataFrame, rules: OverlapRules) -> DataFrame:
    """Every person, model and month of the performance year with its place in the order, or why it is excluded."""
    months = F.explode(F.array(*[F.lit(month) for month in months_of(rules.performance_year)])).alias("month")
    is_there = (F.col("start_date") <= F.col("month")) & (
        F.col("end_date").isNull() | (F.col("end_date") >= F.col("month"))
    )
    placed = people.select("bene_key", "model", "assignment", "start_date", "end_date", months).where(is_there)
    placed = placed.withColumn("place", _place(rules))
    best = Window.partitionBy(*MONTH).orderBy(F.asc_nulls_last("place"), "model", "start_date")
    excluded = F.when(F.col("place").isNull(), AFTER).when(F.row_number().over(best) > 1, SECOND)
    return placed.withColumn("excluded", excluded)


def _place(rules: OverlapRules) -> Column:
    """The place of the first entry before LEAD that names the model, or the model with its assignment."""
    place = F.lit(None).cast("int")
    for number, entry in reversed(list(enumerate(rules.before_lead))):
        model, _, assignment = entry.partition(":")
        is_named = F.col("model") == model
        if assignment:
            is_named &= F.coalesce(F.col("assignment") == assignment, F.lit(False))
        place = F.when(is_named, F.lit(number)).otherwise(place)
    return place
