"""What every written version must pass: the contract's null rules, checks and key, in one aggregate."""

from dataclasses import dataclass
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.errors import Problem
from lead_engine.tables import Contract

# How a pandera check reads as "this value breaks it".
BREAKS = {
    "isin": lambda value, said: ~value.isin(list(said["allowed_values"])),
    "greater_than_or_equal_to": lambda value, said: value < said["min_value"],
    "less_than_or_equal_to": lambda value, said: value > said["max_value"],
    "str_matches": lambda value, said: ~value.rlike(getattr(said["pattern"], "pattern", said["pattern"])),
}


@dataclass(frozen=True)
class Verified:
    """What one pass over a version found."""

    rows: int
    people: int | None
    cents: int | None
    problems: tuple[Problem, ...]


def verify(frame: DataFrame, contract: Contract) -> Verified:
    """Count rows, people and cents of a version, and every breach of its contract. One job."""
    rules = list(_rules(contract))
    sums = [
        F.sum(F.coalesce(broken, F.lit(False)).cast("int")).alias(f"rule_{n}") for n, (_, broken) in enumerate(rules)
    ]
    sums += [F.sum(contract.money).alias("cents")] if contract.money else []
    counted = frame.groupBy(*contract.key).agg(F.count(F.lit(1)).alias("rows"), *sums)
    totals = [F.sum(name).alias(name) for name in counted.columns if name not in contract.key]
    repeated = F.sum((F.col("rows") > 1).cast("int")).alias("repeated")
    people = [F.count_distinct("bene_key").alias("people")] if "bene_key" in contract.key else []
    found = counted.agg(*totals, repeated, *people).collect()[0].asDict()
    problems = [
        Problem(f"{contract.name}, {said}", f"{found[f'rule_{n}']} rows break the contract")
        for n, (said, _) in enumerate(rules)
        if found[f"rule_{n}"]
    ]
    if contract.key and found["repeated"]:
        problems.append(
            Problem(f"{contract.name}, key {', '.join(contract.key)}", f"{found['repeated']} keys stand more than once")
        )
    return Verified(found["rows"] or 0, found.get("people"), found.get("cents"), tuple(problems))


def _rules(contract: Contract) -> Any:
    """Every null rule and check of the contract: what it says, and when a row breaks it."""
    for name, column in contract.columns.items():
        if not column.nullable:
            yield f"column {name} must not be empty", F.col(name).isNull()
        for check in column.checks:
            yield f"column {name}: {check.error or check.name}", _broken(F.col(name), check)


def _broken(value: Column, check: Any) -> Column:
    return BREAKS[check.name](value, check.statistics)
