"""Membership in other CMS models: of people (ALN-45) and of TINs (ALN-44). Which of them bar LEAD is not said here."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from lead_engine.methodology.reference import reference_table
from lead_engine.sources.lists import Mistake, Written
from lead_engine.sources.participants import Empty

from .contract import Check, InputList, InputRow, Known, Numbered
from .fields import Day, Mbi, Name, Tin

MODELS = "alignment/other_models"


def _known_model(code: str) -> str:
    if code not in reference_table(MODELS).column("model_code"):
        raise ValueError("not a model")
    return code


Model = Annotated[str, AfterValidator(_known_model), Written(f"a model of the reference table {MODELS}", "MSSP")]
Assignment = Annotated[Literal["PROSPECTIVE", "PRELIMINARY"], Written("PROSPECTIVE or PRELIMINARY", "PROSPECTIVE")]


class OtherModelPerson(InputRow):
    """One person in one model, for a period."""

    mbi: Mbi = Field(repr=False, description="Medicare identifier of the beneficiary, current or former")
    model: Model = Field(description="model the person is aligned or assigned in")
    entity_id: Annotated[Name | None, Empty] = Field(description="the model's own name of its ACO or entity")
    assignment: Annotated[Assignment | None, Empty] = Field(
        description="MSSP: prospective assignment, or the preliminary one of retrospective assignment"
    )
    effective_date: Day = Field(description="first day in the model")
    termination_date: Annotated[Day | None, Empty] = Field(description="last day in the model; empty while it goes on")


class OtherModelTin(InputRow):
    """One TIN in one model, for a period."""

    tin: Tin = Field(description="TIN that takes part in the model")
    model: Model = Field(description="model the TIN takes part in")
    entity_id: Annotated[Name | None, Empty] = Field(description="the model's own name of its ACO or entity")
    effective_date: Day = Field(description="first day in the model")
    termination_date: Annotated[Day | None, Empty] = Field(description="last day in the model; empty while it goes on")


def _unsaid_assignments(rows: Numbered[OtherModelPerson], _: Known) -> Iterator[Mistake]:
    why = "a prospective assignment goes before LEAD, a preliminary one does not (ALN-45)"
    for line, row in rows:
        if row.model == "MSSP" and row.assignment is None:
            yield Mistake(line, "assignment", "is empty on an MSSP row", why, "write PROSPECTIVE or PRELIMINARY")
        if row.model != "MSSP" and row.assignment is not None:
            yield Mistake(line, "assignment", "is given on a row that is not of MSSP", why, "empty it, or mend `model`")


OTHER_MODEL_PEOPLE = InputList(
    name="other_model_people",
    row=OtherModelPerson,
    about="People who are aligned or assigned in another model. In one model a person is once on a day.",
    key=("mbi", "model"),
    read_by="alignment (precedence)",
    is_read=True,
    rules=("ALN-18", "ALN-45"),
    own_checks=(Check("`assignment`: on MSSP rows, and on no others (ALN-45)", _unsaid_assignments),),
    example_rows="""1S000000001,MSSP,A0001,PROSPECTIVE,2027-01-01,2027-12-31
1S000000002,KCC,,,2026-01-01,
1S000000002,GUIDE,,,2026-07-01,
""",
)

OTHER_MODEL_TINS = InputList(
    name="other_model_tins",
    row=OtherModelTin,
    about="TINs that take part in another model. Participant TINs of the run may stand here: what follows is decided "
    "by the rules of overlap, model by model.",
    key=("tin", "model", "entity_id"),
    read_by="alignment (overlap of Participant TINs; other ACOs as units, where grouped)",
    is_read=True,
    rules=("ALN-31", "ALN-44"),
    example_rows="""000000001,GUIDE,,2026-07-01,
000000009,MSSP,A0001,2025-01-01,2027-12-31
""",
)
