"""Care in the hospital and after: stays, transfers, bills in parts, nursing facility, home health, hospice, transplants."""

from dataclasses import dataclass, replace

import numpy as np

from .beds import of_person
from .billing import Block, Order, claims_of, price_factors, services, with_lines
from .chance import MILLION, Chance
from .claims import Care, Columns, Lines
from .plan import (
    AT_THE_END,
    FIRST_CARE,
    FIRST_DAY,
    MONTHS,
    NEVER,
    NO_DAY,
    NONE,
    Days,
    Flags,
    Whole,
    codes,
    later,
    month_of,
    numbers,
    rows,
    share,
    word,
)
from .practices import Kind, clinicians

BILLED = {  # claim type, bill type, who bills, revenue centre
    "inpatient": ("60", "11", Kind.HOSPITAL, "0120"),
    "snf": ("20", "21", Kind.NURSING, "0120"),
    "hha": ("10", "32", Kind.AGENCY, "0551"),
    "hospice": ("50", "81", Kind.AGENCY, "0651"),
}
LONG_STAY_DAYS, FIRST_BILL_DAYS, DAYS_TO_LIVE_ON = 45, 29, 35
GRAFT_AFTER_DAYS = 9  # into its month
NIGHTS = 3  # in a hospital before a nursing facility is paid


def stays(block: Block, may: Flags) -> list[Care]:
    """Stays, some in two hospitals or billed in parts; nursing facility or home health after; hospice; transplants."""
    chance = block.chance(5)
    stay = _in_turn(block, _admissions(block, chance, may))
    half = later(stay.first, FIRST_BILL_DAYS)
    parts = stay.is_long & (half < stay.last)
    first = replace(stay, last=np.where(parts, half, stay.last))
    second = replace(stay, first=later(half, 1), cents=stay.cents // 3).take(parts)
    other = block.another(chance, Kind.HOSPITAL, stay.practice)
    moved = replace(stay.later("transfer"), practice=other).take(stay.is_moved)
    draw, snf, hha = chance.below(MILLION, len(stay)), share("after_snf"), share("after_hha")
    has_nights = stay.left >= later(stay.first, NIGHTS)
    to_snf, to_hha = stay.lives & has_nights & (draw < snf), stay.lives & (draw >= snf) & (draw < snf + hha)
    return [
        *(_facility(block, chance, may, "inpatient", each) for each in (first, second, moved)),
        _facility(block, chance, may, "snf", _after(block, chance, "snf", stay).take(to_snf)),
        _facility(block, chance, may, "hha", _after(block, chance, "hha", stay).take(to_hha)),
        _rounds(block, chance, stay),
        _hospice(block, chance, may),
        _grafts(block, chance, may),
    ]


def _admissions(block: Block, chance: Chance, may: Flags) -> "Admission":
    """Who is admitted when, where, for what, until when, at which price; how long, and moved on where."""
    rate = share("monthly_stay") * block.people.frailty // 1000
    people, months = np.nonzero(chance.happens(rate[:, None], may.shape) & may)
    first = later(FIRST_DAY[months], chance.below(27, len(people)))
    lived = first <= block.people.death[people]
    people, first = people[lived], first[lived]
    kind, count = chance.choice(numbers("synthetic/stays", "weight"), len(people)), len(people)
    least, most = (numbers("synthetic/stays", name)[kind] for name in ("least_days", "most_days"))
    is_long = chance.happens(share("interim"), count)
    length = np.where(is_long, LONG_STAY_DAYS, least + chance.below(most - least + 1, count))
    death = block.people.death[people]
    last = np.minimum(later(first, length), death)
    cents = numbers("synthetic/stays", "price_cents")[kind] * (500 + chance.below(1001, count)) // 1000
    drg, principal = (codes("synthetic/stays", name)[kind] for name in ("drg_code", "principal_icd10_code"))
    hospital = block.someone(chance, Kind.HOSPITAL, count)
    lives = later(last, DAYS_TO_LIVE_ON) <= death
    is_moved = chance.happens(share("transfer"), count) & lives
    left = np.where(is_moved, later(last, after("transfer")[1]), last)
    return Admission(people, first, first, last, cents, drg, principal, hospital, left, is_long, is_moved, lives)


def _in_turn(block: Block, stay: "Admission") -> "Admission":
    """Nobody is admitted who is in a hospital already, or is to have a transplant meanwhile."""
    graft = graft_days(block.people.graft)[stay.person]
    has_graft = (stay.first <= later(graft, after("graft")[1])) & (stay.left >= graft)
    latest = np.maximum.accumulate(of_person(stay.person, stay.left))
    is_in_another = np.append(False, of_person(stay.person, stay.first)[1:] <= latest[:-1])[: len(stay)]
    return stay.take(~has_graft & ~is_in_another)


def _after(block: Block, chance: Chance, kind: str, stay: "Admission") -> "Stay":
    """What follows a stay, until its days are over or the next stay, a transplant or the last weeks begin."""
    begins = replace(stay, last=stay.left).later(kind)
    is_same = stay.person[1:] == stay.person[:-1]
    following = np.append(np.where(is_same, stay.first[1:], NO_DAY), NO_DAY)[: len(stay)]
    graft = graft_days(block.people.graft)[stay.person]
    last_weeks = later(block.people.death[stay.person], -after("hospice")[1])
    until = np.minimum(np.minimum(following, np.where(graft < stay.left, NO_DAY, graft)), last_weeks)
    practice = block.someone(chance, BILLED[kind][2], len(stay))
    return replace(begins, last=np.minimum(begins.last, until), practice=practice)


@dataclass(frozen=True)
class Stay(Columns):
    """Stays before they are billed."""

    person: Whole
    admitted: Days
    first: Days  # of the bill
    last: Days
    cents: Whole
    drg: Whole
    principal: Whole
    practice: Whole

    def later(self, kind: str) -> "Stay":
        """What begins on the day the stay ends."""
        price, length = after(kind)
        begins, ends = self.last, later(self.last, length)
        return replace(self, admitted=begins, first=begins, last=ends, cents=np.full(len(self), price))


@dataclass(frozen=True)
class Admission(Stay):
    """A stay as it begins: how it is billed, and when somebody leaves the last hospital."""

    left: Days
    is_long: Flags  # billed in parts
    is_moved: Flags
    lives: Flags  # long enough for care after it


def after(kind: str) -> tuple[int, int]:
    """Price in cents and days of what follows a stay."""
    return next((int(row["price_cents"]), int(row["days"])) for row in rows("synthetic/after") if row["kind"] == kind)


def _facility(block: Block, chance: Chance, may: Flags, file: str, stay: Stay) -> Care:
    """A claim a stay that begins in a covered month of the calendar, paid as a whole, with one line."""
    claim_type, bill_type, _, center = BILLED[file]
    inside = stay.first < FIRST_DAY[MONTHS]
    stay = stay.take(inside & may[stay.person, np.minimum(month_of(stay.first), MONTHS - 1)])
    count = len(stay)
    order = Order("", file, claim_type, bill_type)
    claims = claims_of(block, chance, order, stay.person, stay.first, stay.last, stay.practice, stay.principal)
    elective = np.where(stay.drg == word("470"), word("3"), word("1"))
    is_stay = file in ("inpatient", "snf")
    claims = replace(
        claims,
        admitted=stay.admitted,
        paid=stay.cents * price_factors(block, claims) // MILLION,
        drg=stay.drg if is_stay else np.full(count, NONE),
        admission_type=elective if is_stay else np.full(count, NONE),
    )
    none = np.full(count, NONE)
    lines = Lines(
        np.arange(count), np.ones(count, np.int64), stay.first, none, np.full(count, word(center)), none, none,
        stay.practice, clinicians(chance, none), claims.paid, claims.paid, np.zeros(count, bool),
    )  # fmt: skip
    return Care(claims, lines)


def _rounds(block: Block, chance: Chance, stay: Stay) -> Care:
    """The physician's visit in the hospital, of people with Part B."""
    seen = stay.take(block.people.has_part_b[stay.person])
    order, group = Order("STAY", "carrier", "71"), block.someone(chance, Kind.GROUP, len(seen))
    claims = claims_of(block, chance, order, seen.person, seen.first, seen.first, group)
    offered = services("STAY")
    chosen = chance.choice(offered.weight, len(seen))
    every = np.arange(len(seen))
    return with_lines(
        block, chance, order, claims, every, np.ones(len(seen), np.int64), offered.hcpcs[chosen],
        offered.price[chosen], offered.place[chosen], np.full(len(seen), word("11")),
    )  # fmt: skip


def _hospice(block: Block, chance: Chance, may: Flags) -> Care:
    """The last weeks of some, where they were covered; for the condition that costs them most."""
    price, length = after("hospice")
    died = np.nonzero((block.people.death < FIRST_DAY[MONTHS]) & chance.happens(share("hospice"), len(block.people)))[0]
    began = later(block.people.death[died], -length)
    died, began = died[began >= FIRST_DAY[FIRST_CARE]], began[began >= FIRST_DAY[FIRST_CARE]]
    covered = may[died, month_of(began)]
    died, began = died[covered], began[covered]
    stay = _alike(block, chance, Kind.AGENCY, died, began, block.people.death[died], price, "", AT_THE_END)
    costs = numbers("synthetic/conditions", "monthly_cents") * block.people.conditions[died]
    own = codes("synthetic/conditions", "icd10_code")[costs.argmax(axis=1)]
    dearest = np.where(costs.any(axis=1), own, stay.principal)
    return _facility(block, chance, may, "hospice", replace(stay, principal=dearest))


def _grafts(block: Block, chance: Chance, may: Flags) -> Care:
    """Kidney transplants."""
    price, length = after("graft")
    who = np.nonzero(block.people.graft != NEVER)[0]
    who = who[may[who, block.people.graft[who]]]
    first = graft_days(block.people.graft[who])
    who, first = who[first <= block.people.death[who]], first[first <= block.people.death[who]]
    last = np.minimum(later(first, length), block.people.death[who])
    stay = _alike(block, chance, Kind.HOSPITAL, who, first, last, price, "652", "N186")
    return _facility(block, chance, may, "inpatient", stay)


def graft_days(months: Whole) -> Days:
    """The day of a transplant in each month."""
    return np.where(months == NEVER, NO_DAY, later(FIRST_DAY[np.minimum(months, MONTHS)], GRAFT_AFTER_DAYS))


def _alike(
    block: Block, chance: Chance, kind: Kind, who: Whole, first: Days, last: Days, cents: int, drg: str, principal: str
) -> Stay:
    """Stays of one kind."""
    price, group, why = (np.full(len(who), each) for each in (cents, word(drg), word(principal)))
    return Stay(who, first, first, last, price, group, why, block.someone(chance, kind, len(who)))
