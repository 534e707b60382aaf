"""What the invented people are treated for: claims of every file, as rows of the RIF layout."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from lead_engine.foundation.months import first_of_month
from lead_engine.methodology.reference import reference_table

from .people import Person
from .practices import Practice, PracticeKind

VISITS = {"OFFICE": 2.6, "SPECIALIST": 1.1, "LAB": 1.0}  # a year, for a person of average health
SPECIALTIES = ("06", "39", "29", "13", "10", "22")  # four of the selected set, two outside it
PRIMARY = ("08", "11", "50", "97")
STAYS, DME, HOSPICE = 0.16, 0.5, 0.5  # stays a year; equipment claims a year; share of deaths in hospice
STAY_CENTS, SNF_CENTS, HHA_CENTS, HOSPICE_CENTS, DME_CENTS = 1_240_000, 980_000, 215_000, 480_000, 14_500
COINSURANCE = 5  # a fifth
ESRD_STATUS = ("11", "21")

Row = dict[str, str]


@dataclass
class Clock:
    """Numbers claims in the order they are invented."""

    last: int = 0

    def next_claim(self) -> str:
        """The next claim identifier, negative as no real one is."""
        self.last += 1
        return str(-self.last)


def claims_of(
    person: Person, seed: int, practices: list[Practice], first: date, last: date
) -> Iterator[tuple[str, Row]]:
    """Every line of a person's claims from `first` to `last`, with the file it belongs to."""
    chance = random.Random(f"{seed}/{person.number}/claims")  # noqa: S311
    clock = Clock(person.number * 10_000)
    year = first
    while year <= last:
        yield from _year(Span(person, chance, year, min(last, date(year.year, 12, 31))), clock, practices)
        year = date(year.year + 1, 1, 1)


@dataclass(frozen=True)
class Span:
    """A year of a person's life, or the part of one that is asked for."""

    person: Person
    chance: random.Random
    first: date
    last: date

    def days(self, rate: float) -> list[date]:
        """Days on which something happens that happens `rate` times a year: none after death or in an MA month."""
        length = (self.last - self.first).days + 1
        count = int(rate * length / 365 * self.person.frailty + self.chance.random())
        drawn = sorted(self.first + timedelta(days=self.chance.randint(0, length - 1)) for _ in range(count))
        return [day for day in drawn if self.person.lives_on(day) and not self.person.in_advantage(first_of_month(day))]


def _year(span: Span, clock: Clock, practices: list[Practice]) -> Iterator[tuple[str, Row]]:
    """Visits and tests, stays and what follows them, the end of life."""
    person, chance = span.person, span.chance
    hospitals = [practice for practice in practices if practice.kind is PracticeKind.HOSPITAL]
    if person.has_part_b:
        yield from _part_b(span, clock, practices, hospitals)
    for day in span.days(STAYS):
        yield from _stay(person, chance, clock, day, hospitals)
    if person.death and span.first <= person.death <= span.last and chance.random() < HOSPICE:
        hospital, began = chance.choice(hospitals), person.death - timedelta(days=20)
        yield _facility(person, clock, "hospice", "50", "81", began, person.death, HOSPICE_CENTS, hospital)


def _part_b(
    span: Span, clock: Clock, practices: list[Practice], hospitals: list[Practice]
) -> Iterator[tuple[str, Row]]:
    person, chance = span.person, span.chance
    specialists = [practice for practice in practices if practice.kind is PracticeKind.SPECIALISTS]
    groups = [practice for practice in practices if practice.kind is PracticeKind.GROUP]
    for day in span.days(VISITS["OFFICE"]):
        yield from _primary_visit(person, chance, clock, day)
    for day in span.days(VISITS["SPECIALIST"]):
        yield _carrier(person, chance, clock, day, chance.choice(specialists + groups), "SPECIALIST", SPECIALTIES)
    for day in span.days(VISITS["LAB"]):
        yield _carrier(person, chance, clock, day, chance.choice(specialists), "LAB", ("69",))
    for day in span.days(DME):
        yield _dme(person, chance, clock, day, chance.choice(specialists))
    if person.status_code in ESRD_STATUS:
        for day in span.days(12):
            yield from _outpatient(person, chance, clock, day, chance.choice(hospitals), "13", "0821", "DIALYSIS")


def _primary_visit(person: Person, chance: random.Random, clock: Clock, day: date) -> Iterator[tuple[str, Row]]:
    home = person.practice_on(day)
    if home.kind is PracticeKind.CLINIC:
        yield from _outpatient(person, chance, clock, day, home, "77", "0521", "CLINIC")
    else:
        yield _carrier(person, chance, clock, day, home, "OFFICE", PRIMARY)


def _carrier(
    person: Person,
    chance: random.Random,
    clock: Clock,
    day: date,
    practice: Practice,
    kind: str,
    specialties: tuple[str, ...],
) -> tuple[str, Row]:
    service = _service(chance, kind)
    allowed = int(service["price_cents"])
    paid = allowed - allowed // COINSURANCE
    row = _claim(person, clock, "71", day, day) | _diagnoses(person, chance)
    return "carrier", row | {
        "CARR_CLM_PMT_DNL_CD": "1",
        "LINE_NUM": "1",
        "HCPCS_CD": service["hcpcs_code"],
        "LINE_1ST_EXPNS_DT": _day(day),
        "TAX_NUM": practice.tin,
        "PRF_PHYSN_NPI": practice.npi(chance.randint(1, 9)),
        "PRVDR_SPCLTY": chance.choice(specialties),
        "LINE_PLACE_OF_SRVC_CD": service["place_of_service"],
        "LINE_PRCSG_IND_CD": "A",
        "LINE_ALOWD_CHRG_AMT": _usd(allowed),
        "LINE_NCH_PMT_AMT": _usd(paid),
        "LINE_ICD_DGNS_CD": row["PRNCPAL_DGNS_CD"],
    }


def _dme(person: Person, chance: random.Random, clock: Clock, day: date, practice: Practice) -> tuple[str, Row]:
    row = _claim(person, clock, "82", day, day) | _diagnoses(person, chance)
    return "dme", row | {
        "CARR_CLM_PMT_DNL_CD": "1",
        "LINE_NUM": "1",
        "HCPCS_CD": "E0260",
        "LINE_1ST_EXPNS_DT": _day(day),
        "TAX_NUM": practice.tin,
        "PRVDR_NPI": practice.npi(1),
        "PRVDR_SPCLTY": "54",
        "LINE_PLACE_OF_SRVC_CD": "12",
        "LINE_PRCSG_IND_CD": "A",
        "LINE_ALOWD_CHRG_AMT": _usd(DME_CENTS),
        "LINE_NCH_PMT_AMT": _usd(DME_CENTS - DME_CENTS // COINSURANCE),
    }


def _outpatient(
    person: Person,
    chance: random.Random,
    clock: Clock,
    day: date,
    practice: Practice,
    bill: str,
    revenue_center: str,
    kind: str,
) -> Iterator[tuple[str, Row]]:
    """A revenue-centre line and the total line 0001, which repeats it and must not count."""
    service = _service(chance, kind)
    allowed = int(service["price_cents"])
    coinsurance = allowed // COINSURANCE
    claim = (
        _claim(person, clock, "40", day, day)
        | _diagnoses(person, chance)
        | _bill(practice, bill, allowed - coinsurance)
    )
    for number, center, code in ((1, revenue_center, service["hcpcs_code"]), (2, "0001", "")):
        yield (
            "outpatient",
            claim
            | {
                "CLM_LINE_NUM": str(number),
                "REV_CNTR": center,
                "REV_CNTR_DT": _day(day),
                "HCPCS_CD": code,
                "REV_CNTR_PMT_AMT_AMT": _usd(allowed - coinsurance),
                "REV_CNTR_CASH_DDCTBL_AMT": "0.00",
                "REV_CNTR_COINSRNC_WGE_ADJSTD_C": _usd(coinsurance),
                "RNDRNG_PHYSN_NPI": practice.npi(1),
            },
        )


def _stay(
    person: Person, chance: random.Random, clock: Clock, day: date, hospitals: list[Practice]
) -> Iterator[tuple[str, Row]]:
    """An inpatient stay; some go on to a nursing facility or home health, where the person lives to see it."""
    hospital, out = chance.choice(hospitals), day + timedelta(days=chance.randint(1, 7))
    cents = int(STAY_CENTS * chance.uniform(0.5, 2.2))
    yield _facility(person, clock, "inpatient", "60", "11", day, out, cents, hospital, _diagnoses(person, chance))
    draw = chance.random()
    after = out + timedelta(days=chance.randint(10, 40))
    if draw < 0.2 and person.lives_on(after):
        yield _facility(person, clock, "snf", "20", "21", out, after, SNF_CENTS, hospital)
    elif draw < 0.5 and person.lives_on(after):
        yield _facility(person, clock, "hha", "10", "32", out, after, HHA_CENTS, hospital)


def _facility(
    person: Person,
    clock: Clock,
    file: str,
    claim_type: str,
    bill: str,
    first: date,
    last: date,
    cents: int,
    hospital: Practice,
    diagnoses: Row | None = None,
) -> tuple[str, Row]:
    row = _claim(person, clock, claim_type, first, last) | (diagnoses or {}) | _bill(hospital, bill, cents)
    if file in ("inpatient", "snf"):
        row |= {"CLM_ADMSN_DT": _day(first), "CLM_IP_ADMSN_TYPE_CD": "1", "CLM_DRG_CD": "291"}
    else:
        row |= {"REV_CNTR_DT": _day(first), "REV_CNTR_PMT_AMT_AMT": _usd(cents)}
    return file, row | {"CLM_LINE_NUM": "1", "REV_CNTR": "0001"}


def _claim(person: Person, clock: Clock, claim_type: str, first: date, last: date) -> Row:
    return {
        "BENE_ID": person.bene_id,
        "CLM_ID": clock.next_claim(),
        "FINAL_ACTION": "F",
        "NCH_CLM_TYPE_CD": claim_type,
        "CLM_FROM_DT": _day(first),
        "CLM_THRU_DT": _day(last),
        "NCH_WKLY_PROC_DT": _day(last + timedelta(days=18 - last.weekday())),  # a Friday, two weeks on
    }


def _bill(practice: Practice, bill: str, cents: int) -> Row:
    return {
        "CLM_PMT_AMT": _usd(cents),
        "PRVDR_NUM": practice.ccn,
        "CLM_FAC_TYPE_CD": bill[0],
        "CLM_SRVC_CLSFCTN_TYPE_CD": bill[1],
    }


def _diagnoses(person: Person, chance: random.Random) -> Row:
    """One to four of the person's conditions; a cold where there is none."""
    coded = chance.sample(person.conditions, min(len(person.conditions), chance.randint(1, 4))) or ["J069"]
    return {"PRNCPAL_DGNS_CD": coded[0]} | {f"ICD_DGNS_CD{number}": code for number, code in enumerate(coded, 1)}


def _service(chance: random.Random, kind: str) -> Row:
    offered = _services(kind)
    return chance.choices(offered, [int(service["weight"]) for service in offered])[0]


@cache
def _services(kind: str) -> tuple[Row, ...]:
    return tuple(row for row in reference_table("synthetic/services").records() if row["kind"] == kind)


def _day(day: date) -> str:
    return day.strftime("%d-%b-%Y")


def _usd(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
