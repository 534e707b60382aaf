"""Periods in which people count as long-term institutional, as CMS or a facility's assessments tell them (RM 3.4)."""

from typing import Annotated

from pydantic import Field

from lead_engine.sources.participants import Empty

from .contract import InputList, InputRow
from .fields import Day, Mbi


class InstitutionalPeriod(InputRow):
    """One person long-term institutional, for a period."""

    mbi: Mbi = Field(repr=False, description="Medicare identifier of the beneficiary, current or former")
    effective_date: Day = Field(description="first day that counts: the 90 days before it are over")
    termination_date: Annotated[Day | None, Empty] = Field(description="last day that counts; empty while it goes on")


INSTITUTIONAL_PERIODS = InputList(
    name="institutional_periods",
    row=InstitutionalPeriod,
    about="People who live in an institution for more than 90 days, for the institutional segments of the risk models. A "
    "month whose first day lies in a period is institutional. Given, the list says it of everybody: who is not on it lives "
    "in the community. Without it nobody is institutional, and scores of models that ask are flagged LTI_NOT_GIVEN.",
    key=("mbi",),
    read_by="risk (months alike)",
    rules=("RM 3.4",),
    is_read=True,
    example_rows="""1S000000001,2025-09-01,
1S000000002,2024-03-15,2024-11-30
1S000000002,2026-02-01,2026-12-31
""",
)
