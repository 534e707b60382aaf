"""Which claim a cancellation takes back (DL 3.4, DL 3.5): the decision in plain Python, and the same as Spark SQL.

Within one natural key each cancellation, oldest first, takes the claim of the same amount and diagnosis group, else of
the same amount, else any; among equals the one that became effective last before it, then the lowest claim number.
What has been taken is gone for the next cancellation, and what nothing is left for stays unmatched.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

LATER = 1_000_000  # days; a claim effective after its cancellation comes behind all others


class Record(NamedTuple):
    """A record of a natural key."""

    effective_date: date
    claim_id: int
    known_date: date
    paid_cents: int
    group: str  # DRG, else principal diagnosis


def cancelled(cancellations: Iterable[Record], others: Iterable[Record]) -> dict[int, date]:
    """The claims that were taken back, with the day their cancellation became known."""
    left, found = list(others), {}
    for cancellation in sorted(cancellations):
        if left:
            best = min(left, key=lambda claim: preference(claim, cancellation))
            left.remove(best)
            found[best.claim_id] = cancellation.known_date
    return found


def preference(claim: Record, cancellation: Record) -> tuple[int, int, int]:
    """Smallest first: how alike, how many days before, which number."""
    same_amount = claim.paid_cents == cancellation.paid_cents
    unlike = 0 if same_amount and claim.group == cancellation.group else 1 if same_amount else 2
    days = (cancellation.effective_date - claim.effective_date).days
    return unlike, days if days >= 0 else LATER - days, claim.claim_id


RECORD = "struct<effective_date:date,claim_id:bigint,known_date:date,paid_cents:bigint,group:string>"
TAKEN = "array<struct<claim_id:bigint,cancelled_known_date:date>>"
_DAYS = "datediff(cancellation.effective_date, claim.effective_date)"
_UNLIKE = (
    "CASE WHEN claim.paid_cents = cancellation.paid_cents AND claim.`group` = cancellation.`group` THEN 0"
    " WHEN claim.paid_cents = cancellation.paid_cents THEN 1 ELSE 2 END"
)
_BEST = (
    "array_min(transform(state.remaining, claim -> named_struct("
    f"'unlike', {_UNLIKE}, 'days', IF({_DAYS} >= 0, {_DAYS}, {LATER} - {_DAYS}), 'claim_id', claim.claim_id))).claim_id"
)
_STATE = f"struct<remaining:array<{RECORD}>,taken:{TAKEN}>"
_NEXT = (
    f"CAST(named_struct('remaining', filter(state.remaining, claim -> claim.claim_id != {_BEST}),"
    f" 'taken', IF(size(state.remaining) = 0, state.taken, concat(state.taken, array(named_struct("
    f"'claim_id', {_BEST}, 'cancelled_known_date', cancellation.known_date))))) AS {_STATE})"
)
# Over columns `cancellations` and `others`, arrays of RECORD, the first sorted.
CANCELLED = (
    f"aggregate(cancellations, CAST(named_struct('remaining', others, 'taken', CAST(array() AS {TAKEN})) AS {_STATE}),"
    f" (state, cancellation) -> {_NEXT}).taken"
)
