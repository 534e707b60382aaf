"""Ranks the units of whole tables: `decide.deciding_stage`, `ranked` and `tie_break` as Spark expressions."""

from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.foundation.months import EARLIEST, LATEST

from .decide import Stage, TieBreak
from .rules import AlignmentRules
from .units import comparison_units

PERSON = ["bene_key", "aligned_year"]  # in this order, since a sort by the key parts rows at once
CHARGES = ("pcs", "sps")


def candidates(
    unit_scores: DataFrame,
    participants: DataFrame,
    acos: DataFrame,
    ccn_tins: DataFrame | None,
    other_tins: DataFrame | None,
    rules: AlignmentRules,
) -> DataFrame:
    """`calc__alignment_candidate`: every unit of every person and aligned year with its rank (ALN-30 to ALN-33).

    In: `calc__unit_score`, `core__participant`, `core__aco` and, where the lists were given, `core__ccn_tin` and
    `core__other_model_tin`. Units become what they are compared as (ALN-31). Units at or below zero have no rank. The
    Participants of 1 January of the performance year align it and every base year (ALN-11, ALN-59, ALN-61).
    """
    return candidates_on(unit_scores, on_list(participants, rules.january), acos, ccn_tins, other_tins, rules)


def on_list(participants: DataFrame, day: date) -> DataFrame:
    """The Participants whose dates hold a day; no date is no bound (ALN-11)."""
    start, end = F.coalesce("start_date", F.lit(EARLIEST)), F.coalesce("end_date", F.lit(LATEST))
    return participants.where(F.lit(day).between(start, end))


def candidates_on(
    unit_scores: DataFrame,
    members: DataFrame,
    acos: DataFrame,
    ccn_tins: DataFrame | None,
    other_tins: DataFrame | None,
    rules: AlignmentRules,
) -> DataFrame:
    """The same on a list whose dates were looked at already."""
    by_person = unit_scores.repartition(
        "bene_key"
    )  # once, before years multiply rows; all that follows stays in its place
    scores = weighted(by_person, rules)
    by_unit = grouped(comparison_units(scores, members, acos, ccn_tins, other_tins, rules))
    staged = by_unit.withColumn("stage", deciding_stage(rules))
    is_primary = F.col("stage") == Stage.PRIMARY
    score, last, lines = (
        F.when(is_primary, F.col(f"pcs_{name}")).otherwise(F.col(f"sps_{name}"))
        for name in ("score_cents", "last", "lines")
    )
    stands = (F.col("stage") != Stage.NONE) & (score > 0)
    best_first = [F.desc(stands), F.desc(score), F.desc(last), F.desc(lines), F.asc("unit")]
    place = F.row_number().over(Window.partitionBy(*PERSON).orderBy(*best_first))
    ranked = staged.withColumn("rank", F.when(stands, place))
    return ranked.withColumnsRenamed({f"{name}_last": f"last_{name}_date" for name in CHARGES})


def weighted(unit_scores: DataFrame, rules: AlignmentRules) -> DataFrame:
    """Unit scores once for every aligned year they feed, with the weight of their alignment year (ALN-3, ALN-30).

    A score known by the own date of one aligned year feeds that year alone (ALN-4).
    """
    feeds: dict[object, list[Column]] = {}
    for year in rules.aligned_years:
        for period, weight in zip(rules.alignment_years(year), rules.weights, strict=True):
            feed = F.struct(F.lit(year).alias("aligned_year"), F.lit(weight).cast("bigint").alias("weight"))
            feeds.setdefault(period.end, []).append(feed)
    fed = F.coalesce(
        *[F.when(F.col("alignment_year_end") == F.lit(end), F.array(*years)) for end, years in feeds.items()]
    )
    is_known = F.col("known_for_year").isNull() | (F.col("known_for_year") == F.col("aligned_year"))
    return unit_scores.select("*", F.inline(fed)).where(is_known)


def grouped(scores: DataFrame) -> DataFrame:
    """Weighted charges by person, aligned year and comparison unit; an ACO is the sum of its Participants (ALN-31)."""
    return scores.groupBy(*PERSON, "unit").agg(
        *[F.sum(F.col(f"{name}_cents") * F.col("weight")).alias(f"{name}_score_cents") for name in CHARGES],
        *[F.max(f"last_{name}_date").alias(f"{name}_last") for name in CHARGES],
        *[F.sum(f"{name}_lines").cast("int").alias(f"{name}_lines") for name in CHARGES],
    )


def deciding_stage(rules: AlignmentRules) -> Column:
    """The stage that decides for each person, from the sums over all units (ALN-32)."""
    everyone = Window.partitionBy(*PERSON)
    primary = F.sum("pcs_score_cents").over(everyone)
    total = primary + F.sum("sps_score_cents").over(everyone)
    share = rules.primary_care_threshold
    left, right = (
        primary * share.denominator,
        total * share.numerator,
    )  # whole numbers: exactly at the threshold is exact
    reached = left >= right if rules.threshold_is_inclusive else left > right
    return F.when(total <= 0, Stage.NONE).when(reached, Stage.PRIMARY).otherwise(Stage.SPECIALIST)


def first_and_second(ranked: DataFrame) -> DataFrame:
    """Winner, runner-up and what parted them, one row per person and aligned year with any candidate (ALN-33).

    Only numbers and dates are carried to the place of a person: Spark adds up those as rows come, and sorts all rows for a
    text or a struct.
    """
    is_primary = F.col("stage") == Stage.PRIMARY
    of_stage = {
        "unit": F.col("unit"),
        "cents": F.when(is_primary, F.col("pcs_score_cents")).otherwise(F.col("sps_score_cents")),
        "last": F.when(is_primary, F.col("last_pcs_date")).otherwise(F.col("last_sps_date")),
        "lines": F.when(is_primary, F.col("pcs_lines")).otherwise(F.col("sps_lines")),
    }
    places = [
        F.max(F.when(F.col("rank") == rank, value)).alias(f"{place}_{name}")
        for rank, place in ((1, "first"), (2, "second"))
        for name, value in of_stage.items()
    ]
    stages = [F.max(F.col("stage") == stage).alias(stage) for stage in Stage]
    both = ranked.groupBy(*PERSON).agg(*stages, *places)
    is_second_less = F.col("second_unit").isNull() | (F.col("first_cents") != F.col("second_cents"))
    parted_by = (
        F.when(is_second_less, TieBreak.NONE)
        .when(F.col("first_last") != F.col("second_last"), TieBreak.DATE)
        .when(F.col("first_lines") != F.col("second_lines"), TieBreak.LINES)
        .otherwise(TieBreak.KEY)
    )
    return both.select(
        *PERSON,
        F.coalesce(*[F.when(F.col(stage), F.lit(stage)) for stage in Stage]).alias("stage"),
        F.col("first_unit").alias("winning_unit"),
        F.col("first_cents").alias("score_cents"),
        F.col("second_unit").alias("runner_up_unit"),
        F.col("second_cents").alias("runner_up_score_cents"),
        parted_by.alias("tie_break"),
    )
