"""Lists given from outside: ACOs, their Participant TINs and CCNs, scores of people from another model."""

import pandera.pyspark as pa

from .contract import DATE, EXTERNAL_SCORE, INTEGER, LONG, TEXT, Phi, column, contract, optional, person
from .months import CATEGORIES


@contract("core__aco", grain="ACO", key=("aco_id",), phi=Phi.NONE, rules=("ALN-2",))
class Aco(pa.DataFrameModel):
    """The ACOs of the run."""

    aco_id: TEXT = column("ACO identifier", "id", str_matches=r"^[0-9A-Z]{1,10}$")
    aco_name: TEXT = column("Name for people; the identifier where none is given")
    first_performance_year: INTEGER = column("The ACO's first performance year", "year", ge=2027, le=2036)


@contract(
    "core__participant",
    grain="list version and Participant TIN or CCN",
    key=("list_version", "unit"),
    phi=Phi.NONE,
    rules=("ALN-6", "ALN-7", "ALN-8", "ALN-11"),
)
class Participant(pa.DataFrameModel):
    """Participant TINs, and CCNs of institutional Participants without a TIN. Preferred Providers are not here."""

    list_version: TEXT = column("First digits of the list's checksum", "id")
    unit: LONG = column("TIN or CCN", "unit")
    aco_id: TEXT = column("ACO it belongs to", "id")
    start_date: DATE = optional("Earliest effective date of its rows")
    end_date: DATE = optional("Latest termination date; empty while any row is open")


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
