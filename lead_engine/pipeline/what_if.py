"""Gathers what a what-if reads of a finished lake, and hands its sums to the mart that may show them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from lead_engine.alignment.choice_rules import MidyearRules
from lead_engine.alignment.rules import AlignmentRules
from lead_engine.benchmark.rules import RiskRatioRules
from lead_engine.foundation.errors import LakeError, Problem, raise_all
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
from lead_engine.scenario.realign import ANSWER, ANSWERED, MONTHS, answered_otherwise, billed_as, of_people, touched
from lead_engine.sources.list_changes import ListChange, read_change
from lead_engine.tables import CONTRACTS

from .config import LakeConfig, open_config
from .explain import stored_facts
from .replay import replayed
from .steps import STEPS
from .what_if_asked import check_what_if

FIGURES = ("months_before", "months_after", "months_gained", "months_lost", "paid_cents_gained", "paid_cents_lost")
PROMOTED, MAPPED, OTHER_TINS = "calc__substitute_score", "core__ccn_tin", "core__other_model_tin"
CHOICES = "calc__voluntary_choice"
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
        try:
            with spark_failures("reading the lists of the run"):
                acos = lake.read(CONTRACTS["core__aco"]).collect()
                listed = lake.read(CONTRACTS["core__participant"]).collect()
                answer = lake.read(CONTRACTS[ANSWER], part=config.slice).select("list_version").first()
        except LakeError:
            raise_all(LakeError, [] if lake.commits(ANSWER) else [Problem(ANSWER, "is not in the lake", remedy=REMEDY)])
            raise
        if answer is None or {row["list_version"] for row in listed} != {answer["list_version"]}:
            what = "has no answer of the year under the Participant list that the lake holds"
            raise LakeError(Problem(ANSWER, what, "a change is told from these answers", REMEDY))
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

    def of_people(self, name: str, people: DataFrame) -> DataFrame:
        """Of some people, the rows of a table in the years that are aligned."""
        frame = self.table(name)
        years = list(self.rules(AlignmentRules).aligned_years)
        return of_people(frame.where(F.col("year").isin(years)) if "year" in frame.columns else frame, people)

    def has(self, name: str) -> bool:
        """Whether the run has a table; of a list that it was not given it has none."""
        return name not in OPTIONAL or bool(self.lake.commits(name))

    def rules(self, kind: Any) -> Any:
        """Rules of a kind."""
        return kind.from_methodology(self.config.resolved, self.facts)


def what_if_tins(spark: SparkSession, config: Path, add: Path | None = None, remove: Path | None = None) -> WhatIf:
    """What the ACOs of a finished run would gain and lose, were TINs or CCNs added to its list or removed from it.

    `config` is the configuration of the run; `add` and `remove` are files of `aco_id`, `tin` and `ccn`. Reads scores,
    answers and months, never claims; writes nothing. Raises ConfigurationError with every mistake of the files and for what
    `check_what_if` refuses, LakeError without a finished run. Rules: ALN-8, ALN-11, ALN-31 to ALN-33, ALN-44, ALN-64, BMK-30.
    """
    opened = open_config(config)
    return list_changed(Lake(attach(spark), opened.lake), opened, add, remove)


def list_changed(lake: Lake, config: LakeConfig, add: Path | None = None, remove: Path | None = None) -> WhatIf:
    """The same of a lake that is open already."""
    run = _Finished.of(lake, config)
    names = {row["aco_id"]: row["aco_name"] for row in run.acos}
    change = read_change(add, remove, run.listed, set(names))
    others = run.table(OTHER_TINS).collect() if run.has(OTHER_TINS) else []
    check_what_if(add, change.added, run.participants, others, run.rules(MidyearRules), config.resolved)
    with spark_failures("re-aligning whom the change touches"):
        mapped = run.table(MAPPED) if run.has(MAPPED) else None
        billed = billed_as([pack_unit(unit) for unit in change.units], mapped)
        seen = touched(run.table("calc__unit_score"), billed)
        moved = _moved(run, change, seen) if seen.num_rows else None
        found = [Change(**row.asDict()) for row in changes(moved).collect()] if moved is not None else []
        totals = [row.asDict() for row in run.table("calc__aco_year").collect()]
        risks = [row.asDict() for row in run.table("calc__aco_risk").where("kind = 'HCC'").collect()]
    with_charges = {unpack_unit(owner) for unit in pc.unique(seen.column("unit")).to_pylist() for owner in billed[unit]}
    never_billed = tuple(unit for unit in change.units if unit not in with_charges)
    told = Told(change, never_billed, names, found, totals, risks, run.has(CHOICES))
    return WhatIf(change, page(told, run.facts, run.rules(MartRules)), moved)


def _moved(run: _Finished, change: ListChange, seen: pa.Table) -> DataFrame | None:
    """Who gains or loses a month by the change, of the people it touches; None when nobody's answer becomes another."""
    frame = run.lake.spark.createDataFrame
    staying = [tuple(row) for row in run.participants if unpack_unit(row["unit"]) not in change.removed]
    joining = [(change.version, pack_unit(unit), aco, None, None) for unit, aco in sorted(change.added.items())]
    known = {
        "core__participant": frame([*staying, *joining], CONTRACTS["core__participant"].schema),
        "core__aco": frame([tuple(row) for row in run.acos], CONTRACTS["core__aco"].schema),
    }
    replay = partial(replayed, resolved=run.config.resolved, facts=run.facts)
    people = _people(run, seen)
    after = replay(ANSWERED, _reader(run, known, people))[ANSWER]
    answers = answered_otherwise(run.of_people(ANSWER, people), after).toArrow()
    if not answers.num_rows:
        return None
    movers = _people(run, answers)
    years = F.broadcast(frame(answers.select(["bene_key", "aligned_year"])))
    before = run.of_people(MONTHS, movers).join(years, ["bene_key", "aligned_year"], "left_semi")
    after = replay((MONTHS,), _reader(run, {**known, ANSWER: frame(answers)}, movers))[MONTHS]
    spend, scores = (run.of_people(name, movers) for name in ("calc__spend_month", "calc__risk_score"))
    promoted = run.of_people(PROMOTED, movers) if run.has(PROMOTED) else None
    return moved_people(before, after, spend, scores, promoted, known["core__aco"], run.rules(RiskRatioRules))


def _reader(run: _Finished, known: Mapping[str, DataFrame], people: DataFrame) -> Callable[[str], DataFrame | None]:
    """Tables as a replay reads them: those that are known otherwise, and of the run the rows of some people."""

    def read(name: str) -> DataFrame | None:
        if name in known:
            return known[name]
        return run.of_people(name, people) if run.has(name) else None

    return read


def _people(run: _Finished, rows: pa.Table) -> DataFrame:
    """The people of some rows, once each."""
    return run.lake.spark.createDataFrame(pa.table({"bene_key": pc.unique(rows.column("bene_key"))}))


def write_people(told: WhatIf, path: Path) -> Path:
    """The people behind a what-if as a CSV file that only its owner may read: one row a person, ACO, year and route.

    Raises LakeError when the file cannot be written.
    """
    columns = ("bene_key", "aco_id", "year", "route", *FIGURES)
    schema = pa.schema([(name, pa.string() if name in ("aco_id", "route") else pa.int64()) for name in columns])
    found = schema.empty_table()
    if told.moved is not None:
        with spark_failures("reading the people of a what-if"):
            chosen = told.moved.where("category = 'ALL' AND route != 'ALL'").select(*columns)
            found = chosen.toArrow().cast(schema)
    return write_private(found, path)
