"""The answer for every person and aligned year, and the months it holds: `decide.aligned_months` as Spark expressions."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import pack_unit
from lead_engine.lake.accounts import account, balance

from .decide import Stage, TieBreak
from .rank import PERSON, first_and_second
from .rules import AlignmentRules

BY_CLAIMS = "C"


def alignment(
    candidates: DataFrame,
    beneficiaries: DataFrame,
    months: DataFrame,
    acos: DataFrame,
    rules: AlignmentRules,
    run_id: str,
) -> DataFrame:
    """`calc__alignment`: one row for every person and aligned year, also where nobody wins (ALN-62).

    In: `calc__alignment_candidate`, `core__beneficiary`, `calc__beneficiary_month`, `core__aco`. The winner by claims
    stands whatever eligibility says; `effective_month` is empty for a person never eligible in the year (ALN-19).
    """
    years = F.explode(F.array(*[F.lit(year) for year in rules.aligned_years])).alias("aligned_year")
    everybody = beneficiaries.select("bene_key", "death_date", years)
    aco_ids = {pack_unit(row["aco_id"]): row["aco_id"] for row in acos.select("aco_id").collect()}
    aco_id = F.create_map(*[F.lit(part) for pair in sorted(aco_ids.items()) for part in pair])[F.col("winning_unit")]
    answered = (
        everybody.join(first_and_second(candidates), PERSON, "left")
        .join(spans(months), PERSON, "left")
        .withColumn("aco_id", aco_id)
        .withColumn("never", _never_evaluated(rules))
    )
    is_aligned = F.col("aco_id").isNotNull()
    return answered.select(
        *PERSON,
        F.coalesce("stage", F.lit(Stage.NONE)).alias("stage"),
        "winning_unit",
        "score_cents",
        "runner_up_unit",
        "runner_up_score_cents",
        F.coalesce("tie_break", F.lit(TieBreak.NONE)).alias("tie_break"),
        "aco_id",
        F.when(is_aligned, BY_CLAIMS).alias("route"),
        F.when(is_aligned, F.col("effective_month")).alias("effective_month"),
        F.when(is_aligned, F.col("end_month")).alias("end_month"),
        F.when(is_aligned, F.when(F.col("has_january"), F.col("end_reason")).otherwise(F.col("never"))).alias(
            "end_reason"
        ),
        F.lit(rules.list_version).alias("list_version"),
        F.lit(run_id).alias("run_id"),
    )


def spans(months: DataFrame) -> DataFrame:
    """For each person and year with months: the eligible span from January and why it ended (ALN-19, ALN-20, ALN-23)."""
    january = F.make_date("year", F.lit(1), F.lit(1))
    by_year = months.groupBy("bene_key", F.col("year").alias("aligned_year")).agg(
        F.min(F.when(~F.col("is_eligible"), F.struct("month", "reason"))).alias("failed"),
        F.max(F.col("month") == january).alias("has_january"),
        F.sort_array(F.collect_list("month")).alias("known"),
    )
    before = F.filter("known", lambda month: F.col("failed").isNull() | (month < F.col("failed")["month"]))
    held = F.when(F.col("has_january"), before)
    return by_year.select(
        *PERSON,
        "has_january",
        F.get(held, F.lit(0)).alias("effective_month"),
        F.try_element_at(held, F.lit(-1)).alias("end_month"),
        F.col("failed")["reason"].alias("end_reason"),
    )


def alignment_months(alignments: DataFrame, months: DataFrame) -> DataFrame:
    """`calc__alignment_month`: the months each aligned person counts for the ACO (ALN-23, ALN-56)."""
    aligned = alignments.where("effective_month is not null").select(
        *PERSON, "aco_id", "route", "effective_month", "end_month"
    )
    facts = months.select("bene_key", F.col("year").alias("aligned_year"), "month", "category", "county_code")
    held = aligned.join(facts, PERSON).where(F.col("month").between(F.col("effective_month"), F.col("end_month")))
    return held.select(*PERSON, "month", "aco_id", "route", "category", "county_code")


def accounts(
    candidates: DataFrame,
    beneficiaries: DataFrame,
    months: DataFrame,
    acos: DataFrame,
    rules: AlignmentRules,
    run_id: str,
    answers: DataFrame,
) -> DataFrame:
    """People and aligned years are those aligned to an ACO and those who are not, by stage or reason."""
    people = beneficiaries.select(F.lit(len(rules.aligned_years)).alias("years"))
    never = F.when(F.col("aco_id").isNotNull(), F.col("end_reason")).when(
        F.col("winning_unit").isNotNull(), "OUTSIDE_EVERY_ACO"
    )
    is_held = F.col("effective_month").isNotNull()
    return balance(
        account("people and aligned years", "in", people, rows=F.col("years")),
        account("people and aligned years", "out", answers.where(is_held)),
        account(
            "people and aligned years",
            "excluded",
            answers.where(~is_held),
            F.coalesce(never, F.lit("NO_QUALIFYING_SERVICE")),
        ),
    )


def _never_evaluated(rules: AlignmentRules) -> Column:
    january = F.make_date("aligned_year", F.lit(1), F.lit(1))
    return (
        F.when(F.col("death_date") < january, "DEAD")
        .when(january > F.lit(rules.enrolment_through), "NOT_EVALUATED")
        .otherwise("NO_ENROLMENT")
    )
