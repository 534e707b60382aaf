"""Core claims from the Tuva input layer: what it holds of Medicare, where neither RIF nor CCLF tells (DL 9).

The layer is final: no cancellations, no denials. Money stands on lines, also that of institutional claims.
"""

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account
from lead_engine.lake.join import checked_join
from lead_engine.methodology.reference import reference_table
from lead_engine.sources.cclf.people import with_person
from lead_engine.sources.records import GOOD
from lead_engine.sources.rules import DeliveryRules
from lead_engine.tables.claims import CLAIM, CLAIM_DIAGNOSIS, CLAIM_LINE

from .people import MEDICARE

SOURCE = "TUVA"
CLAIM_TYPES = "claims/tuva_claim_types"
NOT_MEDICARE, NO_CLAIM_TYPE = "NOT_MEDICARE", "NO_CLAIM_TYPE"
DELIVERED_TWICE, NO_CLAIM = "DELIVERED_TWICE", "NO_CLAIM"
INSTITUTIONAL, ICD_10 = "institutional", "icd-10-cm"
CLAIM_KEY = ("claim_id", "control_key")


def claim(lines: DataFrame, people: DataFrame, keys: DataFrame | None, covered: Mapping[str, DataFrame]) -> DataFrame:
    """`core__claim` of the layer. In: `stage__tuva_line`, `…_eligibility`, `core__person_key`, years others cover."""
    return delivered(lines, people, keys, covered).where("left_out is null").select(*CLAIM.columns)


def delivered(
    lines: DataFrame, people: DataFrame, keys: DataFrame | None, covered: Mapping[str, DataFrame]
) -> DataFrame:
    """Every claim of every delivery once, with the first reason why it is `left_out`.

    `covered` has, by reason, the `bene_key` and `from_year` that another kind of delivery tells. A claim is known from
    the day its last line was paid, else from the day it was received.
    """
    claims = _with_claim_type(with_person(_by_claim(lines), keys))
    told = checked_join(claims, medicare_payers(people), ["payer"], NOT_MEDICARE, "left_out")
    told = told.withColumn("left_out", F.coalesce("left_out", "no_claim_type"))
    for reason, years in covered.items():
        flagged = told.join(years.withColumn("is_covered", F.lit(True)), ["bene_key", "from_year"], "left")
        told = flagged.withColumn("left_out", F.coalesce("left_out", F.when(F.col("is_covered"), F.lit(reason)))).drop(
            "is_covered"
        )
    return told


def claimants(lines: DataFrame, people: DataFrame, keys: DataFrame | None) -> DataFrame:
    """`bene_key` of everybody a good line of a Medicare payer speaks of."""
    known = lines.where(GOOD).join(medicare_payers(people), "payer", "left_semi")
    return with_person(known.select("person_id_key"), keys).select("bene_key")


def medicare_payers(people: DataFrame) -> DataFrame:
    """The payers that have a span of payer type medicare: a claim names its payer alone."""
    return people.where(GOOD).where(MEDICARE).select("payer").distinct()


def claim_line(lines: DataFrame, claims: DataFrame, rules: DeliveryRules) -> DataFrame:
    """`core__claim_line` of the layer: each line with what its claim says. In: `stage__tuva_line`, `core__claim`."""
    owners = claims.where(F.col("source_kind") == SOURCE)
    shared = ["bene_key", "claim_id", "source_kind", "claim_type", "bill_type", "sign", "known_date"]
    shared += ["cancelled_known_date", "is_denied", "ccn"]
    service_date = F.coalesce("service_date", "from_date")
    professional = F.col("claim_type").isin(list(rules.paid_by_line))
    made = {
        "service_date": service_date,
        "service_year": F.year(service_date),
        "tin": F.when(professional, F.coalesce("tin", "rendering_tin")),
        "paid_cents": F.col("line_paid_cents"),
    }
    return (
        newest(lines)
        .drop("bill_type")
        .join(owners.select(*shared), "claim_id")
        .select(*[made[name].alias(name) if name in made else F.col(name) for name in CLAIM_LINE.columns])
    )


def claim_diagnosis(lines: DataFrame, claims: DataFrame) -> DataFrame:
    """`core__claim_diagnosis` of the layer: ICD-10-CM codes of a claim's lines, once a claim."""
    codes = newest(lines).where(F.col("diagnosis_code_type") == ICD_10)
    exploded = codes.select("claim_id", "principal_diagnosis_code", F.explode("diagnosis_codes").alias("icd10_code"))
    principal = F.coalesce(F.col("icd10_code") == F.col("principal_diagnosis_code"), F.lit(False))
    owners = claims.where(F.col("source_kind") == SOURCE).withColumn("through_year", F.year("through_date"))
    carried = [name for name in CLAIM_DIAGNOSIS.columns if name not in ("icd10_code", "is_principal")]
    by_code = exploded.groupBy("claim_id", "icd10_code").agg(F.max(principal).alias("is_principal"))
    return by_code.join(owners.select(*carried), "claim_id").select(*CLAIM_DIAGNOSIS.columns)


def newest(lines: DataFrame) -> DataFrame:
    """The good lines of each claim that were delivered last, each line once: a claim delivered again is replaced whole."""
    latest = F.max("received_date").over(Window.partitionBy(*CLAIM_KEY))
    order = [F.desc("source_file"), F.xxhash64(*[name for name in lines.columns if name != "problems"])]
    place = F.row_number().over(Window.partitionBy(*CLAIM_KEY, "line_number").orderBy(*order))
    told = lines.where(GOOD).withColumn("latest", latest).where("received_date = latest").drop("latest")
    return told.withColumn("place", place).where("place = 1").drop("place")


def accounts(
    lines: DataFrame, people: DataFrame, keys: DataFrame | None, covered: Mapping[str, DataFrame], kept: DataFrame
) -> list[DataFrame]:
    """Claims and payments delivered are those of the lake and those left out, by reason.

    Two claims under one number would be more claims in than out.
    """
    name, cents = "Tuva claims and payments", F.coalesce("line_paid_cents", F.lit(0))
    left_out = delivered(lines, people, keys, covered).where("left_out is not null")
    paid = newest(lines).groupBy(*CLAIM_KEY).agg(F.sum(cents).alias("cents"))
    return [
        account(name, "in", paid, cents=F.col("cents")),
        account(name, "out", kept.where(F.col("source_kind") == SOURCE), cents=F.col("paid_cents")),
        account(name, "excluded", left_out, F.col("left_out"), cents=F.col("paid_cents")),
    ]


def line_accounts(lines: DataFrame, claims: DataFrame, kept: DataFrame) -> list[DataFrame]:
    """Good line records are lines of the lake, delivered again, or of a claim that is not there."""
    good, once = lines.where(GOOD), newest(lines)
    owners = claims.where(F.col("source_kind") == SOURCE).select("claim_id")
    again = good.agg(F.count(F.lit(1)).alias("rows")).union(once.agg(-F.count(F.lit(1))))
    name = "Tuva claim lines"
    return [
        account(name, "in", good),
        account(name, "out", kept.where(F.col("source_kind") == SOURCE)),
        account(name, "excluded", again, F.lit(DELIVERED_TWICE), rows=F.col("rows")),
        account(name, "excluded", once.join(owners, "claim_id", "left_anti"), F.lit(NO_CLAIM)),
    ]


def _by_claim(lines: DataFrame) -> DataFrame:
    """One row a claim, its own fields from its first line."""
    told = ["person_id_key", "payer", "claim_form", "bill_type", "from_date", "through_date", "received_date"]
    told += ["admission_date", "admission_type_code"]
    first = F.struct(*told, _drg().alias("drg_code"))
    by_claim = (
        newest(lines)
        .groupBy("claim_id")
        .agg(
            F.min_by(first, "line_number").alias("first"),
            F.coalesce(F.sum("line_paid_cents"), F.lit(0)).alias("paid_cents"),
            F.max("paid_date").alias("paid_date"),
        )
    )
    return by_claim.select(
        "claim_id",
        "first.*",
        "paid_cents",
        "paid_date",
    ).select(
        "*",
        F.lit(SOURCE).alias("source_kind"),
        F.lit(1).alias("sign"),
        F.coalesce("paid_date", "received_date").alias("known_date"),
        F.lit(None).cast("date").alias("cancelled_known_date"),
        F.lit(False).alias("is_denied"),
        F.year("from_date").alias("from_year"),
        F.lit(None).cast("bigint").alias("ccn"),
        F.col("person_id_key").alias("source_id_key"),
    )


def _with_claim_type(claims: DataFrame) -> DataFrame:
    """Claims with `claim_type` and `bill_type`, and `no_claim_type` where the first cannot be told."""
    bill_type = F.when(F.col("claim_form") == INSTITUTIONAL, F.col("bill_type"))
    key = F.when(F.col("claim_form") == INSTITUTIONAL, bill_type).otherwise("")
    keyed = claims.withColumn("bill_type", bill_type).withColumn("bill_key", key)
    types = _claim_types(claims.sparkSession)
    return checked_join(keyed, types, ["claim_form", "bill_key"], NO_CLAIM_TYPE, "no_claim_type")


def _claim_types(spark: SparkSession) -> DataFrame:
    rows = [tuple(row.values()) for row in reference_table(CLAIM_TYPES).records()]
    return spark.createDataFrame(rows, "claim_form string, bill_key string, claim_type string")


def _drg() -> Column:
    """The Medicare DRG: that of an older version's column, else the one said to be of that kind, or of no kind."""
    is_ms = F.coalesce("drg_code_type", F.lit("ms-drg")) == "ms-drg"
    return F.coalesce(F.col("ms_drg_code"), F.when(is_ms, F.col("drg_code")))
