"""Claims as they are delivered: an original, its cancellation, the claim billed again; each with its own identifier."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .claims import BY_LINE, FILES, Care, Claims, Lines
from .identifiers import CLAIMS_OF_A_PERSON
from .people import People
from .plan import NO_DAY, Days, Flags, Whole, words

ORIGINAL, CANCELLATION, AGAIN = range(3)
ROLES = 3


@dataclass(frozen=True)
class Records:
    """Delivered claims and lines, by person and claim."""

    claims: Claims
    lines: Lines
    role: Whole
    claim_id: Whole

    @property
    def is_superseded(self) -> Flags:
        """An original that was cancelled later."""
        return (self.role == ORIGINAL) & (self.claims.cancelled != NO_DAY)

    def of(self, *files: str) -> "Records":
        """The records of some files."""
        return self.some(np.isin(self.claims.file, [FILES.index(file) for file in files]))

    def some(self, chosen: Flags) -> "Records":
        """Some records, with their lines."""
        care = Care(self.claims, self.lines).some(chosen)
        return Records(care.claims, care.lines, self.role[chosen], self.claim_id[chosen])


def delivered(people: People, care: Care, *roles: int) -> Records:
    """Every record of some roles."""
    made = [_of_role(care, role) for role in roles]
    both = Care.stack(made)
    role = np.repeat(roles, [len(part.claims) for part in made])
    own = people.number[both.claims.person] * CLAIMS_OF_A_PERSON + both.claims.number * ROLES + role
    order = np.argsort(own, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    lines = replace(both.lines, claim=place[both.lines.claim])
    lines = lines.take(np.lexsort((lines.number, lines.claim)))
    return Records(both.claims.take(order), lines, role[order], -own[order] - 1)


def _of_role(care: Care, role: int) -> Care:
    """An original is as it was; its cancellation repeats it; billed again it costs nine tenths."""
    chosen = np.ones(len(care.claims), bool)
    if role != ORIGINAL:
        chosen = (care.claims.cancelled != NO_DAY) if role == CANCELLATION else care.claims.is_adjusted
    kept = care.some(chosen)
    claims, lines = kept.claims, kept.lines
    if role != ORIGINAL:
        claims = replace(claims, known=claims.cancelled)
    if role == AGAIN:
        lines = replace(lines, allowed=lines.allowed * 9 // 10, paid=lines.paid * 9 // 10)
        by_line = np.bincount(lines.claim, lines.paid, len(claims)).astype(np.int64)
        is_by_line = np.isin(claims.file, [FILES.index(file) for file in BY_LINE])
        claims = replace(claims, paid=np.where(is_by_line, by_line, claims.paid * 9 // 10))
    return Care(claims, lines)


def text(codes: Whole) -> pa.Array:
    """Codes as text; no code is empty."""
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(words())).cast(pa.string())


def usd(cents: Whole) -> pa.Array:
    """Dollars with two decimals."""
    whole, part = pa.array(cents // 100).cast(pa.string()), pa.array(cents % 100).cast(pa.string())
    return pc.binary_join_element_wise(whole, pc.utf8_lpad(part, 2, "0"), ".")


def written(days: Days, form: str, missing: str = "") -> pa.Array:
    """Days as text."""
    told = pc.strftime(pa.array(days.astype("datetime64[D]")), format=form)
    return pc.if_else(pa.array(days == NO_DAY), missing, told)


def plain(numbers: Whole) -> pa.Array:
    """Whole numbers as text."""
    return pa.array(numbers).cast(pa.string())
