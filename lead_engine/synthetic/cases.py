"""Marked people: how a case of the answer key becomes a person and claims of the network.

They are the first people of a network and see nobody but the practices their case names, at prices written out, so that
what is right follows from the rule alone.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from .claims import BY_LINE, FILES, Care, Claims, Lines
from .people import People
from .plan import DIAGNOSES, NEVER, NO_DAY, NONE, Whole, word
from .practices import Practice

EVERYWHERE, WITH_PLANS = "rif cclf core", "rif core"  # CCLF does not know months in a Medicare Advantage plan
AY1, AY2 = date(2024, 9, 10), date(2026, 2, 10)  # in the first and second alignment year of 2027 (ALN-3)
LATER = ""  # what a stage that is not built yet must say
CLAIM_TYPES = {"carrier": "71", "outpatient": "40", "inpatient": "60", "snf": "20", "dme": "82"}
BILL_TYPES = {"outpatient": "77", "inpatient": "11", "snf": "21"}
REVENUE_CENTERS = {"outpatient": "0521", "inpatient": "0120", "snf": "0120"}
STAYS = ("inpatient", "snf")


@dataclass(frozen=True)
class Service:
    """A claim with lines that are alike."""

    day: date
    at: Practice
    dollars: str = "100.00"  # allowed on a line; paid on a stay
    through: date | None = None  # last day of a stay
    code: str = "99213"
    specialty: str = "08"
    place: str = "11"
    file: str = "carrier"
    lines: int = 1
    known: date | None = None
    is_denied: bool = False  # the line
    is_claim_denied: bool = False
    cancelled: date | None = None
    is_adjusted: bool = False
    diagnoses: tuple[str, ...] = ("I10",)

    @property
    def is_stay(self) -> bool:
        """Whether its dollars are what is paid for the whole of it."""
        return self.file in STAYS

    @property
    def cents(self) -> int:
        """Dollars in cents."""
        return int(self.dollars.replace(".", ""))


@dataclass(frozen=True)
class Answer:
    """What a row of a table must say."""

    table: str
    where: dict[str, Any]
    says: dict[str, Any]  # nothing: there is no such row
    sources: str = EVERYWHERE


@dataclass(frozen=True)
class Case:
    """A marked person."""

    name: str
    why: str
    services: tuple[Service, ...]
    answers: tuple[Answer, ...]
    facts: dict[str, Any] | None = None  # what differs from a woman of 1950 in good health with Parts A and B
    aligned_months: int = 0  # to the answer-key ACO in 2027
    sources: str = EVERYWHERE


def aligned(**says: Any) -> Answer:
    """An answer of claims-based alignment in 2027."""
    return Answer("calc__alignment", {"aligned_year": 2027}, says)


def marked(people: People, cases: list[Case], home: int) -> People:
    """The people with the first of them made into the marked ones."""
    changed = {
        "birth": np.datetime64("1950-03-01", "D"), "is_female": True, "is_disabled": False, "death": NO_DAY, "entitled": 0,
        "has_part_b": True, "dual": 0, "esrd": NEVER, "graft": NEVER, "long_term": False, "advantage_from": NEVER,
        "advantage_to": NEVER, "home": home, "moves": NEVER, "county": 0, "relocates": NEVER, "changes_mbi": NEVER,
        "conditions": False,
    }  # fmt: skip
    fields = {name: getattr(people, name).copy() for name in changed}
    for place, case in enumerate(cases):
        for name, value in (changed | (case.facts or {})).items():
            fields[name][place] = value
    return replace(people, **fields)


def services(cases: list[Case]) -> Care:
    """All care of the marked people."""
    given = [(place, service) for place, case in enumerate(cases) for service in case.services]
    owner, each = [place for place, _ in given], [service for _, service in given]
    by_line = np.array([service.file in BY_LINE for service in each])
    counts = np.array([service.lines for service in each])
    cents = np.array([0 if service.is_denied or service.is_claim_denied else service.cents for service in each])
    stays = np.array([service.is_stay for service in each])
    paid = np.where(stays, cents, cents - cents // 5)
    claim = np.repeat(np.arange(len(each)), counts)
    claims = Claims(
        person=np.array(owner),
        file=np.array([FILES.index(service.file) for service in each]),
        claim_type=np.array([word(CLAIM_TYPES[service.file]) for service in each]),
        bill_type=np.array([word(BILL_TYPES.get(service.file, "")) for service in each]),
        first=_days([service.day for service in each]),
        last=_days([service.through or service.day for service in each]),
        known=_days([service.known or service.day for service in each]),
        paid=np.where(by_line, paid * counts, paid),
        practice=np.array([service.at.number for service in each]),
        admission_type=np.where(stays, word("1"), NONE),
        drg=np.where(stays, word("392"), NONE),
        is_denied=np.array([service.is_claim_denied for service in each]),
        diagnoses=np.array(
            [[*map(word, service.diagnoses), *[NONE] * (DIAGNOSES - len(service.diagnoses))] for service in each]
        ),
        cancelled=np.array([service.cancelled or NO_DAY for service in each], "datetime64[D]"),
        is_adjusted=np.array([service.is_adjusted for service in each]),
        number=np.zeros(len(each), np.int64),
    )
    return Care(claims, _lines(each, claims, claim, cents, paid))


def _days(days: list[date]) -> np.ndarray:
    return np.array(days, "datetime64[D]")


def _lines(each: list[Service], claims: Claims, claim: Whole, cents: Whole, paid: Whole) -> Lines:
    """The lines of the services; `claim` is the service each belongs to."""
    return Lines(
        claim=claim,
        number=np.concatenate([np.arange(service.lines) + 1 for service in each]),
        day=claims.first[claim],
        hcpcs=np.array([NONE if service.is_stay else word(service.code) for service in each])[claim],
        revenue_center=np.array([word(REVENUE_CENTERS.get(service.file, "")) for service in each])[claim],
        specialty=np.array([word(service.specialty) if service.file in BY_LINE else NONE for service in each])[claim],
        place=np.array([word(service.place) if service.file in BY_LINE else NONE for service in each])[claim],
        practice=claims.practice[claim],
        clinician=np.ones(len(claim), np.int64),
        allowed=cents[claim],
        paid=paid[claim],
        is_denied=np.array([service.is_denied for service in each])[claim],
    )
