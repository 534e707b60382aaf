"""The same decision twice: plain Python for one person, Spark for all of them in one frame."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pyspark.sql import SparkSession

from lead_engine.alignment import rank, services
from lead_engine.alignment.decide import (
    Charges,
    Counted,
    Line,
    NotCounted,
    Stage,
    UnitScore,
    counts,
    deciding_stage,
    ranked,
    tie_break,
)
from lead_engine.alignment.rules import AlignmentRules, ServiceRules
from lead_engine.foundation.identifiers import pack_unit, unpack_unit
from lead_engine.months import evaluate
from lead_engine.months.decide import Month, evaluate_year
from lead_engine.months.rules import MonthRules
from lead_engine.tables import CONTRACTS
from tests.held import held

YEAR = 2027
Answer = tuple[str, list[str], str]  # stage, ranked units, what parted first and second


def plain_ranking(people: Mapping[int, Sequence[UnitScore]], rules: AlignmentRules) -> dict[int, Answer]:
    """Stage, ranked units and tie-break of every person, by `decide`."""
    found = {}
    for person, scores in people.items():
        stage = deciding_stage(scores, rules)
        best_first = ranked(scores, stage)
        found[person] = (stage.value, [score.unit for score in best_first], tie_break(best_first, stage).value)
    return found


def spark_ranking(
    spark: SparkSession, people: Mapping[int, Sequence[UnitScore]], rules: AlignmentRules
) -> dict[int, Answer]:
    """The same by `rank`, from unit scores of one alignment year with weight one and no Participant."""
    end = rules.alignment_years(YEAR)[0].end
    rows = [
        (
            YEAR,
            person,
            end,
            pack_unit(s.unit),
            s.pcs.cents,
            s.sps.cents,
            s.pcs.last_service,
            s.sps.last_service,
            s.pcs.lines,
            s.sps.lines,
            None,
            None,
        )
        for person, scores in people.items()
        for s in scores
    ]
    scores = spark.createDataFrame(rows, CONTRACTS["calc__unit_score"].schema)
    nobody = spark.createDataFrame([], CONTRACTS["core__participant"].schema)
    acos = spark.createDataFrame([("A1", "A1", YEAR, "PROSPECTIVE")], CONTRACTS["core__aco"].schema)
    candidates = held(rank.candidates(scores, nobody, acos, None, None, rules))
    places: dict[int, list[str]] = {person: [] for person in people}
    for row in candidates.where("rank is not null").orderBy("bene_key", "rank").collect():
        places[row["bene_key"]].append(unpack_unit(row["unit"]))
    answers = {row["bene_key"]: row for row in rank.first_and_second(candidates).collect()}
    return {
        person: (answers[person]["stage"], places[person], answers[person]["tie_break"])
        for person in people
        if person in answers
    }


def one_year_rules(rules: AlignmentRules) -> AlignmentRules:
    """Rules with one alignment year of weight one, aligning one year: charges as drawn are the scores."""
    from dataclasses import replace

    return replace(rules, weights=(1,), base_year_count=0)


def charges(cents: int, last: date | None, lines: int) -> Charges:
    """Charges; without lines there is no date."""
    return Charges(cents, last, lines)


def plain_lines(lines: Mapping[int, Line], rules: ServiceRules) -> dict[int, tuple | str | None]:
    """What each line counts as: (year end, unit, stage, cents, NPI), the reason it does not, or None outside the years."""
    found: dict[int, tuple | str | None] = {}
    for number, line in lines.items():
        answer = counts(line, rules)
        found[number] = (
            tuple(answer) if isinstance(answer, Counted) else answer.value if isinstance(answer, NotCounted) else None
        )
    return found


def spark_lines(spark: SparkSession, lines: Mapping[int, Line], rules: ServiceRules) -> dict[int, tuple | str | None]:
    """The same by `services.classified`; the line's number travels as the person."""
    schema = CONTRACTS["core__claim_line"].schema
    rows = [line_row(number, line, schema.names) for number, line in lines.items()]
    frame = services.classified(spark.createDataFrame(rows, schema), rules)
    found: dict[int, tuple | str | None] = dict.fromkeys(lines)
    for row in frame.collect():
        counted = (
            row["alignment_year_end"],
            unpack_unit(row["unit"]) if row["unit"] else None,
            Stage(row["stage"]) if row["stage"] else None,
            row["cents"],
            unpack_unit(row["npi"]) if row["npi"] else None,
        )
        found[row["bene_key"]] = row["not_counted"] or counted
    return found


def line_row(number: int, line: Line, names: Sequence[str]) -> tuple:
    """A line as a row of `core__claim_line`, of the person with its number."""
    given: dict[str, Any] = line._asdict() | {
        "bene_key": number,
        "source_kind": "RIF",
        "claim_id": number,
        "line_number": 1,
        "service_year": line.service_date.year,
        "tin": pack_unit(f"TIN:{line.tin}") if line.tin else None,
        "ccn": pack_unit(f"CCN:{line.ccn}") if line.ccn else None,
        "npi": pack_unit(line.npi) if line.npi else None,
    }
    return tuple(given.get(name) for name in names)


Met = Mapping[int, Sequence[date]]  # High Needs checks that found a criterion met


def plain_months(
    people: Mapping[int, Sequence[Month]], rules: MonthRules, met: Met | None = None
) -> dict[int, list[tuple]]:
    """(month, reason, category, not tested) of every month of every person's year."""
    return {
        person: [tuple(answer) for answer in evaluate_year(months, rules, (met or {}).get(person, ()))]
        for person, months in people.items()
    }


def spark_months(
    spark: SparkSession, people: Mapping[int, Sequence[Month]], rules: MonthRules, met: Met | None = None
) -> dict[int, list[tuple]]:
    """The same by `evaluate`."""
    schema = CONTRACTS["core__enrolment_month"].schema
    rows = []
    for person, months in people.items():
        for month in months:
            given = month._asdict() | {
                "bene_key": person,
                "year": month.month.year,
                "dual_code": None,
                "is_carried": False,
            }
            rows.append(tuple(given[name] for name in schema.names))
    found: dict[int, list[tuple]] = {person: [] for person in people}
    checks = [(person, check, 1) for person, dates in (met or {}).items() for check in dates]
    high_needs = spark.createDataFrame(checks, "bene_key bigint, check_date date, criteria int")
    evaluated = evaluate.evaluate(spark.createDataFrame(rows, schema), high_needs, rules)
    for row in evaluated.orderBy("bene_key", "month").collect():
        found[row["bene_key"]].append((row["month"], row["reason"], row["category"], row["not_tested"]))
    return found
