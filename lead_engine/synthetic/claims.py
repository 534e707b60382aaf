"""Claims and their lines as columns of NumPy arrays, before any file layout.

A claim that is later corrected stands here once, with how and when; the forms (rif, cclf, core) say what each file has of it.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from .plan import Days, Flags, Whole

FILES = ("carrier", "dme", "outpatient", "inpatient", "snf", "hha", "hospice")
BY_LINE = ("carrier", "dme")  # paid by their lines


@dataclass(frozen=True)
class Columns:
    """Arrays of one length."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, chosen: Flags | Whole):
        """Some rows."""
        return replace(self, **{each.name: getattr(self, each.name)[chosen] for each in fields(self)})

    @classmethod
    def stack(cls, parts: list):
        """The rows of all, in order."""
        return cls(**{each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls)})


@dataclass(frozen=True)
class Claims(Columns):
    """Claims; codes are places in the vocabulary, dollars are cents."""

    person: Whole  # row among the people
    file: Whole
    claim_type: Whole
    bill_type: Whole
    first: Days
    last: Days
    known: Days
    paid: Whole
    practice: Whole
    admission_type: Whole
    drg: Whole
    is_denied: Flags
    diagnoses: Whole  # claims by place
    cancelled: Days  # when its cancellation became known; NO_DAY is never
    admitted: Days  # of a stay; of other care its first day
    is_adjusted: Flags  # whether it was billed again with the cancellation
    number: Whole  # among the person's claims

    def is_of(self, *files: str) -> Flags:
        """Whether each is of one of some files."""
        return np.isin(self.file, [FILES.index(file) for file in files])


@dataclass(frozen=True)
class Lines(Columns):
    """Claim lines."""

    claim: Whole  # row among the claims
    number: Whole
    day: Days
    hcpcs: Whole
    revenue_center: Whole
    specialty: Whole
    place: Whole
    practice: Whole
    clinician: Whole
    allowed: Whole
    paid: Whole
    is_denied: Flags


@dataclass(frozen=True)
class Care:
    """Claims and their lines."""

    claims: Claims
    lines: Lines

    @classmethod
    def stack(cls, parts: list["Care"]) -> "Care":
        """All of them, lines still with their claims."""
        starts = np.cumsum([0, *(len(part.claims) for part in parts)])
        moved = [
            replace(part.lines, claim=part.lines.claim + start) for part, start in zip(parts, starts, strict=False)
        ]
        return cls(Claims.stack([part.claims for part in parts]), Lines.stack(moved))

    def ordered(self, order: Whole) -> "Care":
        """Claims in another order, and their lines after them."""
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        lines = replace(self.lines, claim=place[self.lines.claim])
        return Care(self.claims.take(order), lines.take(np.lexsort((lines.number, lines.claim))))

    def some(self, chosen: Flags) -> "Care":
        """Some claims, with their lines."""
        lines = self.lines.take(chosen[self.lines.claim])
        return Care(self.claims.take(chosen), replace(lines, claim=(np.cumsum(chosen) - 1)[lines.claim]))


def numbered(care: Care) -> Care:
    """Claims by person and day, each with its number among the person's."""
    count = len(care.claims)
    ordered = care.ordered(np.lexsort((np.arange(count), care.claims.first, care.claims.person)))
    firsts = np.searchsorted(ordered.claims.person, ordered.claims.person)
    return Care(replace(ordered.claims, number=np.arange(count) - firsts), ordered.lines)
