"""Risk scores of people that another model gave, from the list of a run (BMK-37)."""

from pyspark.sql import DataFrame, SparkSession

from . import listed_people
from .inputs.contract import Given
from .inputs.external_risk_scores import ExternalRiskScore

SCORE = ["year", "category"]
LISTED = (
    "mbi string, year int, category string, raw_score decimal(8,6), model string, model_version string, lineage string"
)


def scores(spark: SparkSession, given: Given[ExternalRiskScore], identities: DataFrame) -> DataFrame:
    """`core__external_risk_score`: the rows of the list whose person the lake knows. In: `core__beneficiary_identity`.

    A person listed under two identifiers in one year and category counts once, with the row of the newer identifier.
    """
    return listed_people.known(_listed(spark, given), identities, SCORE, given.version)


def accounts(spark: SparkSession, given: Given[ExternalRiskScore], identities: DataFrame, told: DataFrame) -> DataFrame:
    """Rows of the list are rows of the table and those that are not, by reason."""
    return listed_people.accounts("external scores", _listed(spark, given), identities, SCORE, told)


def _listed(spark: SparkSession, given: Given[ExternalRiskScore]) -> DataFrame:
    rows = [
        (row.mbi, row.score_year, row.category, row.raw_score, row.model_name, row.model_version, _lineage(row))
        for row in given.rows
    ]
    return spark.createDataFrame(rows, LISTED)


def _lineage(row: ExternalRiskScore) -> str:
    checksum = f", SHA-256 {row.data_sha256}" if row.data_sha256 else ""
    return f"run by {row.computed_by} on {row.computed_date}, data through {row.data_through_date}{checksum}"
