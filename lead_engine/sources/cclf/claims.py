"""Core claims from CCLF: every record once, with sign and the day its cancellation became known (DL 3.1 to DL 3.5, DL 3.12)."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account
from lead_engine.sources.records import GOOD, union
from lead_engine.sources.rules import DeliveryRules
from lead_engine.tables.claims import CLAIM, CLAIM_DIAGNOSIS, CLAIM_LINE

from .netting import CANCELLED
from .people import with_person

CANCELLATION = "1"
SOURCE = "CCLF"
RIF_HAS_THE_YEAR, NO_CLAIM = "RIF_HAS_THE_YEAR", "NO_CLAIM"


def claim(
    headers: DataFrame, lines: DataFrame, keys: DataFrame, rif_years: DataFrame | None, rules: DeliveryRules
) -> DataFrame:
    """`core__claim` of CCLF: Part A headers and Part B claims made of their lines.

    Claims of people and years that RIF covers stay out: RIF is complete and final for a beneficiary-year.
    """
    records = _without(delivered(headers, lines, keys, rules), rif_years)
    taken = cancellations(records).select(F.inline("taken"))
    known = records.join(taken, "claim_id", "left")
    return known.select(*CLAIM.columns)


def delivered(headers: DataFrame, lines: DataFrame, keys: DataFrame, rules: DeliveryRules) -> DataFrame:
    """Every claim record of every delivery once, the newest delivery of each, with the columns netting asks for."""
    part_b = newest(lines.where("control_key is not null"), ["claim_id", "line_number"])
    told = [
        "person_id_key",
        "claim_type",
        "from_date",
        "through_date",
        "adjustment_code",
        "effective_date",
        "known_date",
    ]
    told += ["claim_denial_code", "control_key", "principal_diagnosis_code"]
    by_claim = part_b.groupBy("claim_id").agg(
        F.min_by(F.struct(*told), "line_number").alias("first"), F.sum("line_paid_cents").alias("paid_cents")
    )
    both = _part_a(headers).unionByName(by_claim.select("claim_id", "first.*", "paid_cents"), allowMissingColumns=True)
    sign = F.when(F.col("adjustment_code") == CANCELLATION, -1).otherwise(1)
    return with_person(both, keys).select(
        "*",
        F.lit(SOURCE).alias("source_kind"),
        F.col("person_id_key").alias("source_id_key"),
        sign.alias("sign"),
        _is_denied(rules).alias("is_denied"),
        F.year("from_date").alias("from_year"),
        F.lit(None).cast("date").alias("admission_date"),
        F.coalesce("drg_code", "principal_diagnosis_code", F.lit("")).alias("group"),
    )


def years(headers: DataFrame, lines: DataFrame, keys: DataFrame) -> DataFrame:
    """`bene_key` and `from_year` of every person and year that CCLF has a claim of."""
    told = [records.where(GOOD).select("person_id_key", "from_date") for records in (headers, lines)]
    known = with_person(union(told).where("from_date is not null"), keys)
    return known.select("bene_key", F.year("from_date").alias("from_year")).distinct()


def cancellations(records: DataFrame) -> DataFrame:
    """One row a natural key with a cancellation: the array `taken` of claims, and how many cancellations found none."""
    record = F.struct("effective_date", "claim_id", "known_date", "paid_cents", "group")
    sides = [
        F.array_sort(F.collect_list(F.when(F.col("sign") == sign, record))).alias(name)
        for sign, name in ((-1, "cancellations"), (1, "others"))
    ]
    by_key = records.groupBy(*_natural_key()).agg(*sides).where("size(cancellations) > 0")
    taken = by_key.select("cancellations", F.expr(CANCELLED).alias("taken"))
    return taken.select("taken", (F.size("cancellations") - F.size("taken")).alias("unmatched"))


def claim_line(lines: DataFrame, claims: DataFrame, rules: DeliveryRules) -> DataFrame:
    """`core__claim_line` of CCLF: each line with what its claim says. In: `stage__cclf_line`, `core__claim`."""
    owners = claims.where(F.col("source_kind") == SOURCE)
    shared: list[str | Column] = [
        "bene_key",
        "claim_id",
        "source_kind",
        "claim_type",
        "bill_type",
        "sign",
        "known_date",
    ]
    shared += ["cancelled_known_date", "is_denied", "ccn", F.col("from_date").alias("claim_from_date")]
    own = newest(lines, ["claim_id", "line_number"]).drop("claim_type", "known_date")
    allowed = F.coalesce("line_processing_code", F.lit(rules.allowed_line_codes[0])).isin(
        list(rules.allowed_line_codes)
    )
    service_date = F.coalesce("service_date", "from_date", "claim_from_date")
    made = {
        "is_denied": F.col("is_denied") | ~allowed,
        "service_date": service_date,
        "service_year": F.year(service_date),
        "npi": F.coalesce("npi", "enrolled_npi"),
        "paid_cents": F.col("line_paid_cents"),
        "deductible_cents": F.lit(None).cast("bigint"),
        "coinsurance_cents": F.lit(None).cast("bigint"),
    }
    return own.join(owners.select(*shared), "claim_id").select(
        *[made[name].alias(name) if name in made else F.col(name) for name in CLAIM_LINE.columns]
    )


def claim_diagnosis(headers: DataFrame, lines: DataFrame, diagnoses: DataFrame, claims: DataFrame) -> DataFrame:
    """`core__claim_diagnosis` of CCLF: the codes of CCLF1, CCLF4 and of Part B lines, once a claim."""
    part_b = newest(lines.where("control_key is not null"), ["claim_id", "line_number"])
    first = F.min_by("principal_diagnosis_code", "line_number").alias("icd10_code")
    principals = union(
        [
            newest(headers, ["claim_id"]).selectExpr("claim_id", "principal_diagnosis_code AS icd10_code"),
            part_b.groupBy("claim_id").agg(first),
        ]
    ).where("icd10_code is not null")
    others = union(
        [part_b.select("claim_id", F.explode("diagnosis_codes").alias("icd10_code")), _newest_delivery(diagnoses)]
    )
    codes = (
        principals.withColumn("is_principal", F.lit(True))
        .unionByName(others.withColumn("is_principal", F.lit(False)))
        .groupBy("claim_id", "icd10_code")
    )
    owners = claims.where(F.col("source_kind") == SOURCE).withColumn("through_year", F.year("through_date"))
    carried = [name for name in CLAIM_DIAGNOSIS.columns if name not in ("icd10_code", "is_principal")]
    return (
        codes.agg(F.max("is_principal").alias("is_principal"))
        .join(owners.select(*carried), "claim_id")
        .select(*CLAIM_DIAGNOSIS.columns)
    )


def newest(records: DataFrame, key: list[str]) -> DataFrame:
    """The good record of each key that was delivered last; delivered twice counts once (DL 3.12)."""
    order = [
        F.desc("received_date"),
        F.desc("source_file"),
        F.xxhash64(*[c for c in records.columns if c != "problems"]),
    ]
    place = F.row_number().over(Window.partitionBy(*key).orderBy(*order))
    return records.where(GOOD).withColumn("place", place).where("place = 1").drop("place")


def accounts(
    headers: DataFrame,
    lines: DataFrame,
    keys: DataFrame,
    rif_years: DataFrame | None,
    rules: DeliveryRules,
    kept: DataFrame,
) -> list[DataFrame]:
    """Claim records and dollars delivered are those of the lake, and those of years that RIF covers; cancellations too."""
    every = delivered(headers, lines, keys, rules)
    records = _without(every, rif_years)
    cents = F.col("sign") * F.col("paid_cents")
    left_out = every.join(records.select("claim_id"), "claim_id", "left_anti")
    ours = kept.where(F.col("source_kind") == SOURCE)
    found = cancellations(records)
    name, matched = "CCLF claim records and net payments", "cancellations"
    return [
        account(name, "in", every, cents=cents),
        account(name, "out", ours, cents=cents),
        account(name, "excluded", left_out, F.lit(RIF_HAS_THE_YEAR), cents=cents),
        account(matched, "in", records.where("sign = -1")),
        account(matched, "out", ours.where("cancelled_known_date is not null")),
        account(matched, "excluded", found, F.lit("UNMATCHED"), rows=F.col("unmatched")),
    ]


def line_accounts(lines: DataFrame, claims: DataFrame, kept: DataFrame) -> list[DataFrame]:
    """Good line records are lines of the lake, delivered again, or of a claim that is not there."""
    good = lines.where(GOOD)
    once = good.select("claim_id", "line_number").distinct()
    owners = claims.where(F.col("source_kind") == SOURCE).select("claim_id")
    again = good.groupBy("claim_id", "line_number").agg((F.count(F.lit(1)) - 1).alias("more"))
    name = "CCLF claim lines"
    return [
        account(name, "in", good),
        account(name, "out", kept.where(F.col("source_kind") == SOURCE)),
        account(name, "excluded", again, F.lit("DELIVERED_TWICE"), rows=F.col("more")),
        account(name, "excluded", once.join(owners, "claim_id", "left_anti"), F.lit(NO_CLAIM)),
    ]


def _natural_key() -> list[Column]:
    """Person and, of Part A, facility and dates; of Part B, the control number alone (DL 3.2)."""
    dates = [F.when(F.col("control_key").isNull(), F.col(name)).alias(name) for name in ("from_date", "through_date")]
    return [F.col("bene_key"), F.col("ccn"), *dates, F.col("control_key")]


def _part_a(headers: DataFrame) -> DataFrame:
    return newest(headers, ["claim_id"]).select(
        "claim_id",
        "person_id_key",
        "claim_type",
        "from_date",
        "through_date",
        "adjustment_code",
        "effective_date",
        "known_date",
        "claim_denial_code",
        F.concat("facility_type_code", "classification_code").alias("bill_type"),
        F.col("claim_paid_cents").alias("paid_cents"),
        F.coalesce("ccn", "enrolled_ccn").alias("ccn"),
        "admission_type_code",
        "drg_code",
        "principal_diagnosis_code",
    )


def _is_denied(rules: DeliveryRules) -> Column:
    """A Part B claim by its payment denial code, a Part A one by any non-payment reason (DL 3.8)."""
    denied = F.coalesce(F.col("claim_denial_code").isin(list(rules.denied_claim_codes)), F.lit(False))
    return F.when(F.col("control_key").isNotNull(), denied).otherwise(F.col("claim_denial_code").isNotNull())


def _without(records: DataFrame, rif_years: DataFrame | None) -> DataFrame:
    return records if rif_years is None else records.join(rif_years, ["bene_key", "from_year"], "left_anti")


def _newest_delivery(diagnoses: DataFrame) -> DataFrame:
    """The codes of the newest delivery of each claim."""
    latest = F.max("received_date").over(Window.partitionBy("claim_id"))
    told = diagnoses.where(GOOD).withColumn("latest", latest)
    return told.where("received_date = latest").select("claim_id", "icd10_code")
