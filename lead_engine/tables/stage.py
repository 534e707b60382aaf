"""Records of a delivery as parsed, good and bad, once each: the rest of the lake is made from these, never from files.

A bad record stands here with what is wrong with it and the keyed hash of its text, never with the text.
"""

from typing import Annotated, TypeAlias

import pandera.pyspark as pa
from pyspark.sql import types as T

from .contract import CONTRACTS, DATE, FLAG, INTEGER, LONG, TEXT, Phi, column, contract, optional

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
    mbi_key: LONG = optional("Keyed hash of the MBI: meets the same person in CCLF", "key")
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


@contract(
    "stage__cclf_file",
    grain="file of a CCLF delivery",
    key=("source_file", "received_date"),
    phi=Phi.SMALL_CELLS,
    rules=("DL 1.2", "DL 1.3", "DL 1.5"),
)
class CclfFile(pa.DataFrameModel):
    """Every file of every delivery, counted and found to agree with its CCLF0."""

    aco_id: TEXT = column("ACO the delivery is for", "id")
    received_date: DATE = column("Day in the file's name")
    source_file: TEXT = column("Name of the file")
    file_number: TEXT = column("1 to 9, A or B", "code")
    record_length: INTEGER = column("Bytes of a record, which tell the layout", "count")
    records: LONG = column("Records in the file", "count", ge=0)
    is_loaded: FLAG = column("Whether the engine reads the file further; 3, 7, A and B are counted only")


class CclfRecord(Record):
    """What a record of a claim carries in every file that has its dates."""

    claim_id: LONG = optional("Current claim unique identifier", "id")
    claim_type: TEXT = optional("NCH claim type", "code")
    from_date: DATE = optional("Claim from-date")
    through_date: DATE = optional("Claim through-date")
    adjustment_code: TEXT = optional("0 original, 1 cancellation, 2 adjustment", "code")
    effective_date: DATE = optional("Claim effective date")
    known_date: DATE = optional("IDR load date: the day the record became known")
    claim_denial_code: TEXT = optional("Payment denial (Part B) or non-payment reason (Part A)", "code")


@contract("stage__cclf_claim", grain="record of CCLF1", key=(), phi=Phi.PERSON, rules=("DL 3.2", "DL 4.1"))
class CclfClaim(CclfRecord):
    """Part A claim headers."""

    claim_paid_cents: LONG = optional("Payment of the claim, unsigned", "cents")
    enrolled_ccn: LONG = optional("Facility as enrolled", "unit")
    ccn: LONG = optional("Facility as on the claim: part of the natural key", "unit")
    facility_type_code: TEXT = optional("First digit of the bill type", "code")
    classification_code: TEXT = optional("Second digit of the bill type", "code")
    admission_type_code: TEXT = optional("3 elective; others unplanned", "code")
    drg_code: TEXT = optional("Diagnosis-related group", "code")
    principal_diagnosis_code: TEXT = optional("Principal diagnosis, ICD-10-CM without dot", "code")


@contract("stage__cclf_line", grain="record of CCLF2, 5 or 6", key=(), phi=Phi.PERSON, rules=("DL 3.2", "DL 4.1"))
class CclfLine(CclfRecord):
    """Lines: revenue centres of Part A claims, physician and equipment lines. What a file does not carry is empty."""

    control_key: LONG = optional("Hash of the claim control number (Part B): part of the natural key", "key")
    line_number: INTEGER = optional("Line within the claim", "count")
    service_date: DATE = optional("First day of the service")
    hcpcs_code: TEXT = optional("HCPCS or CPT code", "code")
    revenue_center_code: TEXT = optional("Revenue centre (Part A)", "code")
    specialty_code: TEXT = optional("CMS specialty of the rendering provider", "code")
    place_of_service_code: TEXT = optional("Place of service", "code")
    line_processing_code: TEXT = optional("A allowed", "code")
    tin: LONG = optional("Billing TIN", "unit")
    enrolled_npi: LONG = optional("Provider as enrolled", "unit")
    npi: LONG = optional("Provider as on the claim", "unit")
    allowed_cents: LONG = optional("Allowed charge of the line (Part B)", "cents")
    line_paid_cents: LONG = optional("Payment of the line, unsigned", "cents")
    principal_diagnosis_code: TEXT = optional("First diagnosis of the claim (Part B), ICD-10-CM without dot", "code")
    diagnosis_codes: CODES = optional("All diagnoses of the record, each once, in order of the file", "code")


@contract("stage__cclf_diagnosis", grain="record of CCLF4", key=(), phi=Phi.PERSON, rules=("RM 2.3",))
class CclfDiagnosis(Record):
    """Diagnoses of Part A claims."""

    claim_id: LONG = optional("Current claim unique identifier", "id")
    icd10_code: TEXT = optional("ICD-10-CM without dot", "code")


@contract("stage__cclf_beneficiary", grain="record of CCLF8", key=(), phi=Phi.PERSON, rules=("DL 8",))
class CclfBeneficiary(Record):
    """Demographics and enrolment of a person as of a delivery."""

    birth_date: DATE = optional("Date of birth")
    death_date: DATE = optional("Date of death")
    sex_code: TEXT = optional("1 male, 2 female", "code")
    original_entitlement_code: TEXT = optional("Original reason for entitlement (OREC)", "code")
    medicare_status_code: TEXT = optional("Medicare status", "code")
    dual_code: TEXT = optional("Medicaid dual eligibility", "code")
    state_fips_code: TEXT = optional("State of residence (FIPS)", "code")
    county_fips_code: TEXT = optional("County of residence within the state (FIPS)", "code")
    part_a_begin_date: DATE = optional("Begin of Part A")
    part_b_begin_date: DATE = optional("Begin of Part B")


@contract("stage__cclf_crosswalk", grain="record of CCLF9", key=(), phi=Phi.PERSON, rules=("DL 2.1",))
class CclfCrosswalk(Record):
    """Changes of MBI: `person_id_key` is the newer, `previous_key` the one before."""

    previous_key: LONG = optional("Keyed hash of the previous identifier", "key")


@contract(
    "stage__tuva_eligibility",
    grain="record of Tuva eligibility (a span of coverage)",
    key=(),
    phi=Phi.PERSON,
    rules=("DL 9",),
)
class TuvaEligibility(Record):
    """Spans of coverage by any payer, with demographics."""

    mbi_key: LONG = optional("Keyed hash of the member number where it has the form of an MBI", "key")
    payer: TEXT = optional("Name of the payer, lower case")
    payer_type: TEXT = optional("commercial, medicare, medicaid or self-insured", "code")
    start_date: DATE = optional("First day of the span")
    end_date: DATE = optional("Last day of the span; empty while it lasts")
    birth_date: DATE = optional("Date of birth")
    death_date: DATE = optional("Date of death")
    sex_code: TEXT = optional("1 male, 2 female, 0 unknown", "code")
    original_entitlement_code: TEXT = optional("Original reason for entitlement (OREC)", "code")
    medicare_status_code: TEXT = optional("Medicare status", "code")
    dual_code: TEXT = optional("Medicaid dual eligibility", "code")


@contract(
    "stage__tuva_line", grain="record of Tuva medical_claim (a claim line)", key=(), phi=Phi.PERSON, rules=("DL 9",)
)
class TuvaLine(Record):
    """Claim lines of any payer."""

    claim_id: LONG = optional("Keyed hash of data source and claim number, which are text", "id")
    control_key: LONG = optional("Another hash of the same: two claims under one number are found by it", "key")
    line_number: INTEGER = optional("Line within the claim", "count")
    data_source: TEXT = optional("Source of the claim, as the layer names it")
    claim_form: TEXT = optional("professional, institutional, dental, vision or undetermined", "code")
    payer: TEXT = optional("Name of the payer, lower case")
    bill_type: TEXT = optional("Facility and classification digit of an institutional bill", "code")
    from_date: DATE = optional("Claim from-date")
    through_date: DATE = optional("Claim through-date")
    paid_date: DATE = optional("Day the line was paid")
    service_date: DATE = optional("First day of the service")
    admission_date: DATE = optional("Admission")
    admission_type_code: TEXT = optional("3 elective; others unplanned", "code")
    drg_code: TEXT = optional("Diagnosis-related group, of the kind the next column says", "code")
    drg_code_type: TEXT = optional("ms-drg or apr-drg", "code")
    ms_drg_code: TEXT = optional("Diagnosis-related group, in older versions of the layer", "code")
    revenue_center_code: TEXT = optional("Revenue centre (institutional)", "code")
    place_of_service_code: TEXT = optional("Place of service", "code")
    hcpcs_code: TEXT = optional("HCPCS or CPT code", "code")
    specialty_code: TEXT = optional("CMS specialty, where the delivery adds it to the layer", "code")
    npi: LONG = optional("Rendering provider", "unit")
    rendering_tin: LONG = optional("TIN of the rendering provider", "unit")
    tin: LONG = optional("Billing TIN", "unit")
    line_paid_cents: LONG = optional("Payment of the line", "cents")
    allowed_cents: LONG = optional("Allowed amount of the line", "cents")
    deductible_cents: LONG = optional("Deductible of the line", "cents")
    coinsurance_cents: LONG = optional("Coinsurance of the line", "cents")
    diagnosis_code_type: TEXT = optional("icd-10-cm or icd-9-cm", "code")
    principal_diagnosis_code: TEXT = optional("First diagnosis, without dot", "code")
    diagnosis_codes: CODES = optional("All diagnoses of the record, each once, in order of the file", "code")


RIF_BENEFICIARY, RIF_LINE = CONTRACTS["stage__rif_beneficiary"], CONTRACTS["stage__rif_line"]
CCLF_FILE, CCLF_CLAIM, CCLF_LINE = (CONTRACTS[f"stage__cclf_{name}"] for name in ("file", "claim", "line"))
CCLF_DIAGNOSIS, CCLF_BENEFICIARY = CONTRACTS["stage__cclf_diagnosis"], CONTRACTS["stage__cclf_beneficiary"]
CCLF_CROSSWALK = CONTRACTS["stage__cclf_crosswalk"]
TUVA_ELIGIBILITY, TUVA_LINE = CONTRACTS["stage__tuva_eligibility"], CONTRACTS["stage__tuva_line"]
