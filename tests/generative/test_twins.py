"""Plain Python and Spark give the same answer for thousands of invented people, sent to Spark as one frame."""

from dataclasses import replace
from decimal import Decimal

import pytest

from lead_engine.alignment.decide import aligned_months
from lead_engine.risk.decide import score
from lead_engine.risk.score import raw_scores, terms
from lead_engine.tables import CONTRACTS
from tests.engines import (
    one_year_rules,
    plain_lines,
    plain_months,
    plain_ranking,
    spark_lines,
    spark_months,
    spark_ranking,
    spark_spans,
)
from tests.generative import populations
from tests.rules import alignment_rules, month_rules, risk_rules, service_rules

SIZES = [pytest.param(3_000, id="thousands"), pytest.param(60_000, id="many", marks=pytest.mark.long)]


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
    rules = month_rules(non_us_removes_the_year=whole_year)
    assert spark_months(spark, people, rules) == plain_months(people, rules)


@pytest.mark.parametrize("count", SIZES)
def test_aligned_months(spark, count):
    rules = month_rules()
    evaluated = {
        person: [(month, reason) for month, reason, _, _ in months]
        for person, months in plain_months(populations.years_of_months(count, seed=14), rules).items()
    }
    plain = {person: aligned_months(2027, months, None, alignment_rules()) for person, months in evaluated.items()}
    with_january = {
        person: held for person, held in plain.items() if held.end_reason not in ("NO_ENROLMENT", "NOT_EVALUATED")
    }
    expected = {
        person: (held.months[0] if held.months else None, held.months[-1] if held.months else None, held.end_reason)
        for person, held in with_january.items()
    }
    assert spark_spans(spark, evaluated) == expected


@pytest.mark.parametrize("count", SIZES)
def test_raw_scores(spark, count):
    rules = risk_rules()
    people = populations.profiles(count, seed=15, model=rules.model)
    plain = {person: score(profile, hccs, rules.model, rules.aged_from) for person, (profile, hccs) in people.items()}
    profile_schema, diagnosis_schema = CONTRACTS["calc__risk_profile"].schema, CONTRACTS["calc__risk_diagnosis"].schema
    profiles = [
        (
            2027,
            2026,
            person,
            p.age,
            p.sex_code,
            p.dual_class,
            p.original_entitlement_code,
            p.is_new_enrollee,
            p.is_long_term_institutional,
            None,
        )
        for person, (p, _) in people.items()
    ]
    diagnoses = [
        (2027, "V28", 2026, person, f"X{hcc}", hcc, 1, 1) for person, (_, hccs) in people.items() for hcc in hccs
    ]
    scored = terms(
        spark.createDataFrame(profiles, profile_schema), spark.createDataFrame(diagnoses, diagnosis_schema), rules
    ).cache()
    found: dict[int, set] = {person: set() for person in people}
    for row in scored.collect():
        found[row["bene_key"]].add((row["segment"], row["term"], row["kind"], row["coefficient"], row["dropped_by"]))
    expected = {
        person: {(told.segment, t.term, t.kind.value, t.coefficient, t.dropped_by) for t in told.terms}
        for person, told in plain.items()
    }
    assert found == expected
    sums = {row["bene_key"]: row["raw_score"] for row in raw_scores(scored, rules).collect()}
    assert sums == {person: told.raw for person, told in plain.items() if told.terms}
    assert max(sums.values()) > Decimal(5)
