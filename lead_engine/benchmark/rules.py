"""What a performance year says about the risk ratio of an ACO."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved, ResolvedValue

CATEGORIES = ("AD", "ESRD", "HN")
BY_CATEGORY: dict[str, dict[str, str]] = {  # by input of the ledger, the parameter of each category
    "model": {"AD": "benchmark/risk_model_ad", "ESRD": "benchmark/risk_model_esrd", "HN": "benchmark/risk_model_hn"},
    "risk_cap": {"AD": "benchmark/risk_cap_ad", "ESRD": "benchmark/risk_cap_esrd", "HN": "benchmark/risk_cap_hn"},
    "cif": {"AD": "benchmark/cif_ad", "ESRD": "benchmark/cif_esrd", "HN": "benchmark/cif_hn"},
    "cif_ceiling": {"AD": "benchmark/cif_ceiling", "ESRD": "benchmark/cif_ceiling", "HN": "benchmark/cif_ceiling_hn"},
    "cap_minimum_people_by3": {
        "AD": "benchmark/cap_minimum_people_ad",
        "ESRD": "benchmark/cap_minimum_people_esrd",
    },
    "cap_minimum_people_py": {"ESRD": "benchmark/cap_minimum_people_esrd"},
}
FOR_ALL = {"cap_exempt_growth": "benchmark/cap_exempt_growth", "ai_weight": "benchmark/ai_weight"}
SWITCHES = (
    "benchmark/ai_categories",
    "benchmark/cap_demographic_adjusted",
    "benchmark/cap_demographic_categories",
    "benchmark/cap_growth_exemption_applies",
    "benchmark/cap_minimum_applies",
    "benchmark/newly_voluntary_uncapped",
    "benchmark/demographic_model",
)


@dataclass(frozen=True)
class CategoryRules:
    """What holds for one category; which functions of `risk_ratio` make its lines."""

    category: str
    model: str  # benchmark/risk_model_…, BMK-30
    risk_cap: float  # benchmark/risk_cap_…, BMK-33
    ai_weight: float  # benchmark/ai_weight, 0 outside benchmark/ai_categories, BMK-37
    is_demographic_adjusted: bool  # benchmark/cap_demographic_adjusted, …_categories, BMK-35
    has_minimum: bool  # benchmark/cap_minimum_applies, where the category has one, BMK-34
    has_growth_exemption: bool  # benchmark/cap_growth_exemption_applies, BMK-34
    is_newly_voluntary_uncapped: bool  # benchmark/newly_voluntary_uncapped, BMK-34


@dataclass(frozen=True)
class RiskRatioRules:
    """Which years and models a risk ratio rests on, and every parameter with its status, as the ledger cites it."""

    performance_year: int
    base_year_count: int  # alignment/base_year_count, ALN-2
    enrolment_through: date  # run
    values: tuple[ResolvedValue, ...]  # of area benchmark, by name

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above."""
        names = {*SWITCHES, *FOR_ALL.values(), *(name for of in BY_CATEGORY.values() for name in of.values())}
        return cls(
            performance_year=facts.performance_year,
            base_year_count=resolved.value("alignment/base_year_count"),
            enrolment_through=facts.enrolment_through,
            values=tuple(resolved[name] for name in sorted(names)),
        )

    def parameter(self, name: str) -> ResolvedValue:
        """A parameter by name."""
        return next(value for value in self.values if value.name == name)

    def of(self, category: str) -> CategoryRules:
        """What holds for a category."""
        blends = category in self._value("benchmark/ai_categories")
        adjusted = category in self._value("benchmark/cap_demographic_categories")
        return CategoryRules(
            category=category,
            model=self._value(BY_CATEGORY["model"][category]),
            risk_cap=float(self._value(BY_CATEGORY["risk_cap"][category])),
            ai_weight=float(self._value("benchmark/ai_weight")) if blends else 0.0,
            is_demographic_adjusted=adjusted and self._value("benchmark/cap_demographic_adjusted"),
            has_minimum=category in BY_CATEGORY["cap_minimum_people_by3"]
            and self._value("benchmark/cap_minimum_applies"),
            has_growth_exemption=self._value("benchmark/cap_growth_exemption_applies"),
            is_newly_voluntary_uncapped=self._value("benchmark/newly_voluntary_uncapped"),
        )

    def stated(self, category: str) -> dict[str, ResolvedValue]:
        """The parameters that lines of a category read as inputs, by the name of the input."""
        own = {name: of[category] for name, of in BY_CATEGORY.items() if category in of and name != "model"}
        return {name: self.parameter(parameter) for name, parameter in {**own, **FOR_ALL}.items()}

    @property
    def demographic_model(self) -> str:
        """The model whose scores are demographic (BMK-35)."""
        return str(self._value("benchmark/demographic_model"))

    def _value(self, name: str) -> Any:
        return self.parameter(name).value
