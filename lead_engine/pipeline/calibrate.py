"""Fits a substitute risk model on the lake of a finished run and registers it; promotes one into the lake (RM 8.1 to RM 8.11)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.calibration import spread
from lead_engine.calibration.accept import Bar, judged
from lead_engine.calibration.config import Settings, read_settings
from lead_engine.calibration.design import design
from lead_engine.calibration.diagnose import ratios
from lead_engine.calibration.fit import Fit, fitted
from lead_engine.calibration.population import concurrent_diagnoses, population
from lead_engine.calibration.promoted import PromotedModel, Registered, rows_of
from lead_engine.calibration.report import AcoRatio, Report, Source
from lead_engine.calibration.rules import CalibrationRules
from lead_engine.calibration.tracking import Registry
from lead_engine.foundation.errors import (
    ConflictError,
    LakeError,
    Problem,
    RegistryError,
    VerificationError,
    raise_all,
)
from lead_engine.foundation.places import URI
from lead_engine.lake.failures import spark_failures
from lead_engine.lake.ledger import Ledger
from lead_engine.lake.store import Lake, holding
from lead_engine.lake.verify import verify
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved
from lead_engine.risk.rules import RiskRules
from lead_engine.tables import CONTRACTS

from .config import LakeConfig, located, open_config

READ = (
    "calc__beneficiary_month",
    "calc__spend_month",
    "core__enrolment_month",
    "calc__risk_profile",
    "calc__risk_diagnosis",
    "calc__risk_score",
    "calc__alignment_month",
)
READ_CONCURRENT = (*READ, "core__claim_line", "core__claim_diagnosis")
FACTORS = CONTRACTS["core__risk_model"]
Listener = Callable[[str], None]


@dataclass(frozen=True)
class Calibration:
    """A calibration's configuration with the run it rests on."""

    path: Path
    settings: Settings
    run: LakeConfig
    rules: CalibrationRules

    @property
    def tracking_uri(self) -> str:
        """The tracking server; a file beside the lake when none is named."""
        return self.settings.tracking_uri or f"sqlite:///{self.home / 'mlflow.db'}"

    @property
    def artifacts(self) -> str | None:
        """Where a new experiment keeps its files when no server is named."""
        return None if self.settings.tracking_uri else (self.home / "mlflow_artifacts").as_uri()

    @property
    def home(self) -> Path:
        """The folder beside the lake; beside the run's configuration when the lake is no folder."""
        is_folder = not URI.match(self.run.lake) and self.run.lake.startswith("/")
        return Path(self.run.lake).parent if is_folder else self.run.path.parent.absolute()

    def registry(self) -> Registry:
        """Raises RegistryError when it does not answer."""
        return Registry(self.tracking_uri, self.artifacts)


def read_calibration(path: Path) -> Calibration:
    """Read and check the configuration and that of its run. Raises ConfigurationError with all problems of a file."""
    settings = read_settings(path)
    run = open_config(Path(located(settings.run, path.parent)))
    return Calibration(path, settings, run, CalibrationRules.from_methodology(run.resolved))


def calibrate(
    calibration: Calibration, spark: SparkSession, listen: Listener = lambda said: None
) -> tuple[Registered, Report, list[Bar]]:
    """Fit, diagnose and register. Raises LeadError of the kind that fits; then nothing is registered."""
    registry = calibration.registry()
    tables, sources = _tables(calibration, Lake(spark, calibration.run.lake))
    report = _report(calibration, tables, sources, listen)
    cost_year = calibration.settings.cost_year
    bars = judged(report.metrics, cost_year, calibration.rules.performance_year, calibration.rules.bars)
    listen("registering …")
    return registry.record(report, bars), report, bars


def promote(calibration: Calibration, spark: SparkSession, version: int | None) -> tuple[Registered, list[Bar]]:
    """Make a version, by default the candidate, the champion, and put its factors into the lake.

    Raises RegistryError naming every acceptance bar it fails; then nothing is changed.
    """
    registry, rules = calibration.registry(), calibration.rules
    known = registry.known(calibration.settings.registry_name, version)
    rows = rows_of(known.files, known.registered)
    model = PromotedModel.read(rows, rules)
    bars = judged(known.metrics, rows[0]["cost_year"], rules.performance_year, rules.bars)
    failed = [
        Problem(f"model {known.registered}", f"{bar.name}: {bar.found}", f"wanted {bar.wanted}")
        for bar in bars
        if not bar.passed
    ]
    raise_all(RegistryError, failed)
    lake = Lake(spark, calibration.run.lake)
    written = _export(lake, model.registered, rows)
    try:
        registry.crown(known.registered)
    except BaseException:
        if written is not None:
            lake.take_back(FACTORS.name, written)
        raise
    return known.registered, bars


def promoted_model(lake: Lake, named: str, resolved: Resolved) -> PromotedModel:
    """A promoted model by `name/version`. Raises LakeError when the lake does not have it."""
    name, _, version = named.rpartition("/")
    found = _exported(lake, name, int(version))
    if not found:
        remedy = "`lead-engine promote` puts a registered model there"
        raise LakeError(Problem(FACTORS.name, f"has no model {named}", remedy=remedy))
    return PromotedModel.read(found, CalibrationRules.from_methodology(resolved))


def _report(
    calibration: Calibration, tables: dict[str, DataFrame], sources: tuple[Source, ...], listen: Listener
) -> Report:
    settings, rules = calibration.settings, calibration.rules
    built = design(rules, settings.variant)
    people = spread.indicators(_people(calibration, tables), built, settings.blocks).persist()
    try:
        listen("adding up the cross-product …")
        blocks = spread.crossproduct(people, len(built.names), settings.blocks)
        _check_scored(tables["calc__risk_profile"], settings, sum(block.people for block in blocks))
        listen("fitting …")
        fit = fitted(built, blocks, rules, settings.choices)
        cut, cut_at = _truncated(people, fit, calibration)
        listen("diagnosing …")
        found = spread.counted(people, built, fit.factors)
        acos = _acos(calibration, tables, people, fit)
    finally:
        people.unpersist()
    return Report(
        settings=settings,
        rules=rules,
        methodology=calibration.run.resolved.fingerprint,
        sources=sources,
        fit=fit,
        truncated=cut,
        truncated_at=cut_at,
        ratios=tuple(ratios(found, rules.smallest_cell)),
        acos=tuple(acos),
    )


def _people(calibration: Calibration, tables: dict[str, DataFrame]) -> DataFrame:
    settings = calibration.settings
    profiles, found = tables["calc__risk_profile"], tables["calc__risk_diagnosis"]
    if settings.variant == "concurrent":
        lines, diagnoses = tables["core__claim_line"], tables["core__claim_diagnosis"]
        rules = _risk_rules(calibration.run, settings.cost_year)
        of_year = concurrent_diagnoses(lines, diagnoses, profiles, rules, settings.cost_year)
    else:
        model = calibration.rules.model.name
        of_year = found.where((F.col("year") == settings.cost_year) & (F.col("model") == model))
    return population(
        tables["calc__beneficiary_month"],
        tables["calc__spend_month"],
        tables["core__enrolment_month"],
        profiles,
        of_year,
        calibration.rules,
        settings.variant,
        settings.cost_year,
    )


def _truncated(people: DataFrame, fit: Fit, calibration: Calibration) -> tuple[Fit | None, int]:
    """The fit with costs cut off, without intervals, at the shrinkage of the main one (RM 8.3)."""
    settings, rules = calibration.settings, calibration.rules
    point = spread.truncation_point(people, float(rules.truncation_share))
    if point <= 0:
        return None, 0
    cut = spread.truncated(people, point)
    blocks = spread.crossproduct(cut, len(fit.design.names), settings.blocks)
    alone = replace(settings.choices, shrinkage=(fit.shrinkage,), replicates=0)
    return fitted(fit.design, blocks, rules, alone), point


def _acos(calibration: Calibration, tables: dict[str, DataFrame], people: DataFrame, fit: Fit) -> list[AcoRatio]:
    year, model = calibration.settings.cost_year, calibration.rules.model.name
    months = tables["calc__alignment_month"].where(F.col("aligned_year") == year)
    aligned = months.groupBy("bene_key", "aco_id").agg(F.count(F.lit(1)).alias("months"))
    scores = tables["calc__risk_score"].where((F.col("year") == year) & (F.col("model") == model))
    published = scores.groupBy("bene_key").agg(F.min_by("raw_score", "first_month").alias("raw_score"))
    return spread.aco_ratios(people, fit.factors, aligned, published, calibration.rules.smallest_cell)


def _tables(calibration: Calibration, lake: Lake) -> tuple[dict[str, DataFrame], tuple[Source, ...]]:
    """The verified tables of the run, and which versions they are. Raises LakeError naming all that are not there."""
    verified = Ledger(lake).verified()
    tables, sources, problems = {}, [], []
    for table in READ_CONCURRENT if calibration.settings.variant == "concurrent" else READ:
        contract = CONTRACTS[table]
        part = calibration.run.slice if contract.slice else {}
        held = holding(lake.commits(table), part)
        if held is None or held.said.get("identity") not in verified:
            problems.append(Problem(table, "is not in the lake, or not verified", remedy="run the configuration first"))
            continue
        tables[table] = lake.read(contract, held.version, part)
        sources.append(Source(table, held.version, held.said["identity"]))
    raise_all(LakeError, problems)
    return tables, tuple(sources)


def _check_scored(profiles: DataFrame, settings: Settings, people: int) -> None:
    if people:
        return
    with spark_failures("calc__risk_profile"):
        years = sorted(row["year"] for row in profiles.select("year").distinct().collect())
    scored = ", ".join(map(str, years))
    raise LakeError(
        Problem(
            "calc__risk_profile",
            f"has nobody to fit on in cost year {settings.cost_year}; payment years there are {scored}",
            "cost year, and for the prospective variant the year before it, must be in the data",
            "choose another cost_year",
        )
    )


def _risk_rules(run: LakeConfig, cost_year: int) -> RiskRules:
    """The rules by which diagnoses of the cost year count, as for a payment year after it."""
    facts = RunFacts(
        performance_year=cost_year + 1,
        alignment_claims_cutoff=run.settings.alignment_claims_cutoff,
        enrolment_through=date(cost_year + 1, 1, 1),
        first_performance_years=(),
        list_version="",
    )
    return RiskRules.from_methodology(run.resolved, facts)


def _export(lake: Lake, registered: Registered, rows: list[dict[str, Any]]) -> int | None:
    """Write the factors into the lake and verify them; the version written, or none when they are there already."""
    lake.check_writable()
    found = _exported(lake, registered.name, registered.version)
    if found:
        if {row["run_id"] for row in found} != {registered.run_id}:
            remedy = "give the calibration another registry_name"
            what = f"has another model {registered}, from another registry"
            raise ConflictError(Problem(FACTORS.name, what, remedy=remedy))
        return None
    lake.append(FACTORS, lake.spark.createDataFrame(rows, FACTORS.schema))
    version = lake.commits(FACTORS.name)[0].version
    problems = verify(lake.read(FACTORS, version), FACTORS).problems
    if problems:
        lake.take_back(FACTORS.name, version)
        raise_all(VerificationError, problems)
    return version


def _exported(lake: Lake, name: str, version: int) -> list[dict[str, Any]]:
    if not lake.commits(FACTORS.name):
        return []
    rows = lake.read(FACTORS).where((F.col("registry_name") == name) & (F.col("registry_version") == version))
    with spark_failures(f"reading {FACTORS.name}"):
        return [row.asDict() for row in rows.collect()]
