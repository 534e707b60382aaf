"""Records of a delivery as parsed, good and bad, once each: the rest of the lake is made from these, never from files.

A bad record stands here with what is wrong with it and the keyed hash of its text, never with the text.
"""

from typing import Annotated, TypeAlias

import pandera.pyspark as pa
from pyspark.sql import types as T

from .contract import CONTRACTS, DATE, INTEGER, LONG, TEXT, Phi, column, contract, optional

PROBLEM = T.StructType([T.StructField("field", T.StringType()), T.StructField("reason", T.StringType())])
PROBLEMS: TypeAlias = Annotated[T.ArrayType, PROBLEM, True]
CODES: TypeAlias = Annotated[T.ArrayType, T.StringType(), True]


class Record(pa.DataFrameModel):
    """What every parsed record carries."""

    source_file: TEXT = column("Name of the file")
    received_date: DATE = column("Day the delivery was received")
    record_hash: LONG = optional("Keyed hash of a bad record's text: finds it again without showing it", "key")
    problems: PROBLEMS = column("What is wrong, field by field; empty for a good record")
    person_id_key: LONG = optional("Keyed hash of the person's identifier as delivered", "key")


@contract(
    "stage__rif_beneficiary",
    grain="record of a RIF beneficiary-year file",
    key=(),
    phi=Phi.PERSON,
    rules=("DL 4.1",),
)
class RifBeneficiary(Record):
    """Beneficiary-year records: demographics and twelve months of enrolment."""

    year: INTEGER = optional("Calendar year of the record", "year")
    birth_date: DATE = optional("Date of birth")
    death_date: DATE = optional("Date of death")
    sex_code: TEXT = optional("1 male, 2 female", "code")
    original_entitlement_code: TEXT = optional("Original reason for entitlement (OREC)", "code")
    part_a_months: INTEGER = optional("Months of Part A in the year, as the source counts them", "months")
    part_b_months: INTEGER = optional("Months of Part B in the year, as the source counts them", "months")
    buy_in_codes: CODES = optional("Entitlement and buy-in indicator, January to December", "code")
    hmo_codes: CODES = optional("HMO indicator, January to December", "code")
    medicare_status_codes: CODES = optional("Medicare status code, January to December", "code")
    dual_codes: CODES = optional("Dual eligibility code, January to December", "code")
    county_fips_codes: CODES = optional("County of residence (FIPS), January to December", "code")


@contract(
    "stage__rif_line",
    grain="record (one line of a claim) of a RIF claim file",
    key=(),
    phi=Phi.PERSON,
    rules=("DL 4.1", "DL 3.8"),
)
class RifLine(Record):
    """Claim lines of all RIF claim files in one shape; what a file does not carry is empty."""

    claim_id: LONG = optional("Claim identifier of the source", "id")
    line_number: INTEGER = optional("Line within the claim", "count")
    claim_type: TEXT = optional("NCH claim type", "code")
    final_action_code: TEXT = optional("F final action, N superseded", "code")
    claim_denial_code: TEXT = optional("Payment denial (carrier, DME) or non-payment reason (institutional)", "code")
    from_date: DATE = optional("Claim from-date")
    through_date: DATE = optional("Claim through-date")
    known_date: DATE = optional("Weekly processing date: the day the record became known")
    claim_paid_cents: LONG = optional("Payment of the whole claim (institutional)", "cents")
    ccn: LONG = optional("Facility", "unit")
    facility_type_code: TEXT = optional("First digit of the bill type", "code")
    classification_code: TEXT = optional("Second digit of the bill type", "code")
    admission_date: DATE = optional("Admission")
    admission_type_code: TEXT = optional("3 elective; others unplanned", "code")
    drg_code: TEXT = optional("Diagnosis-related group", "code")
    principal_diagnosis_code: TEXT = optional("Principal diagnosis, ICD-10-CM without dot", "code")
    diagnosis_codes: CODES = optional("All diagnoses of the record, each once, in order of the file", "code")
    service_date: DATE = optional("First day of the service")
    hcpcs_code: TEXT = optional("HCPCS or CPT code", "code")
    revenue_center_code: TEXT = optional("Revenue centre (institutional)", "code")
    specialty_code: TEXT = optional("CMS specialty of the performing provider", "code")
    place_of_service_code: TEXT = optional("Place of service", "code")
    line_processing_code: TEXT = optional("A allowed", "code")
    tin: LONG = optional("Billing TIN", "unit")
    npi: LONG = optional("Performing or rendering provider", "unit")
    allowed_cents: LONG = optional("Allowed charge of the line (professional)", "cents")
    line_paid_cents: LONG = optional("Payment of the line", "cents")
    deductible_cents: LONG = optional("Cash deductible of the line", "cents")
    coinsurance_cents: LONG = optional("Coinsurance of the line, wage-adjusted", "cents")


RIF_BENEFICIARY, RIF_LINE = CONTRACTS["stage__rif_beneficiary"], CONTRACTS["stage__rif_line"]
