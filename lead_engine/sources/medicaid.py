"""Who has Medicaid benefits from which organisation in a month, from the list of a run (ALN-66)."""

from pyspark.sql import DataFrame, SparkSession

from . import listed_people
from .inputs.contract import Given
from .inputs.medicaid import MedicaidEnrolment

COLUMNS = "mbi string, month date, org_id string, is_full_benefit_dual boolean"


def months(spark: SparkSession, given: Given[MedicaidEnrolment], identities: DataFrame) -> DataFrame:
    """`core__medicaid_month`: the rows of the list whose person the lake knows. In: `core__beneficiary_identity`."""
    return listed_people.known(_listed(spark, given), identities, ["month"], given.version)


def accounts(spark: SparkSession, given: Given[MedicaidEnrolment], identities: DataFrame, told: DataFrame) -> DataFrame:
    """Rows of the list are rows of the table and those that are not, by reason."""
    return listed_people.accounts("months of Medicaid", _listed(spark, given), identities, ["month"], told)


def _listed(spark: SparkSession, given: Given[MedicaidEnrolment]) -> DataFrame:
    rows = [(row.mbi, row.month, row.org_id, row.full_benefit_dual) for row in given.rows]
    return spark.createDataFrame(rows, COLUMNS)
