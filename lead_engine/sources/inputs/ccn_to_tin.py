"""From the CCN on an institutional claim to the TIN that bills: a snapshot of provider enrolment (ALN-9)."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from lead_engine.sources.lists import Mistake
from lead_engine.sources.participants import Empty

from .contract import Check, InputList, InputRow, Known, Numbered
from .fields import Ccn, Day, Tin


class CcnTin(InputRow):
    """The TIN of one CCN, for a period."""

    ccn: Ccn = Field(description="CCN of the institution, as on its claims")
    tin: Tin = Field(description="TIN the institution bills under")
    effective_date: Annotated[Day | None, Empty] = Field(description="first day it holds; empty for always so far")
    termination_date: Annotated[Day | None, Empty] = Field(description="last day it holds; empty while it goes on")


def _split_between_acos(rows: Numbered[CcnTin], known: Known) -> Iterator[Mistake]:
    """Rows whose CCN is a Participant of one ACO while their TIN is one of another."""
    acos = known.unit_acos
    what = "maps a Participant CCN of one ACO to a Participant TIN of another"
    why = "a TIN or CCN belongs to one ACO at a time (ALN-8); the engine never splits one"
    remedy = "mend the row, or the list of Participants"
    for line, row in rows:
        by_ccn, by_tin = acos.get(f"CCN:{row.ccn}"), acos.get(f"TIN:{row.tin}")
        if by_ccn and by_tin and by_ccn != by_tin:
            yield Mistake(line, "tin", what, why, remedy)


CCN_TO_TIN = InputList(
    name="ccn_to_tin",
    row=CcnTin,
    about="The TIN of each CCN. A CCN has one TIN on a day, a TIN may have many CCNs; "
    "a CCN that is not listed stands for itself, and so does a CCN on the list of Participants.",
    key=("ccn",),
    is_read=True,
    read_by="alignment (which unit an institutional claim counts for)",
    rules=("ALN-8", "ALN-9"),
    own_checks=(
        Check("`ccn` and `tin` are not Participants of two different ACOs of the run (ALN-8)", _split_between_acos),
    ),
    example_rows="""000001,000000001,,2027-06-30
000001,000000002,2027-07-01,
000002,000000002,,
""",
)
