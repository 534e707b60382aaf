"""Invented people for the twin tests: many of them on edges, ties and zeros, the same for the same seed."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from lead_engine.alignment.decide import Charges, Line, UnitScore
from lead_engine.alignment.rules import ServiceRules
from lead_engine.foundation.months import LATEST, Period, months_of
from lead_engine.months.decide import Month
from lead_engine.risk.decide import Graft, Profile
from lead_engine.risk.model import RiskModel

UNITS = ["A1", "A2", "B7", "Z9", "CCN:361844", "CCN:000001", "TIN:000000001", "TIN:000000002", "TIN:999999999"]
DATES = [date(2025, 7, 1) + timedelta(days=offset) for offset in (0, 1, 200, 364)]
CENTS = (-500, 0, 0, 100, 100, 900, 1000, 8100, 9000)


def unit_scores(count: int, seed: int) -> dict[int, list[UnitScore]]:
    """People with a few units each; small sets of amounts and dates, so that ties and exact tenths are common."""
    chance = random.Random(seed)

    def some() -> Charges:
        cents = chance.choice(CENTS)
        lines = chance.choice((1, 1, 2))
        return Charges(0, None, 0) if chance.random() < 0.4 else Charges(cents, chance.choice(DATES), lines)

    return {
        person: [UnitScore(unit, some(), some()) for unit in chance.sample(UNITS, chance.randint(1, 4))]
        for person in range(count)
    }


def lines(count: int, seed: int, rules: ServiceRules) -> dict[int, Line]:
    """Claim lines around every edge of the rules."""
    chance = random.Random(seed)
    edges = [
        day
        for year in rules.alignment_years
        for day in (year.start, year.end, year.start - timedelta(days=1), year.end + timedelta(days=1))
    ]
    codes = ["99213", "99309", "99441", "G2211", "80053", "G0463", "G0467", None]
    return {number: _line(chance, edges, codes, rules) for number in range(count)}


def _line(chance: random.Random, edges: Sequence[date], codes: Sequence[str | None], rules: ServiceRules) -> Line:
    around = rules.claims_cutoff
    return Line(
        service_date=chance.choice([*edges, date(2024, 12, 31), date(2025, 1, 1)]),
        claim_type=chance.choice(["71", "71", "72", "40", "40", "82"]),
        bill_type=chance.choice([None, "77", "71", "85", "13", "12"]),
        hcpcs_code=chance.choice(codes),
        revenue_center_code=chance.choice([None, "0001", "0519", "0521", "0960", "0989", "0510"]),
        specialty_code=chance.choice([None, "08", "50", "06", "39", "02", "17"]),
        place_of_service_code=chance.choice([None, "11", "31", "32"]),
        tin=chance.choice([None, "000000001", "999999999"]),
        ccn=chance.choice([None, "361844", "360001"]),
        allowed_cents=chance.choice([None, -100, 0, 12345]),
        paid_cents=chance.choice([None, -100, 0, 777]),
        deductible_cents=chance.choice([None, 0, 23]),
        coinsurance_cents=chance.choice([None, 0, 200]),
        sign=chance.choice([1, 1, 1, 0, -1]),
        known_date=chance.choice([around, around, around - timedelta(days=9), around + timedelta(days=1)]),
        cancelled_known_date=chance.choice([None, None, None, around, around + timedelta(days=1)]),
        is_denied=chance.random() < 0.1,
        npi=chance.choice([None, "NPI:9000000001", "NPI:9000000002"]),
    )


def years_of_months(count: int, seed: int) -> dict[int, list[Month]]:
    """A year of enrolment for each person, some of it missing, some abroad, some after death."""
    chance = random.Random(seed)
    people = {}
    for person in range(count):
        dies = chance.choice([None, None, None, chance.randint(1, 12)])
        abroad = chance.choice([None, None, None, chance.randint(1, 12)])
        told = [month for month in months_of(2027) if chance.random() < 0.97]
        people[person] = [_month(chance, month, dies, abroad) for month in told]
    return people


def _month(chance: random.Random, month: date, dies: int | None, abroad: int | None) -> Month:
    return Month(
        month=month,
        is_alive=dies is None or month.month <= dies,
        has_part_a=chance.choice([None, chance.random() < 0.97, chance.random() < 0.97]),
        has_part_b=chance.choice([None, chance.random() < 0.95, chance.random() < 0.95]),
        is_medicare_advantage=chance.choice([None, False, chance.random() < 0.15]),
        is_medicare_secondary=chance.choice([None, None, False, chance.random() < 0.1]),
        county_fips_code="99000" if month.month == abroad else chance.choice(["39035", "72001", None]),
        medicare_status_code=chance.choice(["10", "20", "11", "21", "31", None]),
        county_code=chance.choice(["36170", None]),
    )


def profiles(count: int, seed: int, model: RiskModel) -> dict[int, tuple[Profile, set[int]]]:
    """People over every segment and age cell, with HCCs that like each other's company; the same people for every model."""
    families = [*model.groups.values(), *[(hcc, *dropped) for hcc, dropped in model.hierarchies.items()], model.hccs]
    chance, people = random.Random(seed), random.Random(seed)
    return {person: (_profile(people), _hccs(chance, families)) for person in range(count)}


def _hccs(chance: random.Random, families: list[tuple[int, ...]]) -> set[int]:
    drawn = chance.sample(families, chance.randint(0, 6))
    return {hcc for family in drawn for hcc in chance.sample(family, min(len(family), chance.randint(1, 3)))}


def _profile(chance: random.Random) -> Profile:
    return Profile(
        age=chance.choice([0, 34, 35, 44, 54, 59, 60, 63, 64, 65, 66, 69, 70, 74, 79, 84, 89, 94, 95, 105]),
        sex_code=chance.choice("12"),
        dual_class=chance.choice(["NONE", "NONE", "PARTIAL", "FULL"]),
        original_entitlement_code=chance.choice("00123"),
        is_new_enrollee=chance.random() < 0.15,
        is_long_term_institutional=chance.random() < 0.15,
        graft_months=chance.choice([0, 0, 1, 2, 3, 4, 9, 10, 40]),
    )


def institutions_and_grafts(count: int, seed: int, year: int) -> dict[int, tuple[list[Period], list[Graft]]]:
    """Periods in institutions that do not overlap, and transplants with and without a failure, around a year."""
    chance = random.Random(seed)
    return {person: (_periods(chance, year), _grafts(chance, year)) for person in range(count)}


def _periods(chance: random.Random, year: int) -> list[Period]:
    first, last = date(year - 1, 10, 1), date(year + 1, 2, 28)
    days = sorted(chance.sample(range((last - first).days), 2 * chance.randint(0, 2)))
    ends = [first + timedelta(days=day) for day in days]
    drawn = [Period(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True)]
    return drawn + ([Period(last, LATEST)] if chance.random() < 0.1 else [])


def _grafts(chance: random.Random, year: int) -> list[Graft]:
    back = chance.sample(range(-40, 800), chance.choice([0, 1, 1, 2]))
    return [_graft(chance, date(year, 12, 31) - timedelta(days=days)) for days in back]


def _graft(chance: random.Random, transplanted: date) -> Graft:
    failed = chance.choice([None, None, transplanted + timedelta(days=chance.randint(0, 500))])
    return Graft(transplanted, failed)
