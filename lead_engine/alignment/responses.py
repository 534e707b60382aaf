"""What is answered to every choice, over whole tables: `designations.response` as Spark expressions (ALN-35)."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance

from .choice_rules import ChoiceRules
from .choices import holding, is_withdrawn, order, runs
from .decide import OVERLAP, SERVICE_AREA, Route
from .designations import ALREADY, CODES, NEW, SVA, Passed


def responses(
    judged: DataFrame,
    alignments: DataFrame,
    months: DataFrame,
    beneficiaries: DataFrame,
    service_area: DataFrame | None,
    overlap: DataFrame | None,
    rules: ChoiceRules,
) -> DataFrame:
    """`calc__attestation_response`: the code of every signed attestation and its reason; of designations the reason.

    In: `calc__designation`, `calc__alignment`, `calc__beneficiary_month`, `core__beneficiary`, `calc__service_area`,
    `calc__overlap_month`. Each row is answered for the month whose run sees it first.
    """
    asked = _in_their_month(judged, rules)
    people = F.broadcast(asked.select("bene_key").distinct())
    seen = (
        asked.join(_ahead(asked, judged, rules), "attestation_id", "left")
        .join(_aligned(alignments, rules).join(people, "bene_key", "left_semi"), "bene_key", "left")
        .join(beneficiaries.select("bene_key", "death_date").join(people, "bene_key", "left_semi"), "bene_key", "left")
        .join(_month_facts(months, people, rules), ["bene_key", "month"], "left")
    )
    told = _reason(_with_bars(seen, service_area, overlap))
    code = F.create_map(*[F.lit(str(part)) for pair in CODES.items() for part in pair])[F.col("reason")]
    answer = F.when(F.col("reason").isNotNull(), code).when(_is_already(), ALREADY).otherwise(NEW)
    return told.select(
        "attestation_id",
        "bene_key",
        "channel",
        "aco_id",
        "signature_date",
        "known_date",
        F.when(F.col("channel") == SVA, answer).alias("response_code"),
        "reason",
        F.col("month").alias("answer_month"),
    )


def _aligned(alignments: DataFrame, rules: ChoiceRules) -> DataFrame:
    """What became of each person in the performance year."""
    return alignments.where(F.col("aligned_year") == rules.performance_year).select(
        "bene_key",
        F.col("aco_id").alias("aligned_to"),
        F.col("effective_month").alias("aligned_from"),
        F.when(F.col("end_reason").isNotNull(), F.col("end_month")).alias("lost_after"),
        F.col("route").isin(Route.CLAIMS.value, Route.BOTH.value).alias("by_claims"),
    )


def accounts(
    judged: DataFrame,
    alignments: DataFrame,
    months: DataFrame,
    beneficiaries: DataFrame,
    service_area: DataFrame | None,
    overlap: DataFrame | None,
    rules: ChoiceRules,
    told: DataFrame,
) -> DataFrame:
    """Choices are those without a reason against them and those with one, by reason."""
    return balance(
        account("choices answered", "in", judged),
        account("choices answered", "out", told.where("reason is null")),
        account("choices answered", "excluded", told.where("reason is not null"), F.col("reason")),
    )


def _in_their_month(judged: DataFrame, rules: ChoiceRules) -> DataFrame:
    """Every choice with `month`, whose run sees it first, and its `cutoff`; both empty after the last of the year."""
    found = judged.select("attestation_id", "known_date").join(
        F.broadcast(runs(judged, rules)), F.col("known_date") <= F.col("cutoff")
    )
    first = found.groupBy("attestation_id").agg(F.min(F.struct("month", "cutoff")).alias("run"))
    return judged.join(first.select("attestation_id", "run.month", "run.cutoff"), "attestation_id", "left")


def _ahead(asked: DataFrame, judged: DataFrame, rules: ChoiceRules) -> DataFrame:
    """For each choice, whether an attestation to the same ACO, or a choice of another, goes before it in its month."""
    held = holding(judged, rules).select("bene_key", "month", "aco_id", "channel", *_KEYS)
    own = asked.where("month is not null").select(
        F.col("attestation_id").alias("own_id"), "bene_key", "month", F.col("aco_id").alias("own_aco")
    )
    best = Window.partitionBy("own_id").orderBy(*order())
    compared = own.join(held, ["bene_key", "month"]).withColumn("place", F.row_number().over(best))
    own_place = F.min(F.when(F.col("attestation_id") == F.col("own_id"), F.col("place"))).over(
        Window.partitionBy("own_id")
    )
    is_ahead = F.col("place") < F.col("own_place")
    is_same = F.col("aco_id").eqNullSafe(F.col("own_aco"))
    return (
        compared.withColumn("own_place", own_place)
        .groupBy(F.col("own_id").alias("attestation_id"))
        .agg(
            F.max(is_ahead & is_same & (F.col("channel") == SVA)).alias("same_ahead"),
            F.max(is_ahead & ~is_same).alias("other_ahead"),
        )
    )


_KEYS = ("signature_date", "known_date", "attestation_id")


def _month_facts(months: DataFrame, people: DataFrame, rules: ChoiceRules) -> DataFrame:
    """The months of the performance year of the people who chose."""
    of_year = months.where(F.col("year") == rules.performance_year).join(people, "bene_key", "left_semi")
    return of_year.select(
        "bene_key", "month", F.col("reason").alias("month_reason"), "county_code", F.lit(True).alias("is_evaluated")
    )


def _with_bars(seen: DataFrame, service_area: DataFrame | None, overlap: DataFrame | None) -> DataFrame:
    """Whether the county of the month lies outside the ACO's service area, and whether another model goes before."""
    barred = seen.withColumn("is_outside", F.lit(False)).withColumn("is_elsewhere", F.lit(False))
    if service_area is not None:
        inside = service_area.select("aco_id", "county_code", F.lit(True).alias("is_inside"))
        placed = barred.join(F.broadcast(inside), ["aco_id", "county_code"], "left")
        barred = placed.withColumn("is_outside", F.col("county_code").isNotNull() & F.col("is_inside").isNull())
    if overlap is not None:
        others = overlap.select("bene_key", "month", F.lit(True).alias("is_other")).distinct()
        barred = barred.join(others, ["bene_key", "month"], "left").withColumn(
            "is_elsewhere", F.col("is_other").isNotNull()
        )
    return barred


def _reason(seen: DataFrame) -> DataFrame:
    """Why a choice has no effect, the first that holds in the order of `designations.response`."""
    month, since = F.col("month"), F.col("aligned_from")
    is_dead = F.coalesce(F.col("death_date") < month, F.lit(False)) | F.coalesce(
        F.col("month_reason") == "DEAD", F.lit(False)
    )
    is_aligned = F.coalesce(since < month, F.lit(False))
    is_listed = month.between(F.col("listed_from"), F.col("listed_to"))
    reason = (
        F.when(F.col("void").isNotNull(), F.col("void"))
        .when(month.isNull(), Passed.NEXT_YEAR)
        .when(is_withdrawn(), Passed.WITHDRAWN)
        .when(~is_listed, Passed.NOT_PARTICIPATING)
        .when(F.col("same_ahead"), Passed.SAME_ACO)
        .when(F.col("other_ahead"), Passed.LATER_ELSEWHERE)
        .when(F.col("aco_id").isNull(), Passed.OUTSIDE)
        .when(is_dead, "DEAD")
        .when(is_aligned & (F.col("lost_after") < month), Passed.LOST)
        .when(is_aligned & (F.col("aligned_to") != F.col("aco_id")), Passed.ALIGNED_ELSEWHERE)
        .when(F.col("is_evaluated").isNull(), Passed.NOT_EVALUATED)
        .when(F.col("month_reason").isNotNull(), F.col("month_reason"))
        .when(F.col("is_outside"), SERVICE_AREA)
        .when(F.col("is_elsewhere"), OVERLAP)
    )
    return seen.withColumn("reason", reason)


def _is_already() -> Column:
    is_ours = (F.col("aligned_to") == F.col("aco_id")) & F.col("aligned_from").isNotNull()
    return F.coalesce(is_ours & ((F.col("aligned_from") < F.col("month")) | F.col("by_claims")), F.lit(False))
