"""Invented people who choose: dates on and beside every boundary, ties, all reasons, all routes; the same for the same seed."""

import random
from datetime import date, timedelta

from lead_engine.alignment.decide import Month, Pointers
from lead_engine.alignment.designations import Choice
from lead_engine.foundation.months import months_of
from tests.voluntary import ACOS, AREAS, YEAR, Chosen, Person

MONTHS = months_of(YEAR)
COUNTIES = ["36170", "36180", "36190", "36200", None]
HYBRID = frozenset(aco for aco, election in ACOS.items() if election == "HYBRID")
CUTOFFS = [date(2026, 12, 15), date(2027, 1, 15), date(2027, 3, 15), date(2027, 6, 15), date(2027, 11, 15)]
EDGES = [
    date(2024, 12, 31), date(2025, 1, 1), date(2026, 8, 31), date(2026, 9, 1), date(2027, 3, 31), date(2027, 4, 1),
    date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 31),
    *(day + timedelta(days=step) for day in CUTOFFS for step in (-1, 0, 1)),
]  # fmt: skip


def people(count: int, seed: int) -> dict[int, Person]:
    """People whom claims, choices and the mid-year run point to, with months of every kind."""
    chance = random.Random(seed)
    return {person: _person(chance) for person in range(count)}


def without_choices(count: int, seed: int) -> dict[int, Person]:
    """The same kinds of year, with choices left to be decided."""
    return {
        key: person._replace(pointers=person.pointers._replace(choices={}))
        for key, person in people(count, seed).items()
    }


def _person(chance: random.Random) -> Person:
    dies = chance.choice([None] * 8 + [date(2026, 12, 31), date(2027, 1, 1), date(2027, chance.randint(1, 12), 15)])
    lost = chance.choice([None] * 4 + list(range(1, 13)))
    back = lost + chance.randint(1, 4) if lost else None
    home, moves = chance.choice(COUNTIES), chance.choice([None] * 4 + list(range(1, 13)))
    other = chance.choice([None] * 6 + [1, 1, 4, 9])
    chance.choice([12, 6])
    missing = {month for month in MONTHS if chance.random() < 0.03}
    counties, months = {}, []
    for month in MONTHS:
        county = chance.choice(COUNTIES) if moves and month.month == moves else home
        home = county
        counties[month] = county
        reason = None
        if dies is not None and dies < month:
            reason = "DEAD"
        elif lost and lost <= month.month < (back or 0):
            reason = ("MA", "NOT_A_AND_B", "MSP", "NON_US")[lost % 4]
        inside = frozenset(aco for aco, area in AREAS.items() if county in area) if county else None
        barred = "MSSP" if other and other <= month.month < other + 4 else None
        months.append(Month(month, reason, inside, barred))
    return Person([each for each in months if each.month not in missing], _pointers(chance), dies, counties)


def _pointers(chance: random.Random) -> Pointers:
    one = chance.choice([None, None, *ACOS])
    since = chance.choice([date(2027, 1, 1), *MONTHS])
    then = chance.choice([None, *ACOS])
    changes = chance.choice([None, None, *MONTHS])
    chosen = {}
    if chance.random() < 0.7:
        chosen = {month: then if changes and month >= changes else one for month in MONTHS if month >= since}
    midyear = chance.choice([None, None, *HYBRID]) if chance.random() < 0.5 else None
    partner = chance.choice([None, None, *ACOS])
    medicaid = {month: partner for month in MONTHS if partner and chance.random() < 0.3}
    return Pointers(chance.choice([None, *ACOS]), chosen, midyear, HYBRID, medicaid)


def choices(owners: int, seed: int) -> list[Chosen]:
    """One to four choices of each person, some of them of nobody known."""
    chance = random.Random(seed)
    given: list[Chosen] = []
    for owner in range(owners):
        for _ in range(chance.choice((1, 1, 2, 3, 4))):
            given.append(_choice(chance, owner, len(given)))
    return given


def _choice(chance: random.Random, owner: int, number: int) -> Chosen:
    is_mva = chance.random() < 0.3
    tin, aco = chance.choice(
        [
            ("000000100", "L1"),
            ("000000100", "L1"),
            ("000000200", "L1"),
            ("000000300", "L2"),
            ("000000400", "L3"),
            ("000000500", "L3"),
            ("000000500", "L3"),
            ("000000600", "L3"),
            ("000000999", "L3"),
            ("000000100", "L3"),
        ]
    )
    signed = chance.choice(EDGES)
    submitted = chance.choice(
        [signed, signed, signed + timedelta(days=chance.randint(1, 40)), signed - timedelta(days=1)]
    )
    carried = chance.random() < 0.15 and signed.year < YEAR
    after = chance.choice(EDGES)
    is_known = chance.random() > 0.02
    return Chosen(
        owner if is_known else None,
        Choice(
            number=f"{chance.randrange(10**6):06d}-{number}",
            channel="MVA" if is_mva else "SVA",
            is_known=is_known,
            aco_id=None if is_mva and chance.random() < 0.3 else aco,
            tin=None if chance.random() < 0.05 else tin,
            npi="9000000001" if is_mva else chance.choice([None, *["9000000001"] * 12, "9000000002"]),
            signed=signed if is_mva else chance.choice([None, *[signed] * 20]),
            submitted=chance.choice([None, submitted]) if is_mva else submitted,
            is_carried=carried,
            opted_out=max(after, signed) if carried and chance.random() < 0.4 else None,
            revoked=max(after, signed) if chance.random() < 0.1 else None,
        ),
    )
