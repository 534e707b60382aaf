"""What a performance year says about eligible months."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved


@dataclass(frozen=True)
class MonthRules:
    """Conditions of ALN-18 that depend on lists or choices, and the categories of ALN-57."""

    us_states: tuple[str, ...]  # months/us_states, ALN-18 item 5; FIPS state codes
    non_us_removes_the_year: bool  # months/non_us_scope, ALN-18
    esrd_status_codes: tuple[str, ...]  # months/esrd_status_codes, ALN-57
    enrolment_through: date  # run: months after it are not evaluated
    tests_service_area: bool  # alignment/service_area_mode, ALN-12; tested by ACO, where months are aligned
    tests_overlap: bool  # run: other_model_people is given, ALN-45; likewise

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above."""
        return cls(
            us_states=resolved.table("months/us_states").column("fips_state_code"),
            non_us_removes_the_year=resolved.value("months/non_us_scope") == "ANY_MONTH_OF_PY",
            esrd_status_codes=resolved.value("months/esrd_status_codes"),
            enrolment_through=facts.enrolment_through,
            tests_service_area=resolved.value("alignment/service_area_mode") != "NONE",
            tests_overlap="other_model_people" in facts.lists,
        )
