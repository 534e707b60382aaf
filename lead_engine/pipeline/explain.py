"""Gathers what the lake holds of one person, or of one ACO, and hands it to the stage that can explain it."""

from collections.abc import Iterable
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.alignment import explain as alignment
from lead_engine.alignment.rules import AlignmentRules
from lead_engine.benchmark import explain as benchmark
from lead_engine.foundation.page import Page
from lead_engine.lake.failures import spark_failures
from lead_engine.lake.people import find_person
from lead_engine.lake.store import Lake
from lead_engine.methodology.facts import RunFacts
from lead_engine.risk import explain as risk
from lead_engine.risk.catalogue import risk_model_named
from lead_engine.tables import CONTRACTS

from .config import LakeConfig


def alignment_pages(lake: Lake, config: LakeConfig, who: str, year: int | None) -> list[Page]:
    """One page for every aligned year, or the one asked for."""
    person = find_person(lake, config.secret, who)
    with spark_failures("reading alignment"):
        answers = _rows(lake, config, "calc__alignment", person, "aligned_year", year)
        candidates = _rows(lake, config, "calc__alignment_candidate", person, "aligned_year", year)
        months = _rows(lake, config, "calc__beneficiary_month", person, "year", year)
        firsts = [row["first_performance_year"] for row in lake.read(CONTRACTS["core__aco"]).collect()]
    pages = []
    for answer in sorted(answers, key=lambda row: row["aligned_year"]):
        of_year = [row for row in candidates if row["aligned_year"] == answer["aligned_year"]]
        best_first = sorted(of_year, key=lambda row: (row["rank"] is None, row["rank"], row["unit"]))
        not_tested = {row["not_tested"] for row in months if row["year"] == answer["aligned_year"]}
        stored = alignment.Stored(answer, best_first, ", ".join(sorted(not_tested)))
        pages.append(
            alignment.explain(stored, config.resolved, _alignment_rules(config, firsts, answer["list_version"]))
        )
    return pages


def risk_pages(lake: Lake, config: LakeConfig, who: str, year: int | None, model: str | None = None) -> list[Page]:
    """One page for every payment year and model, or the one asked for. Raises ConfigurationError for a model there is not."""
    person = find_person(lake, config.secret, who)
    wanted = risk_model_named(model).name if model else None
    with spark_failures("reading risk"):
        profiles, diagnoses, terms, scores = (
            _rows(lake, config, table, person, "year", year)
            for table in ("calc__risk_profile", "calc__risk_diagnosis", "calc__hcc", "calc__risk_score")
        )

    def of(rows: list[dict[str, Any]], profile: dict[str, Any], name: str) -> list[dict[str, Any]]:
        return [row for row in rows if row["year"] == profile["year"] and row["model"] == name]

    pages = []
    for profile in sorted(profiles, key=lambda row: row["year"]):
        models = sorted(row["model"] for row in scores if row["year"] == profile["year"])
        for name in [name for name in models if wanted in (None, name)]:
            told = risk.Stored(
                profile, of(diagnoses, profile, name), of(terms, profile, name), of(scores, profile, name)[0]
            )
            pages.append(risk.explain(told, config.resolved))
        if not models:
            pages.append(risk.explain(risk.Stored(profile, [], [], None), config.resolved))
    return pages


def benchmark_pages(lake: Lake, config: LakeConfig, aco_id: str, category: str | None) -> list[Page]:
    """One page for every category and route of an ACO, or those of the category asked for."""
    with spark_failures("reading the benchmark"):
        frame = lake.read(CONTRACTS["calc__benchmark_line"], part=config.slice).where(F.col("aco_id") == aco_id)
        chosen = frame.where(F.col("category") == category) if category is not None else frame
        rows = [row.asDict() for row in chosen.collect()]
    cells = sorted({(row["category"], row["route"]) for row in rows})
    return [benchmark.explain([row for row in rows if (row["category"], row["route"]) == cell]) for cell in cells]


def _rows(
    lake: Lake, config: LakeConfig, table: str, person: int, year_column: str, year: int | None
) -> list[dict[str, Any]]:
    contract = CONTRACTS[table]
    found: DataFrame = lake.read(contract, part=config.slice).where(F.col("bene_key") == person)
    chosen = found.where(F.col(year_column) == year) if year is not None else found
    return [row.asDict() for row in chosen.collect()]


def stored_facts(config: LakeConfig, first_years: Iterable[int], list_version: str) -> RunFacts:
    """What the run that filled a lake was about: from the configuration, and from what the lake holds of its lists."""
    return RunFacts(
        performance_year=config.settings.performance_year,
        alignment_claims_cutoff=config.settings.alignment_claims_cutoff,
        enrolment_through=config.settings.enrolment_through.replace(day=1),
        first_performance_years=tuple(sorted(set(first_years))),
        list_version=list_version,
        delivery_kinds=tuple(sorted({source.kind for source in config.settings.sources})),
        spending_claims_cutoff=config.settings.spending_claims_cutoff,
    )


def _alignment_rules(config: LakeConfig, first_years: list[int], list_version: str) -> AlignmentRules:
    return AlignmentRules.from_methodology(config.resolved, stored_facts(config, first_years, list_version))
