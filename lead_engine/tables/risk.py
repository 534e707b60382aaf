"""Risk of a person in a year: every factor, and the raw score they sum to."""

from typing import Any

import pandera.pyspark as pa

from .contract import DATE, FLAG, INTEGER, LONG, SCORE, TEXT, Phi, column, contract, optional, performance_year, person

MONTH_SET = "the bit of January is 1, of December 2048"


def first_month() -> Any:
    """The column that tells kinds of month of a person's year apart."""
    return column("First month of the year that is of this kind; with person and year it names the kind", ge=1, le=12)


@contract(
    "calc__risk_status",
    grain="person, payment year and kind of month",
    key=("performance_year", "year", "bene_key", "first_month"),
    phi=Phi.PERSON,
    rules=("RM 3.3", "RM 3.4", "RM 3.6"),
    partition=("performance_year",),
    cluster=("bene_key", "year"),
    slice=("performance_year",),
)
class RiskStatus(pa.DataFrameModel):
    """Months of the year with enrolment data, alive, that are alike for every score. Each is in one row."""

    performance_year: INTEGER = performance_year()
    year: INTEGER = column("Payment year", "year")
    bene_key: LONG = person()
    first_month: INTEGER = first_month()
    is_esrd: FLAG = column("ESRD status: an ESRD model scores the months; else models of aged and disabled")
    dual_class: TEXT = column("Medicaid", isin=["FULL", "PARTIAL", "NONE"])
    is_long_term_institutional: FLAG = column("Long-term institutional; false where no list is given")
    graft_months: INTEGER = column(
        "Months since a kidney transplant, its own counted as 1; of months that no model tells apart the first; 0 without",
        "months",
        ge=0,
    )
    month_set: INTEGER = column(f"The months; {MONTH_SET}", ge=1, le=4095)
    is_institution_given: FLAG = column("Whether the list institutional_periods was given")
    is_graft_given: FLAG = column("Whether the list kidney_transplants was given; else grafts come from DRGs")


@contract(
    "calc__risk_profile",
    grain="person and payment year with enrolment",
    key=("performance_year", "year", "bene_key"),
    phi=Phi.PERSON,
    rules=("RM 3.1", "RM 3.2", "RM 3.3", "RM 3.4", "RM 3.5", "RM 3.6"),
    partition=("performance_year",),
    cluster=("bene_key", "year"),
    slice=("performance_year",),
)
class RiskProfile(pa.DataFrameModel):
    """What the demographic terms rest on, and who is not scored and why."""

    performance_year: INTEGER = performance_year()
    year: INTEGER = column("Payment year", "year")
    bene_key: LONG = person()
    age: INTEGER = optional("Age on the model's reference day", "years")
    sex_code: TEXT = optional("1 male, 2 female", "code")
    dual_class: TEXT = column("Medicaid in the year's first month", isin=["FULL", "PARTIAL", "NONE"])
    original_entitlement_code: TEXT = column("Original reason for entitlement; 0 where unknown", "code")
    is_new_enrollee: FLAG = column("Too few months of Part B in the year before")
    is_long_term_institutional: FLAG = column("Long-term institutional in that month")
    graft_months: INTEGER = column("Months since a kidney transplant in that month, as in calc__risk_status", ge=0)
    esrd_months: INTEGER = column(
        "Months of the year with enrolment data, alive, with ESRD status: an ESRD model scores them", "months", ge=0
    )
    other_months: INTEGER = column(
        "The others of the year with enrolment data, alive: models of aged and disabled score them", "months", ge=0
    )
    excluded: TEXT = optional("Why not scored", "code", isin=["DEAD", "NO_YEAR_BEFORE", "NOT_A_AND_B", "NO_AGE_OR_SEX"])


@contract(
    "calc__risk_diagnosis",
    grain="person, payment year, model and eligible diagnosis",
    key=("performance_year", "model", "year", "bene_key", "icd10_code", "hcc"),
    phi=Phi.PERSON,
    rules=("RM 2.1", "RM 2.2", "RM 2.3", "RM 2.4", "RM 2.5", "RM 2.6"),
    partition=("performance_year",),
    cluster=("bene_key", "year", "icd10_code"),
    slice=("performance_year",),
)
class RiskDiagnosis(pa.DataFrameModel):
    """Diagnoses that count, with the HCC they map to and the claim that shows them first."""

    performance_year: INTEGER = performance_year()
    model: TEXT = column("Risk model", "id")
    year: INTEGER = column("Payment year", "year")
    bene_key: LONG = person()
    icd10_code: TEXT = column("ICD-10-CM without dot", "code")
    hcc: INTEGER = column("HCC it maps to; 0 where the model has none", "code", ge=0)
    claim_id: LONG = column("The first eligible claim that carries it", "id")
    claims: INTEGER = column("Eligible claims that carry it", "count", ge=1)
    first_date: DATE = column("Through-date of the first eligible claim that carries it")


@contract(
    "calc__hcc",
    grain="person, payment year, kind of month, model and term",
    key=("performance_year", "model", "year", "bene_key", "first_month", "term"),
    phi=Phi.PERSON,
    rules=("RM 4.1", "RM 4.2", "RM 4.3", "RM 5.1", "RM 5.2", "RM 5.3", "RM 5.4", "RM 5.5", "RM 6.1"),
    partition=("performance_year",),
    cluster=("bene_key", "year", "term"),
    slice=("performance_year",),
)
class Hcc(pa.DataFrameModel):
    """The terms of every raw score: demographic cell, HCCs that survived or were dropped, interactions, count."""

    performance_year: INTEGER = performance_year()
    model: TEXT = column("Risk model", "id")
    year: INTEGER = column("Payment year", "year")
    bene_key: LONG = person()
    first_month: INTEGER = first_month()
    segment: TEXT = column("Segment of the model, for example CNA", "code")
    term: TEXT = column("Term of the model, for example HCC37 or F70_74", "code")
    kind: TEXT = column("What the term is", isin=["DEMOGRAPHIC", "HCC", "INTERACTION", "COUNT", "DROPPED"])
    dropped_by: TEXT = optional("HCC whose hierarchy dropped it, or CONDITION", "code")
    coefficient: SCORE = column("Relative factor; 0 for a dropped HCC", "score")


@contract(
    "calc__risk_score",
    grain="person, payment year, kind of month and model",
    key=("performance_year", "model", "year", "bene_key", "first_month"),
    phi=Phi.PERSON,
    rules=("RM 3.4", "RM 5.5"),
    partition=("performance_year",),
    cluster=("bene_key", "year"),
    slice=("performance_year",),
)
class RiskScore(pa.DataFrameModel):
    """Raw scores: not normalised, not capped."""

    performance_year: INTEGER = performance_year()
    model: TEXT = column("Risk model", "id")
    year: INTEGER = column("Payment year", "year")
    bene_key: LONG = person()
    first_month: INTEGER = first_month()
    segment: TEXT = column("Segment of the model", "code")
    raw_score: SCORE = column("Sum of the coefficients", "score")
    months: INTEGER = column("Months of the year the score is for", "months", ge=1)
    month_set: INTEGER = column(f"Those months; {MONTH_SET}", ge=1, le=4095)
    model_version: TEXT = column("First digits of the checksum of the model's tables", "id")
    flags: TEXT = column(
        "What the score rests on: SUBSTITUTE_MODEL, OUTSIDE_TABLE_YEARS, LTI_NOT_GIVEN, GRAFT_FROM_DRG", "code"
    )


@contract(
    "calc__window_score",
    grain="person, High Needs check and model",
    key=("performance_year", "model", "check_date", "bene_key"),
    phi=Phi.PERSON,
    rules=("ALN-48", "ALN-52", "RM 1.3", "RM 5.5"),
    partition=("performance_year",),
    cluster=("bene_key", "check_date"),
    slice=("performance_year",),
)
class WindowScore(pa.DataFrameModel):
    """Raw scores from the diagnoses of a check's window, for High Needs alone. No row: the check could not be evaluated."""

    performance_year: INTEGER = performance_year()
    model: TEXT = column("Risk model", "id")
    check_date: DATE = column("Day on which High Needs status is assessed")
    bene_key: LONG = person()
    raw_score: SCORE = column("Sum of the coefficients", "score")
