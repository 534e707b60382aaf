"""Raw scores of many people at once: `decide.surviving` and `decide.applies` over NumPy arrays. No Spark.

People are rows. HCCs and terms are columns of truth values, so a rule is one operation on whole columns; coefficients
are whole ten-thousandths, so sums are exact.
"""

import functools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .decide import BY_AGE, BY_DISABILITY, BY_ESRD, CONDITION, SEXES
from .model import RiskModel, Segment
from .terms import DISABLED, NONAGED, Cell, HccCount, HccPresent, Interaction, Kind, Term, kind_of

Truth = NDArray[np.bool_]
Dropped = NDArray[np.int16]  # people × HCCs: by which HCC, STANDS or BY_CONDITION
SCALE = 10_000
DUAL_CLASSES = ("FULL", "PARTIAL", "NONE")
STANDS, BY_CONDITION = 0, -1
NO_FACTORS = -1  # of a model made of some segments alone
ABSENT = np.iinfo(np.int64).min  # a coefficient may be below zero


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
    graft_months: NDArray[np.int64] | None = None  # none: nobody has a graft

    def take(self, places: NDArray[np.int64]) -> "People":
        """Some of the people."""
        return People(**{name: values[places] for name, values in vars(self).items() if values is not None})


@dataclass(frozen=True)
class Facts:
    """What terms and segments ask of people, each answered once for all of them."""

    age: NDArray[np.int64]
    age_counting_64_as_65: NDArray[np.int64]
    graft_months: NDArray[np.int64]
    hcc_count: NDArray[np.int64]
    is_sex: dict[str, Truth]
    is_dual: dict[str, Truth]
    is_aged: Truth
    is_disabled: Truth
    is_originally_disabled: Truth
    is_originally_esrd: Truth
    is_new_enrollee: Truth
    is_long_term_institutional: Truth


@dataclass(frozen=True)
class Named:
    """A column of names: each name once, and the place of every entry's name."""

    names: list[str | None]
    places: NDArray[np.int64]

    @property
    def texts(self) -> NDArray[np.object_]:
        """The names, as NumPy has them."""
        return np.array([*self.names, None], dtype=object)[self.places]

    @property
    def arrow(self) -> pa.StringArray:
        """The names, as Arrow has them."""
        return pa.array(self.names, pa.string()).take(pa.array(self.places))


@dataclass(frozen=True)
class Terms:
    """Terms that apply, one entry each: whose, which, worth what, and for a dropped HCC by what."""

    person: NDArray[np.int64]
    coefficient: NDArray[np.int64]  # ten-thousandths
    named: dict[str, Named]  # term, or HCC that was dropped; kind; dropped_by, None of a term that applies; segment


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
        """Segment × term in ten-thousandths; ABSENT where the segment lacks the term."""
        names = {name: column for column, name in enumerate(self.model.terms)}
        table = np.full((len(self.segments), len(names)), ABSENT, dtype=np.int64)
        for (segment, term), value in self.model.coefficients.items():
            table[self.segments.index(segment), names[term]] = int(value * SCALE)
        return table

    @cached_property
    def hcc_factors(self) -> NDArray[np.int64]:
        """Segment × HCC in ten-thousandths; ABSENT where the segment has no factor of the HCC."""
        names = list(self.model.terms)
        places = [names.index(f"HCC{hcc}") if f"HCC{hcc}" in self.model.terms else -1 for hcc in self.model.hccs]
        return np.where(np.array(places) >= 0, self.coefficients[:, places], ABSENT)

    def columns(self, lists: NDArray[np.int64], owners: NDArray[np.int64], people: int) -> Truth:
        """People × HCCs from a flat list of HCCs and the person each belongs to; HCCs the model lacks are left out."""
        present = np.zeros((people, len(self.model.hccs)), dtype=bool, order="F")
        known = np.isin(lists, self.model.hccs)
        present[owners[known], np.searchsorted(self.model.hccs, lists[known])] = True
        return present

    def score(self, people: People) -> Terms:
        """Every term that applies to every person, and every HCC that was dropped."""
        return self.terms_of(people, *self.surviving(people.hccs))

    def terms_of(self, people: People, left: Truth, dropped: Dropped) -> Terms:
        """The same from the HCCs that `surviving` left and what it dropped."""
        facts = self._facts(people, left)
        segment = self._segment(facts)
        term, person = self._applying(facts, left, segment)
        lost, lost_person = _places(dropped.T != STANDS)
        whose = np.concatenate([person, lost_person])
        kinds: list[str | None] = [kind_of(each).value for each in self.model.terms.values()]
        worth = self.coefficients[segment[person], term]
        fallen_to = np.concatenate([np.zeros(len(term), dtype=np.int64), dropped[lost_person, lost]])
        hccs = [f"HCC{hcc}" for hcc in self.model.hccs]
        named = {
            "term": Named([*self.model.terms, *hccs], np.concatenate([term, lost + len(kinds)])),
            "kind": Named([*kinds, Kind.DROPPED], np.concatenate([term, np.full(len(lost), len(kinds))])),
            "dropped_by": self.dropping(fallen_to),
            "segment": Named([*self.segments], segment[whose]),
        }
        return Terms(whose, np.concatenate([worth, np.zeros(len(lost), dtype=np.int64)]), named)

    def _applying(self, facts: Facts, left: Truth, segment: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """Places of the terms that apply and of their people. Columns lie together in memory, so all go by columns."""
        has = self.coefficients != ABSENT
        applies = np.empty((len(self.model.terms), len(left)), dtype=bool)
        for place, term in enumerate(self.model.terms.values()):
            applies[place] = self._applies(term, facts, left) & has[segment, place]
        return _places(applies)

    def dropping(self, dominant: NDArray[np.integer]) -> Named:
        """Names of what `surviving` says dropped an HCC; null where nothing did."""
        names = [None, CONDITION, *(f"HCC{hcc}" for hcc in self.model.hccs)]
        place = 2 + np.searchsorted(self.model.hccs, dominant)
        return Named(names, np.select([dominant == STANDS, dominant == BY_CONDITION], [0, 1], place))

    def surviving(self, present: Truth) -> tuple[Truth, Dropped]:
        """The ascending walk on the changing set, one dominant HCC after the other for everybody (RM 4.1, RM 4.2).

        Only those who have the dominant HCC are looked at: most have few.
        """
        left = present.copy(order="F")
        dropped = np.zeros(present.shape, dtype=np.int16, order="F")
        for hcc, needed in self.model.conditions.items():
            alone = present[:, self.place[hcc]] & ~self._any(present, needed)
            dropped[alone, self.place[hcc]] = BY_CONDITION
            left[alone, self.place[hcc]] = False
        for dominant, below in self.model.hierarchies.items():
            holders = np.flatnonzero(left[:, self.place[dominant]])
            for column in (self.place[hcc] for hcc in below):
                falls = holders[left[holders, column]]
                dropped[falls, column] = dominant
                left[falls, column] = False
        return left, dropped

    def segment(self, people: People) -> NDArray[np.int64]:
        """The place of each person's segment in `segments`: the first of the model that takes the person."""
        return self._segment(self._facts(people))

    def _segment(self, facts: Facts) -> NDArray[np.int64]:
        takes = [self._takes(segment, facts) for segment in self.model.segments]
        known = {name: place for place, name in enumerate(self.segments)}
        found = np.select(takes, [known.get(segment.name, NO_FACTORS) for segment in self.model.segments])
        if (found == NO_FACTORS).any():
            raise ValueError("people of a segment that has no factors")
        return found

    def _takes(self, segment: Segment, facts: Facts) -> Truth:
        duals = [facts.is_dual[segment.dual_class]] if segment.dual_class else []
        return _all(
            _between(facts.graft_months, segment.graft_from, segment.graft_to),
            *duals,
            *_fits(segment.is_new_enrollee, facts.is_new_enrollee),
            *_fits(segment.is_long_term_institutional, facts.is_long_term_institutional),
            *_fits(segment.is_aged, facts.is_aged),
        )

    def _applies(self, term: Term, facts: Facts, left: Truth) -> Truth:
        match term:
            case HccPresent(hcc):
                return left[:, self.place[hcc]]
            case HccCount(lowest, highest):
                return _between(facts.hcc_count, lowest, highest)
            case Interaction():
                return _all(*[self._side(side, facts, left) for side in term.sides])
            case Cell():
                return _is_in(term, facts)

    def _side(self, side: str, facts: Facts, left: Truth) -> Truth:
        if side == DISABLED:
            return facts.is_disabled
        return ~facts.is_aged if side == NONAGED else self._any(left, self.model.groups[side])

    def _facts(self, people: People, left: Truth | None = None) -> Facts:
        is_aged, by_age = people.age >= self.aged_from, people.entitlement == BY_AGE
        is_disabled = ~is_aged & ~by_age
        almost = by_age & (people.age == self.aged_from - 1)
        return Facts(
            age=people.age,
            age_counting_64_as_65=np.where(almost, self.aged_from, people.age),
            graft_months=np.zeros_like(people.age) if people.graft_months is None else people.graft_months,
            hcc_count=np.zeros(len(people.age), dtype=np.int64) if left is None else left.sum(axis=1),
            is_sex={name: people.sex_code == code for code, name in SEXES.items()},
            is_dual={name: people.dual_class == name for name in DUAL_CLASSES},
            is_aged=is_aged,
            is_disabled=is_disabled,
            is_originally_disabled=(people.entitlement == BY_DISABILITY) & ~is_disabled,
            is_originally_esrd=np.logical_or.reduce([people.entitlement == code for code in BY_ESRD]),
            is_new_enrollee=people.is_new_enrollee,
            is_long_term_institutional=people.is_long_term_institutional,
        )

    def _any(self, present: Truth, hccs: tuple[int, ...]) -> Truth:
        return np.logical_or.reduce(present[:, [self.place[hcc] for hcc in hccs]], axis=1)


def _is_in(cell: Cell, facts: Facts) -> Truth:
    """The twin of `decide.is_in`."""
    age = facts.age_counting_64_as_65 if cell.counts_64_as_65 else facts.age
    return _all(
        _between(age, cell.youngest, cell.oldest),
        *([facts.is_sex[cell.sex]] if cell.sex else []),
        *([np.logical_or.reduce([facts.is_dual[name] for name in cell.dual_classes])] if cell.dual_classes else []),
        *([_between(facts.graft_months, cell.graft_from, cell.graft_to)] if cell.asks_graft else []),
        *_fits(cell.is_aged, facts.is_aged),
        *_fits(cell.is_originally_disabled, facts.is_originally_disabled),
        *_fits(cell.is_originally_esrd, facts.is_originally_esrd),
        *_fits(cell.is_long_term_institutional, facts.is_long_term_institutional),
    )


def _places(rows: Truth) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column of every truth of rows that lie together in memory; NumPy finds them much faster in one dimension."""
    found = np.divmod(np.flatnonzero(np.ascontiguousarray(rows)), rows.shape[1])
    return found[0], found[1]


def _fits(wanted: bool | None, own: Truth) -> list[Truth]:
    """Where the own flag is the wanted one; nothing when none is wanted."""
    return [] if wanted is None else [own if wanted else ~own]


def _all(first: Truth, *others: Truth) -> Truth:
    """Where all are true."""
    return functools.reduce(np.logical_and, others, first)


def _between(values: NDArray[np.int64], lowest: int, highest: int) -> Truth:
    return (values >= lowest) & (values <= highest)
