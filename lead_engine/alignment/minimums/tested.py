"""The people of every ACO, counted over whole tables, and the verdict of `decide.py` on each: a row an ACO."""

from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.sources.acos import NEWLY_ENTERING, Aco
from lead_engine.tables import CONTRACTS

from .decide import People, verdict
from .rules import MinimumRules

TABLE = "calc__aco_minimum"
BY_CLAIMS = ("C", "B")
ESRD = "ESRD"


def minimums(
    spark: SparkSession, acos: list[Aco], months: DataFrame, high_needs: DataFrame | None, rules: MinimumRules
) -> DataFrame:
    """`calc__aco_minimum` from the list of ACOs, `calc__alignment_month` and `calc__high_needs` (ALN-13 to ALN-17).

    `high_needs` is None where nobody evaluates it.
    """
    counted = {(row["aco_id"], row["year"]): row for row in people_by_year(months, rules, high_needs).collect()}
    contract = CONTRACTS[TABLE]
    rows = [_row(aco, counted, rules, high_needs is not None) for aco in acos]
    return spark.createDataFrame([tuple(row[name] for name in contract.columns) for row in rows], contract.schema)


def people_by_year(months: DataFrame, rules: MinimumRules, high_needs: DataFrame | None) -> DataFrame:
    """People aligned in January by ACO and year: in base years by claims, in the performance year by any route.

    Alignment of a year before it begins is what holds in its January; whom a later month adds is not tested (ALN-17).
    """
    is_performance_year = F.col("aligned_year") == rules.performance_year
    january = months.where((F.month("month") == 1) & (is_performance_year | F.col("route").isin(list(BY_CLAIMS))))
    if high_needs is None:
        january = january.withColumn("has_high_needs", F.lit(None).cast("boolean"))
    else:
        found = high_needs.where(F.col("hn_first_check_date") <= F.lit(rules.january)).select("bene_key").distinct()
        january = january.join(found.withColumn("found", F.lit(True)), "bene_key", "left")
        january = january.withColumn("has_high_needs", F.coalesce("found", F.lit(False)))
    with_either = F.col("has_high_needs") | (F.col("category") == ESRD)
    return january.groupBy("aco_id", F.col("aligned_year").alias("year")).agg(
        F.count(F.lit(1)).cast("int").alias("people"),
        F.count_if("has_high_needs").cast("int").alias("high_needs"),
        F.count_if(with_either).cast("int").alias("high_needs_or_esrd"),
    )


def _row(aco: Aco, counted: dict[tuple[str, int], Any], rules: MinimumRules, is_evaluated: bool) -> dict[str, Any]:
    """The row of one ACO."""
    own = counted.get((aco.aco_id, rules.performance_year))
    base_years = range(aco.first_performance_year - rules.base_year_count, aco.first_performance_year)
    by_year = {year: counted[aco.aco_id, year]["people"] for year in base_years if (aco.aco_id, year) in counted}
    best = max(by_year, key=lambda year: (by_year[year], year), default=None)
    is_there = rules.january <= rules.enrolment_through
    people = People(
        aligned=(own["people"] if own else 0) if is_there else None,
        base_year=by_year[best] if best else 0,
        high_needs=(own["high_needs"] if own else 0) if is_there and is_evaluated else None,
        high_needs_or_esrd=(own["high_needs_or_esrd"] if own else 0) if is_there and is_evaluated else None,
    )
    told = verdict(people, aco.experience == NEWLY_ENTERING, aco.attests_high_needs_care, rules)
    return {
        "performance_year": rules.performance_year,
        "aco_id": aco.aco_id,
        "experience": aco.experience,
        "attests_high_needs_care": aco.attests_high_needs_care,
        "aligned_people": people.aligned,
        "best_base_year": best,
        "base_year_people": people.base_year,
        "high_needs_people": people.high_needs,
        "high_needs_or_esrd_people": people.high_needs_or_esrd,
        "is_high_needs_share": told.is_high_needs_share,
        "minimum_row": told.minimum.row.value,
        "minimum_aligned_people": told.minimum.aligned,
        "minimum_base_year_people": told.minimum.base_year,
        "below_minimum": told.below_minimum,
        "reason": told.reason.value,
    }
