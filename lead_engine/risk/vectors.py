"""Raw scores of many people at once: `decide.surviving` and `decide.applies` over NumPy arrays. No Spark.

People are rows. HCCs and terms are columns of truth values, so a rule is one operation on whole columns; coefficients
are whole ten-thousandths, so sums are exact.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .decide import BY_DISABILITY, CONDITION, DISABLED, SEXES
from .model import (
    AgeSex,
    HccCount,
    HccPresent,
    Interaction,
    LongTermMedicaid,
    NewEnrollee,
    OriginallyDisabled,
    RiskModel,
    Term,
    kind_of,
)

Truth = NDArray[np.bool_]
SCALE = 10_000
STANDS, BY_CONDITION = 0, -1


@dataclass(frozen=True)
class People:
    """Profiles as columns, and which HCCs each person has before hierarchies (people × HCCs)."""

    age: NDArray[np.int64]
    sex_code: NDArray[np.object_]
    dual_class: NDArray[np.object_]
    entitlement: NDArray[np.object_]
    is_new_enrollee: Truth
    is_long_term_institutional: Truth
    hccs: Truth


@dataclass(frozen=True)
class Terms:
    """Terms that apply, one entry each: whose, which, worth what, and for a dropped HCC by what."""

    person: NDArray[np.int64]
    term: NDArray[np.object_]
    kind: NDArray[np.object_]
    dropped_by: NDArray[np.object_]
    coefficient: NDArray[np.int64]  # ten-thousandths
    segment: NDArray[np.object_]


@dataclass(frozen=True)
class Scorer:
    """A model laid out for whole columns."""

    model: RiskModel
    aged_from: int

    @cached_property
    def place(self) -> dict[int, int]:
        """Column of each HCC."""
        return {hcc: column for column, hcc in enumerate(self.model.hccs)}

    @cached_property
    def segments(self) -> list[str]:
        """Segments of the model, by name."""
        return sorted({segment for segment, _ in self.model.coefficients})

    @cached_property
    def coefficients(self) -> NDArray[np.int64]:
        """Segment × term in ten-thousandths; -1 where the segment lacks the term."""
        names = {name: column for column, name in enumerate(self.model.terms)}
        table = np.full((len(self.segments), len(names)), -1, dtype=np.int64)
        for (segment, term), value in self.model.coefficients.items():
            table[self.segments.index(segment), names[term]] = int(value * SCALE)
        return table

    def columns(self, lists: NDArray[np.int64], owners: NDArray[np.int64], people: int) -> Truth:
        """People × HCCs from a flat list of HCCs and the person each belongs to; HCCs the model lacks are left out."""
        present = np.zeros((people, len(self.model.hccs)), dtype=bool)
        known = np.isin(lists, self.model.hccs)
        present[owners[known], np.searchsorted(self.model.hccs, lists[known])] = True
        return present

    def score(self, people: People) -> Terms:
        """Every term that applies to every person, and every HCC that was dropped."""
        left, dropped = self._surviving(people.hccs)
        segment = self._segment(people)
        applies = np.column_stack([self._applies(term, people, left) for term in self.model.terms.values()])
        worth = self.coefficients[segment]
        person, term = np.nonzero(applies & (worth >= 0))
        lost_person, lost = np.nonzero(dropped != STANDS)
        names, kinds = list(self.model.terms), [kind_of(term).value for term in self.model.terms.values()]
        by = dropped[lost_person, lost]
        return Terms(
            person=np.concatenate([person, lost_person]),
            term=np.concatenate([_named(names, term), _named([f"HCC{hcc}" for hcc in self.model.hccs], lost)]),
            kind=np.concatenate([_named(kinds, term), np.full(len(lost), "DROPPED", dtype=object)]),
            dropped_by=np.concatenate([np.full(len(term), None, dtype=object), _dropped_by(by)]),
            coefficient=np.concatenate([worth[person, term], np.zeros(len(lost), dtype=np.int64)]),
            segment=_named(self.segments, segment[np.concatenate([person, lost_person])]),
        )

    def _surviving(self, present: Truth) -> tuple[Truth, NDArray[np.int64]]:
        """The ascending walk on the changing set, one dominant HCC after the other for everybody (RM 4.1, RM 4.2)."""
        left = present.copy()
        dropped = np.zeros(present.shape, dtype=np.int64)
        for hcc, needed in self.model.conditions.items():
            alone = present[:, self.place[hcc]] & ~self._any(present, needed)
            dropped[alone, self.place[hcc]] = BY_CONDITION
            left[alone, self.place[hcc]] = False
        for dominant, below in self.model.hierarchies.items():
            holds = left[:, self.place[dominant]]
            for hcc in below:
                falls = holds & left[:, self.place[hcc]]
                dropped[falls, self.place[hcc]] = dominant
                left[falls, self.place[hcc]] = False
        return left, dropped

    def _segment(self, people: People) -> NDArray[np.int64]:
        dual = np.select([people.dual_class == "FULL", people.dual_class == "PARTIAL"], ["F", "P"], "N").astype(object)
        community = "C" + dual + np.where(people.age < self.aged_from, "D", "A").astype(object)
        institutional = np.where(people.is_long_term_institutional, "INS", community)
        return np.searchsorted(self.segments, np.where(people.is_new_enrollee, "NE", institutional).astype(str))

    def _applies(self, term: Term, people: People, left: Truth) -> Truth:
        originally_disabled = (people.entitlement == BY_DISABILITY) & ~self._is_disabled(people)
        match term:
            case HccPresent(hcc):
                return left[:, self.place[hcc]]
            case HccCount(lowest, highest):
                count = left.sum(axis=1)
                return (count >= lowest) & (count <= highest)
            case Interaction(one, other):
                return self._side(one, people, left) & self._side(other, people, left)
            case AgeSex(sex, youngest, oldest):
                return _is_sex(people, sex) & (people.age >= youngest) & (people.age <= oldest)
            case NewEnrollee(medicaid, by_disability, sex, youngest, oldest):
                almost = (people.age == self.aged_from - 1) & (people.entitlement == "0")
                age = np.where(almost, self.aged_from, people.age)
                cell = _is_sex(people, sex) & (age >= youngest) & (age <= oldest)
                return cell & ((people.dual_class != "NONE") == medicaid) & (originally_disabled == by_disability)
            case OriginallyDisabled(sex):
                return _is_sex(people, sex) & originally_disabled
            case LongTermMedicaid():
                return np.asarray(people.dual_class != "NONE", dtype=bool)

    def _side(self, side: str, people: People, left: Truth) -> Truth:
        return self._is_disabled(people) if side == DISABLED else self._any(left, self.model.groups[side])

    def _is_disabled(self, people: People) -> Truth:
        return (people.age < self.aged_from) & (people.entitlement != "0")

    def _any(self, present: Truth, hccs: tuple[int, ...]) -> Truth:
        return np.logical_or.reduce(present[:, [self.place[hcc] for hcc in hccs]], axis=1)


def _is_sex(people: People, sex: str) -> Truth:
    code = next(code for code, name in SEXES.items() if name == sex)
    return people.sex_code == code


def _named(names: list[str], places: NDArray[np.int64]) -> NDArray[np.object_]:
    return np.array(names, dtype=object)[places]


def _dropped_by(dominant: NDArray[np.int64]) -> NDArray[np.object_]:
    return np.array([CONDITION if hcc == BY_CONDITION else f"HCC{hcc}" for hcc in dominant], dtype=object)
