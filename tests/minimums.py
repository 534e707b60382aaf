"""ACOs and their people, for tests of minimums."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from lead_engine.alignment.minimums.rules import MinimumRules
from lead_engine.alignment.minimums.tested import minimums
from lead_engine.sources.acos import Aco
from lead_engine.tables import CONTRACTS
from tests.rules import FACTS, resolved

YEAR = 2027
MONTHS = "aligned_year int, bene_key bigint, month date, aco_id string, route string, category string"
HIGH_NEEDS = "bene_key bigint, hn_first_check_date date"


def minimum_rules(year: int = YEAR, through: date | None = None, **overrides: Any) -> MinimumRules:
    """Minimums of a year, with parameters of `alignment` overridden by name; `through`: the last month with enrolment."""
    facts = replace(FACTS, performance_year=year, enrolment_through=through or date(year, 12, 1))
    told = resolved(year, **{f"alignment__{name}": value for name, value in overrides.items()})
    return MinimumRules.from_methodology(told, facts)


def aco(aco_id: str, experience: str | None = "RENEWING", attests: bool = False, first: int = YEAR) -> Aco:
    """An ACO of the list."""
    return Aco.model_validate(
        {
            "aco_id": aco_id,
            "first_performance_year": first,
            "experience": experience or "",
            "attests_high_needs_care": "yes" if attests else "",
        }
    )


def counted(spark: SparkSession, acos: Mapping[str, tuple[int, Mapping[int, int], int]]) -> tuple[DataFrame, DataFrame]:
    """January rows of `calc__alignment_month` and people with High Needs: (aligned, by base year, High Needs) of each ACO."""
    rows: list[tuple[str, int, int, int]] = []
    key = 0
    for aco_id, (aligned, by_year, high_needs) in acos.items():
        for year, people in {YEAR: aligned, **by_year}.items():
            rows.append((aco_id, year, key, people))
            key += people + 1
        assert high_needs <= aligned
    blocks = spark.createDataFrame(rows, "aco_id string, year int, first bigint, people bigint").where("people > 0")
    people = blocks.select("aco_id", "year", F.explode(F.expr("sequence(first, first + people - 1)")).alias("bene_key"))
    months = people.select(
        F.col("year").alias("aligned_year"),
        "bene_key",
        F.make_date("year", F.lit(1), F.lit(1)).alias("month"),
        "aco_id",
        F.lit("C").alias("route"),
        F.lit("AD").alias("category"),
    )
    needs = {aco_id: count for aco_id, (_, _, count) in acos.items()}
    starts = {aco_id: first for aco_id, year, first, _ in rows if year == YEAR}
    listed = [(starts[aco_id] + n, date(2027, 1, 1)) for aco_id, count in needs.items() for n in range(count)]
    return months, spark.createDataFrame(listed, HIGH_NEEDS)


def judged(
    spark: SparkSession, acos: list[Aco], months: DataFrame, rules: MinimumRules, high_needs: DataFrame | None
) -> dict[str, Row]:
    """`calc__aco_minimum` by ACO, in the form of its contract."""
    frame = minimums(spark, acos, months, high_needs, rules)
    assert frame.schema == CONTRACTS["calc__aco_minimum"].schema
    return {row["aco_id"]: row for row in frame.collect()}
