"""The numbers the network is invented from: reference tables as arrays, the calendar, the vocabulary of codes."""

from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lead_engine.foundation.months import months_of
from lead_engine.methodology.reference import reference_table

FIRST_YEAR, LAST_MONTH = 2021, date(2027, 6, 1)
LAST_DELIVERY = date(2027, 9, 1)  # what becomes known later is in no file
CALENDAR = [m for year in range(FIRST_YEAR, LAST_MONTH.year + 1) for m in months_of(year) if m <= LAST_MONTH]
MONTHS = len(CALENDAR)
FIRST_CARE = CALENDAR.index(date(2021, 7, 1))  # the earliest alignment year of a 2027 starter (ALN-3)
YEARS = sorted({month.year for month in CALENDAR})
FIRST_DAY = np.array([*CALENDAR, date(2027, 7, 1)], "datetime64[D]")
ABROAD = -1  # where somebody lives, behind all counties; invented people do not
NEVER = 999  # a month after all others
NO_DAY = np.datetime64("2999-12-31", "D")
DIAGNOSES = 4  # most diagnoses a claim carries
NONE = 0  # the place of no code

Days = NDArray[np.datetime64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


def rows(table: str) -> list[dict[str, str]]:
    """The rows of a table."""
    return list(reference_table(table).records())


def codes(table: str, column: str) -> Whole:
    """A column of codes, as places in the vocabulary."""
    return np.array([word(row[column]) for row in rows(table)])


def later(days: Days, count: Whole | int) -> Days:
    """So many days after each."""
    return days + np.asarray(count).astype("timedelta64[D]")


@cache
def counties() -> tuple[str, ...]:
    """The counties of the network, FIPS; elsewhere a county is its place here."""
    return tuple(row["county_fips_code"] for row in rows("synthetic/counties"))


@cache
def places() -> tuple[str, ...]:
    """Where people live, FIPS: the counties and, as the last one, a place outside the United States."""
    return (*counties(), "99999")


def numbers(table: str, column: str) -> Whole:
    """A column of whole numbers."""
    return np.array([int(row[column]) for row in rows(table)], np.int64)


@cache
def share(name: str) -> int:
    """How many of a million."""
    return next(int(row["ppm"]) for row in rows("synthetic/people") if row["share"] == name)


@cache
def words() -> tuple[str, ...]:
    """Every code the network uses; arrays hold places in this list, and place 0 is no code."""
    found = {row["icd10_code"] for row in rows("synthetic/conditions")} | {COLD, KIDNEY_FAILURE, PALSY, AT_THE_END}
    for stay in rows("synthetic/stays"):
        found |= {stay["drg_code"], stay["principal_icd10_code"]}
    for service in rows("synthetic/services"):
        found |= {service["hcpcs_code"], service["place_of_service"]}
    for care in rows("synthetic/care"):
        found |= {care[name] for name in ("bill_type", "revenue_center", "claim_type")} | {*care["specialties"].split()}
    for row in rows("synthetic/episodes"):
        coded = (
            "hcpcs_code",
            "place_of_service",
            "claim_type",
            "bill_type",
            "revenue_center",
            "specialty",
            "icd10_code",
        )
        found |= {row[name] for name in coded}
    found |= {row["new_code"] for row in rows("synthetic/recoded")}
    return ("", *sorted((found | OTHERS) - {""}))


COLD, KIDNEY_FAILURE, PALSY, AT_THE_END = "J069", "N186", "G809", "G309"
OTHERS = {  # codes that stand in code rather than in a table: kinds of stays, what follows them, dialysis
    "10", "20", "50", "60", "11", "21", "31", "32", "72", "81", "0120", "0636", "0821", "0551", "0651", "1", "3", "652",
}  # fmt: skip


@cache
def _places() -> dict[str, int]:
    return {text: place for place, text in enumerate(words())}


def word(text: str) -> int:
    """The place of a code."""
    return _places()[text]


def month_of(days: Days) -> Whole:
    """The month of each day, counted from the first."""
    return days.astype("datetime64[M]").astype(np.int64) - FIRST_DAY[0].astype("datetime64[M]").astype(np.int64)


@cache
def price_factor(county: int, year: int) -> int:
    """What a dollar costs in a county and year, in millionths: known, so that rate book and trend have a right answer."""
    prices, trend = (
        numbers("synthetic/counties", "price_thousandths"),
        {int(row["year"]): int(row["factor_thousandths"]) for row in rows("synthetic/trend")},
    )
    return int(prices[county]) * trend[year]
