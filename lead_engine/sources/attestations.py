"""Designations and attestations of voluntary alignment, from the list of a run (ALN-35 to ALN-38)."""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import pack_unit
from lead_engine.lake.accounts import account, balance

from .inputs.attestations import Attestation
from .inputs.contract import Given

LISTED = (
    "mbi string, attestation_id string, channel string, aco_id string, tin bigint, npi bigint, signature_date date, "
    "submission_date date, is_carried boolean, opt_out_date date, revoked_date date"
)


def attestations(spark: SparkSession, given: Given[Attestation], identities: DataFrame) -> DataFrame:
    """`core__attestation`: every row of the list, its person by key. In: `core__beneficiary_identity`.

    A Medicare number the lake does not know leaves the person empty: the row is answered V0, not lost (ALN-35).
    """
    known = identities.where("id_kind = 'mbi'").select(F.col("id_value").alias("mbi"), "bene_key")
    placed = _listed(spark, given).join(known, "mbi", "left")
    return placed.drop("mbi").withColumn("list_version", F.lit(given.version))


def accounts(spark: SparkSession, given: Given[Attestation], identities: DataFrame, told: DataFrame) -> DataFrame:
    """Rows of the list are rows of known people and those of nobody."""
    is_known = F.col("bene_key").isNotNull()
    return balance(
        account("attestations", "in", _listed(spark, given)),
        account("attestations", "out", told.where(is_known)),
        account("attestations", "excluded", told.where(~is_known), F.lit("UNKNOWN_PERSON_ANSWERED_V0")),
    )


def _listed(spark: SparkSession, given: Given[Attestation]) -> DataFrame:
    rows = [
        (
            row.mbi,
            row.attestation_id,
            row.channel,
            row.aco_id,
            pack_unit(f"TIN:{row.tin}") if row.tin else None,
            pack_unit(f"NPI:{row.npi}") if row.npi else None,
            row.signature_date,
            row.submission_date,
            row.carried_from_reach,
            row.opt_out_date,
            row.revoked_date,
        )
        for row in given.rows
    ]
    return spark.createDataFrame(rows, LISTED)
