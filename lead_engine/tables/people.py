"""Who the people are and how they are enrolled, month by month."""

import pandera.pyspark as pa

from .contract import CONTRACTS, DATE, FLAG, INTEGER, LONG, TEXT, Phi, column, contract, optional, person


@contract(
    "core__beneficiary_identity",
    grain="person and identifier",
    key=("id_kind", "id_value"),
    phi=Phi.IDENTIFIER,
    rules=("DL 2.1", "DL 2.2", "DL 7.2"),
    cluster=("bene_key",),
)
class BeneficiaryIdentity(pa.DataFrameModel):
    """Every identifier a person was delivered under. The only table that holds one."""

    bene_key: LONG = person()
    id_kind: TEXT = column("mbi or bene_id", isin=["mbi", "bene_id"])
    id_value: TEXT = column("The identifier as delivered")
    id_key: LONG = column("Keyed hash of the identifier: what claims carry until they meet the person", "key")
    is_current: FLAG = column("Whether it is the person's newest identifier of its kind")


@contract(
    "core__beneficiary",
    grain="person",
    key=("bene_key",),
    phi=Phi.PERSON,
    rules=("RM 3.1", "ALN-21"),
    cluster=("bene_key",),
)
class Beneficiary(pa.DataFrameModel):
    """Demographics from the newest record that carries them; empty for a person known from claims alone."""

    bene_key: LONG = person()
    birth_date: DATE = optional("Date of birth")
    death_date: DATE = optional("Date of death")
    sex_code: TEXT = optional("1 male, 2 female", "code", isin=["1", "2", "0"])
    original_entitlement_code: TEXT = optional(
        "Original reason for entitlement: 0 age, 1 disability, 2 or 3 ESRD", "code"
    )


@contract(
    "core__person_key",
    grain="identifier that is not its person's key",
    key=("id_key",),
    phi=Phi.PERSON,
    rules=("DL 2.1", "DL 2.2"),
)
class PersonKey(pa.DataFrameModel):
    """Whose an identifier is. One without a row is its person's own key."""

    id_key: LONG = column("Keyed hash of the identifier as delivered", "key")
    bene_key: LONG = person()


@contract(
    "core__enrolment_month",
    grain="person and month",
    key=("bene_key", "month"),
    phi=Phi.PERSON,
    rules=("ALN-18", "DL 8"),
    partition=("year",),
    cluster=("bene_key", "month"),
)
class EnrolmentMonth(pa.DataFrameModel):
    """Enrolment as delivered, one row for every month the source speaks of. Nothing is decided here."""

    bene_key: LONG = person()
    month: DATE = column("First day of the month", "month")
    year: INTEGER = column("Calendar year of the month", "year")
    is_alive: FLAG = column("Alive on the first of the month")
    has_part_a: FLAG = optional("Enrolled in Part A; empty where the source cannot tell")
    has_part_b: FLAG = optional("Enrolled in Part B; empty where the source cannot tell")
    is_medicare_advantage: FLAG = optional(
        "In Medicare Advantage or another Medicare health plan; empty where the source cannot tell"
    )
    is_medicare_secondary: FLAG = optional("Medicare is secondary payer; empty where the source cannot tell")
    medicare_status_code: TEXT = optional("10 aged, 20 disabled, 11, 21, 31 with ESRD", "code")
    dual_code: TEXT = optional("Medicaid dual eligibility", "code")
    county_fips_code: TEXT = optional("County of residence, FIPS", "code")
    county_code: TEXT = optional("County of residence, SSA; empty where the FIPS code has none", "code")
    is_carried: FLAG = column("Whether status, dual code and county are those of a later month (CCLF8)")


@contract(
    "core__enrolment_year",
    grain="person and calendar year",
    key=("bene_key", "year"),
    phi=Phi.PERSON,
    rules=("RM 3.5",),
    cluster=("bene_key", "year"),
)
class EnrolmentYear(pa.DataFrameModel):
    """Months of Part A and B in a year as the source itself counts them; risk rules ask for these counts."""

    bene_key: LONG = person()
    year: INTEGER = column("Calendar year", "year")
    part_a_months: INTEGER = column("Months of Part A", "months", ge=0, le=12)
    part_b_months: INTEGER = column("Months of Part B", "months", ge=0, le=12)


ENROLMENT_YEAR = CONTRACTS["core__enrolment_year"]
