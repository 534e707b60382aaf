"""Steps over the core tables of an invented network, without a run: what a step reads is a table, what it makes a frame."""

from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.lake.store import Lake
from lead_engine.pipeline.steps import STEPS, Step
from lead_engine.sources.acos import aco_frame, read_acos
from lead_engine.sources.participants import list_version, participant_frame, read_participants
from lead_engine.tables import CONTRACTS
from tests.perf.facts import YEAR, rules_of

LISTS = ("core__aco", "core__participant")
NOT_GIVEN = (
    "calc__substitute_score",
    "core__external_risk_score",
    "core__institutional_period",
    "core__kidney_transplant",
)
CHAIN = [
    step for step in STEPS if (step.stage not in ("load", "marts") and not step.needs) or step.table == "calc__aco_year"
]


class Stages:
    """The steps from core tables to the figures of each ACO."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self.spark, self.folder = spark, folder
        self.lake = Lake(spark, str(folder / "lake"))
        self.acos = read_acos(folder / "acos.csv", YEAR, YEAR)
        self.participants = read_participants(folder / "participants.csv", {aco.aco_id for aco in self.acos})
        self.version = list_version(folder / "participants.csv")

    def table(self, name: str) -> DataFrame | None:
        """A table of the lake, or a list as a table; None for one that no list gives."""
        if name in NOT_GIVEN:
            return None
        if name not in LISTS:
            return self.lake.read(CONTRACTS[name])
        made = {"core__aco": (aco_frame, self.acos), "core__participant": (participant_frame, self.participants)}
        make, rows = made[name]
        return make(self.spark, rows) if name == "core__aco" else make(self.spark, rows, self.version)

    def rules(self, step: Step) -> Any:
        """What the methodology says to a step."""
        return rules_of(self.folder, step.rules)

    def made(self, step: Step) -> DataFrame:
        """What a step makes of the tables it reads, in contract order and types."""
        rules = [self.rules(step)] if step.rules else []
        given = ["perf" for _ in step.gives]
        frame = step.function(*[self.table(name) for name in step.reads], *rules, *given)
        contract = CONTRACTS[step.table]
        if "performance_year" in contract.columns and "performance_year" not in frame.columns:
            frame = frame.withColumn("performance_year", F.lit(YEAR))
        return frame.select(*[F.col(field.name).cast(field.dataType).alias(field.name) for field in contract.schema])
