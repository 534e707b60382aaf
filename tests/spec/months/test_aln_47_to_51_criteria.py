"""ALN-47 to ALN-51: which criterion a person meets at the check of 1 January 2027, window Nov 2025 to Oct 2026."""

from datetime import date
from decimal import Decimal

import pytest

from lead_engine.months.criteria import Claim
from tests.drawn import by_case, day, table
from tests.high_needs import high_needs_rules, letters, plain_checks, spark_checks

CHECK = date(2027, 1, 1)
CASES = by_case(
    table(
        """
    case                                         | type | from       | to         | what             | score | model | met
    ---------------------------------------------|------|------------|------------|------------------|-------|-------|----
    a: cerebral palsy on one stay                | 60   | 2026-03-01 | 2026-03-04 | dx G809          | none  | V28   | a
    a: on one visit                              | 71   | 2026-03-01 | 2026-03-01 | dx G809          | none  | V28   | none
    a: on two visits of one day                  | 71   | 2026-03-01 | 2026-03-01 | dx G809          | none  | V28   | none
                                                 | 40   | 2026-03-01 | 2026-03-01 | dx G809          | none  | V28   | none
    a: on visits of two days, any claim type     | 71   | 2026-03-01 | 2026-03-01 | dx G809          | none  | V28   | a
                                                 | 82   | 2026-03-02 | 2026-03-02 | dx G7100         | none  | V28   | a
    a: first and last day of the window          | 71   | 2025-11-01 | 2025-11-01 | dx G809          | none  | V28   | a
                                                 | 71   | 2026-10-31 | 2026-10-31 | dx G809          | none  | V28   | a
    a: the day before the window                 | 71   | 2025-10-31 | 2025-10-31 | dx G809          | none  | V28   | none
                                                 | 71   | 2026-10-31 | 2026-10-31 | dx G809          | none  | V28   | none
    a: the day after it                          | 71   | 2025-11-01 | 2025-11-01 | dx G809          | none  | V28   | none
                                                 | 71   | 2026-11-01 | 2026-11-01 | dx G809          | none  | V28   | none
    a: the stay ends after the window            | 60   | 2026-10-30 | 2026-11-01 | dx G809          | none  | V28   | none
    a: a code that only begins alike             | 60   | 2026-03-01 | 2026-03-01 | dx G839X         | none  | V28   | a
    a: another code                              | 60   | 2026-03-01 | 2026-03-01 | dx I10           | none  | V28   | none
    a: one stay cancelled                        | 60   | 2026-03-01 | 2026-03-01 | dx G809 gone     | none  | V28   | none
    a: one stay denied                           | 60   | 2026-03-01 | 2026-03-01 | dx G809 denied   | none  | V28   | none
    b: exactly the high score                    | 71   | 2026-03-01 | 2026-03-01 | dx I10           | 3.0   | V28   | b
    b: a ten-thousandth below, no stays          | 71   | 2026-03-01 | 2026-03-01 | dx I10           | 2.9999 | V28  | none
    b: the concurrent model                      | 71   | 2026-03-01 | 2026-03-01 | dx I10           | 3.1   | CMMI_CONCURRENT_V1 | b
    b: a model that is not asked                 | 71   | 2026-03-01 | 2026-03-01 | dx I10           | 9.9   | V24   | none
    b: exactly the high ESRD score               | 71   | 2026-03-01 | 2026-03-01 | dx I10           | 0.35  | ESRDV24 | b
    b: below it                                  | 71   | 2026-03-01 | 2026-03-01 | dx I10           | 0.3499 | ESRDV24 | none
    c: two unplanned stays                       | 60   | 2026-03-01 | 2026-03-04 | admitted 1       | 2.0   | V28   | c
                                                 | 60   | 2026-05-01 | 2026-05-04 | admitted none    | 2.0   | V28   | c
    c: below the moderate score                  | 60   | 2026-03-01 | 2026-03-04 | admitted 1       | 1.9999 | V28  | none
                                                 | 60   | 2026-05-01 | 2026-05-04 | admitted 1       | 1.9999 | V28  | none
    c: at the high score it is b alone           | 60   | 2026-03-01 | 2026-03-04 | admitted 1       | 3.0   | V28   | b
                                                 | 60   | 2026-05-01 | 2026-05-04 | admitted 1       | 3.0   | V28   | b
    c: one of them elective                      | 60   | 2026-03-01 | 2026-03-04 | admitted 3       | 2.5   | V28   | none
                                                 | 60   | 2026-05-01 | 2026-05-04 | admitted 1       | 2.5   | V28   | none
    c: admitted once, billed twice               | 60   | 2026-03-01 | 2026-03-04 | admitted 1       | 2.5   | V28   | none
                                                 | 60   | 2026-03-01 | 2026-03-30 | admitted 1       | 2.5   | V28   | none
    c: the admission date decides                | 60   | 2026-10-31 | 2026-11-09 | admitted 1       | 2.5   | V28   | c
                                                 | 60   | 2025-11-01 | 2025-11-09 | admitted 2       | 2.5   | V28   | c
    c: admitted before the window                | 60   | 2025-10-31 | 2025-11-09 | admitted 1       | 2.5   | V28   | none
                                                 | 60   | 2026-05-01 | 2026-05-04 | admitted 1       | 2.5   | V28   | none
    c: nobody can score                          | 60   | 2026-03-01 | 2026-03-04 | admitted 1       | none  | V28   | none
                                                 | 60   | 2026-05-01 | 2026-05-04 | admitted 1       | none  | V28   | none
    c: on the ESRD scale                         | 60   | 2026-03-01 | 2026-03-04 | admitted 1       | 0.24  | ESRDV24 | c
                                                 | 60   | 2026-05-01 | 2026-05-04 | admitted 1       | 0.24  | ESRDV24 | c
    c: below the moderate ESRD score             | 60   | 2026-03-01 | 2026-03-04 | admitted 1       | 0.2399 | ESRDV24 | none
                                                 | 60   | 2026-05-01 | 2026-05-04 | admitted 1       | 0.2399 | ESRDV24 | none
    d: beds on two days, first and last of sixty | 82   | 2021-11-01 | 2021-11-01 | bed E0260        | none  | V28   | d
                                                 | 82   | 2026-10-31 | 2026-10-31 | bed E0630        | none  | V28   | d
    d: the day before the sixty months           | 82   | 2021-10-31 | 2021-10-31 | bed E0260        | none  | V28   | none
                                                 | 82   | 2026-10-31 | 2026-10-31 | bed E0260        | none  | V28   | none
    d: twice on one day                          | 82   | 2026-03-01 | 2026-03-01 | bed E0260        | none  | V28   | none
                                                 | 82   | 2026-03-01 | 2026-03-01 | bed E0630        | none  | V28   | none
    d: on a stay it does not count               | 60   | 2026-03-01 | 2026-03-01 | bed E0260        | none  | V28   | none
                                                 | 82   | 2026-05-01 | 2026-05-01 | bed E0260        | none  | V28   | none
    d: other equipment                           | 82   | 2026-03-01 | 2026-03-01 | bed E0143        | none  | V28   | none
                                                 | 82   | 2026-05-01 | 2026-05-01 | bed E0260        | none  | V28   | none
    e: 45 days, first and last counted           | 20   | 2026-03-01 | 2026-04-14 | dx I10           | none  | V28   | e
    e: 44 days                                   | 20   | 2026-03-01 | 2026-04-13 | dx I10           | none  | V28   | none
    e: two spans that overlap                    | 20   | 2026-03-01 | 2026-03-30 | dx I10           | none  | V28   | none
                                                 | 20   | 2026-03-16 | 2026-04-13 | dx I10           | none  | V28   | none
    e: a day inside and one more behind          | 20   | 2026-03-01 | 2026-04-13 | dx I10           | none  | V28   | e
                                                 | 20   | 2026-03-05 | 2026-03-09 | dx I10           | none  | V28   | e
                                                 | 30   | 2026-04-14 | 2026-04-14 | dx I10           | none  | V28   | e
    e: cut to the window's end                   | 20   | 2026-09-17 | 2026-12-31 | dx I10           | none  | V28   | e
    e: cut to it, a day less                     | 20   | 2026-09-18 | 2026-12-31 | dx I10           | none  | V28   | none
    e: cut to the window's start                 | 20   | 2025-06-01 | 2025-12-15 | dx I10           | none  | V28   | e
    e: home health does not count                | 10   | 2026-01-01 | 2026-06-30 | dx I10           | none  | V28   | none
    two criteria at once                         | 60   | 2026-03-01 | 2026-03-01 | dx G809          | 3.4   | V28   | ab
    """,
        **{"from": day, "to": day, "score": Decimal},
    )
)


def claim(row) -> Claim:
    kind, code, *marks = row["what"].split()
    given: dict = {"admission_date": row["from"] if row["type"] == "60" else None}
    if kind == "dx":
        given["diagnoses"] = ("I10", code)
    elif kind == "bed":
        given["equipment"] = ((code, row["from"]),)
    else:
        given["admission_type_code"] = None if code == "none" else code
    given |= {"cancelled_known_date": row["to"]} if "gone" in marks else {}
    return Claim(row["type"], row["from"], row["to"], **given, is_denied="denied" in marks)


PEOPLE = {
    number: ([claim(row) for row in rows], {CHECK: {rows[0]["model"]: rows[0]["score"]}} if rows[0]["score"] else {})
    for number, rows in enumerate(CASES.values())
}
ENGINES = {"plain": lambda spark, people, rules: plain_checks(people, rules), "spark": spark_checks}


@pytest.fixture(scope="module")
def answers(spark):
    return {name: engine(spark, PEOPLE, high_needs_rules()) for name, engine in ENGINES.items()}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES)
def test_criteria(answers, engine, case):
    *_, met, _ = answers[engine].get((list(CASES).index(case), CHECK), (0, 0))
    assert letters(met) == (CASES[case][0]["met"] or "")


def test_both_tell_the_same_numbers_at_every_check(answers):
    assert answers["spark"] == answers["plain"]
    assert len(answers["plain"]) > 100


@pytest.mark.parametrize("engine", ENGINES)
def test_without_a_score_two_criteria_are_not_evaluated(answers, engine):
    """Never false: the others are told, and the bits say which were left out."""
    found = answers[engine]
    unscored, scored = (list(CASES).index(case) for case in ("c: nobody can score", "b: exactly the high score"))
    assert letters(found[unscored, CHECK][-1]) == "bc" and found[unscored, CHECK][6:8] == (None, None)
    assert letters(found[scored, CHECK][-1]) == ""


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_home_health_by_a_scenario(spark, engine):
    """ALN-50: 90 days count in REACH; one day less does not."""
    people = {
        0: ([Claim("10", date(2026, 1, 1), date(2026, 3, 31))], {}),
        1: ([Claim("10", date(2026, 1, 1), date(2026, 3, 30))], {}),
    }
    found = engine(spark, people, high_needs_rules(hn_home_health_90d="true"))
    assert [(found[person, CHECK][5], letters(found[person, CHECK][-2])) for person in (0, 1)] == [(90, "e"), (89, "")]


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_v24_by_a_scenario(spark, engine):
    """ALN-48: the highest of the models asked; of equal ones the first is told."""
    rules = high_needs_rules(hn_models="[risk/v28, risk/v24, risk/cmmi_concurrent_v1, risk/esrd_v24]")
    scores = {"V28": Decimal("2.5"), "V24": Decimal("3.2"), "CMMI_CONCURRENT_V1": Decimal("3.2")}
    people = {0: ([], {CHECK: scores})}
    assert engine(spark, people, rules)[0, CHECK][6:8] == (Decimal("3.2"), "V24")
    assert engine(spark, people, high_needs_rules())[0, CHECK][6:8] == (Decimal("3.2"), "CMMI_CONCURRENT_V1")


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_claims_are_those_known_at_the_cut_off(spark, engine):
    """DL 4.1: a run with a cut-off of claims knows neither what arrived nor what was cancelled after it."""
    from dataclasses import replace

    rules = replace(high_needs_rules(), claims_cutoff=date(2026, 12, 31))
    stay = Claim("60", date(2026, 3, 1), date(2026, 3, 1), diagnoses=("G809",))
    people = {
        0: ([stay._replace(known_date=date(2026, 12, 31))], {}),
        1: ([stay._replace(known_date=date(2027, 1, 1))], {}),
        2: ([stay._replace(cancelled_known_date=date(2026, 12, 31))], {}),
        3: ([stay._replace(cancelled_known_date=date(2027, 1, 1))], {}),
        4: ([stay._replace(sign=-1)], {}),
        5: ([stay._replace(sign=0)], {}),
    }
    assert {person for person, check in engine(spark, people, rules) if check == CHECK} == {0, 3}
