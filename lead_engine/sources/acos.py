"""The ACOs of a run: one row an ACO."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field
from pyspark.sql import DataFrame, SparkSession

from lead_engine.foundation.errors import ConfigurationError, Problem, raise_all
from lead_engine.foundation.identifiers import ACO_PATTERN
from lead_engine.sources.lists import read_list

RENEWING, NEWLY_ENTERING = "RENEWING", "NEWLY_ENTERING"

AcoId = Annotated[str, Field(pattern=f"^{ACO_PATTERN}$", description="1 to 10 capital letters and digits")]


def _yes(text: str | bool) -> bool:
    if text not in ("yes", "no", "", True, False):
        raise ValueError("write yes or no, or leave the field empty")
    return text in ("yes", True)


class Aco(BaseModel):
    """A row of the list. Columns of later stages (risk_option, capitation) are left alone.

    Whether an ACO is Newly Entering, and attests the capabilities of High Needs care, is told and not computed (ALN-13,
    ALN-16); an ACO of whom nothing is told is held to the standard minimums.
    """

    aco_id: AcoId
    first_performance_year: int
    aco_name: Annotated[str | None, BeforeValidator(lambda text: text or None)] = None
    election: Annotated[  # of the performance year; without one, choices of the year itself add nobody (ALN-41)
        Literal["PROSPECTIVE", "HYBRID"], BeforeValidator(lambda text: text or "PROSPECTIVE")
    ] = "PROSPECTIVE"
    experience: Annotated[Literal["RENEWING", "NEWLY_ENTERING"] | None, BeforeValidator(lambda text: text or None)] = (
        None
    )
    attests_high_needs_care: Annotated[bool, BeforeValidator(_yes)] = False


def read_acos(path: Path, performance_year: int, first_year: int) -> list[Aco]:
    """The ACOs. Raises ConfigurationError with every mistake: an ACO twice, a first year that cannot be."""
    rows = read_list(path, Aco)
    problems = []
    if not rows:
        problems.append(Problem(path.name, "names no ACO", remedy="give one row for every ACO of the run"))
    seen: dict[str, int] = {}
    for line, aco in rows:
        if aco.aco_id in seen:
            problems.append(
                Problem(
                    f"{path.name} line {line}, field aco_id", f"{aco.aco_id} stands on line {seen[aco.aco_id]} already"
                )
            )
        seen[aco.aco_id] = line
        if not first_year <= aco.first_performance_year <= performance_year:
            said = (
                f"{aco.first_performance_year} is not between {first_year} and the performance year {performance_year}"
            )
            problems.append(
                Problem(
                    f"{path.name} line {line}, field first_performance_year", said, "it sets the base years (ALN-2)"
                )
            )
    raise_all(ConfigurationError, problems)
    return [aco for _, aco in rows]


def aco_frame(spark: SparkSession, acos: list[Aco]) -> DataFrame:
    """`core__aco`."""
    rows = [(aco.aco_id, aco.aco_name or aco.aco_id, aco.first_performance_year, aco.election) for aco in acos]
    return spark.createDataFrame(rows, "aco_id string, aco_name string, first_performance_year int, election string")
