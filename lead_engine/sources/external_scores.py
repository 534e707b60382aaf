"""Risk scores of people that another model gave, from the list of a run (BMK-37)."""

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance

from .inputs.contract import Given
from .inputs.external_risk_scores import ExternalRiskScore

SCORE = ["bene_key", "year", "category"]
LISTED = (
    "mbi string, year int, category string, raw_score decimal(8,6), model string, model_version string, lineage string"
)


def scores(spark: SparkSession, given: Given[ExternalRiskScore], identities: DataFrame) -> DataFrame:
    """`core__external_risk_score`: the rows of the list whose person the lake knows. In: `core__beneficiary_identity`.

    A person listed under two identifiers in one year and category counts once, with the row of the newer identifier.
    """
    placed = _placed(spark, given, identities).where("excluded is null")
    return placed.drop("mbi", "excluded").withColumn("list_version", F.lit(given.version))


def accounts(spark: SparkSession, given: Given[ExternalRiskScore], identities: DataFrame, told: DataFrame) -> DataFrame:
    """Rows of the list are rows of the table and those that are not, by reason."""
    placed = _placed(spark, given, identities)
    return balance(
        account("external scores", "in", _listed(spark, given)),
        account("external scores", "out", told),
        account("external scores", "excluded", placed.where("excluded is not null"), F.col("excluded")),
    )


def _placed(spark: SparkSession, given: Given[ExternalRiskScore], identities: DataFrame) -> DataFrame:
    """Every row with the key of its person, or with the reason why it has none."""
    known = identities.where("id_kind = 'mbi'").select(F.col("id_value").alias("mbi"), "bene_key", "is_current")
    newest = Window.partitionBy(*SCORE).orderBy(F.desc("is_current"), "mbi")
    placed = _listed(spark, given).join(known, "mbi", "left").withColumn("place", F.row_number().over(newest))
    excluded = F.when(F.col("bene_key").isNull(), "UNKNOWN_PERSON").when(F.col("place") > 1, "SAME_PERSON_TWICE")
    return placed.withColumn("excluded", excluded).drop("place", "is_current")


def _listed(spark: SparkSession, given: Given[ExternalRiskScore]) -> DataFrame:
    rows = [
        (row.mbi, row.score_year, row.category, row.raw_score, row.model_name, row.model_version, _lineage(row))
        for row in given.rows
    ]
    return spark.createDataFrame(rows, LISTED)


def _lineage(row: ExternalRiskScore) -> str:
    checksum = f", SHA-256 {row.data_sha256}" if row.data_sha256 else ""
    return f"run by {row.computed_by} on {row.computed_date}, data through {row.data_through_date}{checksum}"
