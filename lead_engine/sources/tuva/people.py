"""People as the Tuva input layer knows them: who they are, demographics, enrolment months (DL 9).

Only spans of payer type medicare speak of a person here; the layer also holds people of other payers.
"""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.sources.cclf.people import with_person
from lead_engine.sources.records import GOOD

from .delivery import TuvaDelivery
from .records import identifiers

MEDICARE = "payer_type = 'medicare'"
STATUS = ("medicare_status_code", "dual_code")
UNTOLD = ("has_part_a", "has_part_b", "is_medicare_advantage", "is_medicare_secondary")


def person_keys(people: DataFrame, owners: DataFrame, rif_people: DataFrame | None) -> DataFrame:
    """`core__person_key` of the layer: the person of RIF or CCLF that an MBI of the layer's person belongs to.

    In: `stage__tuva_eligibility`, `owners` (`id_key`, `bene_key` of every MBI RIF and CCLF know),
    `stage__rif_beneficiary`. The smallest key where MBIs lead to several people. A person number that RIF knows as its
    own stays as it is.
    """
    told = people.where(GOOD).where(MEDICARE).where("mbi_key is not null").select("person_id_key", "mbi_key").distinct()
    if rif_people is not None:
        told = told.join(rif_people.where(GOOD).select("person_id_key").distinct(), "person_id_key", "left_anti")
    known = told.join(owners.withColumnRenamed("id_key", "mbi_key"), "mbi_key")
    by_person = known.groupBy(F.col("person_id_key").alias("id_key")).agg(F.min("bene_key").alias("bene_key"))
    return by_person.where("bene_key != id_key")


def identity(
    spark: SparkSession, deliveries: tuple[TuvaDelivery, ...], secret: str, keys: DataFrame | None
) -> DataFrame:
    """Rows of `core__beneficiary_identity`: person numbers, and member numbers that have the form of an MBI.

    Every one is current: the layer does not say which of a person's numbers is newer. An MBI that several people of the
    layer share is the one's with the smallest key.
    """
    told = with_person(identifiers(spark, deliveries, secret).where(MEDICARE), keys)
    stable = told.select("bene_key", F.lit("bene_id"), "person_id", "person_id_key")
    changing = told.where("mbi is not null").groupBy("mbi", "mbi_key").agg(F.min("bene_key").alias("bene_key"))
    named = ["bene_key", "id_kind", "id_value", "id_key"]
    rows = stable.distinct().union(changing.select("bene_key", F.lit("mbi"), "mbi", "mbi_key")).toDF(*named)
    return rows.withColumn("is_current", F.lit(True))


def spans(people: DataFrame, keys: DataFrame | None) -> DataFrame:
    """Good records of spans of Medicare, with the person they belong to."""
    return with_person(people.where(GOOD).where(MEDICARE), keys)


def months(people: DataFrame, keys: DataFrame | None, beneficiaries: DataFrame) -> DataFrame:
    """Enrolment months: from a span's first day to its last, at most to the month it was received.

    A month is told by the span that was received last, among those by the one that began last. The layer tells neither
    Part A and B, Medicare Advantage, a primary payer nor a county: all stay empty.
    """
    first, until = F.trunc("start_date", "month"), F.least(F.col("end_date"), F.col("received_date"))
    bounded = spans(people, keys).withColumn("first", first).withColumn("last", F.trunc(until, "month"))
    by_month = bounded.where("first <= last").withColumn(
        "month", F.explode(F.sequence("first", "last", F.expr("interval 1 month")))
    )
    tie = F.xxhash64("source_file", "end_date", *STATUS).alias("tie")
    newest = F.max(F.struct("received_date", "start_date", tie, *STATUS))
    told = by_month.groupBy("bene_key", "month").agg(newest.alias("newest"))
    deaths = beneficiaries.select("bene_key", "death_date")
    unknown = F.lit(None).cast("boolean")
    return told.join(deaths, "bene_key", "left").select(
        "bene_key",
        "month",
        F.year("month").alias("year"),
        (F.col("death_date").isNull() | (F.col("death_date") >= F.col("month"))).alias("is_alive"),
        *[unknown.alias(flag) for flag in UNTOLD],
        *[F.col("newest")[name].alias(name) for name in STATUS],
        F.lit(None).cast("string").alias("county_fips_code"),
        F.lit(None).cast("string").alias("county_code"),
        F.lit(False).alias("is_carried"),
    )
