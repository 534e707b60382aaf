"""The practices of the invented network: who bills under which TIN or CCN, and which ACO they belong to.

Three ACOs have a story; a larger network has more of them, and more practices, so that no practice grows without end.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property

import numpy as np

from lead_engine.foundation.errors import ConfigurationError, Problem

from . import identifiers
from .chance import Chance
from .plan import Whole, counties, rows, word, words


class Kind(StrEnum):
    """What a practice is; its value is the word of the table of care."""

    GROUP = "GROUP"  # primary care and some specialists under one TIN
    FQHC = "FQHC"  # bills by CCN on the outpatient file
    RHC = "RHC"
    CAH = "CAH"  # critical access hospital whose clinicians bill through it (method II)
    SPECIALISTS = "SPECIALISTS"
    LABORATORY = "LABORATORY"
    HOSPITAL = "HOSPITAL"
    NURSING = "NURSING"
    AGENCY = "AGENCY"  # home health and hospice
    SUPPLIER = "SUPPLIER"


HOMES = (Kind.GROUP, Kind.FQHC, Kind.RHC, Kind.CAH)  # where primary care is sought
BY_CCN = (Kind.FQHC, Kind.RHC, Kind.CAH, Kind.HOSPITAL, Kind.NURSING, Kind.AGENCY)


FIRST_SPECIALTY, CLINICIANS = "08", 4  # of each specialty in a practice


@cache
def _specialties() -> Whole:
    """By code, the place of each specialty that bills; institutions, which have none, come last."""
    found = {code for row in rows("synthetic/care") for code in row["specialties"].split()}
    found |= {row["specialty"] for row in rows("synthetic/episodes")}
    place = np.zeros(len(words()), np.int64)
    for number, code in enumerate([*sorted(found - {FIRST_SPECIALTY, ""}), ""], 1):
        place[word(code)] = number
    return place


def clinicians(chance: Chance, specialty: Whole) -> Whole:
    """Who of a practice serves, by chance: a clinician has one specialty, the first of a practice that of family practice."""
    return 1 + _specialties()[specialty] * CLINICIANS + chance.below(CLINICIANS, len(specialty))


@dataclass(frozen=True)
class InventedAco:
    """An ACO and what a newcomer should know of it."""

    aco_id: str
    name: str
    county: int  # place in the table of counties
    homes: tuple[tuple[Kind, int], ...]
    weight: int  # people, in proportion
    frailty: int  # how much sicker its people are, in thousandths
    story: str = ""  # what it is an example of


@dataclass(frozen=True)
class Practice:
    """A billing unit."""

    kind: Kind
    number: int
    county: int
    aco: InventedAco | None

    @property
    def tin(self) -> str:
        """Its TIN."""
        return identifiers.tin(self.number)

    @property
    def ccn(self) -> str:
        """Its CCN."""
        return identifiers.ccn(self.number)

    def npi(self, clinician: int) -> str:
        """One of its clinicians."""
        return identifiers.npi(self.number, clinician)


STORIES = (
    InventedAco(
        "L0001", "North Shore Physicians", 0, ((Kind.GROUP, 8),), 36, 1000,
        "large: eight group practices of one county, of which one joins in April",
    ),
    InventedAco(
        "L0002", "Prairie Rural Health", 1, ((Kind.GROUP, 3), (Kind.FQHC, 1), (Kind.RHC, 1), (Kind.CAH, 1)), 16, 900,
        "rural: clinics and a critical access hospital that bill by CCN beside three group practices; healthier people",
    ),
    InventedAco(
        "L0003", "Harbor Complex Care", 2, ((Kind.GROUP, 2),), 9, 2200,
        "small, and its people very sick: two practices, with many High Needs",
    ),
)  # fmt: skip
ANSWER_KEY = InventedAco("L0009", "Answer Key", 0, ((Kind.GROUP, 1),), 0, 1000)  # seen by marked people alone
OUTSIDE, PEOPLE_OF_AN_ACO, PEOPLE_OF_A_PRACTICE = 39, 40_000, 2_000
MOST_PEOPLE = 1_000 * PEOPLE_OF_AN_ACO  # the ids of other ACOs end with L1999; CCNs, TINs and NPIs reach further
ELSEWHERE = {
    Kind.GROUP: 9,
    Kind.SPECIALISTS: 6,
    Kind.LABORATORY: 2,
    Kind.HOSPITAL: 4,
    Kind.NURSING: 3,
    Kind.AGENCY: 3,
    Kind.SUPPLIER: 2,
}


class World:
    """All practices and ACOs of a network of some number of people; `world_of` gives it.

    Raises ConfigurationError when there are more people than invented ACOs have ids for.
    """

    def __init__(self, people: int, has_marked: bool = True) -> None:
        if people >= MOST_PEOPLE:
            why = f"are more than the ids of invented ACOs reach, which is below {MOST_PEOPLE:,}"
            raise ConfigurationError(Problem(f"{people:,} people", why, remedy="invent fewer"))
        more = (_another(number) for number in range(people // PEOPLE_OF_AN_ACO))
        self.acos = (*STORIES, *more, *((ANSWER_KEY,) if has_marked else ()))
        self.practices = self._practices(1 + people // (PEOPLE_OF_A_PRACTICE * 40))
        self._by_kind: dict[Kind, Whole] = {}

    def _practices(self, times: int) -> list[Practice]:
        wanted = [(kind, aco.county, aco) for aco in self.acos for kind, count in aco.homes for _ in range(count)]
        elsewhere = [kind for kind, count in ELSEWHERE.items() for _ in range(count * times)]
        wanted += [(kind, place % len(counties()), None) for place, kind in enumerate(elsewhere)]
        return [Practice(kind, number, county, aco) for number, (kind, county, aco) in enumerate(wanted, 1)]

    @property
    def marked(self) -> Practice:
        """The practice of the answer-key ACO."""
        return self.first_of(ANSWER_KEY)

    @property
    def outside(self) -> Practice:
        """A group that belongs to no ACO."""
        return next(each for each in self.practices if each.kind is Kind.GROUP and each.aco is None)

    @property
    def joins_and_leaves(self) -> tuple[Practice, Practice]:
        """Two groups of the first ACO: one becomes a Participant in April 2027, one stopped at the end of 2026."""
        *_, joins, leaves = (each for each in self.practices if each.aco is self.acos[0])
        return joins, leaves

    def first_of(self, aco: InventedAco) -> Practice:
        """The first practice of an ACO."""
        return next(each for each in self.practices if each.aco is aco)

    def first(self, kind: Kind) -> Practice:
        """The first practice of a kind."""
        return next(each for each in self.practices if each.kind is kind)

    def numbers_of(self, kind: Kind) -> Whole:
        """The practices of a kind that anybody goes to."""
        if kind not in self._by_kind:
            found = [each.number for each in self.practices if each.kind is kind and each.aco is not ANSWER_KEY]
            self._by_kind[kind] = np.array(found)
        return self._by_kind[kind]

    @cached_property
    def kinds(self) -> np.ndarray:
        """The kind of each practice, by number; there is no number 0."""
        return np.array(["", *(each.kind for each in self.practices)])

    @cached_property
    def counties(self) -> Whole:
        """The county of each practice, by number."""
        return np.array([0, *(each.county for each in self.practices)])

    @cached_property
    def frailty(self) -> Whole:
        """How much sicker the people of each practice are, by number."""
        return np.array([0, *(each.aco.frailty if each.aco else 1000 for each in self.practices)])

    def homes(self, chance: Chance, people: int) -> Whole:
        """A place of primary care for each: an ACO by its weight or none, then one of its places."""
        numbers, weights = self._places
        return numbers[chance.choice(weights, people)]

    @cached_property
    def _places(self) -> tuple[Whole, Whole]:
        """The places of primary care and how likely each is."""
        places = [each for each in self.practices if each.kind in HOMES]
        mates = Counter(each.aco for each in places)
        weights = [1_000 * (each.aco.weight if each.aco else OUTSIDE) // mates[each.aco] for each in places]
        return np.array([each.number for each in places]), np.array(weights)


@cache
def world_of(people: int, has_marked: bool) -> World:
    """The practices of a network: made once in a process, whatever the number of blocks."""
    return World(people, has_marked)


def _another(number: int) -> InventedAco:
    return InventedAco(
        f"L1{number:03d}",
        f"Invented ACO {number + 1}",
        number % len(counties()),
        ((Kind.GROUP, 12), (Kind.FQHC, 1)),
        10,
        1000,
    )
