"""What a performance year says about eligible months and High Needs status."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Self

from lead_engine.foundation.errors import MethodologyError, Problem
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved
from lead_engine.risk.model import ESRD
from lead_engine.risk.windows import Check, WindowRules

CATEGORIES = ("AD", "ESRD", "HN")
OF_EVERYBODY = "AD"


@dataclass(frozen=True)
class MonthRules:
    """Conditions of ALN-18 that depend on lists or choices, and the categories of ALN-57."""

    us_states: tuple[str, ...]  # months/us_states, ALN-18 item 5; FIPS state codes
    non_us_removes_the_year: bool  # months/non_us_scope, ALN-18
    esrd_status_codes: tuple[str, ...]  # months/esrd_status_codes, ALN-57
    enrolment_through: date  # run: months after it are not evaluated
    tests_service_area: bool  # alignment/service_area_mode, ALN-12; tested by ACO, where months are aligned
    tests_overlap: bool  # run: other_model_people is given, ALN-45; likewise
    category_order: tuple[str, ...]  # months/category_order, ALN-57; the last is everybody's
    hn_effective: str  # months/hn_effective, ALN-58
    hn_is_forever: bool  # months/hn_sticky, ALN-53

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above. Raises MethodologyError for an order that leaves a month without category."""
        return cls(
            us_states=resolved.table("months/us_states").column("fips_state_code"),
            non_us_removes_the_year=resolved.value("months/non_us_scope") == "ANY_MONTH_OF_PY",
            esrd_status_codes=resolved.value("months/esrd_status_codes"),
            enrolment_through=facts.enrolment_through,
            tests_service_area=resolved.value("alignment/service_area_mode") != "NONE",
            tests_overlap="other_model_people" in facts.lists,
            category_order=_order(resolved.value("months/category_order")),
            hn_effective=resolved.value("months/hn_effective"),
            hn_is_forever=resolved.value("months/hn_sticky") == "FOREVER",
        )


class Scale(NamedTuple):
    """Scores of criteria (b) and (c), on the scale of a kind of model."""

    moderate: Decimal  # (c), with admissions, up to the high one
    high: Decimal  # (b)


@dataclass(frozen=True)
class HighNeedsRules:
    """Which care meets which criterion of High Needs, at which checks (ALN-47 to ALN-52)."""

    checks: tuple[Check, ...]  # every one that can be evaluated, ascending; ALN-52, ALN-54
    claims_cutoff: date | None  # run: spending_claims_cutoff; none: every record delivered counts
    mobility_prefixes: tuple[str, ...]  # months/hn_mobility_codes, ALN-47
    mobility_stays: int  # months/hn_mobility_stays, ALN-47
    mobility_dates: int  # months/hn_mobility_dates, ALN-47
    models: tuple[str, ...]  # months/hn_models, ALN-48
    esrd_models: tuple[str, ...]  # those of them that score ESRD
    aged_disabled: Scale  # months/hn_high_score_ad, …_moderate_score_ad, ALN-48, ALN-49
    esrd: Scale  # months/hn_high_score_esrd, …_moderate_score_esrd, ALN-48, ALN-49
    unplanned_admissions: int  # months/hn_unplanned_admissions, ALN-49
    planned_admission_types: tuple[str, ...]  # months/hn_planned_admission_types, ALN-49
    frailty_codes: tuple[str, ...]  # months/hn_frailty_codes, ALN-51
    frailty_dates: int  # months/hn_frailty_dates, ALN-51
    snf_days: int  # months/hn_snf_days, ALN-50
    home_health_days: int | None  # months/hn_home_health_days; none unless months/hn_home_health_90d, ALN-50
    inpatient_claim_types: tuple[str, ...]  # months/hn_inpatient_claim_types
    snf_claim_types: tuple[str, ...]  # months/hn_snf_claim_types
    home_health_claim_types: tuple[str, ...]  # months/hn_home_health_claim_types

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above. Raises MethodologyError as `risk.windows.checks` does."""
        windows, value = WindowRules.from_methodology(resolved, facts), resolved.value
        return cls(
            checks=windows.checks,
            claims_cutoff=windows.claims_cutoff,
            mobility_prefixes=resolved.table("months/hn_mobility_codes").column("icd10_prefix"),
            mobility_stays=value("months/hn_mobility_stays"),
            mobility_dates=value("months/hn_mobility_dates"),
            models=tuple(model.name for model in windows.models),
            esrd_models=tuple(model.name for model in windows.models if model.population == ESRD),
            aged_disabled=Scale(
                _decimal(value("months/hn_moderate_score_ad")), _decimal(value("months/hn_high_score_ad"))
            ),
            esrd=Scale(_decimal(value("months/hn_moderate_score_esrd")), _decimal(value("months/hn_high_score_esrd"))),
            unplanned_admissions=value("months/hn_unplanned_admissions"),
            planned_admission_types=value("months/hn_planned_admission_types"),
            frailty_codes=resolved.table("months/hn_frailty_codes").column("hcpcs_code"),
            frailty_dates=value("months/hn_frailty_dates"),
            snf_days=value("months/hn_snf_days"),
            home_health_days=value("months/hn_home_health_days") if value("months/hn_home_health_90d") else None,
            inpatient_claim_types=value("months/hn_inpatient_claim_types"),
            snf_claim_types=value("months/hn_snf_claim_types"),
            home_health_claim_types=value("months/hn_home_health_claim_types"),
        )

    def scale(self, model: str) -> Scale:
        """The thresholds of a model's scores."""
        return self.esrd if model in self.esrd_models else self.aged_disabled


def _order(order: tuple[str, ...]) -> tuple[str, ...]:
    if set(order) <= set(CATEGORIES) and order[-1:] == (OF_EVERYBODY,):
        return order
    raise MethodologyError(
        Problem(
            "conf/methodology/months/category_order.yaml",
            f"{', '.join(order)} does not put every month into a category",
            "the categories of ALN-56 exclude each other and leave no month out",
            f"name some of {', '.join(CATEGORIES)}, {OF_EVERYBODY} at the end",
        )
    )


def _decimal(score: Fraction) -> Decimal:
    return Decimal(score.numerator) / Decimal(score.denominator)
