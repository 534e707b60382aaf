"""Substitute risk models fitted from claims: their factors, and the scores made with them."""

from typing import Annotated, TypeAlias

import pandera.pyspark as pa
from pyspark.sql import types as T

from .contract import INTEGER, LONG, TEXT, Phi, column, contract, optional, performance_year, person
from .risk import MONTH_SET, first_month

FACTOR: TypeAlias = Annotated[T.DecimalType, 12, 6]
FACTOR_TYPE = T.DecimalType(12, 6)
VARIANTS = ["prospective", "concurrent"]


@contract(
    "core__risk_model",
    grain="registered model version and term",
    key=("registry_name", "registry_version", "term"),
    phi=Phi.NONE,
    rules=("RM 8.4", "RM 8.5", "RM 8.6"),
    cluster=("registry_name", "registry_version", "term"),
)
class RiskModelFactors(pa.DataFrameModel):
    """Factors of promoted models, as they were registered. Written by `lead-engine promote`, never changed."""

    registry_name: TEXT = column("Name in the model registry", "id")
    registry_version: INTEGER = column("Version in the model registry", "count", ge=1)
    run_id: TEXT = column("Tracking run that fitted it", "id")
    variant: TEXT = column("Which diagnoses it rests on", isin=VARIANTS)
    diagnosis_year: INTEGER = column("Year of the diagnoses it was fitted on", "year")
    cost_year: INTEGER = column("Year of the cost it was fitted on", "year")
    structure: TEXT = column("Risk model whose HCCs, hierarchies and groups it has", "id")
    structure_version: TEXT = column("First digits of a checksum over its columns and their meaning", "id")
    mean_cost_cents: LONG = column("Mean predicted cost of a person-year: a score of 1", "cents", ge=1)
    term: TEXT = column("Column of the design, for example HCC37, F70_74 or SEGMENT_CFA", "code")
    factor: FACTOR = column("Relative factor: cost by mean predicted cost", "score", ge=0)
    coefficient_cents: LONG = column("Cost it adds to a person-year", "cents", ge=0)
    shares_with: TEXT = column("First term of those that share the factor; itself when alone", "code")
    held: TEXT = optional("Why the data did not choose it", "code", isin=["ZERO", "PUBLISHED"])


@contract(
    "calc__substitute_score",
    grain="person, payment year and kind of month",
    key=("performance_year", "year", "bene_key", "first_month"),
    phi=Phi.PERSON,
    rules=("RM 8.6",),
    partition=("performance_year",),
    cluster=("bene_key", "year"),
    slice=("performance_year",),
)
class SubstituteScore(pa.DataFrameModel):
    """Scores of continuing enrollees by a promoted substitute model; there when the configuration names one."""

    performance_year: INTEGER = performance_year()
    year: INTEGER = column("Payment year", "year")
    bene_key: LONG = person()
    first_month: INTEGER = first_month()
    month_set: INTEGER = column(f"The months the score is for; {MONTH_SET}", ge=1, le=4095)
    score: FACTOR = column("Sum of the factors; its mean over the calibration population is 1", "score", ge=0)
    registry_name: TEXT = column("Name in the model registry", "id")
    registry_version: INTEGER = column("Version in the model registry", "count", ge=1)
    registry_run: TEXT = column("Tracking run that fitted the model", "id")
    flags: TEXT = column("What the score rests on: SUBSTITUTE, LTI_NOT_GIVEN, PAYMENTS_AS_DELIVERED", "code")
