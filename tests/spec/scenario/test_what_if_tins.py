"""What if a TIN moves: who comes and goes, in which years, with which months, payments and scores (ALN-31 to ALN-33)."""

from dataclasses import replace
from datetime import date

import pytest
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import pack_unit
from lead_engine.foundation.months import months_of
from lead_engine.pipeline.replay import replayed
from lead_engine.scenario.compare import changes, moved_people
from lead_engine.scenario.realign import ANSWER, ANSWERED, answered_otherwise
from tests import what_if
from tests.drawn import day, dollars, table
from tests.held import held
from tests.rules import FACTS, resolved, risk_ratio_rules

LISTED = {"TIN:000000001": "L1", "TIN:000000002": "L1", "TIN:000000003": "L2"}
MOVED = {"TIN:000000001": "L1", "TIN:000000003": "L2", "TIN:000000002": "L2"}  # 2 goes from L1 to L2
SCORES = table(
    """
    person | year_end   | unit          | pcs     | what it shows
    -------|------------|---------------|---------|----------------------------------------------------
    1      | 2026-06-30 | TIN:000000002 |  100.00 | goes with the TIN
    2      | 2026-06-30 | TIN:000000001 |  100.00 | has a visit at the TIN and stays
    2      | 2026-06-30 | TIN:000000002 |   10.00 |
    3      | 2026-06-30 | TIN:000000001 |   60.00 | L1 loses its plurality to a TIN outside every ACO
    3      | 2026-06-30 | TIN:000000002 |   50.00 |
    3      | 2026-06-30 | TIN:000000009 |   80.00 |
    4      | 2026-06-30 | TIN:000000003 |   60.00 | L2 gains one: with the TIN it is first
    4      | 2026-06-30 | TIN:000000002 |   50.00 |
    4      | 2026-06-30 | TIN:000000009 |   80.00 |
    5      | 2026-06-30 | TIN:000000001 |  100.00 | was never at the TIN
    6      | 2025-06-30 | TIN:000000002 |   30.00 | goes with the TIN in 2026, and in 2027 by half the weight
    7      | 2026-06-30 | TIN:000000002 |   40.00 | leaves Original Medicare in April
    8      | 2026-06-30 | TIN:000000002 |   40.00 | is never eligible
    """,
    person=int,
    year_end=day,
    pcs=dollars,
)
EXPECTED = table(
    """
    aco | year | lives gained | lives lost | months gained | months lost | paid gained | paid lost | score gained | score lost
    ----|------|--------------|------------|---------------|-------------|-------------|-----------|--------------|-----------
    L1  | 2026 |            0 |          1 |             0 |          12 |        0.00 |    720.00 |            0 |   19200000
    L2  | 2026 |            1 |          0 |            12 |           0 |      720.00 |      0.00 |     19200000 |          0
    L1  | 2027 |            0 |          4 |             0 |          39 |        0.00 |   1410.00 |            0 |   53100000
    L2  | 2027 |            4 |          0 |            39 |           0 |     1530.00 |      0.00 |     54300000 |          0
    """,
    **dict.fromkeys(["year", "lives gained", "lives lost", "months gained", "months lost"], int),
    **{"paid gained": dollars, "paid lost": dollars, "score gained": int, "score lost": int},
)
NAMES = {
    "lives": "lives",
    "months": "months",
    "paid": "paid_cents",
    "score": "score_millionths",
}


def months():
    """Everybody eligible for two years, but one from April 2027 and one never."""
    for person in range(1, 9):
        for each in (*months_of(2026), *months_of(2027)):
            lost = (person == 7 and each >= date(2027, 4, 1)) or person == 8
            yield what_if.month(person, each, "MA" if lost else None)


@pytest.fixture(scope="module")
def run(spark):
    """Payments are 10 dollars a month times the number of the person; scores are one and a tenth of it."""
    spend = [what_if.paid(row["bene_key"], row["month"], row["bene_key"] * 10_00) for row in months()]
    scores = [what_if.score(person, year, f"1.{person}") for person in range(1, 9) for year in (2026, 2027)]
    charges = [what_if.unit_score(row["person"], row["year_end"], row["unit"], row["pcs"]) for row in SCORES]
    return what_if.drawn(spark, resolved(), charges, months(), spend, scores, ["L1", "L2"])


@pytest.fixture(scope="module")
def before(run):
    return held(run.months(LISTED))


def test_gained_and_lost(run, before):
    found = run.changes(before, MOVED, ["TIN:000000002"])
    told = [
        {"aco": row["aco"], "year": row["year"]}
        | {
            f"{name} {side}": found[row["aco"], row["year"], "ALL", "ALL" if name != "score" else "AD"][
                f"{column}_{side}"
            ]
            for name, column in NAMES.items()
            for side in ("gained", "lost")
        }
        for row in EXPECTED
    ]
    assert told == EXPECTED
    assert {key[:2] for key in found} == {(row["aco"], row["year"]) for row in EXPECTED}
    assert {(key[2], key[3]) for key in found} == {(r, c) for r in ("ALL", "C") for c in ("ALL", "AD")}


def test_only_who_was_at_the_tin_is_looked_at(run, before):
    rows = run.moved(before, MOVED, ["TIN:000000002"]).select("bene_key").distinct().collect()
    assert {row["bene_key"] for row in rows} == {1, 3, 4, 6, 7}


def test_from_an_aco_or_from_nowhere(run, before):
    found = run.changes(before, MOVED, ["TIN:000000002"])
    assert found["L1", 2027, "ALL", "ALL"]["people_to_nowhere"] == 1  # person 3
    assert found["L2", 2027, "ALL", "ALL"]["people_from_nowhere"] == 1  # person 4
    assert found["L1", 2026, "ALL", "ALL"]["people_to_nowhere"] == 0


def test_a_list_that_is_the_same_changes_nothing(run, before):
    assert run.changes(before, LISTED, ["TIN:000000002"]) == {}


def test_a_tin_that_never_billed_changes_nothing(run, before):
    assert run.changes(before, LISTED | {"TIN:000000777": "L2"}, ["TIN:000000777"]) == {}


def test_a_month_of_another_route_is_gained_and_lost_by_routes_and_not_by_the_aco(run, before):
    by_choice = before.replace("C", "V", "route").where("aligned_year = 2027")
    claims = before.where("aligned_year = 2027")
    spend, scores, acos = (run.tables[name] for name in ("calc__spend_month", "calc__risk_score", "core__aco"))
    moved = moved_people(claims, by_choice, spend, scores, None, acos, risk_ratio_rules())
    found = {(row["aco_id"], row["route"]): row for row in changes(moved).where("category = 'ALL'").collect()}
    assert set(found) == {("L1", "C"), ("L1", "V")}
    assert found["L1", "C"]["months_lost"] == found["L1", "V"]["months_gained"] > 0
    assert found["L1", "V"]["lives_lost"] == found["L1", "C"]["lives_gained"] == 0


def test_a_tin_moves_with_the_ccns_that_bill_as_it(run, before):
    """ALN-9: charges are stored by CCN; what is listed is the TIN it is mapped to."""
    tables = dict(run.tables)
    ccn, tin = pack_unit("CCN:361844"), pack_unit("TIN:000000002")
    scores = run.tables["calc__unit_score"]
    tables["calc__unit_score"] = scores.withColumn("unit", F.when(F.col("unit") == tin, ccn).otherwise(F.col("unit")))
    tables["core__ccn_tin"] = what_if.table(run.spark, "core__ccn_tin", [{"unit": ccn, "tin": tin}])
    by_ccn = replace(run, tables=tables)
    assert by_ccn.changes(before, MOVED, ["TIN:000000002"]) == run.changes(before, MOVED, ["TIN:000000002"]) != {}


def test_only_answers_that_become_others_are_looked_at(run, before):
    """Person 2 is at the TIN and stays, person 8 goes and never has a month."""
    given = {**run.tables, "core__participant": what_if.members(run.spark, LISTED)}
    was, will = (
        held(
            replayed(
                ANSWERED, {**given, "core__participant": what_if.members(run.spark, each)}.get, run.resolved, FACTS
            )[ANSWER]
        )
        for each in (LISTED, MOVED)
    )
    found = answered_otherwise(was, will).collect()
    assert {(row["bene_key"], row["aligned_year"]) for row in found if row["aligned_year"] > 2025} == {
        *((person, 2027) for person in (1, 3, 4, 6, 7, 8)),
        (6, 2026),
    }
