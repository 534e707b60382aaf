"""Writes what an ACO is handed of its own aligned people. Identifiers are joined here, on purpose, and for one ACO alone."""

from pathlib import Path

from pyspark.sql import DataFrame

from lead_engine.foundation.errors import ConfigurationError, LakeError, Problem
from lead_engine.lake.export import write_private
from lead_engine.lake.failures import spark_failures
from lead_engine.lake.store import Lake
from lead_engine.marts.alignment_report import Aligned, Shape, files
from lead_engine.tables import CONTRACTS

from .config import LakeConfig
from .explain import stored_facts

READS = (
    "calc__alignment",
    "calc__alignment_month",
    "core__enrolment_month",
    "core__beneficiary",
    "core__beneficiary_identity",
    "core__aco",
    "calc__high_needs",
)


def alignment_files(lake: Lake, config: LakeConfig, aco_id: str, shape: str, folder: Path) -> list[Path]:
    """The aligned people of one ACO in the performance year, as CSV files that only their owner may read.

    Raises ConfigurationError for an ACO that the run does not know, LakeError without a finished run.
    """
    if not lake.commits("calc__alignment_month"):
        raise LakeError(Problem("calc__alignment_month", "is not in the lake", remedy="run the configuration first"))
    with spark_failures("reading aligned people"):
        tables = Aligned(*(_read(lake, config, name) for name in READS))
        first_years = {row["aco_id"]: row["first_performance_year"] for row in tables.acos.collect()}
    if aco_id not in first_years:
        remedy = f"the ACOs of the run are {', '.join(sorted(first_years))}"
        raise ConfigurationError(Problem("--aco", "names an ACO that the run does not know", remedy=remedy))
    made = files(tables, aco_id, Shape(shape), stored_facts(config, first_years.values(), ""))
    with spark_failures("reading aligned people"):
        return [write_private(frame.toArrow(), folder / f"{name}_{aco_id}.csv") for name, frame in made.items()]


def _read(lake: Lake, config: LakeConfig, table: str) -> DataFrame:
    contract = CONTRACTS[table]
    return lake.read(contract, part=config.slice if contract.slice else None)
