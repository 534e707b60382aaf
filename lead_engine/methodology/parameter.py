"""One parameter: its value history, unit, status, source and the rules it carries. One file each in conf/methodology."""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Value = Fraction | Decimal | int | bool | str | tuple[str, ...] | tuple[int, ...]


class Status(StrEnum):
    """How sure a value is. Travels with every number that rests on it."""

    CONFIRMED = "confirmed"  # read in CMS text
    REPORTED = "reported"  # a secondary source says so
    OPEN = "open"  # not published; the value is the stated fallback
    SCENARIO = "scenario"  # set by an override file of this run


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")
    return value


def _exact(value: Any) -> Fraction:
    try:
        if not isinstance(value, bool) and isinstance(value, int | str | Decimal):
            return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        value = None
    raise ValueError('must be a number such as 0.03, or a fraction such as "1/10"')


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a number")
    return Decimal(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be text")
    return value


def _codes(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise ValueError('must be a list of codes as text; quote a code that reads as a number, for example "11"')
    if len(set(value)) != len(value):
        raise ValueError("names a code twice")
    return tuple(value)


def _folders(value: Any) -> str | tuple[str, ...]:
    return _codes(value) if isinstance(value, list) else _text(value)


def _weights(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("must be a list of whole numbers")
    return tuple(_whole(weight) for weight in value)


READERS: dict[str, Callable[[Any], Value]] = {
    "rate": _exact,
    "score": _exact,
    "usd": _decimal,
    "pbpm_usd": _decimal,
    "cents": _whole,
    "months": _whole,
    "days": _whole,
    "years": _whole,
    "count": _whole,
    "weights": _weights,
    "flag": _flag,
    "choice": _text,
    "month_day": _text,
    "model": _text,
    "codes": _codes,
    "table": _text,
    "tables": _folders,
}
Unit = Literal[
    "rate", "score", "usd", "pbpm_usd", "cents", "months", "days", "years", "count",
    "weights", "flag", "choice", "month_day", "model", "codes", "table", "tables",
]  # fmt: skip


class DatedValue(BaseModel):
    """A value from one performance year on, with its evidence."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    value: Any
    status: Literal[Status.CONFIRMED, Status.REPORTED, Status.OPEN]
    source: str = Field(min_length=2)  # short code of docs/methodology/README.md
    cite: str = Field(min_length=4)  # section, page, date: where to look
    inclusive: bool | None = None  # for a threshold: does the value itself pass?


class Parameter(BaseModel):
    """A regulated number, list or choice over the years."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = Field(min_length=10)
    unit: Unit
    rules: tuple[str, ...] = Field(min_length=1)
    values: dict[int, DatedValue] = Field(min_length=1)
    choices: tuple[str, ...] = ()
    disagreement: str = ""

    def read(self, value: Any) -> Value:
        """A value as written, checked and turned into its exact form. Raises ValueError saying what it must be."""
        exact = READERS[self.unit](value)
        if self.choices and exact not in self.choices:
            raise ValueError(f"must be one of {', '.join(self.choices)}")
        return exact

    @model_validator(mode="after")
    def _values_fit(self) -> Self:
        if (self.unit == "choice") != bool(self.choices):
            raise ValueError("a choice names its `choices`, and nothing else does")
        for year, dated in self.values.items():
            try:
                self.read(dated.value)
            except ValueError as error:
                raise ValueError(f"value of {year} {error}") from None
        return self
