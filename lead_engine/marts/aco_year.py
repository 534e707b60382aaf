"""ACO by aligned year and category: people, months, dollars, risk."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.alignment.own_years import own_months
from lead_engine.lake.accounts import account, balance
from lead_engine.risk.all_scores import all_scores
from lead_engine.risk.status import with_scores
from lead_engine.tables.contract import SCORE_SUM_TYPE

from .rules import AcoYearRules, MartRules
from .suppress import Cell, Why, hidden

ALL = "ALL"
SCORED_CATEGORY = "AD"  # raw scores of ESRD models stand on another scale and are never averaged with these
PER_ACO_YEAR = ["aco_id", "year"]


def exact(
    months: DataFrame,
    spend: DataFrame,
    scores: DataFrame,
    promoted: DataFrame | None,
    acos: DataFrame,
    rules: AcoYearRules,
) -> DataFrame:
    """`calc__aco_year`: sums over the aligned months of an ACO's base years and the performance year.

    In: `calc__alignment_month`, `calc__spend_month`, `calc__risk_score`, where the run names a promoted model
    `calc__substitute_score`, `core__aco`.
    """
    paid = spend.groupBy("bene_key", "month").agg(F.sum("paid_cents").alias("paid_cents"))
    of_model = all_scores(scores, promoted).where(F.col("model") == rules.model)
    raw = of_model.select("bene_key", F.col("year").alias("aligned_year"), "month_set", "raw_score")
    paid_months = own_months(months, acos, rules.performance_year, rules.base_year_count).join(
        paid, ["bene_key", "month"], "left"
    )
    own = with_scores(paid_months, raw, ["bene_key", "aligned_year"])
    score = F.when(F.col("month_category") == SCORED_CATEGORY, F.col("raw_score"))
    both = own.withColumnRenamed("category", "month_category").withColumn(
        "category", F.explode(F.array("month_category", F.lit(ALL)))
    )
    return (
        both.groupBy("aco_id", F.col("aligned_year").alias("year"), "category")
        .agg(
            F.count_distinct("bene_key").alias("people"),
            F.count(F.lit(1)).alias("months"),
            F.sum(F.coalesce("paid_cents", F.lit(0))).alias("paid_cents"),
            F.count_distinct(F.when(score.isNotNull(), F.col("bene_key"))).alias("scored_people"),
            F.count(score).alias("scored_months"),
            F.coalesce(F.sum(score), F.lit(0)).cast(SCORE_SUM_TYPE).alias("score_sum"),
        )
        .withColumn("months_through", _months_through(rules))
    )


def accounts(
    months: DataFrame,
    spend: DataFrame,
    scores: DataFrame,
    promoted: DataFrame | None,
    acos: DataFrame,
    rules: AcoYearRules,
    told: DataFrame,
) -> DataFrame:
    """Aligned months and their dollars are those of the totals, and of the categories; other years of an ACO stay out."""
    paid = spend.groupBy("bene_key", "month").agg(F.sum("paid_cents").alias("paid_cents"))
    went_in = months.join(paid, ["bene_key", "month"], "left")
    own = own_months(months, acos, rules.performance_year, rules.base_year_count).select(
        "bene_key", "month", F.lit(True).alias("own")
    )
    others = went_in.join(own, ["bene_key", "month"], "left").where("own is null")
    sides = []
    for name, shown in (
        ("aligned months by ACO", F.col("category") == ALL),
        ("aligned months by category", F.col("category") != ALL),
    ):
        sides += [
            account(name, "in", went_in, cents=F.col("paid_cents")),
            account(name, "out", told.where(shown), rows=F.col("months"), cents=F.col("paid_cents")),
            account(name, "excluded", others, F.lit("NOT_A_YEAR_OF_THE_ACO"), cents=F.col("paid_cents")),
        ]
    return balance(*sides)


def published(cells: DataFrame, acos: DataFrame, rules: MartRules) -> DataFrame:
    """`mart__aco_year`: the same with small cells, and what would reveal them, left empty (ALN-64)."""
    counted = cells.select(*PER_ACO_YEAR, "category", "people").collect()
    kept_back = hidden(
        [Cell(row["aco_id"], row["year"], row["category"], row["people"]) for row in counted], rules.smallest_cell
    )
    rows = [(cell.aco_id, cell.year, cell.category, why.value) for cell, why in sorted(kept_back.items())]
    withheld = cells.sparkSession.createDataFrame(rows, "aco_id string, year int, category string, why string")
    told = cells.join(withheld, [*PER_ACO_YEAR, "category"], "left").join(acos.select("aco_id", "aco_name"), "aco_id")
    shown = F.col("why").isNull()
    has_mean = (
        F.coalesce(F.col("why") != Why.SMALL, F.lit(True))
        & (F.col("category") == SCORED_CATEGORY)
        & (F.col("scored_people") >= rules.smallest_cell)
    )
    paid = (F.col("paid_cents").cast("decimal(20,2)") / 100).cast("decimal(18,2)")
    return told.select(
        "aco_id",
        "aco_name",
        "year",
        "category",
        "months_through",
        F.when(shown, F.col("people")).alias("people"),
        F.when(shown, F.col("months")).alias("months"),
        F.when(shown, paid).alias("paid_usd"),
        F.when(shown, F.round(paid / F.col("months"), 2)).alias("pbpm_usd"),
        F.when(has_mean, F.round(F.col("score_sum") / F.col("scored_months"), 4)).alias("mean_risk_score"),
        (~shown).alias("is_suppressed"),
        F.lit(rules.basis).alias("basis"),
    )


def _months_through(rules: AcoYearRules) -> Column:
    last = F.least(F.make_date("year", F.lit(12), F.lit(1)), F.lit(rules.enrolment_through))
    return F.date_format(last, "yyyy-MM")
