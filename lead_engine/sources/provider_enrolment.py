"""The TIN of each CCN, from the list of a run: a snapshot of provider enrolment (ALN-9)."""

from pyspark.sql import DataFrame, SparkSession

from lead_engine.foundation.identifiers import pack_unit

from .inputs.ccn_to_tin import CcnTin
from .inputs.contract import Given

COLUMNS = "list_version string, unit bigint, tin bigint, start_date date, end_date date"


def ccn_tins(spark: SparkSession, given: Given[CcnTin]) -> DataFrame:
    """`core__ccn_tin`: the rows of the list."""
    rows = [
        (
            given.version,
            pack_unit(f"CCN:{row.ccn}"),
            pack_unit(f"TIN:{row.tin}"),
            row.effective_date,
            row.termination_date,
        )
        for row in given.rows
    ]
    return spark.createDataFrame(rows, COLUMNS)
