"""How care becomes a claim with lines: who bills, at which price, with which diagnoses, known when."""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from .chance import MILLION, Chance
from .claims import BY_LINE, FILES, Care, Claims, Lines
from .people import People, day_in
from .plan import (
    CALENDAR,
    COLD,
    DIAGNOSES,
    FIRST_CARE,
    MONTHS,
    NO_DAY,
    NONE,
    Days,
    Flags,
    Whole,
    codes,
    counties,
    later,
    month_of,
    numbers,
    price_factor,
    rows,
    share,
    word,
    words,
)
from .practices import Kind, World, clinicians

COINSURANCE = 5  # a fifth


@dataclass(frozen=True)
class Block:
    """A block of people, where they live and the chance of one kind of care."""

    people: People
    world: World
    seed: int

    def chance(self, subject: int) -> Chance:
        """Draws of one subject."""
        return Chance(self.seed, int(self.people.number[0]), subject)

    def someone(self, chance: Chance, kind: Kind, count: int) -> Whole:
        """Practices of a kind by chance."""
        offered = self.world.numbers_of(kind)
        return offered[chance.below(len(offered), count)]

    def another(self, chance: Chance, kind: Kind, practice: Whole) -> Whole:
        """By chance another practice of the same kind."""
        offered = self.world.numbers_of(kind)
        step = 1 + chance.below(len(offered) - 1, len(practice))
        return offered[(np.searchsorted(offered, practice) + step) % len(offered)]

    @cached_property
    def practice(self) -> Whole:
        """How much outpatient care is usual where each lives in each month, in thousandths."""
        everybody, months = np.arange(len(self.people))[:, None], np.arange(MONTHS)[None, :]
        return numbers("synthetic/counties", "practice_thousandths")[self.people.counties(everybody, months)]

    def covered(self) -> Flags:
        """Months in which care is billed to Original Medicare."""
        return self.people.enrolled() & ~self.people.in_advantage() & (np.arange(MONTHS) >= FIRST_CARE)


@dataclass(frozen=True)
class Order:
    """How a kind of care is billed."""

    kind: str
    file: str
    claim_type: str
    bill_type: str = ""
    revenue_center: str = ""
    more: str = "MORE"  # the kind of what comes on top of the first service


def billed(
    block: Block,
    chance: Chance,
    order: Order,
    people: Whole,
    months: Whole,
    practice: Whole,
    specialty: Whole,
    more_ppm: int,
    cents: Whole | None = None,
    principal: Whole | None = None,
) -> Care:
    """Outpatient care, a claim each: a service of its kind at the prices of county and year, and perhaps more lines."""
    day = day_in(chance, months)
    lived = day <= block.people.death[people]
    people, practice, specialty, day = people[lived], practice[lived], specialty[lived], day[lived]
    claims = claims_of(
        block, chance, order, people, day, day, practice, principal if principal is None else principal[lived]
    )
    own, more = services(order.kind), services(order.more)
    both = Services(*(np.concatenate([getattr(own, f.name), getattr(more, f.name)]) for f in fields(Services)))
    counts = 1 + sum(chance.happens(more_ppm, len(people)).astype(np.int64) for _ in range(3))
    claim = np.repeat(np.arange(len(people)), counts)
    is_first = claim != np.concatenate([[-1], claim[:-1]])
    chosen = np.where(
        is_first, chance.choice(own.weight, len(claim)), len(own.weight) + chance.choice(more.weight, len(claim))
    )
    once = _once(claim, both.hcpcs[chosen])
    claim, is_first, chosen = claim[once], is_first[once], chosen[once]
    number = np.arange(len(claim)) - np.searchsorted(claim, claim) + 1
    price = both.price[chosen]
    if cents is not None:  # what is to be paid; the coinsurance comes on top
        price = np.where(is_first, cents[lived][claim] * COINSURANCE // (COINSURANCE - 1), price)
    place = both.place[chosen] if order.file in BY_LINE else np.full(len(claim), NONE)
    return with_lines(block, chance, order, claims, claim, number, both.hcpcs[chosen], price, place, specialty[claim])


def _once(claim: Whole, hcpcs: Whole) -> Whole:
    """The lines of claims without those whose service stands on the claim already."""
    return np.sort(np.unique(claim * len(words()) + hcpcs, return_index=True)[1])


def with_lines(
    block: Block,
    chance: Chance,
    order: Order,
    claims: Claims,
    claim: Whole,
    number: Whole,
    hcpcs: Whole,
    price: Whole,
    place: Whole,
    specialty: Whole,
) -> Care:
    """Claims of one kind with their lines: allowed by price and county, paid but for coinsurance, some denied."""
    allowed = price * price_factors(block, claims)[claim] // MILLION
    denied = chance.happens(share("denied"), len(claim)) & (order.file in BY_LINE)
    allowed = np.where(denied, 0, allowed)
    paid = allowed - allowed // COINSURANCE
    lines = Lines(
        claim, number, claims.first[claim], hcpcs, np.full(len(claim), word(order.revenue_center)), specialty, place,
        claims.practice[claim], clinicians(chance, specialty), allowed, paid, denied,
    )  # fmt: skip
    total = np.bincount(claim, paid, len(claims)).astype(np.int64)
    return Care(replace(claims, paid=total), lines)


def claims_of(
    block: Block,
    chance: Chance,
    order: Order,
    people: Whole,
    first: Days,
    last: Days,
    practice: Whole,
    principal: Whole | None = None,
) -> Claims:
    """Claims of one kind, not yet priced."""
    count = len(people)
    none = np.full(count, NONE)
    return Claims(
        person=people,
        file=np.full(count, FILES.index(order.file)),
        claim_type=np.full(count, word(order.claim_type)),
        bill_type=np.full(count, word(order.bill_type)),
        first=first,
        last=last,
        admitted=first,
        known=_known(chance, last),
        paid=np.zeros(count, np.int64),
        practice=practice,
        admission_type=none,
        drg=none,
        is_denied=np.zeros(count, bool),
        diagnoses=_diagnoses(block, chance, people, principal),
        cancelled=np.full(count, NO_DAY),
        is_adjusted=np.zeros(count, bool),
        number=np.zeros(count, np.int64),
    )


def _known(chance: Chance, last: Days) -> Days:
    """A Friday two to three weeks on; months later for some."""
    late = np.where(chance.happens(share("late"), len(last)), 90 + chance.below(300, len(last)), 0)
    day = later(last, 14 + late)
    weekday = (day.astype(np.int64) + 3) % 7  # 0 is Monday
    return later(day, (4 - weekday) % 7)


def _diagnoses(block: Block, chance: Chance, people: Whole, principal: Whole | None) -> Whole:
    """Up to three of the person's conditions, behind the principal one where it is given; a cold where there is none."""
    own = codes("synthetic/conditions", "icd10_code")
    has = block.people.conditions[people]
    draws = np.where(has, chance.below(MILLION, has.shape), MILLION)
    order = np.argsort(draws, axis=1, kind="stable")[:, :3]
    picked = np.where(np.take_along_axis(has, order, axis=1), own[order], NONE)
    picked[:, 1:] = np.where(chance.happens(MILLION // 2, picked[:, 1:].shape), picked[:, 1:], NONE)
    head = np.where(picked[:, :1] == NONE, word(COLD), picked[:, :1]) if principal is None else principal[:, None]
    tail = picked[:, 1:] if principal is None else picked
    tail = np.where(tail == head, NONE, tail)
    told = np.hstack([head, tail, np.full((len(people), DIAGNOSES - 1 - tail.shape[1]), NONE)])
    return np.take_along_axis(told, np.argsort(told == NONE, axis=1, kind="stable"), axis=1)


@dataclass(frozen=True)
class Services:
    """Services of a kind."""

    hcpcs: Whole
    place: Whole
    price: Whole
    weight: Whole


def services(kind: str) -> Services:
    """The services of a kind, from the table."""
    found = [row for row in rows("synthetic/services") if row["kind"] == kind]
    return Services(
        np.array([word(row["hcpcs_code"]) for row in found]),
        np.array([word(row["place_of_service"]) for row in found]),
        np.array([int(row["price_cents"]) for row in found]),
        np.array([int(row["weight"]) for row in found]),
    )


def price_factors(block: Block, claims: Claims) -> Whole:
    """Price and trend of each claim, in millionths."""
    months = month_of(claims.first)
    county = block.people.counties(claims.person, months)
    table = np.array(
        [
            [price_factor(place, CALENDAR[min(m, MONTHS - 1)].year) for m in range(MONTHS + 1)]
            for place in range(len(counties()))
        ]
    )
    return table[county, np.minimum(months, MONTHS)]
