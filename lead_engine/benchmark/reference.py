"""Sums of raw scores over every eligible month of a lake that holds the nation: whole numbers (BMK-32).

Only where a run says so (`reference_population: lake`). People of an ACO never stand in for the nation.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance
from lead_engine.lake.month_sets import as_set
from lead_engine.risk.all_scores import all_scores
from lead_engine.risk.status import with_scores

from .aco_risk import HCC, scored_people, scores_by_kind, wanted
from .rules import RiskRatioRules

CELL = ["category", "year"]
PERSON = ["category", "bene_key", "year"]


def sums(
    eligible: DataFrame,
    scores: DataFrame,
    external: DataFrame | None,
    promoted: DataFrame | None,
    rules: RiskRatioRules,
) -> DataFrame:
    """`calc__reference_risk`: eligible months, people and scores of every category by year and kind of score (BMK-32).

    In: `calc__beneficiary_month`, `calc__risk_score`; where scores are given from outside, `core__external_risk_score`;
    where the run names a promoted model, `calc__substitute_score`. A month without a score counts in `months` alone.
    """
    given = scores_by_kind(all_scores(scores, promoted), external, rules)
    held = (
        eligible.where("is_eligible")
        .groupBy(*PERSON)
        .agg(F.count(F.lit(1)).alias("months"), as_set(F.col("month")).alias("held"))
        .join(F.broadcast(wanted(scores, rules)), "category")
    )
    summed = (
        scored_people(held, given, CELL)
        .groupBy(*CELL, "kind")
        .agg(
            F.max("model").alias("model"),
            F.count(F.lit(1)).alias("people"),
            F.sum("months").alias("months"),
            F.sum("scored_months").alias("scored_months"),
            F.sum("score_millionths").alias("score_millionths"),
        )
    )
    return summed.where((F.col("kind") == HCC) | (F.col("scored_months") > 0))


def accounts(
    eligible: DataFrame,
    scores: DataFrame,
    external: DataFrame | None,
    promoted: DataFrame | None,
    rules: RiskRatioRules,
    told: DataFrame,
) -> DataFrame:
    """Eligible months are months with a score and months without, by category; scores are added month by month beside."""
    of_hcc = scores_by_kind(all_scores(scores, promoted), None, rules).where(F.col("kind") == HCC)
    went_in = with_scores(eligible.where("is_eligible"), of_hcc.select(*PERSON, "month_set", "millionths"), PERSON)
    hcc = told.where(F.col("kind") == HCC)
    name, unscored = "eligible months and millionths of score", F.concat(F.lit("NO_SCORE_"), F.col("category"))
    return balance(
        account(name, "in", went_in, cents=F.col("millionths")),
        account(name, "out", hcc, rows=F.col("scored_months"), cents=F.col("score_millionths")),
        account(name, "excluded", hcc, unscored, F.col("months") - F.col("scored_months")),
    )
