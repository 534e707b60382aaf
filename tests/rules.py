"""Rules as tests use them: the shipped methodology for performance year 2027, with what a test changes."""

from dataclasses import replace
from datetime import date
from typing import Any

from lead_engine.alignment.rules import AlignmentRules, ServiceRules
from lead_engine.benchmark.rules import RiskRatioRules
from lead_engine.foundation import yaml
from lead_engine.marts.review.rules import CodeRules, ReviewRules
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved, resolve
from lead_engine.months.rules import MonthRules
from lead_engine.risk.rules import RiskRules

FACTS = RunFacts(
    performance_year=2027,
    alignment_claims_cutoff=date(2026, 9, 30),
    enrolment_through=date(2027, 12, 1),
    first_performance_years=(2027,),
    list_version="list",
)


def resolved(year: int = 2027, **overrides: Any) -> Resolved:
    """The methodology of a year with parameters overridden by name (`area__name` for `area/name`)."""
    lines = [f"{name.replace('__', '/')}: {value}" for name, value in overrides.items()]
    return resolve(year, [yaml.load("\n".join(lines), "test.yaml")] if lines else [])


def alignment_rules(**changes: Any) -> AlignmentRules:
    """Who wins."""
    return replace(AlignmentRules.from_methodology(resolved(), FACTS), **changes)


def service_rules(**changes: Any) -> ServiceRules:
    """Which lines count."""
    return replace(ServiceRules.from_methodology(resolved(), FACTS), **changes)


def month_rules(**changes: Any) -> MonthRules:
    """Which months are eligible."""
    return replace(MonthRules.from_methodology(resolved(), FACTS), **changes)


def risk_rules(**changes: Any) -> RiskRules:
    """Whom to score and how."""
    return replace(RiskRules.from_methodology(resolved(), FACTS), **changes)


def review_rules(**changes: Any) -> ReviewRules:
    """Which months are flagged and which withheld."""
    return replace(ReviewRules.from_methodology(resolved(), FACTS), **changes)


def code_rules(**changes: Any) -> CodeRules:
    """Which claim types should carry which code."""
    return replace(CodeRules.from_methodology(resolved(), FACTS), **changes)


def risk_ratio_rules(year: int = 2027, **overrides: Any) -> RiskRatioRules:
    """Models, caps and blends of the risk ratio, with parameters of `benchmark` overridden by name."""
    told = resolved(year, **{f"benchmark__{name}": value for name, value in overrides.items()})
    return RiskRatioRules.from_methodology(told, replace(FACTS, performance_year=year))
