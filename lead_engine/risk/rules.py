"""What a performance year says about risk scores."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Self

from lead_engine.foundation.errors import MethodologyError, Problem
from lead_engine.foundation.months import first_of_month
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.reference import ReferenceTable
from lead_engine.methodology.resolve import Resolved

from .catalogue import risk_model_in, risk_model_named, risk_models
from .model import RiskModel


class EligibleClaim(NamedTuple):
    """Claims whose diagnoses count."""

    claim_type: str
    bill_type: str  # empty: any
    needs_eligible_hcpcs: bool


@dataclass(frozen=True)
class RiskRules:
    """Whom to score in which years, with which model, from which diagnoses."""

    years: tuple[int, ...]  # payment years with enrolment data
    enrolment_through: date  # run: first day of the last month with enrolment data
    model: RiskModel  # calibration/structure, RM 8.4: the model a substitute has the HCCs of
    models: tuple[RiskModel, ...]  # risk/scored_models, RM 1.1 to RM 1.3
    age_reference_day: str  # risk/age_reference_day, RM 3.1: MM-DD of the payment year
    aged_from: int  # risk/aged_from, RM 3.2
    new_enrollee_part_b_months: int  # risk/new_enrollee_part_b_months, RM 3.5
    dual_classes: tuple[tuple[str, str], ...]  # risk/dual_status, RM 3.3
    esrd_status_codes: tuple[str, ...]  # months/esrd_status_codes, RM 3.6
    transplant_drgs: tuple[str, ...]  # risk/transplant_drgs, RM 3.4
    eligible_claims: tuple[EligibleClaim, ...]  # risk/eligible_claims, RM 2.2
    eligible_hcpcs: ReferenceTable = field(hash=False)  # risk/eligible_hcpcs, RM 2.2

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above.

        Raises MethodologyError when a year to be scored has no list of eligible codes for its diagnoses.
        """
        years = scored_years(resolved, facts)
        hcpcs = resolved.table("risk/eligible_hcpcs")
        _check_lists(hcpcs, years)
        models = scored_models(resolved)
        return cls(
            years=years,
            enrolment_through=first_of_month(facts.enrolment_through),
            model=structure_model(resolved),
            models=models,
            age_reference_day=resolved.value("risk/age_reference_day"),
            aged_from=resolved.value("risk/aged_from"),
            new_enrollee_part_b_months=resolved.value("risk/new_enrollee_part_b_months"),
            dual_classes=tuple(
                (row["dual_code"], row["dual_class"]) for row in resolved.table("risk/dual_status").records()
            ),
            esrd_status_codes=resolved.value("months/esrd_status_codes"),
            transplant_drgs=resolved.value("risk/transplant_drgs"),
            eligible_claims=tuple(
                EligibleClaim(row["claim_type_code"], row["bill_type"], row["needs_eligible_hcpcs"] == "yes")
                for row in resolved.table("risk/eligible_claims").records()
            ),
            eligible_hcpcs=hcpcs,
        )

    def years_of(self, model: RiskModel) -> tuple[int, ...]:
        """The payment years a model is scored for: those whose diagnosis year has a list of eligible codes (RM 2.1, RM 2.2).

        A prospective model has one for every year, else the run is refused; a concurrent one waits for CMS's list.
        """
        listed = listed_years(self.eligible_hcpcs)
        return tuple(year for year in self.years if model.diagnosis_year(year) in listed)

    @property
    def graft_months_told_apart(self) -> tuple[int, ...]:
        """Months since a transplant from which one of the models says something else, ascending (RM 3.4, RM 6.1)."""
        return tuple(sorted(frozenset().union(*(model.graft_starts for model in self.models))))

    def age_on(self, payment_year: int) -> date:
        """The day on which age is taken (RM 3.1)."""
        month, _, day = self.age_reference_day.partition("-")
        return date(payment_year, int(month), int(day))


def structure_model(resolved: Resolved) -> RiskModel:
    """The model whose HCCs, hierarchies and interactions a fitted substitute has (RM 8.4)."""
    return risk_model_named(resolved.value("calibration/structure"))


def is_promoted(model: str) -> bool:
    """Whether a name is that of a registered model, `name/version`, and none of the catalogue's."""
    return "/" in model


def scored_models(resolved: Resolved) -> tuple[RiskModel, ...]:
    """Every published model a run scores.

    Raises MethodologyError when one the benchmark counts aged and disabled months with is not among them; a promoted model
    is scored by a step of its own.
    """
    models = tuple(risk_model_in(folder) for folder in resolved.value("risk/scored_models"))
    named = resolved.value("benchmark/risk_model_ad")
    if is_promoted(named):
        return models
    benchmark = risk_model_named(named)
    if benchmark not in models:
        raise MethodologyError(
            Problem(
                "conf/methodology/risk/scored_models.yaml",
                f"lacks {risk_models()[benchmark.name]}",
                "the figures of an ACO show its scores",
                "add it, or name another as benchmark/risk_model_ad",
            )
        )
    return models


def scored_years(resolved: Resolved, facts: RunFacts) -> tuple[int, ...]:
    """The years from the first base year on whose January has enrolment data; others cannot be scored.

    Those between base years and performance year are aligned to nobody, but High Needs status is assessed in them (ALN-54).
    """
    count = int(resolved.value("alignment/base_year_count"))
    base = {first - back for first in facts.first_performance_years for back in range(1, count + 1)}
    years = range(min(base | {facts.performance_year}), facts.performance_year + 1)
    return tuple(year for year in years if date(year, 1, 1) <= first_of_month(facts.enrolment_through))


def listed_years(hcpcs: ReferenceTable) -> set[int]:
    """The service years that have a list of eligible codes (RM 2.2)."""
    return {
        year
        for row in hcpcs.records()
        for year in range(int(row["first_service_year"]), int(row["last_service_year"]) + 1)
    }


def _check_lists(hcpcs: ReferenceTable, years: tuple[int, ...]) -> None:
    listed = listed_years(hcpcs)
    silent = [year - 1 for year in years if year - 1 not in listed]
    if silent:
        raise MethodologyError(
            Problem(
                f"conf/reference/{hcpcs.name}.csv",
                f"has no list for service year {', '.join(map(str, silent))}",
                "diagnoses of a year without a list would all be dropped (RM 2.2)",
                "add the CMS list of the year",
            )
        )
