"""Steps over the core tables of an invented network, without a run: what a step reads is a table, what it makes a frame."""

from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.lake.store import Lake
from lead_engine.pipeline.step import Step
from lead_engine.pipeline.steps import STEPS
from lead_engine.sources import attestations, other_models, risk_lists
from lead_engine.sources.acos import aco_frame, read_acos
from lead_engine.sources.inputs.attestations import ATTESTATIONS
from lead_engine.sources.inputs.contract import Given, Known
from lead_engine.sources.inputs.institutional_periods import INSTITUTIONAL_PERIODS
from lead_engine.sources.inputs.kidney_transplants import KIDNEY_TRANSPLANTS
from lead_engine.sources.inputs.other_models import OTHER_MODEL_PEOPLE
from lead_engine.sources.participants import list_version, participant_frame, read_participants
from lead_engine.tables import CONTRACTS
from tests.perf.facts import YEAR, rules_of

LISTS = ("core__aco", "core__participant")
OF_PEOPLE = {  # lists of people the network has: how they are read, and how they become a table
    "core__attestation": (ATTESTATIONS, attestations.attestations),
    "core__other_model_person": (OTHER_MODEL_PEOPLE, other_models.people),
    "core__institutional_period": (INSTITUTIONAL_PERIODS, risk_lists.institutional_periods),
    "core__kidney_transplant": (KIDNEY_TRANSPLANTS, risk_lists.kidney_transplants),
}
GIVEN = {listed.name for listed, _ in OF_PEOPLE.values()}
FROM_A_LIST = {step.table for step in STEPS if step.source and step.source not in GIVEN}
NOT_GIVEN = FROM_A_LIST | {"calc__voluntary_care"}  # of a list the network has not, or of a choice
CHAIN = [
    step
    for step in STEPS
    if (step.stage not in ("load", "marts") and not step.needs and step.table not in NOT_GIVEN)
    or step.table == "calc__aco_year"
]


class Stages:
    """The steps from core tables to the figures of each ACO."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self.spark, self.folder = spark, folder
        self.lake = Lake(spark, str(folder / "lake"))
        self.acos = read_acos(folder / "acos.csv", YEAR, YEAR)
        self.participants = read_participants(folder / "participants.csv", {aco.aco_id for aco in self.acos}, 2027)
        self.version = list_version(folder / "participants.csv")

    def table(self, name: str) -> DataFrame | None:
        """A table of the lake, or a list as a table; None for one that no list gives."""
        if name in NOT_GIVEN:
            return None
        if name in OF_PEOPLE:
            return self._of_people(name)
        if name not in LISTS:
            return self.lake.read(CONTRACTS[name])
        made = {"core__aco": (aco_frame, self.acos), "core__participant": (participant_frame, self.participants)}
        make, rows = made[name]
        return make(self.spark, rows) if name == "core__aco" else make(self.spark, rows, self.version)

    def _of_people(self, name: str) -> DataFrame:
        """A list of people as a table, without rows where the network has no marked people."""
        listed, made = OF_PEOPLE[name]
        file = self.folder / f"{listed.name}.csv"
        known = Known(
            YEAR, YEAR, {aco.aco_id: aco.first_performance_year for aco in self.acos}, tuple(self.participants)
        )
        given = listed.read(file, known) if file.exists() else Given(file.name, "none", ())
        return made(self.spark, given, self.lake.read(CONTRACTS["core__beneficiary_identity"]))

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
