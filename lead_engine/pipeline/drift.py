"""Reads both sides of a comparison of two years, or of two lakes, and hands them to the mart that may show it."""

from decimal import Decimal

from pyspark.sql import functions as F

from lead_engine.alignment.history import BY_CLAIMS
from lead_engine.benchmark.drift import Side, side
from lead_engine.benchmark.rules import BY_CATEGORY
from lead_engine.foundation.errors import ConfigurationError, Problem
from lead_engine.foundation.page import Page
from lead_engine.lake.failures import spark_failures
from lead_engine.lake.store import Lake
from lead_engine.marts.drift import DriftRules, page
from lead_engine.risk.rules import is_promoted
from lead_engine.tables import CONTRACTS

from .config import LakeConfig

Held = tuple[Lake, LakeConfig]


def drift_page(earlier: Held, later: Held, aco_id: str, category: str, years: tuple[int, int], top: int) -> Page:
    """What moved the mean raw score of an ACO's category from the first year to the second.

    Raises ConfigurationError for a category that is none, or one counted with a promoted model.
    """
    if category not in BY_CATEGORY["model"]:
        known = ", ".join(BY_CATEGORY["model"])
        raise ConfigurationError(Problem("category", "is no benchmark category", remedy=f"choose one of {known}"))
    rules = DriftRules.from_methodology(later[1].resolved)
    model = later[1].resolved.value(BY_CATEGORY["model"][category])
    if is_promoted(model):
        what, remedy = f"counts with {model}, whose scores have no terms", "choose another category, or another model"
        raise ConfigurationError(Problem(f"category {category}", what, remedy=remedy))
    before, after = (
        _side(held, aco_id, category, model, year, rules) for held, year in zip((earlier, later), years, strict=True)
    )
    return page(f"ACO {aco_id}, {category}, {model}, {years[0]} to {years[1]}", before, after, rules, top)


def _side(held: Held, aco_id: str, category: str, model: str, year: int, rules: DriftRules) -> Side:
    lake, config = held
    with spark_failures("reading scores and terms"):
        months, scores, terms = (
            lake.read(CONTRACTS[name], part=config.slice)
            for name in ("calc__alignment_month", "calc__risk_score", "calc__hcc")
        )
        by_claims = F.col("route").isin(BY_CLAIMS)  # the ledger's cell: a base year has no other (ALN-60)
        own = months.where((F.col("aco_id") == aco_id) & (F.col("category") == category) & by_claims)
        of_model = F.col("model") == model
        starts = [Decimal(start) for start in rules.band_starts]
        return side(own, scores.where(of_model), terms.where(of_model), year, starts)
