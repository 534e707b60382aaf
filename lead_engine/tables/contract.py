"""What every table promises: grain, key, columns with unit and meaning, null rule, PHI class, rules.

One pandera model per table is the single source of the Spark schema, the data dictionary and the checks that every
written version must pass.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, TypeAlias, TypeVar

import pandera.pyspark as pa
from pyspark.sql import types as T

Model = TypeVar("Model", bound=type[pa.DataFrameModel])

LONG: TypeAlias = T.LongType
INTEGER: TypeAlias = T.IntegerType
TEXT: TypeAlias = T.StringType
DATE: TypeAlias = T.DateType
FLAG: TypeAlias = T.BooleanType
SCORE: TypeAlias = Annotated[T.DecimalType, 12, 4]
SCORE_SUM: TypeAlias = Annotated[T.DecimalType, 38, 6]
DOUBLE: TypeAlias = T.DoubleType
EXTERNAL_SCORE: TypeAlias = Annotated[T.DecimalType, 8, 6]
USD: TypeAlias = Annotated[T.DecimalType, 18, 2]
SCORE_TYPE, SCORE_SUM_TYPE = T.DecimalType(12, 4), T.DecimalType(38, 6)


class Phi(StrEnum):
    """How a table's rows touch people; above NONE a table is handed out only when asked for with `--restricted`."""

    NONE = "none"
    SMALL_CELLS = "small cells"  # aggregates that may rest on few people
    PERSON = "person"  # rows about people, known by key only
    IDENTIFIER = "identifier"  # Medicare numbers: the one restricted table


@dataclass(frozen=True)
class Contract:
    """A table's promises, and its pandera model."""

    name: str
    model: type[pa.DataFrameModel]
    grain: str
    key: tuple[str, ...]
    phi: Phi
    rules: tuple[str, ...] = ()
    partition: tuple[str, ...] = ()
    cluster: tuple[str, ...] = ()  # files are range-split and sorted by these columns
    slice: tuple[str, ...] = ()  # a run replaces the rows that share these values, and no others
    money: str | None = None  # the column whose sum is dollars, which the ledger keeps

    @property
    def module(self) -> str:
        """Where the contract is written down."""
        return self.model.__module__

    @property
    def columns(self) -> dict[str, Any]:
        """Pandera's columns by name, in contract order."""
        return dict(self.model.to_schema().columns)

    @property
    def schema(self) -> T.StructType:
        """The Spark schema, columns in contract order."""
        fields = [T.StructField(name, column.dtype.type, column.nullable) for name, column in self.columns.items()]
        return T.StructType(fields)

    @property
    def packed(self) -> tuple[str, ...]:
        """The columns that hold a packed provider or ACO, shown as text wherever they leave the lake."""
        return tuple(name for name, column in self.columns.items() if (column.metadata or {}).get("unit") == "unit")


CONTRACTS: dict[str, Contract] = {}


def contract(name: str, **promises: Any) -> Callable[[Model], Model]:
    """Register a pandera model as the contract of the table `name`."""

    def register(model: Model) -> Model:
        CONTRACTS[name] = Contract(name, model, **promises)
        return model

    return register


def column(description: str, unit: str = "", nullable: bool = False, **checks: Any) -> Any:
    """A column: what it says, its unit, whether it may be empty, and pandera's checks."""
    return pa.Field(description=description, nullable=nullable, metadata={"unit": unit}, **checks)


def optional(description: str, unit: str = "", **checks: Any) -> Any:
    """A column that may be empty."""
    return column(description, unit, nullable=True, **checks)


def person() -> Any:
    """The person, as known everywhere outside the identity table."""
    return column("Person: 60 bits of a keyed hash", "key", ge=0)


def performance_year() -> Any:
    """The performance year whose rules made the row."""
    return column("Performance year whose rules and lists made the row", "year", ge=2000)
