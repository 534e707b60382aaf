"""Where Participants have offices: what the service area of an ACO begins with (ALN-12)."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from lead_engine.sources.lists import Mistake
from lead_engine.sources.participants import Empty

from .contract import Check, InputList, InputRow, Known, Numbered
from .fields import Aco, Ccn, County, Npi, Tin


class ParticipantOffice(InputRow):
    """One county in which a Participant of an ACO has an office."""

    aco_id: Aco = Field(description="ACO")
    tin: Annotated[Tin | None, Empty] = Field(description="Participant TIN the office belongs to; empty for a CCN")
    ccn: Annotated[Ccn | None, Empty] = Field(description="Participant CCN, where it takes part without a TIN")
    npi: Annotated[Npi | None, Empty] = Field(description="clinician who practises there; empty for the TIN or CCN")
    county_code: County = Field(description="SSA state and county code of the office")

    @property
    def unit(self) -> str:
        """The TIN, else the CCN."""
        return f"TIN:{self.tin}" if self.tin else f"CCN:{self.ccn}"


def _unplaced(rows: Numbered[ParticipantOffice], known: Known) -> Iterator[Mistake]:
    acos = known.unit_acos
    why = "only offices of Participants make the core of a service area (ALN-12)"
    for line, row in rows:
        if (row.tin is None) == (row.ccn is None):
            what = "names a TIN and a CCN" if row.tin else "names neither a TIN nor a CCN"
            yield Mistake(line, "tin", what, why, "fill one of the two")
        elif known.participants is not None and acos.get(row.unit) != row.aco_id:
            field = "tin" if row.tin else "ccn"
            yield Mistake(
                line, field, "is no Participant of the ACO", why, "leave the row out, or mend the list of Participants"
            )


PARTICIPANT_OFFICES = InputList(
    name="participant_offices",
    row=ParticipantOffice,
    about="Counties in which Participants have an office, one row for each Participant and county, by clinician where "
    "known. With `county_adjacency` it makes the service area of each ACO; needed where `alignment/service_area_mode` is "
    "REACH_EXTENDED.",
    key=("aco_id", "tin", "ccn", "npi", "county_code"),
    read_by="alignment (service area)",
    is_read=True,
    rules=("ALN-12",),
    own_checks=(Check("`tin` or `ccn`, one of them, is a Participant of the ACO on the run's list", _unplaced),),
    example_rows="""L0001,000000001,,,36170
L0001,000000001,,9000000001,36480
L0002,,000002,,36170
""",
)
