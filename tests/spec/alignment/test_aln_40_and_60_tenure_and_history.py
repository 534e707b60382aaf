"""ALN-40, ALN-60: since when the ACO has been chosen, and the base-year months of those who chose it."""

from datetime import date

import pytest

from lead_engine.alignment import history, months_aligned
from lead_engine.alignment.designations import Choice
from tests.drawn import day, flag, table
from tests.rules import alignment_rules
from tests.voluntary import Chosen, acos_frame, choice_rules, plain_tenure, rows_of, spark_designations

TENURE = table(
    """
    case                                      | aco | signed     | carried | reach no   | reach yes
    ------------------------------------------|-----|------------|---------|------------|-----------
    hybrid, in time for January               | L1  | 2026-12-15 | no      | 2027-01-01 | 2027-01-01
    hybrid, a day late for January            | L1  | 2026-12-16 | no      | 2027-02-01 | 2027-02-01
    hybrid, in March                          | L1  | 2027-03-15 | no      | 2027-04-01 | 2027-04-01
    prospective, in March: the next January   | L2  | 2027-05-15 | no      | 2028-01-01 | 2028-01-01
    not before the ACO's first year           | L1  | 2025-03-15 | no      | 2027-01-01 | 2027-01-01
    carried from ACO REACH                    | L1  | 2025-03-15 | yes     | 2027-01-01 | 2026-01-01
    expired, and still remembered             | L1  | 2023-03-15 | yes     | 2027-01-01 | 2024-01-01
    """,
    signed=day,
    carried=flag,
    **{"reach no": day, "reach yes": day},
)
TIN = {"L1": "000000100", "L2": "000000300"}


def given() -> list[Chosen]:
    return [
        Chosen(
            number,
            Choice(str(number), "SVA", True, row["aco"], TIN[row["aco"]], "9000000001", row["signed"], row["signed"], row["carried"]),
        )
        for number, row in enumerate(TENURE)
    ]  # fmt: skip


@pytest.mark.parametrize("reach", ["no", "yes"])
def test_since_when(spark, reach):
    rules = choice_rules(va_tenure_counts_reach={"no": "false", "yes": "true"}[reach])
    expected = {str(number): row[f"reach {reach}"] for number, row in enumerate(TENURE)}
    assert plain_tenure(given(), rules) == expected
    found = spark_designations(spark, given(), rules).collect()
    assert {row["attestation_id"]: row["va_first_month"] for row in found} == expected


JANUARY = date(2027, 1, 1)
ALIGNED = table(
    """
    person | route | first month | effective  | newly
    -------|-------|-------------|------------|------
    1      | V     | 2027-01-01  | 2027-01-01 | yes
    2      | V     | 2026-01-01  | 2027-01-01 | no
    3      | C     |             | 2027-01-01 | none
    4      | B     | 2027-01-01  | 2027-01-01 | yes
    5      | V     | 2027-04-01  |            |
    """,
    person=int,
    effective=day,
    **{"first month": day},
)


@pytest.fixture(scope="module")
def tables(spark):
    answers = [
        {"bene_key": row["person"], "aligned_year": 2027, "aco_id": "L1", "route": row["route"], "stage": "NONE"}
        | {
            "effective_month": row["effective"],
            "end_month": date(2027, 6, 1),
            "va_first_effective_month": row["first month"],
        }
        for row in ALIGNED
    ]
    months = [
        {"bene_key": row["person"], "month": month, "year": month.year, "is_eligible": month != date(2025, 7, 1)}
        | {"category": "AD", "county_code": "36170"}
        for row in ALIGNED
        for month in (date(2023, 12, 1), date(2024, 1, 1), date(2025, 7, 1), date(2026, 12, 1), JANUARY)
    ]
    return rows_of(spark, "calc__alignment", answers), rows_of(spark, "calc__beneficiary_month", months)


def test_months_tell_who_is_newly_voluntary(tables):
    found = {row["bene_key"]: row["is_newly_voluntary"] for row in months_aligned.alignment_months(*tables).collect()}
    expected = {row["person"]: row["newly"] for row in ALIGNED if row["effective"]}
    assert found == {person: None if newly is None else newly == "yes" for person, newly in expected.items()}


def test_history_is_the_eligible_base_year_months_of_those_who_chose(spark, tables):
    """Not of those by claims, nor by both, nor of those who never began; nor a month that was not eligible."""
    made = history.history(*tables, acos_frame(spark, {"L1": "HYBRID"}), alignment_rules())
    found = {(row["bene_key"], row["month"], row["year"], row["aco_id"], row["route"]) for row in made.collect()}
    assert found == {
        (person, month, month.year, "L1", "V") for person in (1, 2) for month in (date(2024, 1, 1), date(2026, 12, 1))
    }
