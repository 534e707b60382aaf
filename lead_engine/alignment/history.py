"""Base-year months of the people aligned by another route than claims: what the voluntary benchmark rests on (ALN-60)."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from .decide import Route
from .own_years import own_months
from .rules import AlignmentRules

BY_CLAIMS = [Route.CLAIMS.value, Route.BOTH.value]  # both counts as claims (ALN-39)


def history(alignments: DataFrame, months: DataFrame, acos: DataFrame, rules: AlignmentRules) -> DataFrame:
    """`calc__voluntary_history`: eligible months in the base years of the ACO each person is aligned to (ALN-60).

    In: `calc__alignment`, `calc__beneficiary_month`, `core__aco`. There is no voluntary alignment in a base year: these
    months are the history of the performance year's people, and count beside those aligned by claims.
    """
    is_other = ~F.col("route").isin(BY_CLAIMS) & F.col("effective_month").isNotNull()
    people = alignments.where(is_other & (F.col("aligned_year") == rules.performance_year))
    facts = months.where("is_eligible").select(
        "bene_key", F.col("year").alias("aligned_year"), "month", "category", "county_code"
    )
    told = facts.join(people.select("bene_key", "aco_id", "route"), "bene_key")
    base = own_months(told, acos, rules.performance_year, rules.base_year_count)
    return base.where(F.col("aligned_year") != rules.performance_year).withColumnRenamed("aligned_year", "year")
