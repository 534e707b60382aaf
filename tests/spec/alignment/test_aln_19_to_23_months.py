"""ALN-19 to ALN-23: alignment needs an eligible January and ends with the first ineligible month, whatever comes after."""

from datetime import date

import pytest

from lead_engine.alignment.decide import aligned_months
from tests.drawn import day, table
from tests.engines import spark_spans
from tests.rules import alignment_rules

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


def months(letters: str) -> list[tuple[date, str | None]]:
    return [(date(2027, number, 1), REASONS[letter]) for number, letter in enumerate(letters, 1) if letter != "."]


@pytest.fixture(scope="module")
def spans(spark):
    return spark_spans(spark, {number: months(row["months"]) for number, row in enumerate(CASES.values())})


@pytest.mark.parametrize("case", CASES)
def test_plain(case):
    row = CASES[case]
    found = aligned_months(2027, months(row["months"]), None, alignment_rules())
    assert len(found.months) == row["count"]
    assert (found.months[-1].month if found.months else None) == row["last"]
    assert found.end_reason == row["reason"]


@pytest.mark.parametrize("case", CASES)
def test_spark(spans, case):
    row = CASES[case]
    first, last, reason = spans[list(CASES).index(case)]
    assert (first, last and last.month) == ((date(2027, 1, 1), row["last"]) if row["count"] else (None, None))
    assert reason == row["reason"]


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
    found = aligned_months(2027, [], death, alignment_rules(enrolment_through=through))
    assert found == ([], reason)
