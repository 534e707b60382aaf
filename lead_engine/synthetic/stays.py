"""Care in the hospital and after: stays, transfers, bills in parts, nursing facility, home health, hospice, transplants."""

from dataclasses import dataclass, replace

import numpy as np

from .billing import CLINICIANS, Block, Order, claims_of, price_factors, services, with_lines
from .chance import MILLION, Chance
from .claims import Care, Columns, Lines
from .plan import (
    FIRST_CARE,
    FIRST_DAY,
    MONTHS,
    NEVER,
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
from .practices import Kind

BILLED = {  # claim type, bill type, who bills, revenue centre
    "inpatient": ("60", "11", Kind.HOSPITAL, "0120"),
    "snf": ("20", "21", Kind.NURSING, "0120"),
    "hha": ("10", "32", Kind.AGENCY, "0551"),
    "hospice": ("50", "81", Kind.AGENCY, "0651"),
}
LONG_STAY_DAYS, FIRST_BILL_DAYS, DAYS_TO_LIVE_ON = 45, 29, 30
GRAFT_AFTER_DAYS = 9  # into its month


def stays(block: Block, may: Flags) -> list[Care]:
    """Stays, some in two hospitals or billed in parts; nursing facility or home health after; hospice; transplants."""
    chance = block.chance(5)
    stay, is_long = _admissions(block, chance, may)
    death, count = block.people.death[stay.person], len(stay)
    half = later(stay.first, FIRST_BILL_DAYS)
    parts = is_long & (half < stay.last)
    second = replace(stay, first=later(half, 1), cents=stay.cents // 3).take(parts)
    lives = later(stay.last, DAYS_TO_LIVE_ON) <= death
    moved = chance.happens(share("transfer"), count) & lives
    draw, snf, hha = chance.below(MILLION, count), share("after_snf"), share("after_hha")
    return [
        _facility(block, chance, "inpatient", replace(stay, last=np.where(parts, half, stay.last))),
        _facility(block, chance, "inpatient", second),
        _facility(block, chance, "inpatient", stay.later("transfer").take(moved)),
        _facility(block, chance, "snf", stay.later("snf").take(lives & (draw < snf))),
        _facility(block, chance, "hha", stay.later("hha").take(lives & (draw >= snf) & (draw < snf + hha))),
        _rounds(block, chance, stay),
        _hospice(block, chance, may),
        _grafts(block, chance, may),
    ]


def _admissions(block: Block, chance: Chance, may: Flags) -> tuple["Stay", Flags]:
    """Who is admitted when, for what, until when, at which price; and whose stay is long enough for two bills."""
    rate = share("monthly_stay") * block.people.frailty // 1000
    people, months = np.nonzero(chance.happens(rate[:, None], may.shape) & may)
    first = later(FIRST_DAY[months], chance.below(27, len(people)))
    lived = first <= block.people.death[people]
    people, first = people[lived], first[lived]
    kind, count = chance.choice(numbers("synthetic/stays", "weight"), len(people)), len(people)
    least, most = (numbers("synthetic/stays", name)[kind] for name in ("least_days", "most_days"))
    is_long = chance.happens(share("interim"), count)
    length = np.where(is_long, LONG_STAY_DAYS, least + chance.below(most - least + 1, count))
    last = np.minimum(later(first, length), block.people.death[people])
    cents = numbers("synthetic/stays", "price_cents")[kind] * (500 + chance.below(1001, count)) // 1000
    drg, principal = (codes("synthetic/stays", name)[kind] for name in ("drg_code", "principal_icd10_code"))
    return Stay(people, first, last, cents, drg, principal), is_long


@dataclass(frozen=True)
class Stay(Columns):
    """Stays before they are billed."""

    person: Whole
    first: Days
    last: Days
    cents: Whole
    drg: Whole
    principal: Whole

    def later(self, kind: str) -> "Stay":
        """What begins on the day the stay ends."""
        price, length = after(kind)
        return replace(self, first=self.last, last=later(self.last, length), cents=np.full(len(self), price))


def after(kind: str) -> tuple[int, int]:
    """Price in cents and days of what follows a stay."""
    return next((int(row["price_cents"]), int(row["days"])) for row in rows("synthetic/after") if row["kind"] == kind)


def _facility(block: Block, chance: Chance, file: str, stay: Stay) -> Care:
    """A claim a stay, paid as a whole, with one line."""
    claim_type, bill_type, kind, center = BILLED[file]
    count = len(stay)
    practice = block.someone(chance, kind, count)
    order = Order("", file, claim_type, bill_type)
    claims = claims_of(block, chance, order, stay.person, stay.first, stay.last, practice, stay.principal)
    elective = np.where(stay.drg == word("470"), word("3"), word("1"))
    is_stay = file in ("inpatient", "snf")
    claims = replace(
        claims,
        paid=stay.cents * price_factors(block, claims) // MILLION,
        drg=stay.drg if is_stay else np.full(count, NONE),
        admission_type=elective if is_stay else np.full(count, NONE),
    )
    none = np.full(count, NONE)
    lines = Lines(
        np.arange(count), np.ones(count, np.int64), stay.first, none, np.full(count, word(center)), none, none, practice,
        1 + chance.below(CLINICIANS, count), claims.paid, claims.paid, np.zeros(count, bool),
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
    """The last weeks of some, where they were covered."""
    price, length = after("hospice")
    died = np.nonzero((block.people.death < FIRST_DAY[MONTHS]) & chance.happens(share("hospice"), len(block.people)))[0]
    began = later(block.people.death[died], -length)
    died, began = died[began >= FIRST_DAY[FIRST_CARE]], began[began >= FIRST_DAY[FIRST_CARE]]
    covered = may[died, month_of(began)]
    died, began = died[covered], began[covered]
    stay = _alike(died, began, block.people.death[died], price, "", "C3490")
    return _facility(block, chance, "hospice", stay)


def _grafts(block: Block, chance: Chance, may: Flags) -> Care:
    """Kidney transplants."""
    price, length = after("graft")
    who = np.nonzero(block.people.graft != NEVER)[0]
    who = who[may[who, block.people.graft[who]]]
    first = graft_days(block.people.graft[who])
    who, first = who[first <= block.people.death[who]], first[first <= block.people.death[who]]
    last = np.minimum(later(first, length), block.people.death[who])
    return _facility(block, chance, "inpatient", _alike(who, first, last, price, "652", "N186"))


def graft_days(months: Whole) -> Days:
    """The day of a transplant in each month; of NEVER a day without meaning."""
    return later(FIRST_DAY[np.minimum(months, MONTHS)], GRAFT_AFTER_DAYS)


def _alike(who: Whole, first: Days, last: Days, cents: int, drg: str, principal: str) -> Stay:
    """Stays of one kind."""
    count = len(who)
    return Stay(who, first, last, np.full(count, cents), np.full(count, word(drg)), np.full(count, word(principal)))
