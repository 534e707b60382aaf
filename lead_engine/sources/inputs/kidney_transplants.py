"""Dates of kidney transplants, as the renal registry or the transplant centre tells them (RM 3.4)."""

from typing import Annotated

from pydantic import Field

from lead_engine.sources.participants import Empty

from .contract import InputList, InputRow, not_before
from .fields import Day, Mbi


class KidneyTransplant(InputRow):
    """One transplant of one person."""

    mbi: Mbi = Field(repr=False, description="Medicare identifier of the beneficiary, current or former")
    transplant_date: Day = Field(description="day of the transplant; its month is the first of the graft")
    failure_date: Annotated[Day | None, Empty] = Field(
        description="day the graft failed; empty while it functions. From the next month on there is no graft"
    )


KIDNEY_TRANSPLANTS = InputList(
    name="kidney_transplants",
    row=KidneyTransplant,
    about="Kidney transplants, for the transplant and graft segments of the ESRD model and the graft terms of the CMMI "
    "concurrent one. Given, the list says it of everybody: who is not on it has no graft. Without it the date comes from "
    "stays with a transplant DRG, and scores of models that ask are flagged GRAFT_FROM_DRG.",
    key=("mbi", "transplant_date"),
    read_by="risk (months alike)",
    rules=("RM 3.4", "RM 3.6", "RM 6.4"),
    is_read=True,
    own_checks=(not_before("failure_date", "transplant_date"),),
    example_rows="""1S000000001,2025-06-30,
1S000000002,2016-01-05,2021-08-20
1S000000002,2026-03-01,
""",
)
