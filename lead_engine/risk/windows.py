"""When High Needs status is assessed, from care of which months (ALN-52, ALN-54), and what scores such a window (ALN-48).

Plain Python on plain values; the same over whole tables stands in `window_score.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, Self

from lead_engine.foundation.errors import MethodologyError, Problem, raise_all
from lead_engine.foundation.months import MONTHS_OF_A_YEAR, Period, add_months, first_of_month, last_day
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.parameter import Status
from lead_engine.methodology.resolve import Resolved

from .catalogue import risk_model_in
from .decide import Profile, mapped, score
from .model import RiskModel
from .rules import RiskRules, listed_years

LENGTHS = {"window": "months/hn_window_months", "frailty": "months/hn_frailty_window_months"}
WINDOW_RULES = (*LENGTHS.values(), "months/hn_window_end_offset")


class Check(NamedTuple):
    """A day on which status is assessed, and the windows whose care counts."""

    on: date  # the first day of a month
    window: Period  # criteria (a), (b), (c), (e)
    frailty: Period  # criterion (d)


@dataclass(frozen=True)
class WindowRules:
    """Which windows are scored, with which models, from which claims."""

    checks: tuple[Check, ...]  # every one that can be evaluated, ascending
    models: tuple[RiskModel, ...]  # months/hn_models, ALN-48
    claims_cutoff: date | None  # run: spending_claims_cutoff; none: every record delivered counts
    risk: RiskRules  # whose claims, age and segments are the same as in every score

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above. Raises MethodologyError as `checks` does."""
        return cls(
            checks=checks(resolved, facts),
            models=tuple(risk_model_in(folder) for folder in resolved.value("months/hn_models")),
            claims_cutoff=facts.spending_claims_cutoff,
            risk=RiskRules.from_methodology(resolved, facts),
        )

    @cached_property
    def scored(self) -> tuple[Check, ...]:
        """The checks whose window has a list of eligible codes for each year it touches; others are not evaluated (RM 2.2)."""
        listed = listed_years(self.risk.eligible_hcpcs)
        return tuple(check for check in self.checks if {check.window.start.year, check.window.end.year} <= listed)

    def status_month(self, check: Check) -> date:
        """The month whose Medicare status says on which scale a person is scored: the check's, or the last there is."""
        return min(check.on, self.risk.enrolment_through)


def checks(resolved: Resolved, facts: RunFacts) -> tuple[Check, ...]:
    """Every check from January of the first base year to the performance year's last whose windows are known to their end.

    Known is what enrolment and claims reach: the last month of enrolment, and the cut-off of claims where the run has one.
    Raises MethodologyError when a month of checks is none, or a computed window not the published one, which a scenario may
    change.
    """
    first = min(facts.first_performance_years) - int(resolved.value("alignment/base_year_count"))
    known = min(filter(None, (last_day(first_of_month(facts.enrolment_through)), facts.spending_claims_cutoff)))
    years = range(first, facts.performance_year + 1)
    found = [_check(date(year, month, 1), resolved) for year in years for month in _check_months(resolved)]
    if not any(resolved[name].status == Status.SCENARIO for name in WINDOW_RULES):
        raise_all(MethodologyError, _unlike_published(found, resolved))
    return tuple(check for check in found if check.window.end <= known)


def window_score(
    profile: Profile,
    diagnoses: Iterable[tuple[str, date]],
    check: Check,
    checks_of_year: Iterable[Check],
    model: RiskModel,
    aged_from: int,
) -> Decimal:
    """The raw score of a person at a check, from eligible diagnoses with their days (ALN-48).

    A diagnosis maps to what it means on the days it was seen for the checks of the year (RM 2.4, RM 2.6).
    """
    seen = [(code, day) for code, day in diagnoses if any(each.window.holds(day) for each in checks_of_year)]
    found: set[int] = set()
    for code in {code for code, day in seen if check.window.holds(day)}:
        days = [day for other, day in seen if other == code]
        found |= set(mapped(code, profile, model, min(days), max(days)))
    return score(profile, found, model, aged_from).raw


def _check_months(resolved: Resolved) -> list[int]:
    months = sorted(set(resolved.value("months/hn_check_months")))
    strange = [month for month in months if not 1 <= month <= MONTHS_OF_A_YEAR]
    where, what = "conf/methodology/months/hn_check_months.yaml", "names months that are not 1 to 12"
    raise_all(
        MethodologyError, [Problem(where, what, "status is assessed on the first day of each (ALN-52)")] * bool(strange)
    )
    return months


def _check(on: date, resolved: Resolved) -> Check:
    end = add_months(on, -int(resolved.value("months/hn_window_end_offset")))
    lengths = {name: int(resolved.value(parameter)) for name, parameter in LENGTHS.items()}
    return Check(on, **{name: Period(add_months(end, 1 - length), last_day(end)) for name, length in lengths.items()})


def _unlike_published(found: Iterable[Check], resolved: Resolved) -> list[Problem]:
    table = resolved.table("months/hn_windows")
    published = {
        (row["check_date"], row["criteria"] == "d"): (row["window_start"], row["window_end"]) for row in table.records()
    }
    problems = []
    for check in found:
        for is_frailty, period in enumerate((check.window, check.frailty)):
            told = published.get((str(check.on), bool(is_frailty)))
            if told and told != (str(period.start), str(period.end)):
                given = f"{period.start} to {period.end}"
                what = f"has {told[0]} to {told[1]} for the check of {check.on}, the parameters give {given}"
                remedy = f"correct {', '.join(WINDOW_RULES)} or the table; a what-if belongs in a scenario"
                problems.append(Problem(f"conf/reference/{table.name}.csv", what, "ALN-52 is one rule", remedy))
    return problems
