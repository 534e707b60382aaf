"""What a performance year says about other models."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from lead_engine.foundation.errors import MethodologyError, Problem, raise_all
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.reference import reference_table
from lead_engine.methodology.resolve import Resolved

MODELS = "alignment/other_models"
ASSIGNMENTS = ("PROSPECTIVE", "PRELIMINARY")
ROUTES = ("LEAD:V", "LEAD:C", "LEAD:M")  # in the order of ALN-46 and ALN-66, which months are aligned by


@dataclass(frozen=True)
class OverlapRules:
    """Which models bar a TIN, and which go before LEAD for a person."""

    performance_year: int
    barred_models: tuple[str, ...]  # alignment/barred_models, ALN-44
    before_lead: tuple[str, ...]  # alignment/overlap_precedence, ALN-45: its entries before LEAD, first that holds wins

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts) -> Self:
        """Read the parameters named above; see `of_year`."""
        return cls.of_year(resolved)

    @classmethod
    def of_year(cls, resolved: Resolved) -> Self:
        """Read the parameters named above. Raises MethodologyError for models that are none and an order that is none."""
        barred, order = resolved.value("alignment/barred_models"), resolved.value("alignment/overlap_precedence")
        problems = [*_unknown("barred_models", barred), *_no_order(order)]
        raise_all(MethodologyError, problems)
        return cls(resolved.performance_year, barred, order[: order.index(ROUTES[0])])


def _unknown(name: str, models: Sequence[str]) -> list[Problem]:
    known = reference_table(MODELS).column("model_code")
    remedy = f"the models are {', '.join(known)}"
    return [
        Problem(_where(name), f"names {model}, which is no model of {MODELS}", remedy=remedy)
        for model in models
        if model not in known
    ]


def _no_order(order: Sequence[str]) -> list[Problem]:
    """What keeps an order from being one: unknown entries, or another model between the routes of LEAD."""
    name = "overlap_precedence"
    entries = [entry.partition(":") for entry in order if entry not in ROUTES]
    problems = _unknown(name, sorted({model for model, _, _ in entries}))
    problems += [
        Problem(_where(name), f"names the assignment {kind}", remedy=f"write {' or '.join(ASSIGNMENTS)}, or none")
        for _, colon, kind in entries
        if colon and kind not in ASSIGNMENTS
    ]
    at = order.index(ROUTES[0]) if ROUTES[0] in order else 0
    if tuple(order[at : at + len(ROUTES)]) != ROUTES:
        why = "months say whether another model goes before LEAD, not before which of its routes"
        problems.append(
            Problem(
                _where(name), "does not have the routes of LEAD together", why, f"write {', '.join(ROUTES)} in a row"
            )
        )
    return problems


def _where(name: str) -> str:
    return f"conf/methodology/alignment/{name}.yaml"
