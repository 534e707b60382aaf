"""A what-if tells what a whole run under the changed list would, for thousands of invented people in one frame."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import functions as F

from lead_engine.alignment.decide import Charges, UnitScore, deciding_stage, ranked
from lead_engine.benchmark import aco_risk
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.foundation.months import months_of
from lead_engine.marts import aco_year
from lead_engine.marts.rules import AcoYearRules
from lead_engine.marts.suppress import is_small
from lead_engine.marts.what_if import Party, hidden_parties
from tests import what_if
from tests.held import held
from tests.rules import FACTS, alignment_rules, resolved, risk_ratio_rules

PEOPLE = 10_000
ACOS = ["L1", "L2", "L3"]
TINS = [f"TIN:00000000{digit}" for digit in range(1, 9)]
LISTED = {TINS[0]: "L1", TINS[1]: "L1", TINS[2]: "L2", TINS[3]: "L2", TINS[4]: "L3", "CCN:361844": "L3"}
RISK = risk_ratio_rules()
UNITS = [*TINS, "CCN:361844", "CCN:000001"]
ENDS = (date(2024, 6, 30), date(2025, 6, 30), date(2026, 6, 30))
RULES = resolved(alignment__base_year_count=1)  # 2026 and 2027
CENTS = (-500, 0, 100, 100, 900, 1000, 8100, 9000)
CHANGES = {
    "a TIN moves": (LISTED | {TINS[1]: "L2"}, [TINS[1]]),
    "a TIN from outside joins, a CCN leaves": (
        {unit: aco for unit, aco in LISTED.items() if unit != "CCN:361844"} | {TINS[6]: "L1"},
        [TINS[6], "CCN:361844"],
    ),
    "an ACO loses all its TINs": ({unit: aco for unit, aco in LISTED.items() if aco != "L2"}, [TINS[2], TINS[3]]),
    "everything changes": (dict(zip(UNITS, ACOS * 4, strict=False)), UNITS),
}


@pytest.fixture(scope="module")
def charges():
    """Charges of each person at some units, many of them equal; half the people are at the units of few."""
    chance = random.Random(21)
    found = {}
    for person in range(PEOPLE):
        units = chance.sample(UNITS, chance.randint(0, 4))
        found[person] = {
            (unit, end): (chance.choice(CENTS), chance.choice((0, 0, *CENTS)))
            for unit, end in product(units, ENDS)
            if chance.random() < 0.7
        }
    return found


@pytest.fixture(scope="module")
def months():
    """Months until a person is lost, some with ESRD; some people have no January."""
    chance = random.Random(22)
    rows = []
    for person, year in product(range(PEOPLE), (2026, 2027)):
        lost, first = chance.choice([13, 13, 13, 13, chance.randint(1, 12)]), chance.choice([1, 1, 1, 1, 1, 1, 3])
        category = chance.choice(["AD", "AD", "AD", "ESRD"])
        rows += [
            what_if.month(person, day, "MA" if day.month >= lost else None, category)
            for day in months_of(year)[first - 1 :]
        ]
    return rows


@pytest.fixture(scope="module")
def run(spark, charges, months):
    chance = random.Random(23)
    scores = [
        what_if.unit_score(person, end, unit, *cents)
        for person, at in charges.items()
        for (unit, end), cents in at.items()
    ]
    spend = [
        what_if.paid(row["bene_key"], row["month"], chance.randint(-500, 90_000))
        for row in months
        if chance.random() < 0.6
    ]
    risks = [
        what_if.score(person, year, f"{chance.randint(1, 90_000) / 10_000:.4f}")
        for person, year in product(range(PEOPLE), (2026, 2027))
        if chance.random() < 0.95
    ]
    return what_if.drawn(spark, RULES, scores, months, spend, risks, ACOS)


@pytest.fixture(scope="module")
def before(run):
    return held(run.months(LISTED))


@pytest.mark.parametrize("name", CHANGES)
def test_stored_figures_and_changes_are_the_figures_of_a_run_under_the_changed_list(run, before, name):
    listed, units = CHANGES[name]
    changes = run.changes(before, listed, units)
    after = held(run.months(listed))
    expected = cells(run, after)
    found = cells(run, before)
    for key, change in changes.items():
        found[key] = found.get(key, Counter()) + Counter()
        for measure, column in MEASURES.items():
            found[key][measure] += change[f"{column}_gained"] - change[f"{column}_lost"]
    assert {key: nonzero(each) for key, each in found.items() if nonzero(each)} == {
        key: nonzero(each) for key, each in expected.items()
    }
    assert len(changes) > 20


MEASURES = {
    "people": "lives",
    "months": "months",
    "paid_cents": "paid_cents",
    "scored_months": "scored_months",
    "score_millionths": "score_millionths",
}


def cells(run, months):
    """What the tables of a run say: people, months and payments of `calc__aco_year`, scores of `calc__aco_risk`."""
    given, rules = run.tables, AcoYearRules.from_methodology(RULES, FACTS)
    found = {}
    for row in aco_year.exact(
        months, given["calc__spend_month"], given["calc__risk_score"], None, given["core__aco"], rules
    ).collect():
        key = row["aco_id"], row["year"], "ALL", row["category"]
        found[key] = Counter({name: row[name] for name in ("people", "months", "paid_cents")})
        found[row["aco_id"], row["year"], "C", row["category"]] = Counter(found[key])  # there is no other route
    nobody = what_if.table(run.spark, "calc__voluntary_history", [])
    sums = aco_risk.sums(months, given["calc__risk_score"], nobody, given["core__aco"], None, None, RISK)
    for row, route in product(sums.where("kind = 'HCC'").collect(), ("ALL", "C")):
        of = found[row["aco_id"], row["year"], route, row["category"]]
        assert of["months"] == row["months"]
        of.update({name: row[name] for name in ("scored_months", "score_millionths")})
    return found


def nonzero(counts):
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("name", CHANGES)
def test_plain_python_finds_the_same_people_come_and_go(run, before, charges, name):
    """By `decide`: who wins under either list, and who of them has a month in January."""
    listed, units = CHANGES[name]
    changes = run.changes(before, listed, units)
    eligible = {
        (row["bene_key"], row["year"])
        for row in run.tables["calc__beneficiary_month"].where(F.col("is_eligible") & (F.month("month") == 1)).collect()
    }
    gained, lost = Counter(), Counter()
    for person, year in eligible:
        was, will = (winner(charges[person], year, members) for members in (LISTED, listed))
        if was != will:
            gained.update([(will, year)] * (will in ACOS))
            lost.update([(was, year)] * (was in ACOS))
    for side, counts in (("gained", gained), ("lost", lost)):
        told = {key[:2]: row[f"lives_{side}"] for key, row in changes.items() if key[2:] == ("ALL", "ALL")}
        assert nonzero(told) == counts
    assert sum(gained.values()) + sum(lost.values()) > 500


def winner(at, year, listed):
    """The unit of a person's year by the plain rules, ACOs grouped."""
    ends = {date(year - 2, 6, 30): 1, date(year - 1, 6, 30): 2}
    units: dict[str, list] = {}
    for (unit, end), cents in at.items():
        if end in ends:
            units.setdefault(listed.get(unit, unit), []).append((end, *(amount * ends[end] for amount in cents)))
    scores = [UnitScore(unit, charged(rows, 1), charged(rows, 2)) for unit, rows in units.items()]
    best = ranked(scores, deciding_stage(scores, alignment_rules()))
    return best[0].unit if best else None


def charged(rows, place):
    counted = [row for row in rows if row[place]]
    return Charges(sum(row[place] for row in counted), max((row[0] for row in counted), default=None), len(counted))


def test_splitting_a_tin_inside_an_aco_changes_nothing(run, before, charges):
    """ALN-65 (viii): half of what a Participant TIN billed is billed under a new TIN of the same ACO."""
    new = "TIN:000000099"
    scores = run.tables["calc__unit_score"]
    of_tin = F.col("unit") == pack_unit(TINS[0])
    halves = {name: F.expr(f"{name} div 2") for name in ("pcs_cents", "sps_cents")}
    half = scores.where(of_tin).withColumns(halves).withColumn("unit", F.lit(pack_unit(new)))
    lines = {name: F.lit(0).cast("int") for name in ("pcs_lines", "sps_lines")}
    kept = scores.withColumns(
        {name: F.when(of_tin, F.col(name) - each).otherwise(F.col(name)) for name, each in halves.items()}
    )
    split = replace(run, tables={**run.tables, "calc__unit_score": kept.unionByName(half.withColumns(lines))})
    assert split.changes(before, LISTED | {new: "L1"}, [new]) == {}
    assert split.changes(before, LISTED, [new]) != {}  # outside the ACO it would change something


FEW = 11
PARTIES = [*ACOS, ""]
FLOWS = [pair for pair in product(PARTIES, PARTIES) if pair[0] != pair[1]]


@given(st.tuples(*[st.one_of(st.integers(0, 3), st.integers(0, 30))] * len(FLOWS)))
def test_nothing_small_follows_from_what_is_shown(counts):
    """`counts` is how many people go from each ACO, or from none, to each other one."""
    gained, lost, come, go = Counter(), Counter(), 0, 0
    for (source, target), people in zip(FLOWS, counts, strict=True):
        lost[source] += people
        gained[target] += people
    parties = [Party(a, gained[a], lost[a], is_small(gained[a], FEW) or is_small(lost[a], FEW)) for a in ACOS]
    go, come = gained[""], lost[""]
    nowhere = Party("", go, come, is_small(go, FEW) or is_small(come, FEW))
    hide = hidden_parties(parties, nowhere, FEW)
    shown = [party for party in parties if party.aco_id not in hide and party.moved]
    assert not [party for party in shown if is_small(party.gained, FEW) or is_small(party.lost, FEW)]
    unseen = [party for party in (*parties, nowhere) if party.moved and party not in shown]
    if shown and (hide or nowhere.is_few):
        assert hide and len(unseen) > 1 and max(party.moved for party in unseen) >= FEW
