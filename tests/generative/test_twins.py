"""Plain Python and Spark give the same answer for thousands of invented people, sent to Spark as one frame."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lead_engine.foundation.months import months_of
from lead_engine.risk.decide import Profile, graft_months, is_institutional, score, told_apart
from lead_engine.risk.score import raw_scores, terms
from lead_engine.risk.status import statuses
from lead_engine.tables import CONTRACTS
from tests.engines import (
    one_year_rules,
    plain_lines,
    plain_months,
    plain_ranking,
    spark_lines,
    spark_months,
    spark_ranking,
)
from tests.generative import populations
from tests.rules import alignment_rules, month_rules, risk_rules, service_rules

SIZES = [pytest.param(10_000, id="ten thousand"), pytest.param(60_000, id="many", marks=pytest.mark.long)]


@pytest.mark.parametrize("inclusive", [True, False])
@pytest.mark.parametrize("count", SIZES)
def test_ranking(spark, count, inclusive):
    people = populations.unit_scores(count, seed=11)
    rules = replace(one_year_rules(alignment_rules()), threshold_is_inclusive=inclusive)
    plain = plain_ranking(people, rules)
    assert spark_ranking(spark, people, rules) == plain
    stages = [stage for stage, _, _ in plain.values()]
    ties = [parted for _, _, parted in plain.values()]
    assert set(stages) == {"PRIMARY", "SPECIALIST", "NONE"}
    assert set(ties) == {"none", "date", "lines", "key"}


@pytest.mark.parametrize("count", SIZES)
def test_claim_lines(spark, count):
    rules = service_rules(eta_hospitals=("360001",))
    lines = populations.lines(count, seed=12, rules=rules)
    plain = plain_lines(lines, rules)
    assert spark_lines(spark, lines, rules) == plain
    assert len({answer if isinstance(answer, str) else type(answer) for answer in plain.values()}) == 9


@pytest.mark.parametrize("whole_year", [True, False])
@pytest.mark.parametrize("count", SIZES)
def test_eligible_months(spark, count, whole_year):
    people = {person: months for person, months in populations.years_of_months(count, seed=13).items() if months}
    rules = month_rules(non_us_removes_the_year=whole_year, tests_service_area=whole_year, tests_overlap=not whole_year)
    assert spark_months(spark, people, rules) == plain_months(people, rules)


@pytest.mark.parametrize("count", SIZES)
def test_raw_scores(spark, count):
    """Every model and segment, in one frame: the same people have ESRD months and others."""
    rules = risk_rules()
    drawn = {model.name: populations.profiles(count, seed=15, model=model) for model in rules.models}
    expected = {
        (model.name, person): score(profile, hccs, model, rules.aged_from)
        for model in rules.models
        for person, (profile, hccs) in drawn[model.name].items()
    }
    profiles = [profile_row(person, profile) for person, (profile, _) in drawn["V28"].items()]
    assert all(drawn[name][0][0] == drawn["V28"][0][0] for name in drawn)
    diagnoses = [
        (2027, name, YEAR, person, f"X{hcc}", hcc, 1, 1, date(YEAR, 1, 1))
        for name, people in drawn.items()
        for person, (_, hccs) in people.items()
        for hcc in hccs
    ]
    profile_frame = spark.createDataFrame(profiles, CONTRACTS["calc__risk_profile"].schema)
    kinds = [row for person, (profile, _) in drawn["V28"].items() for row in status_rows(person, profile)]
    status_frame = spark.createDataFrame(kinds, CONTRACTS["calc__risk_status"].schema)
    diagnosis_frame = spark.createDataFrame(diagnoses, CONTRACTS["calc__risk_diagnosis"].schema)
    scored = terms(profile_frame, diagnosis_frame, status_frame, rules).cache()
    found: dict[tuple[str, int], set] = {key: set() for key in expected}
    for row in scored.collect():
        found[row["model"], row["bene_key"]].add(
            (row["segment"], row["term"], row["kind"], row["coefficient"], row["dropped_by"])
        )
    assert found == {
        key: {(told.segment, t.term, t.kind.value, t.coefficient, t.dropped_by) for t in told.terms}
        for key, told in expected.items()
    }
    rows = raw_scores(scored, status_frame, rules).collect()
    sums = {(row["model"], row["bene_key"]): row["raw_score"] for row in rows}
    assert sums == {key: told.raw for key, told in expected.items() if told.terms}
    assert max(sums.values()) > Decimal(5)
    segments = {(model.name, segment.name) for model in rules.models for segment in model.segments}
    assert {(model, told.segment) for (model, _), told in expected.items()} == segments


@pytest.mark.parametrize("count", SIZES)
def test_months_alike(spark, count):
    """Institution and graft of every month, from lists of periods and transplants."""
    rules = risk_rules(years=(YEAR,))
    people = populations.institutions_and_grafts(count, seed=16, year=YEAR)
    expected = {
        (person, month): (
            is_institutional(month, periods),
            told_apart(graft_months(month, grafts), rules.graft_months_told_apart),
        )
        for person, (periods, grafts) in people.items()
        for month in months_of(YEAR)
    }
    months = [
        (person, month, YEAR, True, True, True, False, None, "10", "NA", None, None, False)
        for person in people
        for month in months_of(YEAR)
    ]
    periods = [(person, p.start, p.end, "v") for person, (found, _) in people.items() for p in found]
    grafts = [(person, *graft, "v") for person, (_, found) in people.items() for graft in found]
    frames = [
        spark.createDataFrame(rows, CONTRACTS[name].schema)
        for name, rows in (
            ("core__enrolment_month", months),
            ("core__claim", []),
            ("core__institutional_period", periods),
            ("core__kidney_transplant", grafts),
        )
    ]
    told = {
        (row["bene_key"], month): (row["is_long_term_institutional"], row["graft_months"])
        for row in statuses(*frames, rules).collect()
        for month in months_of(YEAR)
        if row["month_set"] >> month.month - 1 & 1
    }
    assert told == expected
    assert {graft for _, graft in told.values()} == {0, *rules.graft_months_told_apart}
    assert {lti for lti, _ in told.values()} == {True, False}


YEAR = 2026


def profile_row(person: int, p: Profile) -> tuple:
    """A person with months of both kinds, whom every model scores."""
    return (
        2027,
        YEAR,
        person,
        p.age,
        p.sex_code,
        p.dual_class,
        p.original_entitlement_code,
        p.is_new_enrollee,
        p.is_long_term_institutional,
        p.graft_months,
        6,
        6,
        None,
    )


def status_rows(person: int, p: Profile) -> list[tuple]:
    """Half a year of ESRD and half without, alike in all else."""
    alike = (p.dual_class, p.is_long_term_institutional, p.graft_months)
    return [
        (2027, YEAR, person, 1, True, *alike, 0b111111, True, True),
        (2027, YEAR, person, 7, False, *alike, 0b111111000000, True, True),
    ]
