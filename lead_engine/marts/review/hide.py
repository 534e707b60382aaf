"""Which figures of a month may be shown: none on few people, and none whose difference rests on few (DL 10.4, DL 7.1).

Months of one claim type are withheld so that the sum of all does not tell a small one: with a small month goes the
smallest large one. Everything published of a month is a sum of its records known by some day: at the previous delivery,
at the end of so many months, now. These days stand in one order, so what a subtraction can tell is what became known
between two of them. A day is shown only when nobody, or enough people, have records between it and the next shown one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from lead_engine.marts.suppress import is_small


class Part(NamedTuple):
    """Records of a claim type and month that became known together."""

    known_months: int
    is_since_previous: bool | None
    people: int  # with a record here
    first_people: int  # whose first record is here


class Shown(NamedTuple):
    """What may be shown of a claim type and month."""

    now: bool
    previous: bool = False  # claims and payments of the previous delivery
    previous_people: bool = False
    known_months: frozenset[int] = frozenset()  # the ends of which months of the triangle


NOTHING_SHOWN = Shown(now=False)


def withheld(people: Mapping[date, int], smallest: int) -> set[date]:
    """The months of one series that may not be shown: small ones and, with them, the smallest large one."""
    small = {month for month, count in people.items() if is_small(count, smallest)}
    large = sorted((count, month) for month, count in people.items() if count and month not in small)
    return small | {month for _, month in large[: 1 if small else 0]}


def shown(parts: Iterable[Part], last: int, smallest: int) -> Shown:
    """What may be shown of the parts of one claim type and month; the triangle ends with the month `last`."""
    ordered = sorted(parts)
    people, before = reached(ordered), [part for part in ordered if not part.is_since_previous]
    if is_small(people, smallest):
        return NOTHING_SHOWN
    since = [part for part in ordered if part.is_since_previous]
    has_previous = all(part.is_since_previous is not None for part in ordered)
    is_kept = not is_small(reached(before), smallest) and not is_small(_at_least(since), smallest)
    previous = has_previous and is_kept
    ends = {*_ends(before, smallest), *_ends(since, smallest)} if previous else _ends(ordered, smallest)
    return Shown(
        now=True,
        previous=previous,
        previous_people=previous and not is_small(people - reached(before), smallest),
        known_months=frozenset(month for month in range(last + 1) if _end_of(ordered, month) in {None, *ends}),
    )


def reached(parts: Iterable[Part]) -> int:
    """How many people have their first record in one of the parts: all who have any, when these begin with the first."""
    return sum(part.first_people for part in parts)


def _end_of(ordered: Sequence[Part], month: int) -> Part | None:
    """The last part known by the end of a month; None when nothing is."""
    return max((part for part in ordered if part.known_months <= month), default=None)


def _ends(ordered: Sequence[Part], smallest: int) -> list[Part]:
    """The parts after which a sum may be shown, given that the sum after the last one is."""
    ends: list[Part] = []
    between: list[Part] = []
    for part in ordered:
        between.append(part)
        if not is_small(_at_least(between), smallest):
            ends.append(part)
            between = []
    if between:
        ends = [*ends[:-1], ordered[-1]]
    return ends


def _at_least(parts: Iterable[Part]) -> int:
    """How many people have a record in some of the parts, at the least: a person may be in several."""
    found = list(parts)
    return max([reached(found), *(part.people for part in found)])
