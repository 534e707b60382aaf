"""Core tables of people from whatever was delivered: a table of a kind that was not is None.

Where several kinds tell of a person, RIF comes before CCLF and CCLF before the Tuva input layer.
"""

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance
from lead_engine.sources.cclf import people as cclf
from lead_engine.sources.cclf import records as cclf_records
from lead_engine.sources.cclf.delivery import CclfDelivery
from lead_engine.sources.records import GOOD, union
from lead_engine.sources.rif import people as rif
from lead_engine.sources.rif.delivery import RifDelivery
from lead_engine.sources.tuva import claims as tuva_claims
from lead_engine.sources.tuva import people as tuva
from lead_engine.sources.tuva.delivery import TuvaDelivery
from lead_engine.tables.people import ENROLMENT_YEAR

Table = DataFrame | None
DEMOGRAPHICS = ("birth_date", "death_date", "sex_code", "original_entitlement_code")


def person_key(people: Table, crosswalk: Table, rif_people: Table, tuva_people: Table) -> DataFrame:
    """`core__person_key`: for each identifier that is not itself its person's key, the person's key.

    In: `stage__cclf_beneficiary`, `stage__cclf_crosswalk`, `stage__rif_beneficiary`, `stage__tuva_eligibility`.
    """
    found, known = [], []
    if people is not None and crosswalk is not None:
        known.append(cclf.owners(people, crosswalk, rif_people))
        found.append(known[0].where("bene_key != id_key"))
    elif rif_people is not None:
        given = rif_people.where(GOOD).where("mbi_key is not null").groupBy(F.col("mbi_key").alias("id_key"))
        known.append(given.agg(F.min("person_id_key").alias("bene_key")))
    if tuva_people is not None:
        nobody = tuva_people.sparkSession.createDataFrame([], "id_key bigint, bene_key bigint")
        found.append(tuva.person_keys(tuva_people, union([*known, nobody]), rif_people))
    return union(found)


def identity(
    spark: SparkSession,
    rif_deliveries: tuple[RifDelivery, ...],
    cclf_deliveries: tuple[CclfDelivery, ...],
    tuva_deliveries: tuple[TuvaDelivery, ...],
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
    if tuva_deliveries:
        told = tuva.identity(spark, tuva_deliveries, secret, keys)
        known = [frame.select("id_kind", "id_key") for frame in found]
        unknown = told.join(union(known), ["id_kind", "id_key"], "left_anti").select(*told.columns) if known else told
        found.append(unknown)
    if len(found) + len(cclf_deliveries) == 1:
        return found[0]
    shared = ["bene_key", "id_kind", "id_value", "id_key"]
    return union(found).groupBy(*shared).agg(F.min("is_current").alias("is_current"))


def identity_accounts(
    spark: SparkSession,
    rif_deliveries: tuple[RifDelivery, ...],
    cclf_deliveries: tuple[CclfDelivery, ...],
    tuva_deliveries: tuple[TuvaDelivery, ...],
    secret: str,
    keys: Table,
    told: DataFrame,
) -> DataFrame:
    """As many keys as identifiers: should two ever meet in one key, two people would become one."""
    name = "identifiers with a key of their own"
    return balance(account(name, "in", told), account(name, "out", told.select("id_kind", "id_key").distinct()))


def beneficiary(
    rif_people: Table,
    rif_lines: Table,
    people: Table,
    headers: Table,
    lines: Table,
    keys: Table,
    tuva_people: Table = None,
    tuva_lines: Table = None,
) -> DataFrame:
    """`core__beneficiary`: everybody a good record speaks of, claims included.

    Demographics come from the newest record that has them, RIF before CCLF before Tuva; a death date from any record.
    """
    known, claimants = [], []
    if rif_people is not None and rif_lines is not None:
        known.append(rif_people.where(GOOD).select(F.col("person_id_key").alias("bene_key"), *_told(1, "year")))
        claimants.append(rif_lines.where(GOOD).select(F.col("person_id_key").alias("bene_key")))
    if people is not None and headers is not None and lines is not None:
        known.append(cclf.with_person(people.where(GOOD), keys).select("bene_key", *_told(0, F.lit(0))))
        for claims in (headers, lines):
            claimants.append(cclf.with_person(claims.where(GOOD).select("person_id_key"), keys).select("bene_key"))
    if tuva_people is not None and tuva_lines is not None:
        known.append(tuva.spans(tuva_people, keys).select("bene_key", *_told(-1, F.year("start_date"))))
        claimants.append(tuva_claims.claimants(tuva_lines, tuva_people, keys))
    newest = F.struct("precedence", "told_year", "received_date", "tie")
    latest = [F.max_by(column, F.when(F.col(column).isNotNull(), newest)).alias(column) for column in DEMOGRAPHICS]
    by_person = union(known).groupBy("bene_key").agg(*latest)
    return union(claimants).distinct().join(by_person, "bene_key", "full")


def enrolment_month(
    rif_people: Table, beneficiaries: DataFrame, people: Table, keys: Table, tuva_people: Table = None
) -> DataFrame:
    """`core__enrolment_month`: months RIF tells, of CCLF8 those RIF does not, of Tuva those neither does (DL 8, DL 9)."""
    found = [rif.enrolment_month(rif_people, beneficiaries)] if rif_people is not None else []
    if people is not None and keys is not None:
        found.append(cclf.months(people, keys))
    if tuva_people is not None:
        found.append(tuva.months(tuva_people, keys, beneficiaries))
    told, *others = found
    for months in others:
        told = told.unionByName(months.join(told.select("bene_key", "month"), ["bene_key", "month"], "left_anti"))
    return told


def enrolment_year(spark: SparkSession, rif_people: Table) -> DataFrame:
    """`core__enrolment_year`: months of Part A and B as the source itself counts them; others count none."""
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
