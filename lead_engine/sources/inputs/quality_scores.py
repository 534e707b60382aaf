"""What CMS says of an ACO's quality in a performance year: the score that earns the withhold back."""

from pydantic import Field

from .contract import InputList, InputRow
from .fields import Aco, Flag, Share, Usd, Year


class QualityScore(InputRow):
    """One ACO in one performance year."""

    aco_id: Aco = Field(description="ACO")
    performance_year: Year = Field(description="performance year the score is for")
    quality_score: Share = Field(description="total quality score: the share of the withhold that is earned back")
    pqp_met: Flag = Field(description="whether the programme's quality requirement is met; yes where none is told")
    high_performers_pool_usd: Usd = Field(description="dollars from the High Performers Pool; 0 when there are none")


QUALITY_SCORES = InputList(
    name="quality_scores",
    row=QualityScore,
    about="Quality scores as CMS reports them. The engine takes the score; it computes no measure.",
    key=("aco_id", "performance_year"),
    read_by="benchmark (quality withhold), settlement",
    example_rows="""L0001,2027,0.85,yes,0
L0002,2027,1,yes,12500.00
""",
)
