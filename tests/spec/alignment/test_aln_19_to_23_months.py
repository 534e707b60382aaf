"""ALN-18 items 6 and 7, ALN-19 to ALN-23: alignment needs an eligible first month and ends with the first that is not."""

from datetime import date

import pytest

from lead_engine.alignment.decide import AlignedYear, Month, Pointers, aligned_year
from tests.drawn import day, table
from tests.rules import alignment_rules
from tests.voluntary import Person, spark_years

# One letter a month: e eligible, m in Medicare Advantage, d dead, a Part A only, . no enrolment data.
REASONS = {"e": None, "m": "MA", "d": "DEAD", "a": "NOT_A_AND_B"}
CASES = {
    row["case"]: row
    for row in table(
        """
    case                                   | months       | count | last | reason
    ---------------------------------------|--------------|-------|------|-------
    eligible all year                      | eeeeeeeeeeee | 12    | 12   | none
    dies in March, which counts            | eeeddddddddd | 3     | 3    | DEAD
    Medicare Advantage from May            | eeeemmmmmmmm | 4     | 4    | MA
    comes back in August and stays out     | eeeemmmeeeee | 4     | 4    | MA
    two reasons, the earlier one is told   | eeaammmmmmmm | 2     | 2    | NOT_A_AND_B
    not eligible in January                | meeeeeeeeeee | 0     | none | MA
    enrolment data through June            | eeeeee...... | 6     | 6    | none
    loses Part B where data end            | eeeeea...... | 5     | 5    | NOT_A_AND_B
    a month nobody speaks of ends nothing  | eee.eeeeeeee | 11    | 12   | none
    """,
        count=int,
        last=int,
    )
}


CLAIMS = Pointers(claims="L2")


def months(letters: str) -> list[Month]:
    """Evaluated months; every county lies in the ACO's service area."""
    held = frozenset({"L2", "L3"})
    return [Month(date(2027, at, 1), REASONS[letter], held) for at, letter in enumerate(letters, 1) if letter != "."]


def person(row) -> Person:
    told = months(row["months"])
    return Person(told, CLAIMS, None, {month.month: "36180" for month in told})


@pytest.fixture(scope="module")
def years(spark):
    return spark_years(spark, {number: person(row) for number, row in enumerate(CASES.values())}, alignment_rules())


def check(found: AlignedYear, row) -> None:
    assert (found.aco_id, found.route) == ("L2", "C")
    assert len(found.months) == row["count"]
    assert (found.months[-1].month if found.months else None) == row["last"]
    assert found.end_reason == row["reason"]


@pytest.mark.parametrize("case", CASES)
def test_plain(case):
    row = CASES[case]
    check(aligned_year(2027, months(row["months"]), None, CLAIMS, alignment_rules()), row)


@pytest.mark.parametrize("case", CASES)
def test_spark(years, case):
    check(years[list(CASES).index(case)], CASES[case])


@pytest.mark.parametrize(
    ("death", "through", "reason"),
    [
        (day("2026-12-31"), day("2027-06-01"), "DEAD"),
        (None, day("2026-12-01"), "NOT_EVALUATED"),
        (None, day("2027-06-01"), "NO_ENROLMENT"),
        (day("2027-01-15"), day("2027-06-01"), "NO_ENROLMENT"),
    ],
)
def test_why_a_january_has_no_data(death, through, reason):
    found = aligned_year(2027, [], death, CLAIMS, alignment_rules(enrolment_through=through))
    assert found == ("L2", "C", [], reason, None)


MOVES = table(
    """
    case                                     | county of each month | other model | last | reason       | by
    -----------------------------------------|----------------------|-------------|------|--------------|-----
    moves within the area                    | aabbbbbbbbbb         |             | 12   | none         |
    moves out in March, back in June (ALN-22) | aacccaaaaaaa        |             | 2    | SERVICE_AREA |
    a county nobody knows counts as inside   | aa..aaaaaaaa         |             | 12   | none         |
    never inside                             | cccccccccccc         |             | none | SERVICE_AREA |
    another model from April (ALN-45)        | aaaaaaaaaaaa         | 4           | 3    | OVERLAP      | MSSP
    moves out before the other model begins  | aaacccaaaaaa         | 4           | 3    | SERVICE_AREA |
    """,
    **{"last": int, "other model": int},
)
AREA = {"a": "36170", "b": "36180", "c": "36200", ".": None}


def mover(row) -> Person:
    counties = {date(2027, at, 1): AREA[letter] for at, letter in enumerate(row["county of each month"], 1)}
    since = row["other model"] or 99
    inside = {
        "36170": frozenset({"L1", "L3"}),
        "36180": frozenset({"L1", "L2", "L3"}),
        "36200": frozenset(),
        None: None,
    }
    told = [Month(m, None, inside[county], "MSSP" if m.month >= since else None) for m, county in counties.items()]
    return Person(told, Pointers(claims="L1"), None, counties)


def test_moves_and_other_models_end_alignment(spark):
    people = {number: mover(row) for number, row in enumerate(MOVES)}
    plain, rules = {}, alignment_rules()
    for number, row in enumerate(MOVES):
        plain[number] = aligned_year(2027, people[number].months, None, people[number].pointers, rules)
        found = plain[number]
        assert (found.months[-1].month if found.months else None, found.end_reason, found.excluded_by) == (
            row["last"],
            row["reason"],
            row["by"],
        ), row["case"]
    assert spark_years(spark, people, rules) == plain


def test_one_in_another_model_on_1_january_is_pointed_to_nobody(spark):
    """The other model goes before (ALN-45); a hybrid ACO may take the person when it has ended (ALN-42)."""
    months = [Month(date(2027, at, 1), None, frozenset({"L1"}), "MSSP" if at < 4 else None) for at in range(1, 13)]
    counties = {month.month: "36170" for month in months}
    chosen = {month.month: "L1" for month in months}
    people = {
        1: Person(months, Pointers(claims="L1"), None, counties),
        2: Person(months, Pointers(None, chosen, None, frozenset({"L1"})), None, counties),
    }
    rules = alignment_rules()
    plain = {key: aligned_year(2027, each.months, None, each.pointers, rules) for key, each in people.items()}
    assert plain[1] == (None, None, [], "OVERLAP", "MSSP")
    assert (plain[2].route, plain[2].months[0]) == ("V", date(2027, 4, 1))
    assert spark_years(spark, people, rules) == plain
