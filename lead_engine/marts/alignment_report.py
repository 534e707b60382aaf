"""What an ACO is handed of its own aligned people: CMS's beneficiary alignment report, and Tuva's provider attribution.

The columns are those of layout tables; one that the engine knows nothing of stays empty. No claim is read; of what was
found in claims only the route and the High Needs criteria are told, so no substance-use service can show (ALN-63, DL 5.1).
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.reference import reference_table
from lead_engine.months.criteria import Criterion

MONTH, DAY = "yyyyMM", "yyyyMMdd"
YES, NO, NOT_EVALUATED, NO_CHOICE = "Y", "N", "not evaluated", "No"
BY_CLAIMS = ("C", "B")
GENDERS = {"1": "M", "2": "F"}
CRITERIA = {  # columns of the report, by the criterion each tells; criterion (e) has none
    "mobility_impairment": Criterion.MOBILITY,
    "frailty": Criterion.FRAILTY,
    "high_risk_score": Criterion.HIGH_SCORE,
    "medium_risk_score": Criterion.MODERATE_SCORE,
}


class Shape(StrEnum):
    """Whose layout is written."""

    CMS = "cms"
    TUVA = "tuva"


@dataclass(frozen=True)
class Aligned:
    """The tables an ACO's report is made of. No claims."""

    answers: DataFrame  # calc__alignment
    months: DataFrame  # calc__alignment_month
    enrolment: DataFrame  # core__enrolment_month
    people: DataFrame  # core__beneficiary
    identities: DataFrame  # core__beneficiary_identity
    acos: DataFrame  # core__aco
    high_needs: DataFrame  # calc__high_needs


def files(tables: Aligned, aco_id: str, shape: Shape, facts: RunFacts) -> dict[str, DataFrame]:
    """The files of a shape by name, each with the columns of its layout, as text, in their order."""
    if shape is Shape.TUVA:
        return _laid_out("layouts/provider_attribution", {"provider_attribution": attribution(tables, aco_id, facts)})
    made = {"overview": overview(tables, aco_id, facts), "monthly": monthly(tables, aco_id, facts)}
    return _laid_out("layouts/alignment_report", made)


def overview(tables: Aligned, aco_id: str, facts: RunFacts) -> DataFrame:
    """One row a person with an aligned month of the performance year: from when, until when, by which route."""
    of_year = tables.months.where(F.col("aligned_year") == facts.performance_year)
    last = of_year.groupBy("bene_key").agg(F.max("month").alias("month"))
    where = tables.enrolment.join(last, ["bene_key", "month"], "left_semi")
    county = where.select(
        "bene_key", F.col("county_code").alias("county_ssa"), F.col("county_fips_code").alias("county_fips")
    )
    first_year = {row["aco_id"]: row["first_performance_year"] for row in tables.acos.collect()}[aco_id]
    newly = F.lit(YES if first_year == facts.performance_year else None)  # later, who was aligned before is not known
    ended = F.when(F.col("end_reason").isNotNull(), F.last_day("end_month"))
    people = tables.people.select("bene_key", "birth_date", "death_date", "sex_code")
    return (
        _answers(tables, aco_id, facts)
        .join(people, "bene_key", "left")
        .join(_identifiers(tables), "bene_key", "left")
        .join(county, "bene_key", "left")
        .join(tables.high_needs.select("bene_key", *_by_criterion()), "bene_key", "left")
        .select(
            "mbi",
            F.date_format("effective_month", DAY).alias("start_date"),
            F.date_format(ended, DAY).alias("end_date"),
            F.date_format("birth_date", DAY).alias("birth_date"),
            F.date_format("death_date", DAY).alias("death_date"),
            _of(GENDERS, F.col("sex_code"), "U").alias("gender"),
            "county_ssa",
            "county_fips",
            newly.alias("newly_aligned"),
            F.when(F.col("route").isin(*BY_CLAIMS), YES).otherwise(NO).alias("claims_based"),
            F.when(F.col("route") == "C", NO_CHOICE).alias("voluntary_type"),
            *[F.coalesce(name, F.lit(NOT_EVALUATED)).alias(name) for name in CRITERIA],
        )
    )


def monthly(tables: Aligned, aco_id: str, facts: RunFacts) -> DataFrame:
    """One row a person and month from the first aligned one to the last known of the year: aligned, or why not any more."""
    until = F.least(F.lit(facts.enrolment_through), F.make_date("aligned_year", F.lit(12), F.lit(1)))
    months = F.explode(F.sequence("effective_month", until, F.expr("INTERVAL 1 MONTH"))).alias("month")
    codes = {row["end_reason"]: row["status_code"] for row in reference_table("alignment/status_codes").records()}
    spine = _answers(tables, aco_id, facts).select("bene_key", "end_month", "end_reason", months)
    held = spine.where((F.col("month") <= F.col("end_month")) | F.col("end_reason").isNotNull())
    reason = F.when(F.col("month") > F.col("end_month"), F.col("end_reason")).otherwise("")
    return (
        held.withColumn("status", _of(codes, reason, None))
        .join(tables.people.select("bene_key", "birth_date"), "bene_key", "left")
        .join(_identifiers(tables), "bene_key", "left")
        .select(
            "mbi",
            F.date_format("birth_date", DAY).alias("birth_date"),
            F.date_format("month", MONTH).alias("month"),
            "status",
        )
    )


def attribution(tables: Aligned, aco_id: str, facts: RunFacts) -> DataFrame:
    """One row a person and aligned month of the performance year: attributed to the ACO, no clinician or practice named."""
    months = tables.months.where((F.col("aco_id") == aco_id) & (F.col("aligned_year") == facts.performance_year))
    return months.join(_identifiers(tables), "bene_key", "left").select(
        F.coalesce("mbi", "bene_id").alias("person"),
        F.date_format("month", MONTH).alias("month"),
        "aco_id",
        F.lit("medicare").alias("payer"),
        F.lit("LEAD").alias("model"),
        F.lit("lead_engine").alias("engine"),
    )


def not_known(shape: Shape) -> dict[str, list[str]]:
    """By file, the columns of a layout that stay empty."""
    name = "layouts/provider_attribution" if shape is Shape.TUVA else "layouts/alignment_report"
    rows = [row for row in reference_table(name).records() if not row["field"]]
    return {file: [row["column"] for row in of_file] for file, of_file in groupby(rows, lambda row: row["file"])}


def _answers(tables: Aligned, aco_id: str, facts: RunFacts) -> DataFrame:
    is_held = (F.col("aco_id") == aco_id) & F.col("effective_month").isNotNull()
    return tables.answers.where(is_held & (F.col("aligned_year") == facts.performance_year))


def _by_criterion() -> list[Column]:
    """Whether the check by which a person became High Needs found each criterion met; of others, whether any check did."""
    return [
        F.when(F.col("criteria").bitwiseAND(int(bit)) != 0, YES)
        .when(F.col("not_evaluated").bitwiseAND(int(bit)) != 0, NOT_EVALUATED)
        .otherwise(NO)
        .alias(name)
        for name, bit in CRITERIA.items()
    ]


def _identifiers(tables: Aligned) -> DataFrame:
    """The current identifier of each kind of a person."""
    current = tables.identities.where("is_current").groupBy("bene_key")
    return current.agg(
        *[F.max(F.when(F.col("id_kind") == kind, F.col("id_value"))).alias(kind) for kind in ("mbi", "bene_id")]
    )


def _of(codes: dict[str, str], key: Column, otherwise: str | None) -> Column:
    pairs = [F.lit(part) for pair in codes.items() for part in pair]
    return F.coalesce(F.create_map(*pairs)[key], F.lit(otherwise))


def _laid_out(layout: str, made: dict[str, DataFrame]) -> dict[str, DataFrame]:
    """Each frame with the columns of its file: filled from its field, or empty."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in reference_table(layout).records():
        rows.setdefault(row["file"], []).append(row)
    return {
        file: made[file].select(
            *[
                (F.col(row["field"]) if row["field"] else F.lit(None)).cast("string").alias(row["column"])
                for row in of_file
            ]
        )
        for file, of_file in rows.items()
    }
