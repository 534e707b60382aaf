"""The mid-year run and care in the year: plain Python and Spark agree on ten thousand invented people, sent as one frame."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from lead_engine.alignment import midyear
from lead_engine.alignment.choice_rules import CareRules, MidyearRules
from lead_engine.alignment.decide import (
    Counted,
    Route,
    counts,
    deciding_stage,
    is_removed_after_the_year,
    midyear_winner,
    ranked,
)
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.foundation.months import months_of
from lead_engine.pipeline.steps import STEPS
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.preferred_providers import PreferredProvider
from lead_engine.tables import CONTRACTS
from tests.engines import line_row
from tests.generative import populations
from tests.generative.small_populations import ACOS, ENDS, HYBRID, charges, scored, unit_scores
from tests.rules import FACTS, resolved
from tests.voluntary import YEAR, acos_frame, rows_of

SIZES = [pytest.param(10_000, id="ten thousand"), pytest.param(60_000, id="many", marks=pytest.mark.long)]
JANUARY, JULY = date(YEAR, 1, 1), date(YEAR, 7, 1)
TINS = [f"TIN:0000000{place:02d}" for place in range(10)]
LIST = [  # TIN, ACO, first and last day; the last two TINs are on no list
    (TINS[0], "H1", None, None),
    (TINS[1], "H1", JANUARY, None),
    (TINS[2], "H1", date(YEAR, 1, 2), None),
    (TINS[3], "H1", JULY, None),
    (TINS[4], "H1", date(YEAR, 7, 2), None),
    (TINS[5], "H2", date(YEAR, 5, 10), JULY),
    (TINS[6], "H2", date(YEAR, 5, 10), date(YEAR, 6, 30)),
    (TINS[7], "P1", date(YEAR, 5, 10), None),
]


def members(spark, listed):
    names = ("unit", "aco_id", "start_date", "end_date")
    rows = [{"list_version": "v"} | dict(zip(names, row, strict=True)) for row in listed]
    return rows_of(spark, "core__participant", [row | {"unit": pack_unit(row["unit"])} for row in rows])


def is_on(day, start, end):
    return (start or date.min) <= day <= (end or date.max)


@pytest.mark.parametrize("needs_line", [True, False])
@pytest.mark.parametrize("count", SIZES)
def test_midyear_run(spark, count, needs_line):
    chance = random.Random(51)
    people = {
        person: {
            (tin, end): (charges(chance, end), charges(chance, end))
            for tin in chance.sample(TINS, chance.randint(1, 4))
            for end in chance.sample(ENDS, chance.randint(1, 2))
        }
        for person in range(count)
    }
    rules = MidyearRules.from_methodology(resolved(alignment__midyear_needs_added_line=str(needs_line).lower()), FACTS)
    expected = {person: told for person, billed in people.items() if (told := pointed(billed, needs_line, rules))}
    scores = rows_of(
        spark,
        "calc__unit_score",
        [scored(person, tin, end, *both) for person, billed in people.items() for (tin, end), both in billed.items()],
    )
    given = (scores, rows_of(spark, "core__claim_line", []), members(spark, LIST), acos_frame(spark, ACOS))
    found = midyear.winners(*given, None, None, rules).collect()
    assert {row["bene_key"]: (row["aco_id"], row["stage"], row["score_cents"]) for row in found} == expected
    assert len(found) == len(expected)
    told = Counter(aco_and_stage[:2] for aco_and_stage in expected.values())
    assert set(told) == {(aco, stage) for aco in ("H1", "H2") for stage in ("PRIMARY", "SPECIALIST")}


def pointed(billed, needs_line, rules):
    """ACO, stage and score by `decide`; nobody without a charge of an added TIN."""
    added = {
        tin: aco
        for tin, aco, start, end in LIST
        if aco in HYBRID and start and start > JANUARY and is_on(JULY, start, end)
    }
    listed = {tin: aco for tin, aco, start, end in LIST if is_on(JANUARY, start, end)} | added
    of_added = unit_scores({place: both for place, both in billed.items() if place[0] in added}, added)
    scores = unit_scores(billed, listed)
    won = midyear_winner(scores, of_added, HYBRID, needs_line, rules.alignment) if of_added else None
    if won is None:
        return None
    stage = deciding_stage(scores, rules.alignment)
    return won, stage.value, ranked(scores, stage)[0].at(stage).cents


CARE = CareRules.from_methodology(resolved(), replace(FACTS, claims_known_through=date(YEAR + 1, 3, 31)))
SERVED = [  # whose care it is, on days at the edges of which lines are drawn
    ("TIN:000000001", "H1", date(YEAR, 1, 2), None),
    ("TIN:999999999", "P1", None, date(YEAR, 12, 30)),
    ("CCN:361844", "H2", None, None),
]
PREFERRED = [
    ("H2", "000000001", "9000000001", date(YEAR, 1, 1), None),
    ("P1", "000000001", "9000000002", date(YEAR - 1, 1, 1), date(YEAR, 12, 30)),
    ("H1", "999999999", "9000000001", date(YEAR, 12, 31), None),
]


def drawn_care(count, seed):
    """Whom each person chose in some months, and a few lines of theirs."""
    chance = random.Random(seed)
    chosen = {person: {chance.choice([None, "H1", "H2", "P1"]) for _ in range(2)} for person in range(count)}
    lines = populations.lines(3 * count, seed, CARE.services)
    of_kind = {
        number: line._replace(ccn=None) if line.claim_type in ("71", "72", "82") else line._replace(tin=None)
        for number, line in lines.items()
    }
    return chosen, {number: (chance.randrange(count), line) for number, line in of_kind.items()}


def plain_care(chosen, lines, preferred):
    """Whether a line of the year is of the ACO, and whether one counts as primary care at all, by person and ACO."""
    acos, qualified = set(), set()
    for person, line in lines.values():
        if line.service_date.year != YEAR:
            continue
        unit = f"TIN:{line.tin}" if line.tin else f"CCN:{line.ccn}"
        acos |= {
            (person, aco) for name, aco, start, end in SERVED if name == unit and is_on(line.service_date, start, end)
        }
        acos |= {
            (person, aco)
            for aco, tin, npi, start, end in preferred
            if (tin, f"NPI:{npi}") == (line.tin, line.npi) and is_on(line.service_date, start, end)
        }
        if isinstance(counts(line, CARE.services), Counted):
            qualified.add(person)
    pairs = {(person, aco) for person, named in chosen.items() for aco in named if aco is not None}
    return {pair: (pair in acos, pair[0] in qualified) for pair in pairs}


@pytest.fixture(scope="module", params=SIZES)
def care_of(request):
    return drawn_care(request.param, seed=52)


@pytest.fixture(scope="module")
def tables(spark, care_of):
    chosen, lines = care_of
    first, last = months_of(YEAR)[0], months_of(YEAR)[-1]
    choices = [
        {"bene_key": person, "month": month, "aco_id": aco, "attestation_id": f"{person}-{month}"}
        for person, named in chosen.items()
        for month, aco in zip((first, last), sorted(named, key=str), strict=False)
    ]
    names = CONTRACTS["core__claim_line"].schema.names
    rows = [
        dict(zip(names, line_row(number, line, names), strict=True)) | {"bene_key": person}
        for number, (person, line) in lines.items()
    ]
    return {
        "calc__voluntary_choice": rows_of(spark, "calc__voluntary_choice", choices),
        "core__claim_line": rows_of(spark, "core__claim_line", rows),
        "core__participant": members(spark, SERVED),
    }


@pytest.mark.parametrize("preferred", [PREFERRED, []], ids=["with Preferred Providers", "without"])
def test_care_in_the_year(spark, care_of, tables, preferred):
    names = ("aco_id", "tin", "npi", "effective_date", "termination_date")
    rows = tuple(PreferredProvider.model_construct(**dict(zip(names, row, strict=True))) for row in preferred)
    step = next(step for step in STEPS if step.table == "calc__voluntary_care")
    made = step.function(spark, Given("p.csv", "v", rows), *[tables.get(name) for name in step.reads], CARE).collect()
    found = {(row["bene_key"], row["aco_id"]): (row["has_care"], row["has_other_care"]) for row in made}
    assert found == plain_care(*care_of, preferred) and len(made) == len(found)
    assert set(found.values()) == {(True, True), (True, False), (False, True), (False, False)}


def test_vii_a_preferred_provider_only_keeps_people_from_removal(care_of):
    """ALN-65 vii beside ALN-67: with more Preferred Providers fewer are removed, and nobody else is."""
    removed = [
        {
            pair
            for pair, flags in plain_care(*care_of, preferred).items()
            if is_removed_after_the_year(Route.VOLUNTARY, *flags)
        }
        for preferred in (PREFERRED, PREFERRED[:1], [])
    ]
    assert removed[0] < removed[1] < removed[2]
