"""People as CCLF knows them: who an identifier belongs to, demographics, enrolment months (DL 2.1, DL 8)."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.lake.join import checked_join
from lead_engine.sources.counties import county_frame
from lead_engine.sources.records import GOOD

from .crosswalk import oldest

STATUS = ("medicare_status_code", "dual_code", "county_fips_code")


def person_keys(people: DataFrame, crosswalk: DataFrame, rif_people: DataFrame | None) -> DataFrame:
    """`core__person_key` of CCLF and RIF: for each MBI that is not itself its person's key, the person's key."""
    return owners(people, crosswalk, rif_people).where("bene_key != id_key")


def owners(people: DataFrame, crosswalk: DataFrame, rif_people: DataFrame | None) -> DataFrame:
    """For each MBI of CCLF and RIF, `id_key`, the person's key, `bene_key`.

    In: `stage__cclf_beneficiary`, `stage__cclf_crosswalk` of all deliveries, `stage__rif_beneficiary` when there is any.
    A person is the BENE_ID that RIF gives any of the MBIs, the smallest key where it gives several, else the oldest MBI.
    """
    changes = crosswalk.where(GOOD).select("previous_key", "person_id_key").distinct().collect()
    roots = people.sparkSession.createDataFrame(
        sorted(oldest([tuple(change) for change in changes]).items()), "id_key bigint, root_key bigint"
    )
    known = people.where(GOOD).select(F.col("person_id_key").alias("id_key")).union(roots.select("id_key"))
    if rif_people is None:
        given = people.sparkSession.createDataFrame([], "id_key bigint, rif_key bigint")
    else:
        given = rif_people.where(GOOD).where("mbi_key is not null").select("mbi_key", "person_id_key").distinct()
        given = given.toDF("id_key", "rif_key")
        known = known.union(given.select("id_key"))
    rooted = known.distinct().join(roots, "id_key", "left").withColumn("root_key", F.coalesce("root_key", "id_key"))
    by_root = rooted.join(given, "id_key").groupBy("root_key").agg(F.min("rif_key").alias("rif_key"))
    keyed = rooted.join(by_root, "root_key", "left").withColumn("bene_key", F.coalesce("rif_key", "root_key"))
    return keyed.select("id_key", "bene_key")


def with_person(records: DataFrame, keys: DataFrame | None) -> DataFrame:
    """Records with `bene_key`: the person the identifier they were delivered under belongs to."""
    if keys is None:
        return records.withColumn("bene_key", F.col("person_id_key"))
    owner = keys.select(F.col("id_key").alias("person_id_key"), F.col("bene_key").alias("owner_key"))
    owned = records.join(owner, "person_id_key", "left")
    return owned.withColumn("bene_key", F.coalesce("owner_key", "person_id_key")).drop("owner_key")


def months(people: DataFrame, keys: DataFrame) -> DataFrame:
    """Enrolment months from CCLF8: from the first begin date to the delivery's month (DL 8); death is told by `is_alive`.

    A month has the status, dual code and county of the delivery that covers it, else of the nearest later one
    (`is_carried`). CCLF tells neither Medicare Advantage nor a primary payer: both stay empty.
    """
    told = _as_of_delivery(people, keys)
    covered = F.trunc("received_date", "month")
    place = Window.partitionBy("bene_key").orderBy("received_date")
    after_previous = F.add_months(F.trunc(F.lag("received_date").over(place), "month"), 1)
    begin = F.trunc(F.least("part_a_begin_date", "part_b_begin_date"), "month")
    spans = told.withColumn("begin", F.greatest(begin, after_previous)).withColumn("covered", covered)
    by_month = spans.where("begin <= covered").withColumn(
        "month", F.explode(F.sequence("begin", "covered", F.expr("interval 1 month")))
    )
    return checked_join(by_month, county_frame(people.sparkSession), ["county_fips_code"], "UNKNOWN_COUNTY").select(
        "bene_key",
        "month",
        F.year("month").alias("year"),
        (F.col("death_date").isNull() | (F.col("death_date") >= F.col("month"))).alias("is_alive"),
        _begun("part_a_begin_date").alias("has_part_a"),
        _begun("part_b_begin_date").alias("has_part_b"),
        F.lit(None).cast("boolean").alias("is_medicare_advantage"),
        F.lit(None).cast("boolean").alias("is_medicare_secondary"),
        "medicare_status_code",
        "dual_code",
        "county_fips_code",
        "county_code",
        (F.col("month") != F.col("covered")).alias("is_carried"),
    )


def _begun(column: str) -> Column:
    return F.coalesce(F.trunc(column, "month") <= F.col("month"), F.lit(False))


def _as_of_delivery(people: DataFrame, keys: DataFrame) -> DataFrame:
    """One row a person and month of delivery: the last delivery of a month tells; hospice ranges repeat a person."""
    owned = with_person(people.where(GOOD), keys).withColumn(
        "county_fips_code", F.concat("state_fips_code", "county_fips_code")
    )
    told = ["received_date", "part_a_begin_date", "part_b_begin_date", *STATUS]
    newest = F.max(F.struct("received_date", F.xxhash64("source_file", *told).alias("tie"), *told[1:])).alias("newest")
    by_month = owned.groupBy("bene_key", F.trunc("received_date", "month").alias("delivered")).agg(
        newest, F.max("death_date").alias("death_date")
    )
    any_death = F.max("death_date").over(Window.partitionBy("bene_key")).alias("death_date")
    return by_month.select("bene_key", *[F.col("newest")[name].alias(name) for name in told], any_death)
