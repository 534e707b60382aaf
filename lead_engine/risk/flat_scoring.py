"""One model over the diagnoses of a flat file, batch by batch of people: mapped, scored, traced. For `flat.py`."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .flat_profiles import Profiles
from .model import ESRD, RiskModel
from .vectors import ABSENT, STANDS, Dropped, People, Scorer

BATCH = 50_000  # people
ICD10 = r"^[A-Z][0-9][0-9A-Z]{1,5}$"
SCORES = pa.schema(
    {
        "profile_id": pa.string(),
        "model": pa.string(),
        "segment": pa.string(),
        "risk_score": pa.decimal128(12, 4),
        "hccs": pa.string(),
    }
)
TERMS = pa.schema(
    {"profile_id": pa.string(), "model": pa.string(), "term": pa.string(), "coefficient": pa.decimal128(12, 4)}
)
TRACE = pa.schema(
    {
        "profile_id": pa.string(),
        "model": pa.string(),
        "icd10": pa.string(),
        "outcome": pa.string(),  # COUNTS, DROPPED, or why it maps to no HCC
        "hcc": pa.int64(),
        "dropped_by": pa.string(),
        "coefficient": pa.decimal128(12, 4),
    }
)
MAPPED, EMPTY, NOT_ICD10, NOT_IN_MODEL, EDITED = range(5)
WHY = ("COUNTS", "EMPTY", "NOT_ICD10", "NOT_IN_MODEL", "REMOVED_BY_EDIT")


def _empty(names: str, *types: pa.DataType) -> pa.Table:
    return pa.schema(list(zip(names.split(), types, strict=True))).empty_table()


@dataclass
class Counts:
    """What a call found: read it when every batch has been taken."""

    scored: dict[str, int] = field(default_factory=dict)  # people by model
    not_scored: pa.Table = field(default_factory=lambda: _empty("profile_id reason", pa.string(), pa.string()))
    unknown_people: pa.Table = field(default_factory=lambda: _empty("profile_id diagnoses", pa.string(), pa.int64()))
    codes: dict[tuple[str, str, str], int] = field(default_factory=dict)  # diagnoses by model, code and reason


@dataclass(frozen=True)
class Scored:
    """A batch of people: scores, terms and, when asked for, the trace of every diagnosis."""

    scores: pa.Table
    terms: pa.Table
    trace: pa.Table | None


@dataclass(frozen=True)
class Diagnoses:
    """Codes of the file, each once, and the rows as places: of the code, and of the person, by person ascending."""

    codes: list[str]
    code: NDArray[np.int64]
    person: NDArray[np.int64]


class ModelOverCodes:
    """One model laid out over the codes of the file."""

    def __init__(
        self,
        model: RiskModel,
        year: int,
        aged_from: int,
        codes: list[str],
        is_esrd: NDArray[np.bool_],
        counts: Counts,
        trace: bool,
    ) -> None:
        self.model, self.codes, self.counts, self.trace = model, codes, counts, trace
        self.scorer = Scorer(model, aged_from)
        self.takes = is_esrd if model.population == ESRD else ~is_esrd
        day = date(model.diagnosis_year(year), 1, 1), date(model.diagnosis_year(year), 12, 31)
        valid = [
            [row.hcc for row in model.mappings.get(code, ()) if row.valid_from <= day[1] and row.valid_to >= day[0]]
            for code in codes
        ]
        self.many = np.array([len(hccs) for hccs in valid], dtype=np.int64)
        self.hccs = np.array([hcc for hccs in valid for hcc in hccs], dtype=np.int64)
        self.starts = np.concatenate([[0], np.cumsum(self.many)[:-1]]).astype(np.int64)
        form = pc.match_substring_regex(pa.array(codes, pa.string()), ICD10).to_numpy(zero_copy_only=False)
        unmapped = np.where(form, NOT_IN_MODEL, np.where(np.array(codes, dtype=object) == "", EMPTY, NOT_ICD10))
        self.why = np.where(self.many > 0, MAPPED, unmapped)

    def scored(self, people: Profiles, found: Diagnoses, first: int) -> Iterator[Scored]:
        """The people of a batch whom the model is for."""
        last = min(first + BATCH, len(people))
        mine = np.flatnonzero(self.takes[first:last] & people.is_usable[first:last]) + first
        if not len(mine):
            return
        place = np.full(last - first, -1)
        place[mine - first] = np.arange(len(mine))
        rows = slice(*np.searchsorted(found.person, [first, last]))
        owner, code = place[found.person[rows] - first], found.code[rows]
        owner, code = owner[owner >= 0], code[owner >= 0]
        group = people.take(mine)
        yield self._told(pc.take(people.ids, pa.array(mine)), group, owner, code)

    def _told(self, ids: pa.StringArray, group: People, owner: NDArray[np.int64], code: NDArray[np.int64]) -> Scored:
        row, hcc, why = self._mapped(group, owner, code)
        self._count(code, why)
        present = self.scorer.columns(hcc, owner[row], len(group.age))
        people = replace(group, hccs=present)
        left, dropped = self.scorer.surviving(present)
        terms = self.scorer.terms_of(people, left, dropped)
        is_term = terms.named["dropped_by"].places == 0
        order = np.flatnonzero(is_term)[_by_person(terms.person[is_term])]
        raw = np.bincount(terms.person, terms.coefficient, len(ids)).astype(np.int64)  # floats hold such sums exactly
        self.counts.scored[self.model.name] += len(ids)
        name = pa.array([self.model.name], pa.string())
        segments = pa.array(self.scorer.segments).take(pa.array(self.scorer.segment(people)))
        scores = [ids, _repeated(name, len(ids)), segments, decimals(raw), self._survivors(left)]
        whose = ids.take(pa.array(terms.person[order]))
        told = [
            whose,
            _repeated(name, len(order)),
            terms.named["term"].arrow.take(pa.array(order)),
            decimals(terms.coefficient[order]),
        ]
        trace = self._traced(ids, owner, code, (row, hcc, why), dropped, people) if self.trace else None
        return Scored(pa.table(scores, schema=SCORES), pa.table(told, schema=TERMS), trace)

    def _mapped(
        self, group: People, owner: NDArray[np.int64], code: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Rows and HCCs they map to, after the edits, and of every row whether it maps, or why not (RM 2.4 to RM 2.6)."""
        why, many = self.why[code], self.many[code].copy()
        edited_row, edited_hcc = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for place in [each for each in np.unique(code) if self.codes[each] in self.model.edits]:
            rows = np.flatnonzero(code == place)
            for edit in self.model.edits[self.codes[place]]:
                age, sex = group.age[owner[rows]], group.sex_code[owner[rows]]
                hit = rows[_inside(age, edit.age_min, edit.age_max) & ((edit.sex_code == "") | (sex == edit.sex_code))]
                many[hit], why[hit] = 0, EDITED if edit.hcc is None else MAPPED
                rows = np.setdiff1d(rows, hit)
                if edit.hcc is not None:
                    edited_row.append(hit)
                    edited_hcc.append(np.full(len(hit), edit.hcc))
        row = np.repeat(np.arange(len(code)), many)
        within = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
        hcc = self.hccs[self.starts[code[row]] + within]
        return np.concatenate([row, *edited_row]), np.concatenate([hcc, *edited_hcc]), why

    def _count(self, code: NDArray[np.int64], why: NDArray[np.int64]) -> None:
        lost = why != MAPPED
        pairs, times = np.unique(code[lost] * len(WHY) + why[lost], return_counts=True)
        for pair, count in zip(pairs, times, strict=True):
            key = self.model.name, self.codes[pair // len(WHY)], WHY[pair % len(WHY)]
            self.counts.codes[key] = self.counts.codes.get(key, 0) + int(count)

    def _survivors(self, left: NDArray[np.bool_]) -> pa.StringArray:
        """The surviving HCCs of each person, ascending, as text."""
        place, person = np.divmod(np.flatnonzero(left.T), len(left))
        order = _by_person(person)
        person, place = person[order], place[order]
        names = pa.array([str(hcc) for hcc in self.model.hccs]).take(pa.array(place))
        ends = np.concatenate([[0], np.cumsum(np.bincount(person, minlength=len(left)))]).astype(np.int32)
        return pc.binary_join(pa.ListArray.from_arrays(pa.array(ends), names), " ")

    def _traced(
        self,
        ids: pa.StringArray,
        owner: NDArray[np.int64],
        code: NDArray[np.int64],
        mapped: tuple[NDArray[np.int64], ...],
        dropped: Dropped,
        people: People,
    ) -> pa.Table:
        """Every diagnosis: the HCC it maps to with what became of it and what it is worth, or why it maps to none."""
        row, hcc, why = mapped
        alone = np.flatnonzero(why != MAPPED)
        place = np.searchsorted(self.model.hccs, hcc)
        by = dropped[owner[row], place]
        segment = self.scorer.segment(people)[owner[row]]
        worth = self.scorer.hcc_factors[segment, place]
        outcome = np.concatenate([np.where(by == STANDS, MAPPED, len(WHY)), why[alone]])
        every = np.concatenate([row, alone])
        order = np.lexsort((np.concatenate([hcc, alone * 0]), every))
        nothing = pa.nulls(len(alone))
        worthless = (by != STANDS) | (worth == ABSENT)
        whole = [
            ids.take(pa.array(owner[every])),
            _repeated(pa.array([self.model.name], pa.string()), len(every)),
            pa.array(self.codes, pa.string()).take(pa.array(code[every])),
            pa.array([*WHY, "DROPPED"]).take(pa.array(outcome)),
            pa.concat_arrays([pa.array(hcc), nothing.cast(pa.int64())]),
            pa.concat_arrays([self.scorer.dropping(by).arrow, nothing.cast(pa.string())]),
            pa.concat_arrays(
                [pc.if_else(pa.array(worthless), None, decimals(worth)), nothing.cast(pa.decimal128(12, 4))]
            ),
        ]
        return pa.table(whole, schema=TRACE).take(pa.array(order))


def decimals(ten_thousandths: NDArray[np.int64]) -> pa.Array:
    """Ten-thousandths as decimals of four places; the bits are the same, so nothing is rounded."""
    wide = np.stack([ten_thousandths, ten_thousandths >> 63], axis=1).astype("<i8")
    return pa.Array.from_buffers(pa.decimal128(12, 4), len(ten_thousandths), [None, pa.py_buffer(wide.tobytes())])


def _repeated(one: pa.StringArray, times: int) -> pa.StringArray:
    return one.take(pa.array(np.zeros(times, dtype=np.int64)))


def _by_person(person: NDArray[np.int64]) -> NDArray[np.int64]:
    """The order of entries by person, those of one person as they stand: by one number each, which sorts fast."""
    return np.argsort(person * len(person) + np.arange(len(person)))


def _inside(age: NDArray[np.int64], low: int, high: int) -> NDArray[np.bool_]:
    """The twin of `model.Edit.applies`."""
    return (age >= low) | (age <= high) if low > high else (age >= low) & (age <= high)
