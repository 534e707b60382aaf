"""What the lists of a run say about people for risk scores: periods in institutions, kidney transplants (RM 3.4)."""

from pyspark.sql import DataFrame, SparkSession

from .inputs.contract import Given
from .inputs.institutional_periods import InstitutionalPeriod
from .inputs.kidney_transplants import KidneyTransplant
from .listed_people import accounts, known

PERIOD, TRANSPLANT = ["effective_date"], ["transplant_date"]


def institutional_periods(spark: SparkSession, given: Given[InstitutionalPeriod], identities: DataFrame) -> DataFrame:
    """`core__institutional_period`: the rows of the list whose person the lake knows. In: `core__beneficiary_identity`."""
    return known(_periods(spark, given), identities, PERIOD, given.version)


def institutional_accounts(
    spark: SparkSession, given: Given[InstitutionalPeriod], identities: DataFrame, told: DataFrame
) -> DataFrame:
    """Rows of the list are rows of the table and those that are not, by reason."""
    return accounts("institutional periods", _periods(spark, given), identities, PERIOD, told)


def kidney_transplants(spark: SparkSession, given: Given[KidneyTransplant], identities: DataFrame) -> DataFrame:
    """`core__kidney_transplant`: the rows of the list whose person the lake knows. In: `core__beneficiary_identity`."""
    return known(_transplants(spark, given), identities, TRANSPLANT, given.version)


def transplant_accounts(
    spark: SparkSession, given: Given[KidneyTransplant], identities: DataFrame, told: DataFrame
) -> DataFrame:
    """Rows of the list are rows of the table and those that are not, by reason."""
    return accounts("kidney transplants", _transplants(spark, given), identities, TRANSPLANT, told)


def _periods(spark: SparkSession, given: Given[InstitutionalPeriod]) -> DataFrame:
    rows = [(row.mbi, row.effective_date, row.termination_date) for row in given.rows]
    return spark.createDataFrame(rows, "mbi string, effective_date date, termination_date date")


def _transplants(spark: SparkSession, given: Given[KidneyTransplant]) -> DataFrame:
    rows = [(row.mbi, row.transplant_date, row.failure_date) for row in given.rows]
    return spark.createDataFrame(rows, "mbi string, transplant_date date, failure_date date")
