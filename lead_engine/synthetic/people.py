"""The people of the invented network: who they are, how they are enrolled, how ill they are, where they go."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from lead_engine.foundation.months import months_of
from lead_engine.methodology.reference import reference_table

from . import identifiers
from .practices import ACOS, Practice, PracticeKind

SHARES = {  # near national figures of Medicare enrolment, 2023
    "disabled": 0.12,
    "esrd": 0.012,
    "full_dual": 0.12,
    "partial_dual": 0.05,
    "part_a_only": 0.05,
    "advantage_spell": 0.06,
    "moves_practice": 0.10,
    "yearly_death": 0.035,
    "female": 0.55,
}


@dataclass(frozen=True)
class Person:
    """One invented beneficiary."""

    number: int
    birth: date
    sex_code: str
    death: date | None
    original_entitlement_code: str
    dual_code: str
    status_code: str
    has_part_b: bool
    advantage: tuple[date, date] | None  # first and last month in Medicare Advantage
    county_fips: str
    conditions: tuple[str, ...]
    home: Practice  # where primary care is sought
    next_home: Practice | None  # and from `moves` on
    moves: date | None
    frailty: float

    @property
    def bene_id(self) -> str:
        """The identifier RIF files carry."""
        return identifiers.bene_id(self.number)

    @property
    def mbi(self) -> str:
        """The Medicare number."""
        return identifiers.mbi(self.number)

    def lives_on(self, day: date) -> bool:
        """Whether the person is alive on a day."""
        return self.death is None or day <= self.death

    def in_advantage(self, month: date) -> bool:
        """Whether the month is one in Medicare Advantage."""
        return self.advantage is not None and self.advantage[0] <= month <= self.advantage[1]

    def practice_on(self, day: date) -> Practice:
        """Where the person seeks primary care on a day."""
        return self.next_home if self.next_home and self.moves and day >= self.moves else self.home


def invent(number: int, seed: int, practices: list[Practice], years: range) -> Person:
    """One person, the same for the same seed and number whoever else is invented."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311  invention, not secrecy
    disabled = chance.random() < SHARES["disabled"]
    age = chance.randint(30, 62) if disabled else min(98, 65 + int(chance.expovariate(1 / 9)))
    birth = date(years[0], 1, 1) - timedelta(days=int(age * 365.25) + chance.randint(0, 364))
    esrd = chance.random() < SHARES["esrd"]
    home = _home(chance, practices)
    frailty = home.aco.frailty if home.aco else 1.0
    elsewhere = chance.random() < SHARES["moves_practice"]
    conditions = _conditions(chance, disabled, frailty)
    return Person(
        number=number,
        birth=birth,
        sex_code="2" if chance.random() < SHARES["female"] else "1",
        death=_death(chance, years, frailty),
        original_entitlement_code="1" if disabled else "0",
        dual_code=_dual(chance),
        status_code=("21" if disabled else "11") if esrd else ("20" if disabled else "10"),
        has_part_b=chance.random() >= SHARES["part_a_only"],
        advantage=_advantage(chance, years),
        county_fips=home.county_fips,
        conditions=conditions,
        home=home,
        next_home=_home(chance, practices) if elsewhere else None,
        moves=date(chance.choice(years), chance.randint(1, 12), 1) if elsewhere else None,
        frailty=frailty,
    )


def _home(chance: random.Random, practices: list[Practice]) -> Practice:
    """An ACO by its share of the people, else a practice outside; then one of its places of primary care."""
    aco = chance.choices(
        [*ACOS, None], [*(aco.share_of_people for aco in ACOS), 1 - sum(aco.share_of_people for aco in ACOS)]
    )[0]
    return chance.choice([p for p in practices if p.aco is aco and p.kind in (PracticeKind.GROUP, PracticeKind.CLINIC)])


def _conditions(chance: random.Random, disabled: bool, frailty: float) -> tuple[str, ...]:
    share = "share_disabled" if disabled else "share_aged"
    rows = reference_table("synthetic/diagnoses").records()
    return tuple(row["icd10_code"] for row in rows if chance.random() < min(0.95, float(row[share]) * frailty))


def _death(chance: random.Random, years: range, frailty: float) -> date | None:
    for year in years:
        if chance.random() < SHARES["yearly_death"] * frailty:
            return date(year, 1, 1) + timedelta(days=chance.randint(0, 364))
    return None


def _dual(chance: random.Random) -> str:
    draw = chance.random()
    if draw < SHARES["full_dual"]:
        return "02"
    return "01" if draw < SHARES["full_dual"] + SHARES["partial_dual"] else "NA"


def _advantage(chance: random.Random, years: range) -> tuple[date, date] | None:
    if chance.random() >= SHARES["advantage_spell"]:
        return None
    months = months_of(chance.choice(years))
    first = chance.randint(0, 8)
    return months[first], months[chance.randint(first, 11)]
