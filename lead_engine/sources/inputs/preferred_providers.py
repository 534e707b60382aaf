"""Preferred Providers: pairs of TIN and NPI that take part with an ACO without driving its alignment (ALN-6, ALN-11)."""

from typing import Annotated

from pydantic import Field

from lead_engine.sources.participants import Empty

from .contract import InputList, InputRow
from .fields import Aco, Day, Npi, Tin


class PreferredProvider(InputRow):
    """One clinician under one TIN, with an ACO, for a period."""

    aco_id: Aco = Field(description="ACO the Preferred Provider takes part with")
    tin: Tin = Field(description="TIN the Preferred Provider bills under")
    npi: Npi = Field(description="clinician; a Preferred Provider is one TIN and one NPI")
    effective_date: Day = Field(description="first day with the ACO")
    termination_date: Annotated[Day | None, Empty] = Field(description="last day with the ACO; empty while it goes on")

    @property
    def pair(self) -> tuple[str, str, str]:
        """ACO, TIN and NPI."""
        return self.aco_id, self.tin, self.npi


def pairs(rows: tuple[PreferredProvider, ...]) -> frozenset[tuple[str, str, str]]:
    """ACO, TIN and NPI of every Preferred Provider, of whatever period."""
    return frozenset(row.pair for row in rows)


PREFERRED_PROVIDERS = InputList(
    name="preferred_providers",
    row=PreferredProvider,
    about="Preferred Providers of the ACOs. A file is one version of the list, known by the first digits of its "
    "checksum. A TIN or a pair may stand with several ACOs, and with Participant TINs. It aligns nobody; its care only "
    "keeps people who chose the ACO from being removed after the year (ALN-67).",
    key=("aco_id", "tin", "npi"),
    read_by="alignment (who is removed after the year), the check of `capitation_elections`",
    rules=("ALN-6", "ALN-11", "ALN-67"),
    is_read=True,
    example_rows="""L0001,000000001,9000000001,2027-01-01,
L0001,000000001,9000000002,2027-01-01,2027-06-30
L0002,000000001,9000000001,2027-01-01,
""",
)
