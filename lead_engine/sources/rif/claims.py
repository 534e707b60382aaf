"""Core tables of claims from RIF records: a claim, its lines, its diagnoses. RIF records are final action."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.sources.records import GOOD
from lead_engine.sources.rules import DeliveryRules
from lead_engine.tables.claims import CLAIM, CLAIM_DIAGNOSIS, CLAIM_LINE

SUPERSEDED = "N"  # FINAL_ACTION


def claim(lines: DataFrame, rules: DeliveryRules) -> DataFrame:
    """`core__claim`: one row a claim, its own fields from its first line.

    Paid: an institutional claim's own payment, once; a professional claim's lines, summed (BMK-3, note on grain).
    """
    records = _records(lines, rules)
    first = F.struct(*[column for column in _claim_columns() if column != "paid_cents"], "claim_paid_cents")
    by_claim = records.groupBy("claim_id").agg(
        F.min_by(first, "line_number").alias("first"), F.sum("line_paid_cents").alias("lines_paid")
    )
    from_lines = F.col("claim_type").isin(list(rules.paid_by_line))
    paid = F.coalesce(F.when(from_lines, F.col("lines_paid")).otherwise(F.col("claim_paid_cents")), F.lit(0))
    return by_claim.select("first.*", "lines_paid").withColumn("paid_cents", paid).select(*_claim_columns())


def claim_line(lines: DataFrame, rules: DeliveryRules) -> DataFrame:
    """`core__claim_line`: one row a line; a line without a date of its own has the claim's from-date."""
    records = _records(lines, rules)
    denied = F.col("is_denied") | ~F.coalesce("line_processing_code", F.lit(rules.allowed_line_codes[0])).isin(
        list(rules.allowed_line_codes)
    )
    return records.select(
        *[column for column in CLAIM_LINE.columns if column not in ("is_denied", "paid_cents")],
        denied.alias("is_denied"),
        F.col("line_paid_cents").alias("paid_cents"),
    )


def claim_diagnosis(lines: DataFrame, rules: DeliveryRules) -> DataFrame:
    """`core__claim_diagnosis`: every code of every diagnosis field of a claim's records, once (RM 2.3: by claim)."""
    codes = _records(lines, rules).withColumn("icd10_code", F.explode("diagnosis_codes"))
    principal = F.coalesce(F.col("icd10_code") == F.col("principal_diagnosis_code"), F.lit(False))
    carried = [c for c in CLAIM_DIAGNOSIS.columns if c not in ("claim_id", "icd10_code", "is_principal")]
    by_code = codes.groupBy("claim_id", "icd10_code").agg(
        F.min_by(F.struct(*carried), "line_number").alias("first"), F.max(principal).alias("is_principal")
    )
    return by_code.select("claim_id", "icd10_code", "is_principal", "first.*")


def distinct_records(lines: DataFrame) -> DataFrame:
    """The good record of each claim line that was received last; the same line delivered twice counts once (DL 3.12)."""
    order = [F.desc("received_date"), F.desc("source_file"), F.xxhash64(*lines.columns)]
    place = F.row_number().over(Window.partitionBy("claim_id", "line_number").orderBy(*order))
    return lines.where(GOOD).withColumn("place", place).where("place = 1").drop("place")


def _claim_columns() -> list[str]:
    return list(CLAIM.columns)


def _records(lines: DataFrame, rules: DeliveryRules) -> DataFrame:
    """Distinct records with the columns the core tables share."""
    service_date = F.coalesce("service_date", "from_date")
    return (
        distinct_records(lines)
        .withColumn("bene_key", F.col("person_id_key"))
        .withColumn("source_kind", F.lit("RIF"))
        .withColumn("source_id_key", F.col("person_id_key"))
        .withColumn("bill_type", F.concat("facility_type_code", "classification_code"))
        .withColumn("sign", F.when(F.col("final_action_code") == SUPERSEDED, 0).otherwise(1))
        .withColumn("cancelled_known_date", F.lit(None).cast("date"))
        .withColumn("is_denied", _claim_denied(rules))
        .withColumn("service_date", service_date)
        .withColumn("service_year", F.year("service_date"))
        .withColumn("from_year", F.year("from_date"))
        .withColumn("through_year", F.year("through_date"))
    )


def _claim_denied(rules: DeliveryRules) -> Column:
    """A professional claim by its payment denial code, an institutional one by any non-payment reason (DL 3.8)."""
    professional = F.col("claim_type").isin(list(rules.paid_by_line))
    code = F.col("claim_denial_code")
    return F.when(professional, F.coalesce(code.isin(list(rules.denied_claim_codes)), F.lit(False))).otherwise(
        code.isNotNull()
    )
