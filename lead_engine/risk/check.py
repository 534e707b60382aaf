"""Whether a model's tables belong together: no factor without meaning, none missing, nothing that names what is not there.

A duplicate key is found when the table is read (`methodology/reference.py`).
"""

from collections.abc import Iterator
from itertools import pairwise

from lead_engine.foundation.errors import Problem

from .model import RiskModel
from .terms import DISABLED, NONAGED, OLDEST, Cell, HccCount, HccPresent, term_named

PERSON_SIDES = (DISABLED, NONAGED)


def problems_of(model: RiskModel, aged_from: int) -> list[Problem]:
    """Every problem of a model's tables, each with the name of the factor, HCC or segment.

    `aged_from` is the age at which the age cells of every model break.
    """
    unknown = list(_unknown_terms(model))
    if unknown:
        return unknown
    return [*_missing_factors(model, aged_from), *_foreign_hccs(model), *_sides(model), *_segments(model)]


def _unknown_terms(model: RiskModel) -> Iterator[Problem]:
    for name in sorted({term for _, term in model.coefficients}):
        if name not in model.interactions and term_named(name) is None:
            yield _of(model, "coefficients", f"term {name} has no meaning")


def _missing_factors(model: RiskModel, aged_from: int) -> Iterator[Problem]:
    """A segment with one HCC has them all; ages have no gap and no overlap; counts go on to the last; no idle interaction."""
    never = {hcc for hcc, needed in model.conditions.items() if not needed}
    for segment, factors in model.factors.items():
        terms = [model.terms[name] for name in factors]
        present = {term.hcc for term in terms if isinstance(term, HccPresent)}
        if present:
            for hcc in sorted(set(model.hccs) - never - present):
                yield _of(model, "coefficients", f"segment {segment} has no factor HCC{hcc}")
        counts = sorted(term.lowest for term in terms if isinstance(term, HccCount))
        for count in sorted(set(range(counts[0], counts[-1])) - set(counts)) if counts else ():
            yield _of(model, "coefficients", f"segment {segment} has no factor D{count}")
        yield from _gaps(model, segment, [term for term in terms if isinstance(term, Cell)], aged_from)
    used = {name for _, name in model.coefficients}
    for name in sorted(set(model.interactions) - used):
        yield _of(model, "coefficients", f"no segment has the interaction {name}")


def _gaps(model: RiskModel, segment: str, cells: list[Cell], aged_from: int) -> Iterator[Problem]:
    """Age cells that are alike but for age follow each other, up to the age of the aged or from it on; both sexes alike."""
    alike: dict[Cell, list[tuple[int, int]]] = {}
    for cell in cells:
        if (cell.youngest, cell.oldest) != (0, OLDEST):
            alike.setdefault(cell._replace(youngest=0, oldest=OLDEST), []).append((cell.youngest, cell.oldest))
    for cell, ages in alike.items():
        other = alike.get(cell._replace(sex={"F": "M", "M": "F"}[cell.sex]), [])
        for youngest, oldest in sorted(set(other) - set(ages)):
            yield _of(model, "coefficients", f"segment {segment} has no factor {cell.sex}{youngest}_{oldest}")
        edges = [before[1] + 1 == after[0] for before, after in pairwise(sorted(ages))]
        if not all(edges) or min(ages)[0] not in (0, aged_from) or max(ages)[1] not in (aged_from - 1, OLDEST):
            said = f"segment {segment} has a gap or an overlap in the ages of {cell.sex} ({len(ages)} cells)"
            yield _of(model, "coefficients", said)


def _foreign_hccs(model: RiskModel) -> Iterator[Problem]:
    named = {
        "coefficients": {term.hcc for term in model.terms.values() if isinstance(term, HccPresent)},
        "hierarchies": {hcc for dominant, below in model.hierarchies.items() for hcc in (dominant, *below)},
        "conditions": {hcc for hcc, needed in model.conditions.items() for hcc in (hcc, *needed)},
        "groups": {hcc for hccs in model.groups.values() for hcc in hccs},
        "icd10": {row.hcc for rows in model.mappings.values() for row in rows},
        "edits": {edit.hcc for edits in model.edits.values() for edit in edits if edit.hcc is not None},
    }
    for table, hccs in named.items():
        for hcc in sorted(hccs - set(model.hccs)):
            yield _of(model, table, f"names HCC{hcc}, which the labels lack")


def _sides(model: RiskModel) -> Iterator[Problem]:
    for name, interaction in model.interactions.items():
        for side in interaction.sides:
            if side not in model.groups and side not in PERSON_SIDES:
                yield _of(model, "interactions", f"{name} names {side}, which is no group and no HCC")


def _segments(model: RiskModel) -> Iterator[Problem]:
    for segment in model.segments:
        if segment.name not in model.factors:
            yield _of(model, "coefficients", f"segment {segment.name} has no factors")
    last = model.segments[-1] if model.segments else None
    if last is None or any((*last[1:5], last.graft_from)):
        yield _of(model, "segments", "the last segment does not take everybody who is left")


def _of(model: RiskModel, table: str, what: str) -> Problem:
    return Problem(f"conf/reference/{model.tables[table].name}.csv", what, f"the model {model.name} cannot be used")
