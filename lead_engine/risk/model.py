"""A risk model read from its tables: terms by segment, hierarchies, groups, edits, mapping. Adding a model adds files.

A coefficient whose name nothing understands, or that stands twice, refuses the model when it is loaded.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from lead_engine.foundation.errors import MethodologyError, Problem, raise_all
from lead_engine.foundation.months import EARLIEST, LATEST
from lead_engine.methodology.reference import ReferenceTable

OLDEST = 150  # no age is above it


class Kind(StrEnum):
    """What a term of a score is."""

    DEMOGRAPHIC = "DEMOGRAPHIC"
    HCC = "HCC"
    INTERACTION = "INTERACTION"
    COUNT = "COUNT"
    DROPPED = "DROPPED"


class AgeSex(NamedTuple):
    """An age and sex cell, both ages included."""

    sex: str
    youngest: int
    oldest: int


class NewEnrollee(NamedTuple):
    """An age and sex cell of the new enrollee segments."""

    has_medicaid: bool
    originally_disabled: bool
    sex: str
    youngest: int
    oldest: int


class OriginallyDisabled(NamedTuple):
    """Aged, and entitled by disability once."""

    sex: str


class LongTermMedicaid(NamedTuple):
    """Any Medicaid, in the institutional segment."""


class HccPresent(NamedTuple):
    """An HCC that survived the hierarchies."""

    hcc: int


class HccCount(NamedTuple):
    """So many surviving HCCs, or more for the open last one."""

    lowest: int
    highest: int


class Interaction(NamedTuple):
    """Both sides present: a group of HCCs, or the person's disability."""

    left: str
    right: str


Term = AgeSex | NewEnrollee | OriginallyDisabled | LongTermMedicaid | HccPresent | HccCount | Interaction


class Edit(NamedTuple):
    """An age or sex edit of one diagnosis (RM 2.5)."""

    sex_code: str  # empty: either
    age_min: int
    age_max: int
    hcc: int | None  # None: the diagnosis maps to nothing

    def applies(self, age: int, sex_code: str) -> bool:
        """Whether the person is inside the edit's range; `age_min` above `age_max` means outside it."""
        if self.sex_code and self.sex_code != sex_code:
            return False
        if self.age_min > self.age_max:
            return age >= self.age_min or age <= self.age_max
        return self.age_min <= age <= self.age_max


class MapsTo(NamedTuple):
    """An HCC a diagnosis maps to, while the row is valid."""

    hcc: int
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class RiskModel:
    """One model. Two models are the same when name and tables are."""

    name: str
    version: str  # first digits of a checksum over the tables
    tables: Mapping[str, ReferenceTable] = field(repr=False, compare=False)

    @cached_property
    def coefficients(self) -> dict[tuple[str, str], Decimal]:
        """Relative factor by segment and term."""
        return {
            (row["segment"], row["term"]): Decimal(row["coefficient"]) for row in self.tables["coefficients"].records()
        }

    @cached_property
    def terms(self) -> dict[str, Term]:
        """What each term of the coefficient table means. Raises MethodologyError naming every term nothing understands."""
        names = sorted({term for _, term in self.coefficients})
        interactions = {
            row["term"]: Interaction(row["left"], row["right"]) for row in self.tables["interactions"].records()
        }
        read = {name: interactions.get(name) or term_named(name) for name in names}
        where = self.tables["coefficients"].name
        raise_all(
            MethodologyError,
            [
                Problem(f"conf/reference/{where}.csv", f"term {name} has no meaning")
                for name, term in read.items()
                if term is None
            ],
        )
        return {name: term for name, term in read.items() if term is not None}

    @cached_property
    def hccs(self) -> tuple[int, ...]:
        """The payment HCCs, ascending."""
        return tuple(sorted(int(hcc) for hcc in self.tables["labels"].column("hcc")))

    @cached_property
    def labels(self) -> dict[int, str]:
        """Names of the HCCs."""
        return {int(row["hcc"]): row["label"] for row in self.tables["labels"].records()}

    @cached_property
    def hierarchies(self) -> dict[int, tuple[int, ...]]:
        """What each HCC drops, in ascending order of the dominant HCC (RM 4.1)."""
        drops: dict[int, list[int]] = {}
        for row in self.tables["hierarchies"].records():
            drops.setdefault(int(row["dominant_hcc"]), []).append(int(row["dropped_hcc"]))
        return {hcc: tuple(drops[hcc]) for hcc in sorted(drops)}

    @cached_property
    def conditions(self) -> dict[int, tuple[int, ...]]:
        """HCCs that stand only beside one of others, asked before the hierarchies (RM 4.2)."""
        return {
            int(row["hcc"]): tuple(int(hcc) for hcc in row["needs_one_of"].split())
            for row in self.tables["conditions"].records()
        }

    @cached_property
    def groups(self) -> dict[str, tuple[int, ...]]:
        """Groups of HCCs that interactions speak of (RM 5.1)."""
        groups: dict[str, list[int]] = {}
        for row in self.tables["groups"].records():
            groups.setdefault(row["group"], []).append(int(row["hcc"]))
        return {name: tuple(hccs) for name, hccs in groups.items()}

    @cached_property
    def mappings(self) -> dict[str, tuple[MapsTo, ...]]:
        """The HCCs of each diagnosis, with their validity (RM 2.4, RM 2.6)."""
        found: dict[str, list[MapsTo]] = {}
        for row in self.tables["icd10"].records():
            found.setdefault(row["icd10_code"], []).append(
                MapsTo(int(row["hcc"]), _day(row["valid_from"], EARLIEST), _day(row["valid_to"], LATEST))
            )
        return {code: tuple(rows) for code, rows in found.items()}

    @cached_property
    def edits(self) -> dict[str, tuple[Edit, ...]]:
        """The edits of each diagnosis (RM 2.5)."""
        found: dict[str, list[Edit]] = {}
        for row in self.tables["edits"].records():
            hcc = int(row["hcc"]) if row["action"] == "override" else None
            edit = Edit(row["sex_code"], int(row["age_min"] or 0), int(row["age_max"] or OLDEST), hcc)
            found.setdefault(row["icd10_code"], []).append(edit)
        return {code: tuple(rows) for code, rows in found.items()}


def term_named(name: str) -> Term | None:
    """What a term's name means in the CMS software; None when it means nothing."""
    if found := re.fullmatch(r"([FM])(\d+)_(\d+|GT)", name):
        return AgeSex(found[1], int(found[2]), _oldest(found[3]))
    if found := re.fullmatch(r"(N?)MCAID_(N?)ORIGDIS_NE([FM])(\d+)(?:_(\d+|GT))?", name):
        youngest = int(found[4])
        return NewEnrollee(not found[1], not found[2], found[3], youngest, _oldest(found[5]) if found[5] else youngest)
    if found := re.fullmatch(r"HCC(\d+)", name):
        return HccPresent(int(found[1]))
    if found := re.fullmatch(r"D(\d+)(P?)", name):
        return HccCount(int(found[1]), OLDEST * 10 if found[2] else int(found[1]))
    if found := re.fullmatch(r"OriginallyDisabled_(Fe)?[Mm]ale", name):
        return OriginallyDisabled("F" if found[1] else "M")
    return LongTermMedicaid() if name == "LTIMCAID" else None


def kind_of(term: Term) -> Kind:
    """The kind a term is shown as."""
    kinds = {HccPresent: Kind.HCC, HccCount: Kind.COUNT, Interaction: Kind.INTERACTION}
    return kinds.get(type(term), Kind.DEMOGRAPHIC)


def _oldest(text: str) -> int:
    return OLDEST if text == "GT" else int(text)


def _day(text: str, empty: date) -> date:
    return date.fromisoformat(text) if text else empty
