"""Whom a substitute model is fitted on, and what they cost (RM 8.1 to RM 8.3): one row a person."""

from dataclasses import replace

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.risk.diagnoses import eligible_diagnoses
from lead_engine.risk.rules import RiskRules

from .rules import CalibrationRules, Variant

# Months that fail only after Part A and B, health plan, payer and residence were found well (ALN-18) have claims.
OUTSIDE_AN_ACO = ("SERVICE_AREA", "OVERLAP")
PROSPECTIVE_CATEGORY = "AD"  # High Needs is a cohort of its own (RM 8.1)


def population(
    months: DataFrame,
    spend: DataFrame,
    enrolment: DataFrame,
    profiles: DataFrame,
    diagnoses: DataFrame,
    rules: CalibrationRules,
    variant: Variant,
    cost_year: int,
) -> DataFrame:
    """One row a person: profile, `hccs` before hierarchies, eligible `months` of the cost year and their `cents`.

    In: `calc__beneficiary_month`, `calc__spend_month`, `core__enrolment_month`, `calc__risk_profile` and diagnoses as in
    `calc__risk_diagnosis`. Months count with Part A and B, no health plan, Medicare first, in the US, without ESRD; those of
    people who die too. The prospective fit takes continuing enrollees with a full diagnosis year, without months of High
    Needs; the concurrent one months of all aged and disabled, or of High Needs alone.
    """
    cost = _cost(months, spend, rules, variant, cost_year)
    found = diagnoses.where("hcc > 0").groupBy("bene_key").agg(F.collect_set("hcc").alias("hccs"))
    scored = profiles.where((F.col("year") == cost_year) & F.col("excluded").isNull())
    if variant == "prospective":
        full = _with_full_year(enrolment, cost_year - 1, rules.full_year_months)
        scored = scored.where("not is_new_enrollee").join(full, "bene_key", "semi")
    return (
        scored.withColumn("is_new_enrollee", F.lit(False))
        .join(cost, "bene_key")
        .join(found, "bene_key", "left")
        .withColumn("hccs", F.coalesce("hccs", F.array().cast("array<int>")))
    )


def concurrent_diagnoses(
    lines: DataFrame, diagnoses: DataFrame, profiles: DataFrame, rules: RiskRules, cost_year: int
) -> DataFrame:
    """Diagnoses of the cost year itself, also of people who die in it: as `calc__risk_diagnosis`, one year later."""
    of_year = profiles.where(F.col("year") == cost_year).withColumn("year", F.col("year") + 1)
    return eligible_diagnoses(lines, diagnoses, of_year, replace(rules, years=(cost_year + 1,), models=(rules.model,)))


def _cost(months: DataFrame, spend: DataFrame, rules: CalibrationRules, variant: Variant, cost_year: int) -> DataFrame:
    categories = (PROSPECTIVE_CATEGORY,) if variant == "prospective" else rules.concurrent_categories
    eligible = months.where(F.col("year") == cost_year).where(_has_claims(categories)).select("bene_key", "month")
    paid = spend.where(F.col("year") == cost_year).groupBy("bene_key", "month").agg(F.sum("paid_cents").alias("cents"))
    return (
        eligible.join(paid, ["bene_key", "month"], "left")
        .groupBy("bene_key")
        .agg(F.count(F.lit(1)).cast("int").alias("months"), F.sum(F.coalesce("cents", F.lit(0))).alias("cents"))
    )


def _has_claims(categories: tuple[str, ...]) -> Column:
    is_covered = F.col("is_eligible") | F.coalesce(F.col("reason").isin(*OUTSIDE_AN_ACO), F.lit(False))
    return is_covered & F.col("category").isin(*categories)


def _with_full_year(enrolment: DataFrame, year: int, months: int) -> DataFrame:
    """People with Part A and B in so many months; a month a source cannot tell counts (DL 9)."""
    both = F.coalesce("has_part_a", F.lit(True)) & F.coalesce("has_part_b", F.lit(True))
    counted = enrolment.where((F.col("year") == year) & both).groupBy("bene_key").count()
    return counted.where(F.col("count") >= months).select("bene_key")
