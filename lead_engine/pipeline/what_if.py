"""Gathers what a what-if reads of a finished lake, and hands its sums to the mart that may show them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from lead_engine.alignment.rules import AlignmentRules
from lead_engine.benchmark.rules import RiskRatioRules
from lead_engine.foundation.errors import LakeError, Problem
from lead_engine.foundation.identifiers import pack_unit, unpack_unit
from lead_engine.foundation.page import Page
from lead_engine.lake.export import write_private
from lead_engine.lake.failures import spark_failures
from lead_engine.lake.session import attach
from lead_engine.lake.store import Lake
from lead_engine.marts.rules import MartRules
from lead_engine.marts.what_if import Change, Told, page
from lead_engine.methodology.facts import RunFacts
from lead_engine.scenario.compare import changes, moved_people
from lead_engine.scenario.realign import REPLAYED, of_people, touched
from lead_engine.sources.list_changes import ListChange, read_change
from lead_engine.tables import CONTRACTS

from .config import LakeConfig, open_config
from .explain import stored_facts
from .replay import replayed
from .steps import STEPS

MONTHS = ("months_before", "months_after", "months_gained", "months_lost")
PAID = ("paid_cents_gained", "paid_cents_lost")
ALIGNED, PROMOTED = REPLAYED[-1], "calc__substitute_score"
OPTIONAL = {step.table for step in STEPS if step.source is not None}
REMEDY = "run the configuration to its end first"


@dataclass(frozen=True)
class WhatIf:
    """The answer. `page` is suppressed and may be shown; `moved` is about people and may not."""

    change: ListChange
    page: Page
    moved: DataFrame | None  # of `scenario.compare.moved_people`; None where nobody is touched


@dataclass(frozen=True)
class _Finished:
    """A finished run as a what-if reads it."""

    lake: Lake
    config: LakeConfig
    facts: RunFacts
    acos: list[Row]  # of core__aco
    participants: list[Row]  # of core__participant

    @classmethod
    def of(cls, lake: Lake, config: LakeConfig) -> "_Finished":
        """Raises LakeError when there is no finished run, or one of another list."""
        with spark_failures("reading the lists of the run"):
            if not lake.commits("calc__aco_year"):
                raise LakeError(Problem("calc__aco_year", "is not in the lake", remedy=REMEDY))
            acos = lake.read(CONTRACTS["core__aco"]).collect()
            listed = lake.read(CONTRACTS["core__participant"]).collect()
            answer = lake.read(CONTRACTS["calc__alignment"], part=config.slice).select("list_version").first()
        versions = {row["list_version"] for row in listed}
        if answer is None or versions != {answer["list_version"]}:
            what = "has no answer of the year under the Participant list that the lake holds"
            raise LakeError(Problem("calc__alignment", what, "a change is told from these answers", REMEDY))
        facts = stored_facts(config, (row["first_performance_year"] for row in acos), answer["list_version"])
        return cls(lake, config, facts, acos, listed)

    @property
    def listed(self) -> dict[str, str]:
        """The Participant units and their ACO."""
        return {unpack_unit(row["unit"]): row["aco_id"] for row in self.participants}

    def table(self, name: str) -> DataFrame:
        """A table of the run."""
        contract = CONTRACTS[name]
        return self.lake.read(contract, part=self.config.slice if contract.slice else None)

    def has(self, name: str) -> bool:
        """Whether the run has a table; of a list that it was not given it has none."""
        return name not in OPTIONAL or bool(self.lake.commits(name))

    def rules(self, kind: Any) -> Any:
        """Rules of a kind."""
        return kind.from_methodology(self.config.resolved, self.facts)


def what_if_tins(spark: SparkSession, config: Path, add: Path | None = None, remove: Path | None = None) -> WhatIf:
    """What the ACOs of a finished run would gain and lose, were TINs or CCNs added to its list or removed from it.

    `config` is the configuration of the run; `add` and `remove` are files of `aco_id`, `tin` and `ccn`. Reads scores,
    answers and months, never claims; writes nothing. Raises ConfigurationError with every mistake of the files,
    LakeError without a finished run. Rules: ALN-8, ALN-11, ALN-31 to ALN-33, ALN-64, BMK-30.
    """
    opened = open_config(config)
    return list_changed(Lake(attach(spark), opened.lake), opened, add, remove)


def list_changed(lake: Lake, config: LakeConfig, add: Path | None = None, remove: Path | None = None) -> WhatIf:
    """The same of a lake that is open already."""
    run = _Finished.of(lake, config)
    names = {row["aco_id"]: row["aco_name"] for row in run.acos}
    change = read_change(add, remove, run.listed, set(names))
    with spark_failures("re-aligning whom the change touches"):
        seen = touched(run.table("calc__unit_score"), change.units)
        moved = _moved(run, change, seen) if seen.num_rows else None
        found = [Change(**row.asDict()) for row in changes(moved).collect()] if moved is not None else []
        totals = [row.asDict() for row in run.table("calc__aco_year").collect()]
        risks = [row.asDict() for row in run.table("calc__aco_risk").where("kind = 'HCC'").collect()]
    billed = {unpack_unit(unit) for unit in pc.unique(seen.column("unit")).to_pylist()}
    told = Told(change, tuple(unit for unit in change.units if unit not in billed), names, found, totals, risks)
    return WhatIf(change, page(told, run.facts, run.rules(MartRules)), moved)


def _moved(run: _Finished, change: ListChange, seen: pa.Table) -> DataFrame:
    """Who gains or loses a month by the change, of the people it touches."""
    spark = run.lake.spark
    people = spark.createDataFrame(pa.table({"bene_key": pc.unique(seen.column("bene_key"))}))
    staying = [tuple(row) for row in run.participants if unpack_unit(row["unit"]) not in change.removed]
    joining = [(change.version, pack_unit(unit), aco, None, None) for unit, aco in sorted(change.added.items())]
    lists = {"core__participant": [*staying, *joining], "core__aco": [tuple(row) for row in run.acos]}
    in_years = F.col("year").isin(list(run.rules(AlignmentRules).aligned_years))

    def read(name: str) -> DataFrame:
        if name in lists:
            return spark.createDataFrame(lists[name], CONTRACTS[name].schema)
        frame = run.table(name)
        return of_people(frame.where(in_years) if "year" in frame.columns else frame, people)

    after = replayed(REPLAYED, lambda name: read(name) if run.has(name) else None, run.config.resolved, run.facts)
    spend, scores, acos = (read(name) for name in ("calc__spend_month", "calc__risk_score", "core__aco"))
    promoted = read(PROMOTED) if run.has(PROMOTED) else None
    return moved_people(read(ALIGNED), after[ALIGNED], spend, scores, promoted, acos, run.rules(RiskRatioRules))


def write_people(told: WhatIf, path: Path) -> Path:
    """The people behind a what-if as a CSV file that only its owner may read: one row a person, ACO, year and route.

    Raises LakeError when the file cannot be written.
    """
    columns = ("bene_key", "aco_id", "year", "route", *MONTHS, *PAID)
    schema = pa.schema([(name, pa.string() if name in ("aco_id", "route") else pa.int64()) for name in columns])
    found = schema.empty_table()
    if told.moved is not None:
        with spark_failures("reading the people of a what-if"):
            chosen = told.moved.where("category = 'ALL' AND route != 'ALL'").select(*columns)
            found = chosen.toArrow().cast(schema)
    return write_private(found, path)
