"""Invented units, other models, Medicaid and aligned people, around every edge of the rules."""

import random
from datetime import date, timedelta
from itertools import pairwise

from lead_engine.alignment.decide_units import Billed, CcnTin, OtherAcoTin
from lead_engine.alignment.medicaid.decide import Benefits, Partner
from lead_engine.alignment.overlap.decide import Membership
from lead_engine.foundation.months import months_of
from tests.units import Given

CCNS, TINS = [f"CCN:36000{n}" for n in range(9)], [f"TIN:00000000{n}" for n in range(1, 10)]
MODELS = ["MSSP", "PC_FLEX", "GUIDE"]
EDGES = [date(2024, 7, 1), date(2025, 6, 30), date(2025, 7, 1), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
Person = tuple[list[Benefits], list[tuple[date, str | None]], bool]


def lists(seed: int) -> Given:
    """Some Participants, a snapshot of enrolment in which CCNs change their TIN, TINs in ACOs of other models."""
    chance = random.Random(seed)
    participants = {unit: chance.choice(["L1", "L2"]) for unit in [*chance.sample(CCNS, 2), *chance.sample(TINS, 3)]}
    mapped = []
    for ccn in chance.sample(CCNS, 8):
        days = sorted(chance.sample(EDGES, chance.randint(1, 4)))
        periods: list[tuple[date | None, date | None]] = [
            (start, chance.choice([end - timedelta(days=1), start])) for start, end in pairwise(days)
        ]
        periods.append((days[-1] if len(days) > 1 or chance.random() < 0.5 else None, chance.choice([None, days[-1]])))
        mapped += [CcnTin(ccn, chance.choice(TINS), *period) for period in periods]
    others = [
        OtherAcoTin(
            tin,
            chance.choice(MODELS),
            chance.choice([None, "A1", "A2", "A2", "A3"]),
            chance.choice([date(2026, 1, 1), date(2027, 1, 1), date(2027, 1, 2)]),
            chance.choice([None, None, date(2026, 12, 31), date(2027, 1, 1)]),
        )
        for tin in TINS
        for _ in range(2)
    ]
    others = [each for each in others if each.end is None or each.start <= each.end]
    return Given(participants, mapped, others)


def billed(count: int, seed: int) -> list[tuple[Billed, int]]:
    """Scores of TINs with and without a clinician, and of CCNs, in either alignment year."""
    chance = random.Random(seed)
    npis = [None, "NPI:9000000001", "NPI:9000000002"]
    drawn = [(chance.choice(CCNS + TINS), chance.choice(npis), chance.randint(0, 1)) for _ in range(count)]
    return [(Billed(unit, npi if unit in TINS else None), place) for unit, npi, place in drawn]


def memberships(count: int, seed: int) -> dict[int, list[Membership]]:
    """People in up to three models at once, over and beside the performance year."""
    chance = random.Random(seed)
    return {person: [_membership(chance) for _ in range(chance.randint(0, 3))] for person in range(count)}


def _membership(chance: random.Random) -> Membership:
    model = chance.choice(["MSSP", "MSSP", "KCC", "GEO_AHEAD", "GUIDE", "PC_FLEX"])
    start = date(2026, 11, 1) + timedelta(days=chance.choice([0, 60, 61, 62, 150, 151, 152, 425, 426]))
    length = chance.choice([None, None, 0, 1, 29, 30, 31, 200])
    assignment = chance.choice(["PROSPECTIVE", "PRELIMINARY"]) if model == "MSSP" else None
    return Membership(model, assignment, start, None if length is None else start + timedelta(days=length))


PARTNERS = [
    Partner("L1", "ORG-1", date(2028, 1, 1), None),
    Partner("L2", "ORG-2", date(2028, 3, 1), date(2028, 8, 31)),
    Partner("L1", "ORG-2", date(2028, 9, 2), None),
    Partner("L2", "ORG-3", date(2027, 1, 1), date(2027, 12, 31)),
]


def beneficiaries(count: int, seed: int) -> dict[int, Person]:
    """People with some months of Medicaid and a year of evaluated months, a few of them aligned by another route."""
    chance = random.Random(seed)
    people: dict[int, Person] = {}
    for person in range(count):
        months = [date(2027, 12, 1), *months_of(2028), date(2029, 1, 1)]
        orgs = ["ORG-1", "ORG-2", "ORG-3", "ORG-4"]
        given = [
            Benefits(month, chance.choice(orgs), chance.random() < 0.8)
            for month in chance.sample(months, chance.randint(0, 6))
        ]
        told = [
            (month, chance.choice([None, None, None, None, None, None, "MA", "NOT_A_AND_B"]))
            for month in months_of(2028)
            if chance.random() < 0.9
        ]
        people[person] = (given, told, chance.random() < 0.1)
    return people


def aligned_months(count: int, seed: int) -> tuple[list[tuple], list[tuple[int, date]]]:
    """Rows of `calc__alignment_month`, one a person, year and month, and people with the day of their High Needs status."""
    chance = random.Random(seed)
    rows = [
        (
            year,
            person,
            date(year, month, 1),
            chance.choice(["L1", "L2", "L3"]),
            chance.choice("CCVBM"),
            chance.choice(["AD", "AD", "ESRD", "HN"]),
        )
        for person in range(count)
        for year in chance.sample([2024, 2025, 2026, 2027], 2)
        for month in chance.sample([1, 1, 2, 7], 1)
    ]
    days = [date(2025, 4, 1), date(2027, 1, 1), date(2027, 4, 1)]
    return rows, [(person, chance.choice(days)) for person in range(count) if chance.random() < 0.4]
