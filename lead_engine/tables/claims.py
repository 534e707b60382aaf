"""Claims, their lines and their diagnoses: every delivered record once, with the dates on which it was known."""

import pandera.pyspark as pa

from .contract import CONTRACTS, DATE, FLAG, INTEGER, LONG, TEXT, Phi, column, contract, optional, person


class KnownRecord(pa.DataFrameModel):
    """Sign and dates by which "as known on X" is told (DL 4.1)."""

    bene_key: LONG = person()
    source_kind: TEXT = column("Kind of delivery it came from: claim numbers are its own", isin=["RIF", "CCLF", "TUVA"])
    claim_id: LONG = column("Claim identifier of the source", "id")
    claim_type: TEXT = column("NCH claim type", "code")
    bill_type: TEXT = optional("Facility and classification digit of an institutional bill", "code")
    sign: INTEGER = column("1 counts, -1 cancels, 0 delivered but superseded: never counts", isin=[-1, 0, 1])
    known_date: DATE = column("Day the record became known")
    cancelled_known_date: DATE = optional("Day its cancellation became known")
    is_denied: FLAG = column("Denied: no service, no diagnosis")


@contract(
    "core__claim",
    grain="claim record",
    key=("source_kind", "claim_id"),
    phi=Phi.PERSON,
    rules=("BMK-3", "BMK-4", "DL 3.3", "DL 4.1"),
    partition=("from_year",),
    cluster=("bene_key", "claim_id"),
    money="paid_cents",
)
class Claim(KnownRecord):
    """One row a claim. Paid: institutional from the claim, professional the sum of its lines."""

    from_year: INTEGER = column("Year of the from-date", "year")
    from_date: DATE = column("Claim from-date")
    through_date: DATE = column("Claim through-date")
    paid_cents: LONG = column("Medicare payment, unsigned", "cents")
    ccn: LONG = optional("Facility", "unit")
    admission_date: DATE = optional("Admission")
    admission_type_code: TEXT = optional("3 elective; others unplanned", "code")
    drg_code: TEXT = optional("Diagnosis-related group", "code")
    source_id_key: LONG = column("Keyed hash of the identifier the claim was delivered under", "key")


@contract(
    "core__claim_line",
    grain="claim line",
    key=("source_kind", "claim_id", "line_number"),
    phi=Phi.PERSON,
    rules=("ALN-28", "ALN-29", "DL 3.8"),
    partition=("service_year",),
    cluster=("bene_key", "service_date", "claim_id", "line_number"),
)
class ClaimLine(KnownRecord):
    """One row a line, with what alignment and risk ask of it, so that they read no other table of claims."""

    line_number: INTEGER = column("Line within the claim", "count")
    service_year: INTEGER = column("Year of the service date", "year")
    service_date: DATE = column("First day of the service; the claim's from-date where the line has none")
    hcpcs_code: TEXT = optional("HCPCS or CPT code", "code")
    revenue_center_code: TEXT = optional("Revenue centre", "code")
    specialty_code: TEXT = optional("CMS specialty of the performing provider", "code")
    place_of_service_code: TEXT = optional("Place of service", "code")
    tin: LONG = optional("Billing TIN (professional)", "unit")
    ccn: LONG = optional("Facility (institutional)", "unit")
    npi: LONG = optional("Performing or rendering provider", "unit")
    allowed_cents: LONG = optional("Allowed charge (professional)", "cents")
    paid_cents: LONG = optional("Medicare payment of the line", "cents")
    deductible_cents: LONG = optional("Cash deductible", "cents")
    coinsurance_cents: LONG = optional("Coinsurance", "cents")


@contract(
    "core__claim_diagnosis",
    grain="claim and diagnosis code",
    key=("source_kind", "claim_id", "icd10_code"),
    phi=Phi.PERSON,
    rules=("RM 2.2", "RM 2.3", "RM 2.4"),
    partition=("through_year",),
    cluster=("bene_key", "through_date", "claim_id", "icd10_code"),
)
class ClaimDiagnosis(KnownRecord):
    """Every code of every diagnosis field of a claim, once."""

    through_year: INTEGER = column("Year of the claim's through-date", "year")
    through_date: DATE = column("Claim through-date")
    icd10_code: TEXT = column("ICD-10-CM without dot", "code", str_matches=r"^[A-Z0-9]{3,7}$")
    is_principal: FLAG = column("Whether it is the principal diagnosis")


CLAIM, CLAIM_LINE, CLAIM_DIAGNOSIS = (CONTRACTS[f"core__claim{part}"] for part in ("", "_line", "_diagnosis"))
