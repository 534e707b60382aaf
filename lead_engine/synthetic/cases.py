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
CLAIM_TYPES = {"carrier": "71", "outpatient": "40", "inpatient": "60"}


@dataclass(frozen=True)
class Service:
    """A claim with lines that are alike."""

    day: date
    at: Practice
    dollars: str = "100.00"  # allowed on a line; paid on a stay
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
    paid = np.where(_cents_are_paid(each), cents, cents - cents // 5)
    claim = np.repeat(np.arange(len(each)), counts)
    claims = Claims(
        person=np.array(owner),
        file=np.array([FILES.index(service.file) for service in each]),
        claim_type=np.array([word(CLAIM_TYPES[service.file]) for service in each]),
        bill_type=np.array([_bill_type(service) for service in each]),
        first=_days([service.day for service in each]),
        last=_days([service.day for service in each]),
        known=_days([service.known or service.day for service in each]),
        paid=np.where(by_line, paid * counts, paid),
        practice=np.array([service.at.number for service in each]),
        admission_type=np.array([word("1") if service.file == "inpatient" else NONE for service in each]),
        drg=np.array([word("392") if service.file == "inpatient" else NONE for service in each]),
        is_denied=np.array([service.is_claim_denied for service in each]),
        diagnoses=np.array(
            [[*map(word, service.diagnoses), *[NONE] * (DIAGNOSES - len(service.diagnoses))] for service in each]
        ),
        cancelled=np.array([service.cancelled or NO_DAY for service in each], "datetime64[D]"),
        is_adjusted=np.array([service.is_adjusted for service in each]),
        number=np.zeros(len(each), np.int64),
    )
    return Care(claims, _lines(each, claims, claim, cents, paid))


def _cents_are_paid(each: list[Service]) -> np.ndarray:
    """Whether the dollars of a service are what is paid, as those of a stay are."""
    return np.array([service.file == "inpatient" for service in each])


def _days(days: list[date]) -> np.ndarray:
    return np.array(days, "datetime64[D]")


def _bill_type(service: Service) -> int:
    return {"carrier": NONE, "outpatient": word("77"), "inpatient": word("11")}[service.file]


def _center(service: Service) -> int:
    return {"carrier": NONE, "outpatient": word("0521"), "inpatient": word("0120")}[service.file]


def _lines(each: list[Service], claims: Claims, claim: Whole, cents: Whole, paid: Whole) -> Lines:
    """The lines of the services; `claim` is the service each belongs to."""
    return Lines(
        claim=claim,
        number=np.concatenate([np.arange(service.lines) + 1 for service in each]),
        day=claims.first[claim],
        hcpcs=np.array([NONE if service.file == "inpatient" else word(service.code) for service in each])[claim],
        revenue_center=np.array([_center(service) for service in each])[claim],
        specialty=np.array([word(service.specialty) if service.file in BY_LINE else NONE for service in each])[claim],
        place=np.array([word(service.place) if service.file in BY_LINE else NONE for service in each])[claim],
        practice=claims.practice[claim],
        clinician=np.ones(len(claim), np.int64),
        allowed=cents[claim],
        paid=paid[claim],
        is_denied=np.array([service.is_denied for service in each])[claim],
    )
