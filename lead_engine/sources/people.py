"""Core tables of people from whatever was delivered: a table of a kind that was not is None. RIF comes first where both tell."""

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance
from lead_engine.sources.cclf import people as cclf
from lead_engine.sources.cclf import records as cclf_records
from lead_engine.sources.cclf.delivery import CclfDelivery
from lead_engine.sources.records import GOOD, union
from lead_engine.sources.rif import people as rif
from lead_engine.sources.rif.delivery import RifDelivery
from lead_engine.tables.people import ENROLMENT_YEAR

Table = DataFrame | None
DEMOGRAPHICS = ("birth_date", "death_date", "sex_code", "original_entitlement_code")


def identity(
    spark: SparkSession,
    rif_deliveries: tuple[RifDelivery, ...],
    cclf_deliveries: tuple[CclfDelivery, ...],
    secret: str,
    keys: Table,
) -> DataFrame:
    """`core__beneficiary_identity`: one row for every identifier a person was delivered under.

    Reads the files, since no other table may hold an identifier. An MBI is current unless a newer record or a crosswalk
    says otherwise.
    """
    found = [rif.identity(spark, rif_deliveries, secret)] if rif_deliveries else []
    if cclf_deliveries and keys is not None:
        told = cclf_records.identifiers(spark, cclf_deliveries, secret).withColumnRenamed("mbi_key", "person_id_key")
        found.append(
            cclf.with_person(told, keys).select(
                "bene_key",
                F.lit("mbi").alias("id_kind"),
                F.col("mbi").alias("id_value"),
                F.col("person_id_key").alias("id_key"),
                (~F.col("is_old")).alias("is_current"),
            )
        )
    if len(found) + len(cclf_deliveries) == 1:
        return found[0]
    shared = ["bene_key", "id_kind", "id_value", "id_key"]
    return union(found).groupBy(*shared).agg(F.min("is_current").alias("is_current"))


def identity_accounts(
    spark: SparkSession,
    rif_deliveries: tuple[RifDelivery, ...],
    cclf_deliveries: tuple[CclfDelivery, ...],
    secret: str,
    keys: Table,
    told: DataFrame,
) -> DataFrame:
    """As many keys as identifiers: should two ever meet in one key, two people would become one."""
    name = "identifiers with a key of their own"
    return balance(account(name, "in", told), account(name, "out", told.select("id_kind", "id_key").distinct()))


def beneficiary(
    rif_people: Table, rif_lines: Table, people: Table, headers: Table, lines: Table, keys: Table
) -> DataFrame:
    """`core__beneficiary`: everybody a good record speaks of, claims included.

    Demographics come from the newest record that has them, RIF before CCLF; a death date from any record.
    """
    known, claimants = [], []
    if rif_people is not None and rif_lines is not None:
        known.append(rif_people.where(GOOD).select(F.col("person_id_key").alias("bene_key"), *_told(1, "year")))
        claimants.append(rif_lines.where(GOOD).select(F.col("person_id_key").alias("bene_key")))
    if people is not None and headers is not None and lines is not None:
        known.append(cclf.with_person(people.where(GOOD), keys).select("bene_key", *_told(0, F.lit(0))))
        for claims in (headers, lines):
            claimants.append(cclf.with_person(claims.where(GOOD).select("person_id_key"), keys).select("bene_key"))
    newest = F.struct("precedence", "told_year", "received_date", "tie")
    latest = [F.max_by(column, F.when(F.col(column).isNotNull(), newest)).alias(column) for column in DEMOGRAPHICS]
    by_person = union(known).groupBy("bene_key").agg(*latest)
    return union(claimants).distinct().join(by_person, "bene_key", "full")


def enrolment_month(rif_people: Table, beneficiaries: DataFrame, people: Table, keys: Table) -> DataFrame:
    """`core__enrolment_month`: months RIF tells, and of CCLF8 those RIF does not (DL 8)."""
    of_rif = rif.enrolment_month(rif_people, beneficiaries) if rif_people is not None else None
    of_cclf = cclf.months(people, keys) if people is not None and keys is not None else None
    if of_rif is not None and of_cclf is not None:
        return of_rif.unionByName(of_cclf.join(of_rif.select("bene_key", "month"), ["bene_key", "month"], "left_anti"))
    return union(frame for frame in (of_rif, of_cclf) if frame is not None)


def enrolment_year(spark: SparkSession, rif_people: Table) -> DataFrame:
    """`core__enrolment_year`: months of Part A and B as the source itself counts them; CCLF counts none."""
    return (
        rif.enrolment_year(rif_people) if rif_people is not None else spark.createDataFrame([], ENROLMENT_YEAR.schema)
    )


def _told(precedence: int, year: str | Column) -> list[Column]:
    told_year = F.col(year) if isinstance(year, str) else year
    tie = F.xxhash64(*DEMOGRAPHICS, "source_file")
    return [
        F.lit(precedence).alias("precedence"),
        told_year.alias("told_year"),
        F.col("received_date"),
        tie.alias("tie"),
        *[F.col(column) for column in DEMOGRAPHICS],
    ]
