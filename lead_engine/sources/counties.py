"""FIPS to SSA county codes, for joining."""

from pyspark.sql import DataFrame, SparkSession

from lead_engine.methodology.reference import reference_table

COUNTIES = "geography/ssa_fips_county"


def county_frame(spark: SparkSession) -> DataFrame:
    """`county_fips_code`, `county_code` of every county."""
    table = reference_table(COUNTIES)
    rows = [(row["fips_county_code"], row["ssa_county_code"]) for row in table.records()]
    return spark.createDataFrame(rows, "county_fips_code string, county_code string")
