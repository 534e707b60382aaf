"""ALN-64 for the routes of an ACO: no few people, none told by subtraction, nothing where the total is withheld."""

import pytest

from lead_engine.marts import aco_alignment
from lead_engine.marts.rules import MartRules
from tests.drawn import by_case, table

CASES = by_case(
    table(
        """
    case                             | total is | route | people | shown
    ---------------------------------|----------|-------|--------|-------
    all by claims                    | shown    | C     | 40     | 40
                                     |          | V     | 0      | 0
    large routes                     | shown    | C     | 40     | 40
                                     |          | V     | 11     | 11
    one small route takes another    | shown    | C     | 40     | hidden
                                     |          | V     | 10     | hidden
                                     |          | M     | 0      | 0
    the smallest other is taken      | shown    | C     | 40     | 40
                                     |          | B     | 12     | hidden
                                     |          | V     | 1      | hidden
    the total is withheld            | withheld | C     | 40     | hidden
                                     |          | V     | 0      | hidden
    """,
        people=int,
    )
)
VERDICT = (
    "minimum_row string, minimum_aligned_people int, minimum_base_year_people int, below_minimum boolean, reason string"
)


@pytest.fixture(scope="module")
def published(spark):
    """Every case as an ACO of its own, whose people come once in the year and once in a base year."""
    months, years = [], []
    for case, rows in CASES.items():
        years.append((2027, 2027, case, "ALL", rows[0]["total is"] == "withheld"))
        people = [(number, row["route"]) for row in rows for number in range(row["people"])]
        months += [(2027, year, case, route, 100 * ord(route) + n) for year in (2026, 2027) for n, route in people]
    acos = [(case, case.title()) for case in [*CASES, "nobody came"]]
    made = spark.createDataFrame
    found = aco_alignment.published(
        made(months, "performance_year int, aligned_year int, aco_id string, route string, bene_key long"),
        made([(aco, "STANDARD", 5000, 3000, True, "TOO_FEW_IN_BOTH") for aco, _ in acos], "aco_id string, " + VERDICT),
        made(years, "performance_year int, year int, aco_id string, category string, is_suppressed boolean"),
        made(acos, "aco_id string, aco_name string"),
        MartRules(11, "invented"),
    )
    return {row["aco_id"]: row for row in found.collect()}


@pytest.mark.parametrize("case", CASES)
def test_shown(published, case):
    found = {route: published[case][name] for route, name in aco_alignment.ROUTES.items()}
    assert {
        row["route"]: "hidden" if found[row["route"]] is None else str(found[row["route"]]) for row in CASES[case]
    } == {row["route"]: row["shown"] for row in CASES[case]}


def test_the_verdict_is_told_of_every_aco(published):
    assert len(published) == len(CASES) + 1
    assert {(row["reason"], row["below_minimum"]) for row in published.values()} == {("TOO_FEW_IN_BOTH", True)}
