"""Sums of raw scores over the aligned months of each ACO, category and route: whole numbers, whatever the order (BMK-30)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.alignment.own_years import own_months
from lead_engine.lake.accounts import account, balance
from lead_engine.lake.month_sets import WHOLE_YEAR, as_set, months_in
from lead_engine.risk.all_scores import all_scores
from lead_engine.risk.status import with_scores

from .risk_ratio import MILLIONTHS
from .rules import CATEGORIES, RiskRatioRules

HCC, EXTERNAL, DEMOGRAPHIC = "HCC", "EXTERNAL", "DEMOGRAPHIC"
CELL = ["aco_id", "category", "route", "year"]
SCORED = ["kind", "category", "bene_key", "year"]
EXTERNAL_FLAG = "EXTERNAL_MODEL"
BOTH, BY_CLAIMS = "B", "C"  # aligned by both routes counts as by claims


def sums(
    months: DataFrame,
    scores: DataFrame,
    history: DataFrame,
    acos: DataFrame,
    external: DataFrame | None,
    promoted: DataFrame | None,
    rules: RiskRatioRules,
) -> DataFrame:
    """`calc__aco_risk`: months, people and scores of every cell by year and kind of score (BMK-30, BMK-34, BMK-37).

    In: `calc__alignment_month`, `calc__risk_score`, `calc__voluntary_history`, `core__aco`; where scores are given from
    outside, `core__external_risk_score`; where the run names a promoted model, `calc__substitute_score`. A month without a
    score counts in `months`, not in `scored_months`. Newly voluntary months are those alignment says are; it is silent on
    the Medicaid route, where all are in the ACO's first year.
    """
    own, given = own_cells(months, acos, rules), scores_by_kind(all_scores(scores, promoted), external, rules)
    people = _people(own.unionByName(_history(history)), acos).join(F.broadcast(wanted(scores, rules)), "category")
    # One month of which nobody knows whether it is of a first voluntary year leaves the sum unknown.
    knows_all = F.count("is_newly") == F.count(F.lit(1))
    summed = (
        scored_people(people, given, [*CELL, "is_newly"])
        .groupBy(*CELL, "kind")
        .agg(
            F.max("model").alias("model"),
            _texts("model_version").alias("model_version"),
            F.count(F.lit(1)).alias("people"),
            F.sum("months").alias("months"),
            F.when(knows_all, F.sum(F.col("is_newly").cast("int") * F.col("months"))).alias("newly_voluntary_months"),
            F.count_if(F.col("scored_months") > 0).alias("scored_people"),
            F.sum("scored_months").alias("scored_months"),
            F.sum("score_millionths").alias("score_millionths"),
            _texts("flags").alias("flags"),
            F.max("lineage").alias("lineage"),  # one for a cell and kind: of the list, by its contract, or of the model
        )
    )
    return summed.where((F.col("kind") == HCC) | (F.col("scored_months") > 0))


def accounts(
    months: DataFrame,
    scores: DataFrame,
    history: DataFrame,
    acos: DataFrame,
    external: DataFrame | None,
    promoted: DataFrame | None,
    rules: RiskRatioRules,
    told: DataFrame,
) -> DataFrame:
    """Aligned months are months with a score, months without, by category, and months of no year of the ACO.

    Their scores are added month by month beside the sums, which go person by person.
    """
    own = months.join(
        own_cells(months, acos, rules).select("bene_key", "month", F.lit(True).alias("own")),
        ["bene_key", "month"],
        "left",
    ).withColumn("year", F.col("aligned_year"))
    of_hcc = scores_by_kind(all_scores(scores, promoted), None, rules).where(F.col("kind") == HCC)
    hcc = of_hcc.select("category", "bene_key", "year", "month_set", "millionths")
    went_in = with_scores(own, hcc, ["category", "bene_key", "year"])
    aligned = told.where((F.col("kind") == HCC) & ~_is_history(rules))
    unscored = F.concat(F.lit("NO_SCORE_"), F.col("category"))
    name = "aligned months and millionths of score"
    out = {"rows": F.col("scored_months"), "cents": F.col("score_millionths")}
    outside = went_in.where("own is null")
    return balance(
        account(name, "in", went_in, cents=F.col("millionths")),
        account(name, "out", aligned, rows=out["rows"], cents=out["cents"]),
        account(name, "excluded", aligned, unscored, F.col("months") - F.col("scored_months")),
        account(name, "excluded", outside, F.lit("NOT_A_YEAR_OF_THE_ACO"), cents=F.col("millionths")),
    )


def _people(months: DataFrame, acos: DataFrame) -> DataFrame:
    """One row per person of a cell: how many months, which, and whether they are of a first voluntary year."""
    first_year = F.col("first_performance_year") == F.col("year")
    is_newly = F.when(F.col("route") == BY_CLAIMS, F.lit(False)).otherwise(
        F.coalesce("is_newly_voluntary", F.when(first_year, F.lit(True)))
    )
    return (
        months.join(F.broadcast(acos.select("aco_id", "first_performance_year")), "aco_id")
        .withColumn("is_newly", is_newly)
        .groupBy(*CELL, "bene_key", "is_newly")
        .agg(F.count(F.lit(1)).alias("months"), as_set(F.col("month")).alias("held"))
    )


def scored_people(people: DataFrame, scores: DataFrame, cell: list[str]) -> DataFrame:
    """People of a cell with the months of theirs that have a score and its sum over them (RM 3.4).

    In: people by cell and kind with `months` and the set `held` of them; scores of `scores_by_kind`.
    Where months of a person are not alike there are several scores, each for its own months, that rest on the same.
    """
    months = F.coalesce(months_in(F.col("held"), F.col("month_set")), F.lit(0)).cast("bigint")
    rests_on = [F.max(F.when(months > 0, F.col(name))).alias(name) for name in ("model_version", "flags", "lineage")]
    return (
        people.join(scores, SCORED, "left")
        .groupBy(*cell, "kind", "bene_key", "months")
        .agg(
            F.max(F.coalesce("given_model", "model")).alias("model"),
            F.sum(months).alias("scored_months"),
            F.coalesce(F.sum(F.col("millionths") * months), F.lit(0)).alias("score_millionths"),
            *rests_on,
        )
    )


def own_cells(months: DataFrame, acos: DataFrame, rules: RiskRatioRules) -> DataFrame:
    """Aligned months of the years of each ACO: person, ACO, category, route, year and month."""
    own = own_months(months, acos, rules.performance_year, rules.base_year_count)
    route = F.when(F.col("route") == BOTH, BY_CLAIMS).otherwise(F.col("route"))
    return own.select(
        "aco_id",
        "category",
        route.alias("route"),
        F.col("aligned_year").alias("year"),
        "bene_key",
        "month",
        "is_newly_voluntary",
    )


def _history(history: DataFrame) -> DataFrame:
    """Base-year months of the people on another route than claims, in which nobody is newly or continuously voluntary."""
    return history.select(
        "aco_id",
        "category",
        "route",
        "year",
        "bene_key",
        "month",
        F.lit(None).cast("boolean").alias("is_newly_voluntary"),
    )


def _is_history(rules: RiskRatioRules) -> Column:
    return (F.col("route") != BY_CLAIMS) & (F.col("year") != rules.performance_year)


def wanted(scores: DataFrame, rules: RiskRatioRules) -> DataFrame:
    """Which kinds of score a category is summed for, and by which model."""
    rows = [(category, HCC, rules.of(category).model) for category in CATEGORIES]
    rows += [(category, DEMOGRAPHIC, rules.demographic_model) for category in CATEGORIES]
    rows += [(category, EXTERNAL, "") for category in CATEGORIES]
    return scores.sparkSession.createDataFrame(rows, "category string, kind string, model string")


def scores_by_kind(scores: DataFrame, external: DataFrame | None, rules: RiskRatioRules) -> DataFrame:
    """The scores of each person, year, category and kind, in millionths, each with the months it is for."""
    own = scores.join(F.broadcast(wanted(scores, rules)), "model").select(
        *SCORED,
        "month_set",
        millionths("raw_score").alias("millionths"),
        F.col("model").alias("given_model"),
        "model_version",
        "flags",
        "lineage",
    )
    if external is None:
        return own
    given = external.select(
        F.lit(EXTERNAL).alias("kind"),
        *SCORED[1:],
        F.lit(WHOLE_YEAR).alias("month_set"),
        millionths("raw_score").alias("millionths"),
        F.col("model").alias("given_model"),
        "model_version",
        F.lit(EXTERNAL_FLAG).alias("flags"),
        "lineage",
    )
    return own.unionByName(given)


def millionths(score: str) -> Column:
    """A score as a whole number: scores from outside have six decimals, those of the engine four."""
    return (F.col(score).cast("decimal(18,6)") * MILLIONTHS).cast("bigint")


def _texts(column: str) -> Column:
    """Every text the column holds in a group, once, in order; comma-separated texts taken apart."""
    parts = F.array_sort(F.array_distinct(F.flatten(F.collect_set(F.split(column, ",")))))
    joined = F.array_join(parts, ",")
    return F.when(joined != "", joined)
