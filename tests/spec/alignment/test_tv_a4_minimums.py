"""TV-A4: minimums of performance year 2027 (ALN-14, ALN-16, ALN-17), the test vector as it is printed."""

import pytest

from lead_engine.alignment.minimums.decide import People, verdict
from tests.drawn import table
from tests.minimums import aco, counted, judged, minimum_rules

VECTOR = table(
    """
    ACO | aligned | base year | high needs | class          | operator | row            | below | reason
    ----|---------|-----------|------------|----------------|----------|----------------|-------|---------------------
    X1  | 5000    | 3000      | 500        | RENEWING       | >        | STANDARD       | no    | ENOUGH
    X2  | 4999    | 3500      | 500        | RENEWING       | >        | STANDARD       | yes   | TOO_FEW_ALIGNED
    X3  | 800     | 500       | 321        | RENEWING       | >        | HIGH_NEEDS     | no    | ENOUGH
    X4  | 800     | 500       | 320        | RENEWING       | >        | STANDARD       | yes   | TOO_FEW_IN_BOTH
    X4  | 800     | 500       | 320        | RENEWING       | >=       | HIGH_NEEDS     | no    | ENOUGH
    X5  | 1000    | 599       | 50         | NEWLY_ENTERING | >        | NEWLY_ENTERING | yes   | TOO_FEW_IN_BASE_YEARS
    """,
    **{"aligned": int, "base year": int, "high needs": int},
)


def rules(operator):
    return minimum_rules(hn_share_operator=f'"{operator}"')


@pytest.mark.parametrize("row", VECTOR, ids=lambda row: f"{row['ACO']} {row['operator']}")
def test_decided(row):
    people = People(row["aligned"], row["base year"], row["high needs"], row["high needs"])
    told = verdict(people, row["class"] == "NEWLY_ENTERING", True, rules(row["operator"]))
    assert (told.minimum.row.value, told.below_minimum, told.reason.value) == (
        row["row"],
        row["below"] == "yes",
        row["reason"],
    )


@pytest.mark.parametrize("operator", [">", ">="])
def test_from_people(spark, operator):
    """The same from as many people as the vector says, counted over tables."""
    rows = [row for row in VECTOR if row["operator"] == operator]
    acos = [aco(row["ACO"], row["class"], attests=True) for row in rows]
    months, high_needs = counted(
        spark, {row["ACO"]: (row["aligned"], {2025: row["base year"]}, row["high needs"]) for row in rows}
    )
    told = judged(spark, acos, months, rules(operator), high_needs)
    for row in rows:
        found = told[row["ACO"]]
        assert (found["aligned_people"], found["base_year_people"]) == (row["aligned"], row["base year"])
        assert found["high_needs_people"] == row["high needs"] and found["best_base_year"] == 2025
        assert (found["minimum_row"], found["reason"]) == (row["row"], row["reason"])
        assert found["below_minimum"] is (row["below"] == "yes")
