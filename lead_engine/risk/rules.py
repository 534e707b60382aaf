"""What a performance year says about risk scores."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Self

from lead_engine.foundation.errors import MethodologyError, Problem
from lead_engine.foundation.months import first_of_month
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.reference import ReferenceTable
from lead_engine.methodology.resolve import Resolved

from .model import RiskModel

VERSION_DIGITS = 12


class EligibleClaim(NamedTuple):
    """Claims whose diagnoses count."""

    claim_type: str
    bill_type: str  # empty: any
    needs_eligible_hcpcs: bool


@dataclass(frozen=True)
class RiskRules:
    """Whom to score in which years, with which model, from which diagnoses."""

    years: tuple[int, ...]  # payment years with enrolment data
    model: RiskModel  # risk/aged_disabled_model, RM 1.2
    age_reference_day: str  # risk/age_reference_day, RM 3.1: MM-DD of the payment year
    aged_from: int  # risk/aged_from, RM 3.2
    new_enrollee_part_b_months: int  # risk/new_enrollee_part_b_months, RM 3.5
    dual_classes: tuple[tuple[str, str], ...]  # risk/dual_status, RM 3.3
    esrd_status_codes: tuple[str, ...]  # months/esrd_status_codes, RM 3.6
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
        return cls(
            years=years,
            model=risk_model(resolved),
            age_reference_day=resolved.value("risk/age_reference_day"),
            aged_from=resolved.value("risk/aged_from"),
            new_enrollee_part_b_months=resolved.value("risk/new_enrollee_part_b_months"),
            dual_classes=tuple(
                (row["dual_code"], row["dual_class"]) for row in resolved.table("risk/dual_status").records()
            ),
            esrd_status_codes=resolved.value("months/esrd_status_codes"),
            eligible_claims=tuple(
                EligibleClaim(row["claim_type_code"], row["bill_type"], row["needs_eligible_hcpcs"] == "yes")
                for row in resolved.table("risk/eligible_claims").records()
            ),
            eligible_hcpcs=hcpcs,
        )

    def diagnosis_year(self, payment_year: int) -> int:
        """The calendar year whose diagnoses a prospective score rests on (RM 2.1)."""
        return payment_year - 1

    def age_on(self, payment_year: int) -> date:
        """The day on which age is taken (RM 3.1)."""
        month, _, day = self.age_reference_day.partition("-")
        return date(payment_year, int(month), int(day))


def risk_model(resolved: Resolved) -> RiskModel:
    """The model of aged and disabled months."""
    folder = str(resolved.value("risk/aged_disabled_model"))
    tables = resolved.tables("risk/aged_disabled_model")
    digest = hashlib.sha256("".join(tables[name].sha256 for name in sorted(tables)).encode()).hexdigest()
    model = RiskModel(folder.split("/")[-1].upper(), digest[:VERSION_DIGITS], tables)
    model.terms  # noqa: B018  a model nothing understands is refused here
    return model


def scored_years(resolved: Resolved, facts: RunFacts) -> tuple[int, ...]:
    """The aligned years whose January has enrolment data; others cannot be scored."""
    count = int(resolved.value("alignment/base_year_count"))
    base = {first - back for first in facts.first_performance_years for back in range(1, count + 1)}
    years = sorted(base | {facts.performance_year})
    return tuple(year for year in years if date(year, 1, 1) <= first_of_month(facts.enrolment_through))


def _check_lists(hcpcs: ReferenceTable, years: tuple[int, ...]) -> None:
    listed = {
        year
        for row in hcpcs.records()
        for year in range(int(row["first_service_year"]), int(row["last_service_year"]) + 1)
    }
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
