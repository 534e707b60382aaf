"""Mean raw scores of the national reference population, as published: what renormalises the scores of an ACO (BMK-32)."""

from pydantic import Field

from .contract import InputList, InputRow
from .external_risk_scores import late_years
from .fields import Category, Day, MeanScore, Name, Year


class ReferenceRiskScore(InputRow):
    """The mean of one model in one year and category."""

    score_year: Year = Field(description="calendar year the mean is of: a base year or a performance year")
    category: Category = Field(description="category of its months: aged and disabled, ESRD, High Needs")
    model: Name = Field(description="model that gave the scores, as calc__risk_score or an external list names it")
    mean_score: MeanScore = Field(description="mean raw score of the reference population, weighted by month")
    source: Name = Field(description="who published the mean, and in what")
    published_date: Day = Field(description="day it was published")


REFERENCE_RISK_SCORES = InputList(
    name="reference_risk_scores",
    row=ReferenceRiskScore,
    about="Means that raw scores are divided by, so that the national population of assignable beneficiaries has 1.000 in "
    "each year. A delivery of an ACO does not hold that population, and its own people are never used in its place: "
    "without a mean, the lines that need it stay unwritten. A factor that multiplies is given as its reciprocal.",
    key=("score_year", "category", "model"),
    read_by="benchmark (risk ratio)",
    rules=("BMK-32", "RM 7.1"),
    is_read=True,
    own_checks=(late_years,),
    example_rows="""2026,AD,V28,1.0412,CMS risk paper,2027-09-15
2026,ESRD,ESRDV24,1.1377,CMS risk paper,2027-09-15
2027,AD,V28,1.0530,CMS risk paper provisional,2027-09-15
""",
)
