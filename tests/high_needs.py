"""High Needs twice: plain Python for one person, Spark for all of them in one frame of claims."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from lead_engine.months import high_needs
from lead_engine.months.criteria import Claim, Criterion, assessed, best, evidence, first_met
from lead_engine.months.rules import HighNeedsRules
from lead_engine.tables import CONTRACTS
from tests.held import held
from tests.rules import FACTS, resolved

Scores = Mapping[date, Mapping[str, Decimal]]  # by check and model
People = Mapping[int, tuple[Sequence[Claim], Scores]]
ARRIVED = date(2020, 1, 1)


def high_needs_rules(**overrides: Any) -> HighNeedsRules:
    """The rules of 2027, with parameters of `months` overridden by name."""
    return HighNeedsRules.from_methodology(
        resolved(**{f"months__{name}": value for name, value in overrides.items()}), FACTS
    )


def plain_checks(people: People, rules: HighNeedsRules) -> dict[tuple[int, date], tuple]:
    """What `criteria` finds at every check with something to tell: counts, score, model, criteria, not evaluated."""
    found = {}
    for person, (claims, scores) in people.items():
        for check in rules.checks:
            of_check = scores.get(check.on, {})
            counts, told = evidence(claims, check, rules), best(of_check, rules)
            answer = assessed(check, counts, of_check, rules)
            near = told is not None and told[1] >= rules.scale(told[0]).moderate
            if near or any(counts):
                score = (told[1], told[0]) if told else (None, None)
                found[person, check.on] = (*counts, *score, int(answer.met), int(answer.not_evaluated))
    return found


def spark_checks(spark: SparkSession, people: People, rules: HighNeedsRules) -> dict[tuple[int, date], tuple]:
    """The same by `high_needs.checked`."""
    rows = high_needs.checked(*frames(spark, people), rules).collect()
    return {(row["bene_key"], row["check_date"]): tuple(row)[2:] for row in rows}


def plain_status(people: People, rules: HighNeedsRules) -> dict[int, tuple[date | None, int]]:
    """First check and criteria of everybody."""
    found = {}
    for person, (claims, scores) in people.items():
        answers = [
            assessed(check, evidence(claims, check, rules), scores.get(check.on, {}), rules) for check in rules.checks
        ]
        first = first_met(answers)
        found[person] = (first.check, int(first.met)) if first else (None, 0)
    return found


def spark_status(spark: SparkSession, people: People, rules: HighNeedsRules) -> dict[int, tuple[date | None, int]]:
    """The same by `high_needs.status`."""
    claims, lines, diagnoses, scores = frames(spark, people)
    everybody = frame(spark, "core__beneficiary", [{"bene_key": person} for person in people])
    checks = held(high_needs.checked(claims, lines, diagnoses, scores, rules))
    told = high_needs.status(everybody, checks, scores, rules).collect()
    return {row["bene_key"]: (row["hn_first_check_date"], row["criteria"]) for row in told}


def letters(criteria: int) -> str:
    """A bitmask as people write it."""
    return "".join(letter for criterion, letter in zip(Criterion, "abcde", strict=True) if criteria & criterion)


def frames(spark: SparkSession, people: People) -> tuple[DataFrame, ...]:
    """`core__claim`, `core__claim_line`, `core__claim_diagnosis` and `calc__window_score` of the people."""
    claims, lines, diagnoses, scores = [], [], [], []
    for person, (own, by_check) in people.items():
        for claim in own:
            shared = claim._asdict() | {
                "bene_key": person,
                "source_kind": "RIF",
                "claim_id": len(claims),
                "known_date": max(claim.known_date, ARRIVED),
            }
            claims.append(shared | {"from_year": claim.from_date.year, "paid_cents": 0, "source_id_key": 0})
            day = claim.through_date
            for code in claim.diagnoses:
                told = {"icd10_code": code, "through_date": day, "through_year": day.year, "is_principal": False}
                diagnoses.append(shared | told)
            for place, (code, on) in enumerate(claim.equipment, 1):
                told = {"hcpcs_code": code, "service_date": on, "service_year": on.year, "line_number": place}
                lines.append(shared | told)
        for check, of_check in by_check.items():
            for model, score in of_check.items():
                scores.append({"bene_key": person, "check_date": check, "model": model, "raw_score": score})
    named = {
        "core__claim": claims,
        "core__claim_line": lines,
        "core__claim_diagnosis": diagnoses,
        "calc__window_score": scores,
    }
    return tuple(frame(spark, table, rows) for table, rows in named.items())


def frame(spark: SparkSession, table: str, rows: Iterable[Mapping[str, Any]]) -> DataFrame:
    """Rows of a table; columns nobody gave are empty."""
    schema = CONTRACTS[table].schema
    for field in schema:
        field.nullable = True
    return spark.createDataFrame([tuple(row.get(name) for name in schema.names) for row in rows], schema)
