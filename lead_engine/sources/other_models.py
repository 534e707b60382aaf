"""Who is in another CMS model, from the lists of a run: people (ALN-45) and TINs (ALN-31, ALN-44)."""

from pyspark.sql import DataFrame, SparkSession

from lead_engine.foundation.identifiers import pack_unit

from . import listed_people
from .inputs.contract import Given
from .inputs.other_models import OtherModelPerson, OtherModelTin

MEMBERSHIP = ["model", "start_date"]
PEOPLE = "mbi string, model string, entity_id string, assignment string, start_date date, end_date date"
TINS = "list_version string, tin bigint, model string, entity_id string, start_date date, end_date date"


def people(spark: SparkSession, given: Given[OtherModelPerson], identities: DataFrame) -> DataFrame:
    """`core__other_model_person`: the rows of the list whose person the lake knows. In: `core__beneficiary_identity`."""
    return listed_people.known(_listed(spark, given), identities, MEMBERSHIP, given.version)


def people_accounts(
    spark: SparkSession, given: Given[OtherModelPerson], identities: DataFrame, told: DataFrame
) -> DataFrame:
    """Rows of the list are rows of the table and those that are not, by reason."""
    return listed_people.accounts("people in other models", _listed(spark, given), identities, MEMBERSHIP, told)


def tins(spark: SparkSession, given: Given[OtherModelTin]) -> DataFrame:
    """`core__other_model_tin`: the rows of the list."""
    rows = [
        (given.version, pack_unit(f"TIN:{row.tin}"), row.model, row.entity_id, row.effective_date, row.termination_date)
        for row in given.rows
    ]
    return spark.createDataFrame(rows, TINS)


def _listed(spark: SparkSession, given: Given[OtherModelPerson]) -> DataFrame:
    rows = [
        (row.mbi, row.model, row.entity_id, row.assignment, row.effective_date, row.termination_date)
        for row in given.rows
    ]
    return spark.createDataFrame(rows, PEOPLE)
