"""Sums of raw scores over the aligned months of each ACO, category and route: whole numbers, whatever the order (BMK-30)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.alignment.own_years import own_months
from lead_engine.lake.accounts import account, balance

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
    eligible: DataFrame,
    acos: DataFrame,
    external: DataFrame | None,
    rules: RiskRatioRules,
) -> DataFrame:
    """`calc__aco_risk`: months, people and scores of every cell by year and kind of score (BMK-30, BMK-34, BMK-37).

    In: `calc__alignment_month`, `calc__risk_score`, `calc__beneficiary_month`, `core__aco` and, where scores are given
    from outside, `core__external_risk_score`. A month without a score counts in `months`, not in `scored_months`.
    """
    own = own_cells(months, acos, rules)
    first_year = F.col("first_performance_year") == F.col("year")
    is_newly = F.when(F.col("route") == BY_CLAIMS, F.lit(False)).when(first_year, F.lit(True))
    people = (
        own.unionByName(_history(own, eligible, acos, rules))
        .join(F.broadcast(acos.select("aco_id", "first_performance_year")), "aco_id")
        .withColumn("is_newly", is_newly)
        .groupBy(*CELL, "bene_key", "is_newly")
        .agg(F.count(F.lit(1)).alias("months"))
        .join(F.broadcast(_wanted(scores, rules)), "category")
        .join(person_scores(scores, external, rules), SCORED, "left")
    )
    scored = F.when(F.col("millionths").isNotNull(), F.col("months"))
    summed = people.groupBy(*CELL, "kind").agg(
        F.max(F.coalesce("given_model", "model")).alias("model"),
        _texts("model_version").alias("model_version"),
        F.count(F.lit(1)).alias("people"),
        F.sum("months").alias("months"),
        # One month of which nobody knows whether it is of a first voluntary year leaves the sum unknown.
        F.when(F.count("is_newly") == F.count(F.lit(1)), F.sum(F.col("is_newly").cast("int") * F.col("months"))).alias(
            "newly_voluntary_months"
        ),
        F.count(scored).alias("scored_people"),
        F.coalesce(F.sum(scored), F.lit(0)).alias("scored_months"),
        F.coalesce(F.sum(F.col("millionths") * F.col("months")), F.lit(0)).alias("score_millionths"),
        _texts("flags").alias("flags"),
        F.max("lineage").alias("lineage"),  # one for a year and category, by the contract of the list
    )
    return summed.where((F.col("kind") == HCC) | (F.col("scored_months") > 0))


def accounts(
    months: DataFrame,
    scores: DataFrame,
    eligible: DataFrame,
    acos: DataFrame,
    external: DataFrame | None,
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
    hcc = (
        person_scores(scores, None, rules)
        .where(F.col("kind") == HCC)
        .select("category", "bene_key", "year", "millionths")
    )
    went_in = own.join(hcc, ["category", "bene_key", "year"], "left")
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


def own_cells(months: DataFrame, acos: DataFrame, rules: RiskRatioRules) -> DataFrame:
    """Aligned months of the years of each ACO: person, ACO, category, route, year and month."""
    own = own_months(months, acos, rules.performance_year, rules.base_year_count)
    route = F.when(F.col("route") == BOTH, BY_CLAIMS).otherwise(F.col("route"))
    return own.select(
        "aco_id", "category", route.alias("route"), F.col("aligned_year").alias("year"), "bene_key", "month"
    )


def _history(own: DataFrame, eligible: DataFrame, acos: DataFrame, rules: RiskRatioRules) -> DataFrame:
    """Eligible months in the ACO's base years of the people on another route than claims in the performance year."""
    others = own.where((F.col("route") != BY_CLAIMS) & (F.col("year") == rules.performance_year))
    people = others.select("aco_id", "route", "bene_key").distinct()
    facts = eligible.where("is_eligible").select("bene_key", "category", F.col("year").alias("aligned_year"), "month")
    base = own_months(facts.join(people, "bene_key"), acos, rules.performance_year, rules.base_year_count)
    history = base.where(F.col("aligned_year") != rules.performance_year)
    return history.withColumnRenamed("aligned_year", "year").select(*own.columns)


def _is_history(rules: RiskRatioRules) -> Column:
    return (F.col("route") != BY_CLAIMS) & (F.col("year") != rules.performance_year)


def _wanted(scores: DataFrame, rules: RiskRatioRules) -> DataFrame:
    """Which kinds of score a category is summed for, and by which model."""
    rows = [(category, HCC, rules.of(category).model) for category in CATEGORIES]
    rows += [(category, DEMOGRAPHIC, rules.demographic_model) for category in CATEGORIES]
    rows += [(category, EXTERNAL, "") for category in CATEGORIES]
    return scores.sparkSession.createDataFrame(rows, "category string, kind string, model string")


def person_scores(scores: DataFrame, external: DataFrame | None, rules: RiskRatioRules) -> DataFrame:
    """The score of each person, year, category and kind, in millionths."""
    wanted = _wanted(scores, rules)
    own = scores.join(F.broadcast(wanted), "model").select(
        *SCORED,
        millionths("raw_score").alias("millionths"),
        F.col("model").alias("given_model"),
        "model_version",
        "flags",
        F.lit(None).cast("string").alias("lineage"),
    )
    if external is None:
        return own
    given = external.select(
        F.lit(EXTERNAL).alias("kind"),
        *SCORED[1:],
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
