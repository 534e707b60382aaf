"""Risk scores computed elsewhere, such as the AI-inferred ones of LEAD, with what they were made from."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from lead_engine.sources.lists import Mistake
from lead_engine.sources.participants import Empty

from .contract import Check, InputList, InputRow, Known, Numbered, not_before, one_for_each
from .fields import Category, Day, Mbi, Name, RiskScore, Sha256, Year


class ExternalRiskScore(InputRow):
    """The raw score of one person in one year and category, with its lineage."""

    mbi: Mbi = Field(repr=False, description="Medicare identifier of the beneficiary, current or former")
    score_year: Year = Field(description="calendar year the score is for: a base year or a performance year")
    category: Category = Field(description="category the score is for: aged and disabled, ESRD, High Needs")
    raw_score: RiskScore = Field(description="score before normalisation, cap and blending")
    model_name: Name = Field(description="model that gave the score")
    model_version: Name = Field(description="version of the model")
    computed_by: Name = Field(description="organisation that ran the model")
    computed_date: Day = Field(description="day the model was run")
    data_through_date: Day = Field(description="last day of service the model saw")
    data_sha256: Annotated[Sha256 | None, Empty] = Field(
        description="checksum of the data the model ran on, as the sender states it"
    )


def _late_years(rows: Numbered[Any], known: Known) -> Iterator[Mistake]:
    for line, row in rows:
        if row.score_year > known.last_year:
            yield Mistake(line, "score_year", f"is after {known.last_year}, the last year of the programme")


late_years = Check[Any]("`score_year` is not after the last year of the programme", _late_years)

EXTERNAL_RISK_SCORES = InputList(
    name="external_risk_scores",
    row=ExternalRiskScore,
    about="Scores of people from a model that is not published, for blending with HCC scores. Raw scores: the engine "
    "normalises them. All rows of a year and category come from one run of one model, or their mean would mean nothing.",
    key=("mbi", "score_year", "category"),
    read_by="benchmark (risk ratio)",
    rules=("BMK-37", "RM 7.1", "RM 7.6"),
    is_read=True,
    own_checks=(
        late_years,
        one_for_each(
            ("model_name", "model_version", "computed_by", "computed_date", "data_through_date", "data_sha256"),
            ("score_year", "category"),
            "scores of two models or two runs cannot be averaged",
            "the same score_year and category",
        ),
        not_before("computed_date", "data_through_date"),
    ),
    example_rows=f"""1S000000001,2026,AD,1.0342,AI-inferred,0.9,CMS,2027-08-01,2026-12-31,{"0a" * 32}
1S000000002,2026,AD,0.7719,AI-inferred,0.9,CMS,2027-08-01,2026-12-31,{"0a" * 32}
1S000000002,2027,AD,0.8001,AI-inferred,1.0,CMS,2028-04-01,2027-12-31,
""",
)
