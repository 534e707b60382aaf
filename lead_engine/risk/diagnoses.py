"""Which diagnoses count for risk, and the HCCs they map to (RM 2.2 to RM 2.6): `decide.mapped` as Spark expressions."""

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.claims.known import stands
from lead_engine.foundation.months import EARLIEST
from lead_engine.lake.join import checked_join

from .model import AGED_DISABLED, ESRD, RiskModel
from .rules import EligibleClaim, RiskRules

NO_HCC = 0
MONTHS_OF = {AGED_DISABLED: "other_months", ESRD: "esrd_months"}  # columns of `calc__risk_profile`
CLAIM_NUMBERS = Decimal(10) ** 20  # no claim identifier, a signed 64-bit number, is as large
IN_NO_LIST = "NOT_AN_ELIGIBLE_CODE"
NOT_IN_MODEL = "NOT_IN_MODEL"
EDITS = "array<struct<sex_code:string,age_min:int,age_max:int,hcc:int>>"
MAPPINGS = "array<struct<hcc:int,valid_from:date,valid_to:date>>"


def eligible_diagnoses(lines: DataFrame, diagnoses: DataFrame, profiles: DataFrame, rules: RiskRules) -> DataFrame:
    """`calc__risk_diagnosis`: each eligible diagnosis of a scored person with its HCCs, 0 where the model has none.

    In: `core__claim_line`, `core__claim_diagnosis`, `calc__risk_profile`. A claim with one eligible line, not denied,
    counts with all its diagnoses (RM 2.3). It counts in the calendar year of its through-date: for the payment year after
    it with prospective models, for that year itself with concurrent ones (RM 2.1).
    """
    by_code = (
        on_eligible_claims(lines, diagnoses, rules, _diagnosis_years(rules))
        .groupBy("bene_key", "through_year", "icd10_code")
        .agg(
            F.min(_day_and_claim()).alias("first"),
            F.count(F.lit(1)).cast("int").alias("claims"),
            F.min("through_date").alias("first_date"),
            F.max("through_date").alias("last_date"),
        )
        .withColumn("claim_id", (F.col("first") - _day("first_date")).cast("bigint"))
        .withColumn("year", F.explode(_payment_years(rules)))
    )
    who = ["bene_key", "year", "age", "sex_code", "esrd_months", "other_months"]
    scored = by_code.join(profiles.where("excluded is null").select(*who), ["bene_key", "year"])
    of_window = F.filter(models_of_person(rules), lambda model: model["diagnosis_year"] == F.col("through_year"))
    modelled = scored.withColumn("model", F.explode(F.transform(of_window, lambda model: model["name"])))
    return by_hcc(modelled, rules.models).select(
        "model", "year", "bene_key", "icd10_code", "hcc", "claim_id", "claims", "first_date"
    )


def models_of_person(rules: RiskRules) -> Column:
    """The models that score a row of `calc__risk_profile`: by kind of month it has, and year (RM 3.6, RM 1.1)."""
    models = []
    for model in rules.models:
        years = list(rules.years_of(model))
        is_asked = (F.col(MONTHS_OF[model.population]) > 0) & F.col("year").isin(years)
        about = F.struct(
            F.lit(model.name).alias("name"),
            (F.col("year") - (0 if model.is_concurrent else 1)).alias("diagnosis_year"),
        )
        models.append(F.when(is_asked, about))
    return F.array_compact(F.array(*models))


def by_hcc(diagnoses: DataFrame, models: Iterable[RiskModel]) -> DataFrame:
    """Rows with `model`, `icd10_code`, `age`, `sex_code`, `first_date`, `last_date`, once for each HCC after the edits."""
    mapping = _mapping_frame(diagnoses.sparkSession, models)
    known = checked_join(diagnoses, mapping, ["model", "icd10_code"], NOT_IN_MODEL)
    edits = F.filter("edits", lambda edit: _edit_applies(edit))
    valid = F.filter(
        "mappings", lambda row: (row["valid_from"] <= F.col("last_date")) & (row["valid_to"] >= F.col("first_date"))
    )
    overridden = F.array_compact(F.array(F.get(edits, F.lit(0))["hcc"]))
    hccs = F.when(F.size(edits) > 0, overridden).otherwise(F.transform(valid, lambda row: row["hcc"]))
    some = F.when(F.size(hccs) > 0, hccs).otherwise(F.array(F.lit(NO_HCC)))
    return known.withColumn("hcc", F.explode(F.coalesce(some, F.array(F.lit(NO_HCC))))).drop(
        "edits", "mappings", "excluded"
    )


def _payment_years(rules: RiskRules) -> Column:
    """The payment years for which a diagnosis of its year counts with one of the models."""
    prospective, concurrent = (any(model.is_concurrent is kind for model in rules.models) for kind in (False, True))
    year = F.col("through_year")
    return F.array(*([year + 1] if prospective else []), *([year] if concurrent else []))


def _day_and_claim() -> Column:
    """Day and claim as one number, whose least is the first claim: Spark sorts for a least struct, and hashes for this."""
    return _day("through_date") + F.col("claim_id").cast("decimal(20,0)")


def _day(column: str) -> Column:
    return F.datediff(column, F.lit(EARLIEST)).cast("decimal(17,0)") * F.lit(CLAIM_NUMBERS)


def _diagnosis_years(rules: RiskRules) -> list[int]:
    return sorted({model.diagnosis_year(year) for model in rules.models for year in rules.years_of(model)})


def on_eligible_claims(lines: DataFrame, diagnoses: DataFrame, rules: RiskRules, years: list[int]) -> DataFrame:
    """The rows of `core__claim_diagnosis` of these years, ascending, whose claim counts for risk (RM 2.2 to RM 2.4).

    Lines and diagnoses are brought together by person once: joins and sums by claim and by code need no further shuffle.
    """
    of_years = diagnoses.where(F.col("through_year").isin(years)).where(stands()).repartition("bene_key")
    by_claim = _years_with_eligible_code(lines, rules, years)
    told = of_years.join(by_claim, ["bene_key", "claim_id"], "left")
    has_code = F.coalesce(F.getbit("eligible_years", F.col("through_year") - years[0]), F.lit(0)) == 1
    without, needing = (
        _is_one_of([c for c in rules.eligible_claims if c.needs_eligible_hcpcs is needs]) for needs in (False, True)
    )
    return told.where(without | (needing & has_code))


def _years_with_eligible_code(lines: DataFrame, rules: RiskRules, years: list[int]) -> DataFrame:
    """One row per claim with an eligible line: a bit for every diagnosis year whose list has one of its codes."""
    bits: dict[str, int] = {}
    for row in rules.eligible_hcpcs.records():
        listed = range(int(row["first_service_year"]), int(row["last_service_year"]) + 1)
        for place in (year - years[0] for year in years if year in listed):
            bits[row["hcpcs_code"]] = bits.get(row["hcpcs_code"], 0) | 1 << place
    codes = lines.sparkSession.createDataFrame(sorted(bits.items()), "hcpcs_code string, bits bigint")
    around = lines.where(F.col("service_year").between(years[0] - 1, years[-1] + 1) & ~F.col("is_denied"))
    listed_lines = checked_join(around.select("bene_key", "claim_id", "hcpcs_code"), codes, ["hcpcs_code"], IN_NO_LIST)
    by_person = listed_lines.where("excluded is null").select("bene_key", "claim_id", "bits").repartition("bene_key")
    return by_person.groupBy("bene_key", "claim_id").agg(F.bit_or("bits").alias("eligible_years"))


def _is_one_of(claims: list[EligibleClaim]) -> Column:
    tests = [
        (F.col("claim_type") == c.claim_type) & (F.lit(not c.bill_type) | (F.col("bill_type") == c.bill_type))
        for c in claims
    ]
    return F.coalesce(reduce(or_, tests, F.lit(False)), F.lit(False))


def _edit_applies(edit: Column) -> Column:
    """The twin of `model.Edit.applies`."""
    age, low, high = F.col("age"), edit["age_min"], edit["age_max"]
    is_sex = (edit["sex_code"] == "") | (edit["sex_code"] == F.col("sex_code"))
    return is_sex & F.when(low > high, (age >= low) | (age <= high)).otherwise(age.between(low, high))


def _mapping_frame(spark: SparkSession, models: Iterable[RiskModel]) -> DataFrame:
    rows = [
        (
            model.name,
            code,
            [tuple(row) for row in model.mappings.get(code, ())],
            [tuple(edit) for edit in model.edits.get(code, ())],
        )
        for model in models
        for code in sorted({*model.mappings, *model.edits})
    ]
    return spark.createDataFrame(rows, f"model string, icd10_code string, mappings {MAPPINGS}, edits {EDITS}")
