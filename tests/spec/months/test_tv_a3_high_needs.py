"""TV-A3: High Needs windows and categories of PY2027, by both engines."""

from datetime import date
from decimal import Decimal

import pytest

from lead_engine.foundation.months import months_of
from lead_engine.months.criteria import Claim, Criterion
from lead_engine.months.decide import Month
from tests.engines import plain_months, spark_months
from tests.high_needs import high_needs_rules, letters, plain_checks, plain_status, spark_checks, spark_status
from tests.rules import month_rules

JANUARY, APRIL = date(2027, 1, 1), date(2027, 4, 1)
RULES = high_needs_rules()
NONE = {}


def stay(day: date, kind: str) -> Claim:
    return Claim("60", day, day, day, kind)


def bed(day: date) -> Claim:
    return Claim("82", day, day, equipment=(("E0260", day),))


def always(model: str, score: str) -> dict:
    return {check.on: {model: Decimal(score)} for check in RULES.checks}


PEOPLE = {
    1: ([stay(date(2026, 3, 3), "1"), stay(date(2026, 11, 20), "2")], always("V28", "2.40")),
    2: ([stay(date(2026, 6, 1), "3"), stay(date(2026, 7, 1), "1")], always("V28", "2.40")),
    3: ([bed(date(2022, 1, 10)), bed(date(2024, 2, 2))], NONE),
    4: ([Claim("20", date(2026, 9, 20), date(2026, 11, 15))], NONE),
    5: ([Claim("71", date(2026, 3, 1), date(2026, 3, 1), diagnoses=("G809",))], NONE),
    6: ([], always("V28", "3.0")),
    7: ([], always("ESRDV24", "0.36")),
}
ENGINES = {
    "plain": (
        lambda spark, *given: plain_checks(*given),
        lambda spark, *given: plain_status(*given),
        lambda spark, *given: plain_months(*given),
    ),
    "spark": (spark_checks, spark_status, spark_months),
}


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    return ENGINES[request.param]


@pytest.fixture(scope="module")
def found(engine, spark):
    return engine[0](spark, PEOPLE, RULES)


@pytest.fixture(scope="module")
def categories(engine, spark, found):
    """Categories of the twelve months of 2027."""
    met = {person: [check for (who, check), told in found.items() if who == person and told[-2]] for person in PEOPLE}
    year = {
        person: [
            Month(month, True, True, True, False, False, "39035", "11" if person == 7 else "10")
            for month in months_of(2027)
        ]
        for person in PEOPLE
    }
    told = engine[2](spark, year, month_rules(), met)
    return {person: "".join(str(category)[0] for _, _, category, _ in months) for person, months in told.items()}


def test_h1_both_admissions_in_the_window_of_april(found, categories):
    assert found[1, JANUARY][2] == 1 and letters(found[1, JANUARY][-2]) == ""
    assert found[1, APRIL][2] == 2 and letters(found[1, APRIL][-2]) == "c"
    assert categories[1] == "AAA" + "H" * 9


def test_h2_one_of_two_is_elective(engine, spark, categories):
    assert categories[2] == "A" * 12
    assert engine[1](spark, {2: PEOPLE[2]}, RULES)[2] == (None, 0)


def test_h3_beds_in_sixty_months(engine, spark, found, categories):
    assert found[3, JANUARY][3] == 2 and found[3, APRIL][3] == 1
    assert categories[3] == "H" * 12  # sticky, though the criterion lapses in April
    from_april = high_needs_rules(hn_check_months="[4]")
    later = {3: ([bed(date(2022, 1, 10)), bed(date(2026, 2, 2))], NONE)}
    assert engine[1](spark, later, RULES)[3] == (date(2026, 7, 1), Criterion.FRAILTY)
    assert engine[1](spark, later, from_april)[3] == (None, 0)


def test_h4_days_in_the_window(found, categories):
    assert found[4, JANUARY][4] == 42 and found[4, APRIL][4] == 57
    assert letters(found[4, APRIL][-2]) == "e" and categories[4] == "AAA" + "H" * 9


def test_h5_one_visit_is_not_enough(found, categories):
    assert found[5, JANUARY][:2] == (0, 1) and categories[5] == "A" * 12


def test_h6_exactly_the_high_score(found, categories):
    assert letters(found[6, JANUARY][-2]) == "b" and categories[6] == "H" * 12


def test_h7_esrd_goes_before_high_needs(engine, spark, categories):
    assert categories[7] == "E" * 12
    assert engine[1](spark, {7: PEOPLE[7]}, RULES)[7] == (date(2024, 1, 1), Criterion.HIGH_SCORE)
