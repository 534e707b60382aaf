"""Profiles of a flat file: which columns, what their values may be, and who cannot be scored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lead_engine.foundation.errors import InputRefusedError, Problem, raise_all

from .decide import BY_ESRD
from .terms import OLDEST
from .vectors import People

NEEDED = ("profile_id", "age", "sex", "dual_elgbl_cd", "orec")
OPTIONAL = ("crec", "new_enrollee", "lti", "graft_months")
DIAGNOSES = ("profile_id", "icd10")
SEX_CODES = {"M": "1", "F": "2", "1": "1", "2": "2"}
FLAGS = {
    "1": True,
    "Y": True,
    "YES": True,
    "TRUE": True,
    "0": False,
    "N": False,
    "NO": False,
    "FALSE": False,
    "": False,
}
ENTITLEMENTS = {"0": "0", "1": "1", "2": "2", "3": "3", "": "0"}  # unknown is by age, as in a run
SHOWN = 10  # lines named in a message

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Profiles:
    """People of the file in its order, as columns; a person who is not usable keeps a row of no meaning."""

    ids: pa.StringArray
    people: People  # without HCCs
    is_esrd: Flags
    is_usable: Flags
    not_scored: pa.Table  # profile_id, reason

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, places: NDArray[np.int64]) -> People:
        """Some of them."""
        return self.people.take(places)


def read_profiles(table: pa.Table, dual_classes: Mapping[str, str]) -> Profiles:
    """The columns of `flat.score_tables`. Raises InputRefusedError when one is missing or a profile stands twice."""
    raise_all(InputRefusedError, [*_missing("profiles", table, NEEDED), *_repeated_ids(table)])
    text = {name: text_of(table, name) for name in (*NEEDED, *OPTIONAL)}
    age, has_age = _whole(text["age"], OLDEST)
    sex, has_sex = _coded(text["sex"], SEX_CODES)
    orec, has_orec = _coded(text["orec"], ENTITLEMENTS)
    new, has_new = _coded(text["new_enrollee"], FLAGS)
    lti, has_lti = _coded(text["lti"], FLAGS)
    graft, has_graft = _whole(pc.if_else(pc.equal(text["graft_months"], ""), "0", text["graft_months"]), OLDEST * 12)
    known = {"AGE": has_age, "SEX": has_sex, "OREC": has_orec, "NEW_ENROLLEE": has_new, "LTI": has_lti}
    known["GRAFT_MONTHS"] = has_graft
    dual, is_dual = _coded(pc.utf8_lpad(text["dual_elgbl_cd"], 2, "0"), dict(dual_classes))
    people = People(
        age=age,
        sex_code=sex,
        dual_class=np.where(is_dual, dual, "NONE"),
        entitlement=orec,
        is_new_enrollee=new == True,  # noqa: E712  of objects
        is_long_term_institutional=lti == True,  # noqa: E712
        hccs=np.zeros((table.num_rows, 0), dtype=bool),
        graft_months=graft,
    )
    ids = text["profile_id"]
    is_esrd = np.isin(text["crec"].to_numpy(zero_copy_only=False).astype(str), BY_ESRD)
    usable = np.logical_and.reduce(list(known.values()))
    return Profiles(ids, people, is_esrd, usable, _not_scored(ids, known))


def check_diagnoses(table: pa.Table) -> None:
    """Raise InputRefusedError when a column is missing."""
    raise_all(InputRefusedError, _missing("diagnoses", table, DIAGNOSES))


def _not_scored(ids: pa.StringArray, known: Mapping[str, Flags]) -> pa.Table:
    """Who is not scored, once for the first reason."""
    reasons = np.select([~flags for flags in known.values()], [f"BAD_{name}" for name in known], "")
    rows = np.flatnonzero(reasons != "")
    told = {"profile_id": ids.take(pa.array(rows)), "reason": pa.array(reasons[rows].tolist(), pa.string())}
    return pa.table(told)


def _missing(file: str, table: pa.Table, needed: tuple[str, ...]) -> Iterator[Problem]:
    for name in needed:
        if name not in table.column_names:
            yield Problem(file, f"has no column {name}", remedy=f"columns are {', '.join(needed)}")


def _repeated_ids(table: pa.Table) -> Iterator[Problem]:
    if "profile_id" not in table.column_names:
        return
    ids = text_of(table, "profile_id")
    first = np.asarray(pc.index_in(ids, pc.unique(ids)))
    seen = np.zeros(len(ids), dtype=bool)
    places = np.unique(first, return_index=True)[1]
    seen[places] = True
    again, empty = np.flatnonzero(~seen), np.flatnonzero(pc.equal(ids, "").to_numpy(zero_copy_only=False))
    for rows, what in ((empty, "is empty"), (again, "stands in the file before")):
        if len(rows):
            lines = ", ".join(str(row + 2) for row in rows[:SHOWN])
            more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
            remedy = "give every person one row and an identifier of its own"
            yield Problem(f"profiles, row {lines}{more}, field profile_id", what, "scores would mix two people", remedy)


def text_of(table: pa.Table, name: str) -> pa.StringArray:
    """A column as text without blanks around it, in upper case unless it names people; empty where there is none."""
    if name not in table.column_names:
        return pa.array([""], pa.string()).take(pa.array(np.zeros(table.num_rows, dtype=np.int64)))
    column = pc.fill_null(table[name].cast(pa.string()), "")
    trimmed = pc.utf8_trim_whitespace(column)
    shown = trimmed if name == "profile_id" else pc.utf8_upper(trimmed)
    return pa.concat_arrays(shown.chunks) if shown.num_chunks else pa.array([], pa.string())


def codes_of(table: pa.Table, name: str) -> tuple[list[str], NDArray[np.int64]]:
    """A column of codes: each once, without dots and blanks and in upper case, and the place of every row's code.

    Codes are few and rows are many, so what is asked of text is asked of each code as it was written, once.
    """
    column = pc.fill_null(table[name].cast(pa.string()), "")
    whole = (pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())).dictionary_encode()
    clean = pc.replace_substring(pc.utf8_upper(pc.utf8_trim_whitespace(whole.dictionary)), ".", "").dictionary_encode()
    return clean.dictionary.to_pylist(), np.asarray(clean.indices, dtype=np.int64)[np.asarray(whole.indices)]


def _whole(text: pa.StringArray, highest: int) -> tuple[NDArray[np.int64], Flags]:
    """Whole numbers from 0 to `highest`; 0 and False where the text is none."""
    is_number = pc.match_substring_regex(text, r"^[0-9]{1,4}$")
    values = pc.if_else(is_number, text, "0").cast(pa.int64()).to_numpy(zero_copy_only=False)
    return values, is_number.to_numpy(zero_copy_only=False) & (values <= highest)


def _coded(text: pa.StringArray, meanings: Mapping[str, object]) -> tuple[NDArray[np.object_], Flags]:
    """What codes mean; None and False for a code that means nothing."""
    coded = text.dictionary_encode()
    known = [meanings.get(code) for code in coded.dictionary.to_pylist()]
    values = np.array([*known, None], dtype=object)[:-1]
    places = np.asarray(coded.indices, dtype=np.int64)
    is_known = np.array([value is not None for value in known], dtype=bool)
    return values[places], is_known[places]
