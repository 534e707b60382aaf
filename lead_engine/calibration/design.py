"""The columns of the design matrix, and which of them are 1 for a person (RM 8.4).

A column is a term of the risk model, or the person's segment. Which terms apply is told by the risk engine itself: the
design is that engine's model with the wanted terms in every segment and no coefficients.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lead_engine.methodology.reference import ReferenceTable
from lead_engine.risk.model import RiskModel
from lead_engine.risk.terms import DISABLED, AgeSex, HccCount, HccPresent, Interaction, Kind, OriginallyDisabled, Term
from lead_engine.risk.vectors import People, Scorer

from .rules import CalibrationRules, Variant

COMMUNITY_BASE = ("CNA", "CND")  # age cells tell them apart, so they have no column of their own
INSTITUTIONAL = "INS"
NEW_ENROLLEES = ("NE", "SNPNE")
VERSION_DIGITS = 12
SEGMENT = "SEGMENT_"  # what the name of a segment's column begins with


@dataclass(frozen=True)
class Design:
    """The columns of one variant, in a fixed order."""

    variant: Variant
    model: RiskModel  # its coefficients are zero, and the same in every segment
    aged_from: int
    names: tuple[str, ...]
    published: tuple[float | None, ...]  # factor in V28's non-dual segments, none where CMS publishes none

    @property
    def version(self) -> str:
        """Changes when the columns, or what they mean, change."""
        return self.model.version

    @cached_property
    def scorer(self) -> Scorer:
        """The engine that tells which terms apply."""
        return Scorer(self.model, self.aged_from)

    @cached_property
    def terms(self) -> tuple[Term | None, ...]:
        """What each column means; none for a segment."""
        return tuple(self.model.terms.get(name) for name in self.names)

    @cached_property
    def hccs(self) -> dict[int, int]:
        """Column of each HCC."""
        return {term.hcc: column for column, term in enumerate(self.terms) if isinstance(term, HccPresent)}

    def columns(self, people: People) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Person and column of every 1 of the design matrix, by person. Nobody may be a new enrollee."""
        place = {name: column for column, name in enumerate(self.names)}
        found = self.scorer.score(people)
        stands = found.named["kind"].texts != Kind.DROPPED
        person, named = found.person[stands], found.named["term"].texts[stands]
        column = np.fromiter((place[name] for name in named), np.int64, len(named))
        firsts, at = np.unique(found.person[stands], return_index=True)
        of_segment = np.array(
            [place.get(SEGMENT + name, -1) for name in found.named["segment"].texts[stands][at]], dtype=np.int64
        )
        person = np.concatenate([person, firsts[of_segment >= 0]])
        column = np.concatenate([column, of_segment[of_segment >= 0]])
        order = np.lexsort([column, person])
        return person[order], column[order]


def design(rules: CalibrationRules, variant: Variant) -> Design:
    """The columns of a variant (RM 8.4).

    Age and sex, HCCs, interactions, counts; for the prospective one also dual status by aged or disabled, originally
    disabled, and long-term institutional. The concurrent one has the interactions of disability alone, which V28 knows
    for institutional people.
    """
    segments = sorted({segment for segment, _ in rules.model.coefficients} - set(NEW_ENROLLEES))
    terms = _terms(rules, variant)
    dummies = [s for s in segments if s not in COMMUNITY_BASE] if variant == "prospective" else []
    table = _without_factors(rules.model, segments, terms)
    digest = hashlib.sha256(f"{rules.model.version} {table.sha256} {dummies}".encode()).hexdigest()[:VERSION_DIGITS]
    tables = {**rules.model.tables, "coefficients": table}
    model = replace(rules.model, version=digest, tables=tables)
    names = (*terms, *(SEGMENT + segment for segment in dummies))
    return Design(variant, model, rules.aged_from, names, tuple(_published(rules.model, name) for name in names))


def _terms(rules: CalibrationRules, variant: Variant) -> tuple[str, ...]:
    base, counts = rules.model.terms, dict(rules.counts)[variant]
    segments = COMMUNITY_BASE if variant == "prospective" else {segment for segment, _ in rules.model.coefficients}
    known = {term for segment, term in rules.model.coefficients if segment in segments}
    kept = [name for name in known if _is_wanted(base[name], variant)]
    return (*sorted(kept, key=lambda name: _order(name, base[name])), *counts)


def _is_wanted(term: Term, variant: Variant) -> bool:
    if isinstance(term, Interaction) and variant == "concurrent":
        return DISABLED in (term.left, term.right)
    wanted = (AgeSex, HccPresent, Interaction, *([OriginallyDisabled] if variant == "prospective" else []))
    return isinstance(term, wanted) and not isinstance(term, HccCount)


def _order(name: str, term: Term) -> tuple[int, int, str]:
    kinds = (AgeSex, OriginallyDisabled, HccPresent, Interaction)
    number = term.youngest if isinstance(term, AgeSex) else term.hcc if isinstance(term, HccPresent) else 0
    return kinds.index(type(term)), number, name


def _without_factors(model: RiskModel, segments: list[str], terms: tuple[str, ...]) -> ReferenceTable:
    rows = tuple((segment, term, "0") for segment in segments for term in terms)
    name = f"{model.tables['coefficients'].name}, design"
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    return ReferenceTable(name, digest, ("segment", "term", "coefficient"), rows)


def _published(model: RiskModel, name: str) -> float | None:
    found = [model.coefficients[base, name] for base in COMMUNITY_BASE if (base, name) in model.coefficients]
    return float(found[0]) if found else None


def age_cells(design: Design) -> Iterator[list[int]]:
    """The columns of each sex's age cells, youngest first."""
    cells = [(term.sex, term.youngest, column) for column, term in enumerate(design.terms) if isinstance(term, AgeSex)]
    for sex in sorted({sex for sex, _, _ in cells}):
        yield [column for of, _, column in sorted(cells) if of == sex]


def count_columns(design: Design) -> list[int]:
    """The columns of counts, smallest first."""
    counts = [(term.lowest, column) for column, term in enumerate(design.terms) if isinstance(term, HccCount)]
    return [column for _, column in sorted(counts)]
