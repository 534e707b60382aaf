"""Medicaid-based alignment: partner organisations of the ACOs, and who has benefits from them (ALN-66)."""

from typing import Annotated

from pydantic import AfterValidator, Field

from lead_engine.methodology.reference import reference_table
from lead_engine.sources.lists import Written
from lead_engine.sources.participants import Empty

from .contract import InputList, InputRow
from .fields import Aco, Day, Flag, Mbi, Month, Name

STATES = "geography/us_states"


def _state(code: str) -> str:
    if code not in reference_table(STATES).column("postal_code"):
        raise ValueError("not a state")
    return code


State = Annotated[str, AfterValidator(_state), Written("two letters of a state as in addresses", "NY")]


class MedicaidPartner(InputRow):
    """One Medicaid organisation that is partner of an ACO, for a period."""

    aco_id: Aco = Field(description="ACO the organisation is partner of")
    org_id: Name = Field(description="the state's own name of the organisation")
    state: State = Field(description="state whose Medicaid it is")
    effective_date: Day = Field(description="first day as partner")
    termination_date: Annotated[Day | None, Empty] = Field(description="last day as partner; empty while it goes on")


class MedicaidEnrolment(InputRow):
    """One person's Medicaid in one month."""

    mbi: Mbi = Field(repr=False, description="Medicare identifier of the beneficiary, current or former")
    org_id: Name = Field(description="organisation the person has Medicaid benefits from")
    month: Month = Field(description="month of the benefits")
    full_benefit_dual: Flag = Field(description="whether the person has full Medicaid benefits beside Medicare")


MEDICAID_PARTNERS = InputList(
    name="medicaid_partners",
    row=MedicaidPartner,
    about="Medicaid organisations that are partners of ACOs. An organisation is partner of one ACO on a day. Used only "
    "where the parameter `alignment/medicaid_alignment` is on.",
    key=("org_id",),
    read_by="alignment (route M)",
    is_read=True,
    rules=("ALN-66",),
    example_rows="""L0001,NY-MLTC-01,NY,2028-01-01,
L0002,NY-MLTC-02,NY,2028-01-01,2028-06-30
""",
)

MEDICAID_ENROLMENT = InputList(
    name="medicaid_enrolment",
    row=MedicaidEnrolment,
    about="Which organisation a person has Medicaid benefits from, month by month; one in a month. Used only where the "
    "parameter `alignment/medicaid_alignment` is on.",
    key=("mbi", "month"),
    read_by="alignment (route M)",
    is_read=True,
    rules=("ALN-66",),
    example_rows="""1S000000001,NY-MLTC-01,2028-01,yes
1S000000001,NY-MLTC-01,2028-02,yes
1S000000002,NY-MLTC-02,2028-01,no
""",
)
