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
from .plan import CALENDAR, DIAGNOSES, NEVER, NO_DAY, NONE, Whole, word
from .practices import Practice

EVERYWHERE, WITH_PLANS = "rif cclf core", "rif core"  # CCLF does not know months in a Medicare Advantage plan
AY1, AY2 = date(2024, 9, 10), date(2026, 2, 10)  # in the first and second alignment year of 2027 (ALN-3)
LATER = ""  # what a stage that is not built yet must say
CLAIM_TYPES = {
    "carrier": "71", "outpatient": "40", "inpatient": "60", "snf": "20", "hha": "10", "hospice": "50", "dme": "82",
}  # fmt: skip
BILL_TYPES = {"outpatient": "77", "inpatient": "11", "snf": "21", "hha": "32", "hospice": "81"}
REVENUE_CENTERS = {"outpatient": "0521", "inpatient": "0120", "snf": "0120", "hha": "0551", "hospice": "0651"}
STAYS = ("inpatient", "snf")
PAID_WHOLE = (*STAYS, "hha", "hospice")  # one payment for the claim, nothing of it the patient's


@dataclass(frozen=True)
class Service:
    """A claim with lines that are alike."""

    day: date
    at: Practice
    dollars: str = "100.00"  # allowed on a line; paid on a claim that is paid whole
    through: date | None = None  # last day
    admitted: date | None = None  # of a later bill of a stay
    code: str = "99213"
    specialty: str = "08"
    place: str = "11"
    file: str = "carrier"
    bill_type: str = ""  # of the file where not given, like the revenue centre
    revenue_center: str = ""
    drg: str = "392"  # of a stay
    lines: int = 1
    known: date | None = None
    is_denied: bool = False  # the line
    is_claim_denied: bool = False
    cancelled: date | None = None
    is_adjusted: bool = False
    diagnoses: tuple[str, ...] = ("I10",)

    @property
    def is_stay(self) -> bool:
        """Whether somebody was admitted."""
        return self.file in STAYS

    @property
    def is_paid_whole(self) -> bool:
        """Whether its dollars are what is paid for all of it."""
        return self.file in PAID_WHOLE

    @property
    def cents(self) -> int:
        """Dollars in cents."""
        return in_cents(self.dollars)


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
    paid: str = "0.00"  # dollars of those months

    @property
    def paid_cents(self) -> int:
        """Dollars of the aligned months in cents."""
        return in_cents(self.paid)


def in_cents(dollars: str) -> int:
    """Dollars with two decimals in cents."""
    return int(dollars.replace(".", ""))


def calendar_month(year: int, month: int) -> int:
    """A month as the facts of people have it."""
    return CALENDAR.index(date(year, month, 1))


def aligned(**says: Any) -> Answer:
    """An answer of claims-based alignment in 2027."""
    return Answer("calc__alignment", {"aligned_year": 2027}, says)


def to_ours(score_dollars: str, **says: Any) -> Answer:
    """Aligned to the answer-key ACO from January; the score is twice the second year's charges (ALN-30)."""
    told = {"aco_id": "L0009", "stage": "PRIMARY", "score_cents": in_cents(score_dollars), "tie_break": "none"}
    return aligned(**told | {"effective_month": "2027-01-01"} | says)


def spent(month: date, claim_type: str, dollars: str, claims: int = 1) -> Answer:
    """What is paid in a month for claims of a type (BMK-3)."""
    where = {"month": month.isoformat(), "claim_type": claim_type}
    return Answer("calc__spend_month", where, {"paid_cents": in_cents(dollars), "claims": claims})


def eligible(month: date, reason: str | None = None, sources: str = EVERYWHERE, **says: Any) -> Answer:
    """Whether a month is eligible: it is where there is no reason against it (ALN-18)."""
    told = {"is_eligible": reason is None, "reason": reason} | says
    return Answer("calc__beneficiary_month", {"month": month.isoformat()}, told, sources)


def marked(people: People, cases: list[Case], home: int) -> People:
    """The people with the first of them made into the marked ones."""
    changed = {
        "birth": np.datetime64("1950-03-01", "D"), "is_female": True, "is_disabled": False, "death": NO_DAY, "entitled": 0,
        "has_part_b": True, "dual": 0, "esrd": NEVER, "graft": NEVER, "long_term": False, "advantage_from": NEVER,
        "advantage_to": NEVER, "secondary_from": NEVER,
        "home": home, "moves": NEVER, "county": 0, "next_county": 0, "relocates": NEVER,
        "changes_mbi": NEVER, "conditions": False,
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
    paid = np.where([service.is_paid_whole for service in each], cents, cents - cents // 5)
    claim = np.repeat(np.arange(len(each)), counts)
    claims = Claims(
        person=np.array(owner),
        file=np.array([FILES.index(service.file) for service in each]),
        claim_type=np.array([word(CLAIM_TYPES[service.file]) for service in each]),
        bill_type=np.array([word(service.bill_type or BILL_TYPES.get(service.file, "")) for service in each]),
        first=_days([service.day for service in each]),
        last=_days([service.through or service.day for service in each]),
        admitted=_days([service.admitted or service.day for service in each]),
        known=_days([service.known or service.through or service.day for service in each]),
        paid=np.where(by_line, paid * counts, paid),
        practice=np.array([service.at.number for service in each]),
        admission_type=np.where(stays, word("1"), NONE),
        drg=np.array([word(service.drg) if service.is_stay else NONE for service in each]),
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
        hcpcs=np.array([NONE if service.is_paid_whole else word(service.code) for service in each])[claim],
        revenue_center=np.array(
            [word(service.revenue_center or REVENUE_CENTERS.get(service.file, "")) for service in each]
        )[claim],
        specialty=np.array([word(service.specialty) if service.file in BY_LINE else NONE for service in each])[claim],
        place=np.array([word(service.place) if service.file in BY_LINE else NONE for service in each])[claim],
        practice=claims.practice[claim],
        clinician=np.ones(len(claim), np.int64),
        allowed=cents[claim],
        paid=paid[claim],
        is_denied=np.array([service.is_denied for service in each])[claim],
    )
