"""Lists given from outside: ACOs, their Participants, TINs of CCNs, other models, Medicaid, scores from another model."""

import pandera.pyspark as pa

from .contract import DATE, EXTERNAL_SCORE, FLAG, INTEGER, LONG, TEXT, Phi, column, contract, optional, person
from .months import CATEGORIES

ELECTIONS = ["PROSPECTIVE", "HYBRID"]
CHANNELS = ["MVA", "SVA"]


@contract("core__aco", grain="ACO", key=("aco_id",), phi=Phi.NONE, rules=("ALN-2", "ALN-41"))
class Aco(pa.DataFrameModel):
    """The ACOs of the run."""

    aco_id: TEXT = column("ACO identifier", "id", str_matches=r"^[0-9A-Z]{1,10}$")
    aco_name: TEXT = column("Name for people; the identifier where none is given")
    first_performance_year: INTEGER = column("The ACO's first performance year", "year", ge=2027, le=2036)
    election: TEXT = column("Election of the performance year", "code", isin=ELECTIONS)


@contract(
    "core__participant",
    grain="Participant TIN or CCN and period",
    key=("unit", "start_date"),
    phi=Phi.NONE,
    rules=("ALN-6", "ALN-7", "ALN-8", "ALN-11"),
)
class Participant(pa.DataFrameModel):
    """Participant TINs, and CCNs of institutional Participants without a TIN. Preferred Providers are not here."""

    list_version: TEXT = column("First digits of the list's checksum", "id")
    unit: LONG = column("TIN or CCN", "unit")
    aco_id: TEXT = column("ACO it belongs to", "id")
    start_date: DATE = optional("First day; empty for always so far")
    end_date: DATE = optional("Last day; empty while it goes on")


@contract(
    "core__ccn_tin",
    grain="CCN and period",
    key=("unit", "start_date"),
    phi=Phi.NONE,
    rules=("ALN-9",),
)
class CcnTin(pa.DataFrameModel):
    """The TIN of each CCN, as the list of the run has it."""

    list_version: TEXT = column("First digits of the list's checksum", "id")
    unit: LONG = column("CCN", "unit")
    tin: LONG = column("TIN the institution bills under", "unit")
    start_date: DATE = optional("First day; empty for always so far")
    end_date: DATE = optional("Last day; empty while it goes on")


@contract(
    "core__other_model_tin",
    grain="TIN, model, entity and period",
    key=("tin", "model", "entity_id", "start_date"),
    phi=Phi.NONE,
    rules=("ALN-31", "ALN-44"),
)
class OtherModelTin(pa.DataFrameModel):
    """TINs that take part in another model, as the list of the run has them."""

    list_version: TEXT = column("First digits of the list's checksum", "id")
    tin: LONG = column("TIN", "unit")
    model: TEXT = column("Model, by its code in alignment/other_models", "code")
    entity_id: TEXT = optional("The model's own name of its ACO or entity", "id")
    start_date: DATE = column("First day in the model")
    end_date: DATE = optional("Last day in the model; empty while it goes on")


@contract(
    "core__other_model_person",
    grain="person, model and period",
    key=("bene_key", "model", "start_date"),
    phi=Phi.PERSON,
    rules=("ALN-45",),
    cluster=("bene_key", "model"),
)
class OtherModelPerson(pa.DataFrameModel):
    """People aligned or assigned in another model, as the list of the run has them. Nothing is decided here."""

    bene_key: LONG = person()
    model: TEXT = column("Model, by its code in alignment/other_models", "code")
    entity_id: TEXT = optional("The model's own name of its ACO or entity", "id")
    assignment: TEXT = optional("Of MSSP", "code", isin=["PROSPECTIVE", "PRELIMINARY"])
    start_date: DATE = column("First day in the model")
    end_date: DATE = optional("Last day in the model; empty while it goes on")
    list_version: TEXT = column("First digits of the list's checksum", "id")


@contract(
    "core__medicaid_month",
    grain="person and month",
    key=("bene_key", "month"),
    phi=Phi.PERSON,
    rules=("ALN-66",),
    cluster=("bene_key", "month"),
)
class MedicaidMonth(pa.DataFrameModel):
    """Which organisation a person has Medicaid benefits from, as the list of the run has it."""

    bene_key: LONG = person()
    month: DATE = column("First day of the month", "month")
    org_id: TEXT = column("Organisation", "id")
    is_full_benefit_dual: FLAG = column("Full Medicaid benefits beside Medicare")
    list_version: TEXT = column("First digits of the list's checksum", "id")


@contract(
    "core__external_risk_score",
    grain="person, year and category",
    key=("year", "category", "bene_key"),
    phi=Phi.PERSON,
    rules=("BMK-37",),
    cluster=("bene_key", "year"),
)
class ExternalRiskScore(pa.DataFrameModel):
    """Raw scores of a model that is not published, as the list gives them, with what they were made from."""

    year: INTEGER = column("Calendar year the score is for", "year")
    category: TEXT = column("Category the score is for", "code", isin=CATEGORIES)
    bene_key: LONG = person()
    raw_score: EXTERNAL_SCORE = column("Score before normalisation, cap and blending", "score", ge=0)
    model: TEXT = column("Model that gave the score", "id")
    model_version: TEXT = column("Version of the model", "id")
    lineage: TEXT = column("Who ran the model and when, on data through which day, and their checksum where stated")
    list_version: TEXT = column("First digits of the list's checksum", "id")


@contract(
    "core__attestation",
    grain="designation or attestation",
    key=("attestation_id",),
    phi=Phi.PERSON,
    rules=("ALN-35", "ALN-36", "ALN-37"),
)
class Attestation(pa.DataFrameModel):
    """What beneficiaries chose, as the list gives it, their Medicare numbers replaced."""

    attestation_id: TEXT = column("Number the sender gave the row", "id")
    bene_key: LONG = optional("Person: 60 bits of a keyed hash; empty where the Medicare number is unknown", "key")
    channel: TEXT = column("MVA designation on Medicare.gov, SVA signed attestation", "code", isin=CHANNELS)
    aco_id: TEXT = optional("ACO that submitted it or that the clinician belongs to; empty: outside every ACO", "id")
    tin: LONG = optional("TIN named", "unit")
    npi: LONG = optional("Clinician named", "unit")
    signature_date: DATE = optional("Day of the signature or designation")
    submission_date: DATE = optional("Day it was submitted to CMS, or CMS told of it")
    is_carried: FLAG = column("Made under ACO REACH and carried over")
    opt_out_date: DATE = optional("Day the person opted out of the carry-over")
    revoked_date: DATE = optional("Day the person took it back")
    list_version: TEXT = column("First digits of the list's checksum", "id")


@contract(
    "core__institutional_period",
    grain="person and first day of a period",
    key=("bene_key", "effective_date"),
    phi=Phi.PERSON,
    rules=("RM 3.4",),
    cluster=("bene_key",),
)
class InstitutionalPeriod(pa.DataFrameModel):
    """Periods in which people count as long-term institutional, as the list gives them."""

    bene_key: LONG = person()
    effective_date: DATE = column("First day that counts")
    termination_date: DATE = optional("Last day that counts; empty while it goes on")
    list_version: TEXT = column("First digits of the list's checksum", "id")


@contract(
    "core__kidney_transplant",
    grain="person and day of a transplant",
    key=("bene_key", "transplant_date"),
    phi=Phi.PERSON,
    rules=("RM 3.4",),
    cluster=("bene_key",),
)
class KidneyTransplant(pa.DataFrameModel):
    """Kidney transplants, as the list gives them."""

    bene_key: LONG = person()
    transplant_date: DATE = column("Day of the transplant")
    failure_date: DATE = optional("Day the graft failed; empty while it functions")
    list_version: TEXT = column("First digits of the list's checksum", "id")
