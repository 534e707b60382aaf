"""Route M over whole tables: `decide.py` as Spark expressions."""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.foundation.months import LATEST, months_of
from lead_engine.lake.accounts import account, balance
from lead_engine.lake.join import checked_join
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.medicaid import MedicaidPartner

from .rules import MedicaidRules

ROUTE = "M"
NOT_FULL, OTHER_TIME, NO_PARTNER = "NOT_FULL_BENEFIT_DUAL", "OUTSIDE_THE_MONTHS_OF_ROUTE_M", "NO_PARTNER"
PARTNERS = "aco_id string, org_id string, month date"
PERSON = ["aligned_year", "bene_key"]


def candidates(
    spark: SparkSession, partners: Given[MedicaidPartner], benefits: DataFrame, rules: MedicaidRules
) -> DataFrame:
    """`calc__medicaid_month` from `core__medicaid_month` and the list `medicaid_partners` (ALN-66)."""
    return _placed(spark, partners, benefits, rules).where("excluded is null").select("bene_key", "month", "aco_id")


def accounts(
    spark: SparkSession, partners: Given[MedicaidPartner], benefits: DataFrame, rules: MedicaidRules, told: DataFrame
) -> DataFrame:
    """Months of Medicaid are months that could be aligned by it and those that could not, by reason."""
    excluded = _placed(spark, partners, benefits, rules).where("excluded is not null")
    return balance(
        account("months of Medicaid", "in", benefits),
        account("months of Medicaid", "out", told),
        account("months of Medicaid", "excluded", excluded, F.col("excluded")),
    )


def with_route_m(answers: DataFrame, candidate_months: DataFrame, months: DataFrame) -> DataFrame:
    """`calc__alignment` with route M where no other route gave a person a month of the performance year.

    In: `calc__alignment` as it would be without, `calc__medicaid_month`, and person-months as other routes see them:
    `bene_key`, `month`, `year`, `is_eligible`, `reason`. Out: the same rows, the same columns.
    """
    spans = _spans(candidate_months, months)
    both = answers.join(spans, PERSON, "left")
    is_last = F.col("effective_month").isNull() & F.col("medicaid.aco_id").isNotNull()
    told = {
        "aco_id": F.col("medicaid.aco_id"),
        "route": F.lit(ROUTE),
        "effective_month": F.col("medicaid.effective_month"),
        "end_month": F.col("medicaid.end_month"),
        "end_reason": F.col("medicaid.end_reason"),
    }
    changed = {name: F.when(is_last, value).otherwise(F.col(name)).alias(name) for name, value in told.items()}
    return both.select(*[changed.get(name, F.col(name)) for name in answers.columns])


def _spans(candidate_months: DataFrame, months: DataFrame) -> DataFrame:
    """For each person and year with an eligible month that has a candidate: `medicaid`, the ACO, first and last month."""
    known = months.join(candidate_months.select("bene_key", "month", "aco_id"), ["bene_key", "month"], "left")
    is_start = F.col("is_eligible") & F.col("aco_id").isNotNull()
    by_year = known.groupBy("bene_key", F.col("year").alias("aligned_year")).agg(
        F.min(F.when(is_start, F.struct("month", "aco_id"))).alias("first"),
        F.collect_list(F.struct("month", "is_eligible", "reason")).alias("known"),
    )
    after = F.filter("known", lambda each: each["month"] > F.col("first")["month"])
    failed = F.array_min(F.filter(after, lambda each: ~each["is_eligible"]))
    held = F.filter(after, lambda each: failed.isNull() | (each["month"] < failed["month"]))
    last = F.coalesce(F.array_max(F.transform(held, lambda each: each["month"])), F.col("first")["month"])
    medicaid = F.struct(
        F.col("first")["aco_id"].alias("aco_id"),
        F.col("first")["month"].alias("effective_month"),
        last.alias("end_month"),
        failed["reason"].alias("end_reason"),
    )
    return by_year.where("first is not null").select(*PERSON, medicaid.alias("medicaid"))


def _placed(
    spark: SparkSession, partners: Given[MedicaidPartner], benefits: DataFrame, rules: MedicaidRules
) -> DataFrame:
    """Every month of Medicaid with the ACO it could align to, or why it could not."""
    rows = [
        (row.aco_id, row.org_id, month)
        for row in partners.rows
        for month in months_of(rules.performance_year)
        if row.effective_date <= month <= (row.termination_date or LATEST)
    ]
    is_in_time = (F.year("month") == rules.performance_year) & F.lit(rules.performance_year >= rules.first_year)
    excluded = F.when(~F.col("is_full_benefit_dual"), NOT_FULL).when(~is_in_time, OTHER_TIME)
    there = spark.createDataFrame(rows, PARTNERS)
    return checked_join(benefits.withColumn("excluded", excluded), there, ["org_id", "month"], NO_PARTNER)
