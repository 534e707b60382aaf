"""What a performance year says about publishing, and what published figures rest on."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Self

from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.parameter import Status
from lead_engine.methodology.resolve import Resolved, ResolvedValue

AGED_DISABLED_MODEL = "benchmark/risk_model_ad"


@dataclass(frozen=True)
class AcoYearRules:
    """Which years an ACO's figures show."""

    performance_year: int
    base_year_count: int  # alignment/base_year_count, ALN-2
    enrolment_through: date  # run
    model: str  # benchmark/risk_model_ad, RM 1.2: whose scores they show

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above."""
        base_years, model = resolved.value("alignment/base_year_count"), resolved.value(AGED_DISABLED_MODEL)
        return cls(facts.performance_year, base_years, facts.enrolment_through, model)


@dataclass(frozen=True)
class MartRules:
    """The smallest cell that may be shown, and the note every figure carries."""

    smallest_cell: int  # privacy/smallest_cell, ALN-64
    basis: str

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameter named above, and count what is not settled."""
        return cls(resolved.value("privacy/smallest_cell"), basis(resolved, facts))


def asked(resolved: Resolved) -> list[ResolvedValue]:
    """The parameters that figures rest on, by name: all but those of the data review, which change no figure."""
    return [value for name, value in sorted(resolved.values.items()) if not name.startswith("review/")]


def basis(resolved: Resolved, facts: RunFacts) -> str:
    """What figures of this run rest on besides CMS text."""
    statuses = Counter(value.status for value in asked(resolved))
    unsettled = ", ".join(
        f"{statuses[status]} {status} parameters"
        for status in (Status.OPEN, Status.REPORTED, Status.SCENARIO)
        if statuses[status]
    )
    known = f"substitute risk model {resolved.value(AGED_DISABLED_MODEL)}; seed service code list"
    known += "; candidate code lists of High Needs"
    untold = {
        "service area": resolved.value("alignment/service_area_mode") == "NONE",
        "overlap": "other_model_people" not in facts.lists,
    }
    not_tested = ", ".join(["MSP", *(name for name, is_untold in untold.items() if is_untold)])
    if "cclf" in facts.delivery_kinds:
        not_tested += "; MA where CCLF alone tells of a person, status and county of past months carried back"
    if "tuva" in facts.delivery_kinds:
        not_tested += "; Part A and B, MA and county where the Tuva layer alone tells of a person"
        known += "; Tuva claims without CCN and denials, their lines without specialty unless the delivery adds it"
    return f"{known}; {unsettled}; not tested: {not_tested}"
