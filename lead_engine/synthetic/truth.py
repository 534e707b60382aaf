"""The answer key: what every stage must say of what was planted, and why. Written from the plant, never from the engine."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import choices, damage, identifiers
from .cases import LATER, WITH_PLANS, Case
from .plan import rows
from .practices import World

COLUMNS = ("subject_kind", "subject", "case", "table", "where", "says", "sources", "why")
FILE = "truth.csv"
RESPONSES = "calc__attestation_response"
PLANTED = (  # what later stages should find: kind of subject, table, key, number, why
    (
        "county",
        "synthetic/counties",
        "county_fips_code",
        "price_thousandths",
        "what a dollar costs there: the price factor a rate book should find",
    ),
    (
        "county",
        "synthetic/counties",
        "county_fips_code",
        "practice_thousandths",
        "how many outpatient services people have there: the practice factor",
    ),
    (
        "year",
        "synthetic/trend",
        "year",
        "factor_thousandths",
        "what a dollar costs in the year, 2024 is 1000: the trend",
    ),
    (
        "condition",
        "synthetic/conditions",
        "icd10_code",
        "monthly_cents",
        "its cost in a covered month before prices, trend and corrections: the coefficient a calibration should find",
    ),
)

OF_ACO: tuple[tuple[str, dict[str, Any], dict[str, Any], str], ...] = (  # table, row, what it says, why
    (
        "calc__aco_year",
        {"year": 2026, "category": "ALL"},
        {"people": 2, "months": 24, "paid_cents": 24_00},
        "base year 2026: base_year_only and first_year_counts_once, whose services lie before July 2025 (ALN-3); four fifths of "
        "30 dollars in February 2026, paid elsewhere (BMK-3)",
    ),
    (
        "calc__aco_year",
        {"year": 2027, "category": "ESRD"},
        {"people": 2, "months": 12, "paid_cents": 0},
        "kidney_failure and kidney_transplant, six months each (ALN-57)",
    ),
    (
        "calc__aco_risk",
        {"year": 2027, "category": "ESRD", "route": "C", "kind": "HCC"},
        {"people": 2, "months": 12, "scored_people": 2, "scored_months": 12, "score_millionths": 19_388_000},
        "six months of 0.617, one of 0.941, five of 2.949: 3.702 + 0.941 + 14.745 (BMK-30)",
    ),
    (
        "calc__aco_risk",
        {"year": 2027, "category": "AD", "route": "V", "kind": "HCC"},
        {"people": 3, "months": 18, "newly_voluntary_months": 18, "score_millionths": 8_370_000},
        "signs, signs_twice and designates: eighteen months of 0.465 (BMK-30, BMK-34)",
    ),
)


def write(folder: Path, world: World, planted: list[Case]) -> Path:
    """`truth.csv`: one row an answer; `where` and `says` are JSON, `sources` the kinds of delivery that can tell it."""
    path = folder / FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_rows(world, planted))
    return path


def _rows(world: World, planted: list[Case]) -> Iterator[tuple[str, ...]]:
    for number, case in enumerate(planted):
        for answer in case.answers:
            told = (json.dumps(answer.where), json.dumps(answer.says), answer.sources, case.why)
            yield "person", identifiers.bene_id(number), case.name, answer.table, *told
    yield from _of_aco(world, planted)
    for form in damage.FORMS:
        for where in damage.told(world, form):
            why = "a record broken on purpose is set aside, for its own reason (DL 1.3)"
            yield (
                "file",
                where["source_file"],
                "",
                damage.TABLE,
                json.dumps(where),
                json.dumps({"records": 1}),
                form,
                why,
            )
    for place, each in enumerate(choices.choices(world)):
        says = json.dumps({"response_code": each.answer or None})
        why = "what CMS answers (ALN-35)"
        yield "attestation", choices.number(place), each.case, RESPONSES, "{}", says, each.sources, why
    for kind, table, key, column, why in PLANTED:
        for row in rows(table):
            yield kind, row[key], "", "", "{}", json.dumps({column: int(row[column])}), LATER, why


def _of_aco(world: World, planted: list[Case]) -> Iterator[tuple[str, ...]]:
    """The answer-key ACO has nobody but marked people, so its totals follow from them, added up by hand."""
    ours = [case for case in planted if case.aligned_months]
    whole = {
        "people": len(ours),
        "months": sum(case.aligned_months for case in ours),
        "paid_cents": sum(case.paid_cents for case in ours),
    }
    totals = (
        (
            "calc__aco_year",
            {"year": 2027, "category": "ALL"},
            whole,
            "the marked people aligned to it, their months and dollars",
        ),
        *OF_ACO,
    )
    for table, where, says, why in totals:
        told = (json.dumps(where), json.dumps(says), WITH_PLANS, why)
        yield "aco", world.acos[-1].aco_id, "", table, *told
