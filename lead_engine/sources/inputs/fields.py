"""The kinds of field an input list has: the type, its limits, and the words for both.

Numbers are made from their text, never through a float; days and numbers are taken in one form only.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from lead_engine.foundation.identifiers import CCN_PATTERN, NPI_PATTERN, TIN_PATTERN
from lead_engine.foundation.months import EARLIEST, parse_month
from lead_engine.methodology.reference import reference_table
from lead_engine.sources.acos import AcoId
from lead_engine.sources.lists import Written

COUNTIES = "geography/ssa_fips_county"
MBI_LENGTH = 11


def _day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("not a day")
    day = date.fromisoformat(text)
    if day < EARLIEST:
        raise ValueError("before any record")
    return day


def _month(text: str) -> date:
    if not re.fullmatch(r"2[0-9]{3}-(0[1-9]|1[0-2])(-01)?", text):  # the first day: how Parquet has a month
        raise ValueError("not a month")
    return parse_month(text[:7])


def _year(text: str) -> int:
    if not re.fullmatch(r"2[0-9]{3}", text):
        raise ValueError("not a year")
    return int(text)


def _number(text: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,10})?", text):
        raise ValueError("not a number")
    return Decimal(text)


def _flag(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError("not a flag")
    return text == "yes"


def _county(code: str) -> str:
    if code not in reference_table(COUNTIES).column("ssa_county_code"):
        raise ValueError("not a county")
    return code


def _no_person(text: str) -> str:
    """Numbers of rows are handed on and shown; a Medicare identifier in their place would be too."""
    if len(text) == MBI_LENGTH and re.search("[0-9]", text) and re.search("[A-Za-z]", text):
        raise ValueError("may be a person")
    return text


Mbi = Annotated[
    str,
    BeforeValidator(str.upper),
    Field(pattern=r"^[0-9A-Z]{11}$"),
    Written("eleven letters and digits without dashes", "1S000000001"),
]
Aco = Annotated[AcoId, Written("1 to 10 capital letters and digits", "L0001")]
Tin = Annotated[str, Field(pattern=f"^{TIN_PATTERN}$"), Written("nine digits", "000000001")]
Npi = Annotated[str, Field(pattern=f"^{NPI_PATTERN}$"), Written("ten digits", "9000000001")]
Ccn = Annotated[str, Field(pattern=f"^{CCN_PATTERN}$"), Written("6 to 10 capital letters and digits", "000001")]
County = Annotated[
    str, AfterValidator(_county), Written(f"an SSA county code of the reference table {COUNTIES}", "36170")
]
RowNumber = Annotated[
    str,
    Field(pattern=r"^[0-9A-Za-z_-]{1,30}$"),
    AfterValidator(_no_person),
    Written("1 to 30 letters, digits, - or _ that are no Medicare identifier", "2027-000001"),
]
Name = Annotated[
    str,
    Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z ._/+()-]{0,59}$"),
    Written("1 to 60 letters, digits, spaces and . _ / + ( ) -", "Rate book 1.0"),
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$"), Written("64 digits of SHA-256, 0-9 and a-f", "0a" * 32)]
Category = Annotated[Literal["AD", "ESRD", "HN"], Written("AD, ESRD or HN", "AD")]

Day = Annotated[date, BeforeValidator(_day), Written("a day written YYYY-MM-DD", "2027-01-31")]
Month = Annotated[date, BeforeValidator(_month), Written("a month written YYYY-MM", "2027-01")]
Year = Annotated[int, BeforeValidator(_year), Written("a year of four digits", "2027")]
Flag = Annotated[bool, BeforeValidator(_flag), Written("yes or no", "no")]
Share = Annotated[
    Decimal, BeforeValidator(_number), Field(ge=0, le=1), Written("a share between 0 and 1, both included", "0.85")
]
Part = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, le=1), Written("a share above 0, at most 1", "0.5")]
Ratio = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, le=10), Written("a ratio above 0, at most 10", "1.02")]
RiskScore = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(ge=0, lt=100, decimal_places=6),
    Written("a score from 0 to below 100 with at most six decimals", "1.0342"),
]
MeanScore = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(gt=0, lt=100, decimal_places=6),
    Written("a mean score above 0 and below 100 with at most six decimals", "1.0412"),
]
Rate = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(gt=0, lt=1_000_000, decimal_places=4),
    Written("dollars above 0 with at most four decimals, without sign and commas", "1112.36"),
]
Usd = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(ge=0, decimal_places=2),
    Written("dollars from 0 with at most two decimals, without sign and commas", "12500.00"),
]
