"""Lists given from outside: ACOs and their Participant TINs and CCNs."""

import pandera.pyspark as pa

from .contract import DATE, INTEGER, LONG, TEXT, Phi, column, contract, optional


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
