"""Core tables of people from RIF beneficiary-year records: identifiers, demographics, enrolment by month and year."""

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from lead_engine.lake.join import checked_join
from lead_engine.sources.counties import county_frame
from lead_engine.sources.records import GOOD

from .delivery import RifDelivery
from .records import identifiers

# Vocabulary of the RIF enrolment fields (CCW data dictionary), not of any rule.
BOTH, ONLY_A, ONLY_B = ["3", "C"], ["1", "A"], ["2", "B"]  # entitlement and buy-in indicator
NOT_IN_A_PLAN = ["0", "4"]  # HMO indicator; blank also means fee-for-service


def identity(spark: SparkSession, deliveries: tuple[RifDelivery, ...], secret: str) -> DataFrame:
    """`core__beneficiary_identity`: one row for every identifier a beneficiary-year record gives a person.

    A person's newest MBI is the one of the newest record, by year, then by delivery. A person known from claims alone
    has a key and no row here. Reads the files, since no other table may hold an identifier.
    """
    records = identifiers(spark, deliveries, secret)
    newest_first = [F.desc("year"), F.desc("received_date"), F.asc("mbi")]
    newest_mbi = F.first("mbi", ignorenulls=True).over(
        Window.partitionBy("bene_id")
        .orderBy(*newest_first)
        .rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    )
    told = records.withColumn("newest_mbi", newest_mbi)
    stable = told.select("bene_key", F.lit("bene_id"), "bene_id", F.col("bene_key"), F.lit(True))
    changing = told.where("mbi is not null").select(
        "bene_key", F.lit("mbi"), "mbi", "mbi_key", F.col("mbi") == F.col("newest_mbi")
    )
    return stable.union(changing).toDF("bene_key", "id_kind", "id_value", "id_key", "is_current").distinct()


def enrolment_year(people: DataFrame) -> DataFrame:
    """`core__enrolment_year`: months of Part A and B as the source counts them, where it does."""
    counted = newest_records(people).select(
        F.col("person_id_key").alias("bene_key"), "year", "part_a_months", "part_b_months"
    )
    return counted.where("part_a_months is not null and part_b_months is not null")


def enrolment_month(people: DataFrame, beneficiaries: DataFrame) -> DataFrame:
    """`core__enrolment_month`: the twelve months of every beneficiary-year record.

    RIF carries no primary payer by month, so `is_medicare_secondary` stays empty (ALN-18 item 4 not tested).
    """
    monthly = ("buy_in_codes", "hmo_codes", "medicare_status_codes", "dual_codes", "county_fips_codes")
    months = (
        newest_records(people)
        .withColumn("bene_key", F.col("person_id_key"))
        .select("bene_key", "year", F.posexplode(F.arrays_zip(*monthly)).alias("place", "told"))
        .select("bene_key", "year", F.make_date("year", F.col("place") + 1, F.lit(1)).alias("month"), "told.*")
    )
    deaths = beneficiaries.select("bene_key", "death_date")
    placed = checked_join(
        months.join(deaths, "bene_key", "left").withColumnRenamed("county_fips_codes", "county_fips_code"),
        county_frame(people.sparkSession),
        ["county_fips_code"],
        "UNKNOWN_COUNTY",
    )
    buy_in = F.coalesce("buy_in_codes", F.lit(""))
    return placed.select(
        "bene_key",
        "month",
        "year",
        (F.col("death_date").isNull() | (F.col("death_date") >= F.col("month"))).alias("is_alive"),
        buy_in.isin(BOTH + ONLY_A).alias("has_part_a"),
        buy_in.isin(BOTH + ONLY_B).alias("has_part_b"),
        (~F.coalesce("hmo_codes", F.lit("0")).isin(NOT_IN_A_PLAN)).alias("is_medicare_advantage"),
        F.lit(None).cast("boolean").alias("is_medicare_secondary"),
        F.col("medicare_status_codes").alias("medicare_status_code"),
        F.col("dual_codes").alias("dual_code"),
        "county_fips_code",
        "county_code",
        F.lit(False).alias("is_carried"),
    )


def newest_records(people: DataFrame) -> DataFrame:
    """The good record of each person and year that was received last."""
    order = [F.desc("received_date"), F.desc("source_file"), F.xxhash64(*people.columns)]
    place = F.row_number().over(Window.partitionBy("person_id_key", "year").orderBy(*order))
    return people.where(GOOD).withColumn("place", place).where("place = 1").drop("place")
