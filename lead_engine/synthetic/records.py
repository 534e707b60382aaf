"""Claims as they are delivered: an original, its cancellation, the claim billed again; each with its own identifier."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import identifiers
from .claims import BY_LINE, Care, Claims, Lines
from .identifiers import claim_id
from .people import People
from .plan import LAST_DELIVERY, NO_DAY, Days, Flags, Whole, words

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
        return self.some(self.claims.is_of(*files))

    def some(self, chosen: Flags) -> "Records":
        """Some records, with their lines."""
        care = Care(self.claims, self.lines).some(chosen)
        return Records(care.claims, care.lines, self.role[chosen], self.claim_id[chosen])


def delivered(people: People, care: Care, *roles: int) -> Records:
    """Every record of some roles that is known by the last delivery."""
    known = _known(care)
    made = [_of_role(known, role) for role in roles]
    both, role = Care.stack(made), np.repeat(roles, [len(part.claims) for part in made])
    ids = claim_id(people.number[both.claims.person], both.claims.number * ROLES + role)
    order = np.argsort(-ids, kind="stable")
    ordered = both.ordered(order)
    return Records(ordered.claims, ordered.lines, role[order], ids[order])


def _known(care: Care) -> Care:
    """Claims as the last delivery knows them: a cancellation that comes after it has not happened yet."""
    here = care.some(care.claims.known <= np.datetime64(LAST_DELIVERY))
    is_open = here.claims.cancelled > np.datetime64(LAST_DELIVERY)
    cancelled = np.where(is_open, NO_DAY, here.claims.cancelled)
    return Care(replace(here.claims, cancelled=cancelled, is_adjusted=here.claims.is_adjusted & ~is_open), here.lines)


def _of_role(care: Care, role: int) -> Care:
    """An original is as it was; its cancellation repeats it; billed again it costs nine tenths."""
    if role == ORIGINAL:
        return care
    kept = care.some((care.claims.cancelled != NO_DAY) if role == CANCELLATION else care.claims.is_adjusted)
    claims, lines = replace(kept.claims, known=kept.claims.cancelled), kept.lines
    if role == AGAIN:
        lines = replace(lines, allowed=lines.allowed * 9 // 10, paid=lines.paid * 9 // 10)
        of_lines = np.bincount(lines.claim, lines.paid, len(claims)).astype(np.int64)
        claims = replace(claims, paid=np.where(claims.is_of(*BY_LINE, "outpatient"), of_lines, claims.paid * 9 // 10))
    return Care(claims, lines)


def mbis(people: People, months: Whole) -> pa.Array:
    """The Medicare number of each in a month each."""
    first, second = (identifiers.mbis(people.number, generation) for generation in (1, 2))
    return pc.if_else(pa.array(months >= people.changes_mbi), second, first)


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
