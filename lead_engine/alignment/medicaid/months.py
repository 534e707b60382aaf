"""Months that could be aligned by Medicaid, over whole tables: `decide.candidate` as Spark expressions."""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.foundation.months import LATEST, months_of
from lead_engine.lake.accounts import account, balance
from lead_engine.lake.join import checked_join
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.medicaid import MedicaidPartner

from .rules import MedicaidRules

NOT_FULL, OTHER_TIME, NO_PARTNER = "NOT_FULL_BENEFIT_DUAL", "OUTSIDE_THE_MONTHS_OF_ROUTE_M", "NO_PARTNER"
PARTNERS = "aco_id string, org_id string, month date"


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
