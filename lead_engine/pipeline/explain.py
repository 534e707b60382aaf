"""Gathers what the lake holds of one person, or of one ACO, and hands it to the stage that can explain it."""

from collections.abc import Iterable
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.alignment import explain as alignment
from lead_engine.alignment.rules import AlignmentRules, ServiceRules
from lead_engine.alignment.services import classified
from lead_engine.benchmark import explain as benchmark
from lead_engine.claims.rules import SubstanceUseRules
from lead_engine.claims.substance_use import without_them
from lead_engine.foundation.page import Page
from lead_engine.lake.failures import spark_failures
from lead_engine.lake.people import find_person
from lead_engine.lake.store import Lake
from lead_engine.methodology.facts import RunFacts
from lead_engine.months import explain as high_needs
from lead_engine.months.rules import HighNeedsRules
from lead_engine.risk import explain as risk
from lead_engine.risk.catalogue import risk_model_named
from lead_engine.tables import CONTRACTS

from .config import LakeConfig

OF_MONTHS = ("dual_class", "is_long_term_institutional", "graft_months")


def alignment_pages(lake: Lake, config: LakeConfig, who: str, year: int | None) -> list[Page]:
    """One page for every aligned year, or the one asked for."""
    person = find_person(lake, config.secret, who)
    with spark_failures("reading alignment"):
        answers = _rows(lake, config, "calc__alignment", person, "aligned_year", year)
        candidates = _rows(lake, config, "calc__alignment_candidate", person, "aligned_year", year)
        months = _rows(lake, config, "calc__beneficiary_month", person, "year", year)
        choices = _optional(lake, config, "calc__attestation_response", person)
        firsts = [row["first_performance_year"] for row in lake.read(CONTRACTS["core__aco"]).collect()]
    list_version = answers[0]["list_version"] if answers else ""
    facts = stored_facts(config, firsts, list_version)
    rules = AlignmentRules.from_methodology(config.resolved, facts)
    counted = _counted_lines(lake, config, person, ServiceRules.from_methodology(config.resolved, facts))
    pages = []
    for answer in sorted(answers, key=lambda row: row["aligned_year"]):
        of_year = [row for row in candidates if row["aligned_year"] == answer["aligned_year"]]
        best_first = sorted(of_year, key=lambda row: (row["rank"] is None, row["rank"], row["unit"]))
        not_tested = {row["not_tested"] for row in months if row["year"] == answer["aligned_year"]}
        chosen = choices if answer["aligned_year"] == answer["performance_year"] else []
        lines = _of_year(counted, answer["aligned_year"], rules)
        stored = alignment.Stored(answer, best_first, ", ".join(sorted(not_tested)), chosen, lines)
        pages.append(alignment.explain(stored, config.resolved, rules))
    return pages


def _counted_lines(lake: Lake, config: LakeConfig, person: int, rules: ServiceRules) -> list[dict[str, Any]]:
    """A person's lines that count in any alignment year, but for those of claims an ACO may not see."""
    with spark_failures("reading claim lines"):
        lines, diagnoses = (
            lake.read(CONTRACTS[table]).where(F.col("bene_key") == person)
            for table in ("core__claim_line", "core__claim_diagnosis")
        )
        shown = without_them(lines, diagnoses, SubstanceUseRules.from_methodology(config.resolved))
        return [row.asDict() for row in classified(shown, rules).where("not_counted is null").collect()]


def _of_year(counted: list[dict[str, Any]], year: int, rules: AlignmentRules) -> list[dict[str, Any]]:
    """The lines of the alignment years that an aligned year looks back on, as known for it."""
    ends = {period.end for period in rules.alignment_years(year)}
    return [row for row in counted if row["alignment_year_end"] in ends and row["known_for_year"] in (None, year)]


def risk_pages(lake: Lake, config: LakeConfig, who: str, year: int | None, model: str | None = None) -> list[Page]:
    """One page for every payment year and model, or the one asked for. Raises ConfigurationError for a model there is not."""
    person = find_person(lake, config.secret, who)
    wanted = risk_model_named(model).name if model else None
    with spark_failures("reading risk"):
        profiles, diagnoses, terms, scores, statuses = (
            _rows(lake, config, table, person, "year", year)
            for table in (
                "calc__risk_profile",
                "calc__risk_diagnosis",
                "calc__hcc",
                "calc__risk_score",
                "calc__risk_status",
            )
        )
    kinds = {(row["year"], row["first_month"]): row for row in statuses}

    def of(rows: list[dict[str, Any]], profile: dict[str, Any], name: str) -> list[dict[str, Any]]:
        return [row for row in rows if row["year"] == profile["year"] and row["model"] == name]

    pages = []
    for profile in sorted(profiles, key=lambda row: row["year"]):
        own = [row for row in scores if row["year"] == profile["year"]]
        for told in sorted(own, key=lambda row: (row["model"], row["first_month"])):
            if wanted in (None, told["model"]):
                first = told["first_month"]
                of_months = [row for row in of(terms, profile, told["model"]) if row["first_month"] == first]
                of_kind = profile | {each: kinds[profile["year"], first][each] for each in OF_MONTHS}
                stored = risk.Stored(of_kind, of(diagnoses, profile, told["model"]), of_months, told)
                pages.append(risk.explain(stored, config.resolved))
        if not own:
            pages.append(risk.explain(risk.Stored(profile, [], [], None), config.resolved))
    return pages


def high_needs_pages(lake: Lake, config: LakeConfig, who: str, _: int | None = None) -> list[Page]:
    """One page for the person, whatever year: the status is of all of them (ALN-53)."""
    person = find_person(lake, config.secret, who)
    with spark_failures("reading High Needs"):
        status = _rows(lake, config, "calc__high_needs", person)
        checks = _rows(lake, config, "calc__high_needs_check", person)
        firsts = [row["first_performance_year"] for row in lake.read(CONTRACTS["core__aco"]).collect()]
    rules = HighNeedsRules.from_methodology(config.resolved, stored_facts(config, firsts, ""))
    return [high_needs.explain(high_needs.Stored(row, checks), config.resolved, rules) for row in status]


def benchmark_pages(lake: Lake, config: LakeConfig, aco_id: str, category: str | None) -> list[Page]:
    """One page for every category and route of an ACO, or those of the category asked for."""
    with spark_failures("reading the benchmark"):
        frame = lake.read(CONTRACTS["calc__benchmark_line"], part=config.slice).where(F.col("aco_id") == aco_id)
        chosen = frame.where(F.col("category") == category) if category is not None else frame
        rows = [row.asDict() for row in chosen.collect()]
    cells = sorted({(row["category"], row["route"]) for row in rows})
    return [benchmark.explain([row for row in rows if (row["category"], row["route"]) == cell]) for cell in cells]


def _rows(
    lake: Lake, config: LakeConfig, table: str, person: int, year_column: str = "", year: int | None = None
) -> list[dict[str, Any]]:
    contract = CONTRACTS[table]
    found: DataFrame = lake.read(contract, part=config.slice).where(F.col("bene_key") == person)
    chosen = found.where(F.col(year_column) == year) if year is not None else found
    return [row.asDict() for row in chosen.collect()]


def _optional(lake: Lake, config: LakeConfig, table: str, person: int) -> list[dict[str, Any]]:
    """A person's rows of a table that only some runs have."""
    if not lake.commits(table):
        return []
    frame = lake.read(CONTRACTS[table], part=config.slice).where(F.col("bene_key") == person)
    return [row.asDict() for row in frame.collect()]


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
        lists=tuple(sorted(config.settings.inputs)),
    )
