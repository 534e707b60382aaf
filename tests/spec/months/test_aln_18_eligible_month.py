"""ALN-18, ALN-21, ALN-57: which months are eligible, the first reason why not, and the category of the month."""

from datetime import date

import pytest

from lead_engine.months.decide import Month
from tests.drawn import by_case, day, flag, table
from tests.engines import plain_months, spark_months
from tests.rules import month_rules

CASES = by_case(
    table(
        """
    case                                 | month      | alive | A   | B   | MA  | MSP  | county | status | reason      | category
    -------------------------------------|------------|-------|-----|-----|-----|------|--------|--------|-------------|---------
    everything holds                     | 2027-01-01 | yes   | yes | yes | no  | no   | 39035  | 10     | none        | AD
    dead before anything else            | 2027-01-01 | no    | no  | no  | yes | yes  | 39035  | 10     | DEAD        | AD
    Part A only                          | 2027-01-01 | yes   | yes | no  | no  | no   | 39035  | 10     | NOT_A_AND_B | AD
    Part B only                          | 2027-01-01 | yes   | no  | yes | no  | no   | 39035  | 10     | NOT_A_AND_B | AD
    not both parts comes before MA       | 2027-01-01 | yes   | yes | no  | yes | no   | 39035  | 10     | NOT_A_AND_B | AD
    nobody can tell of either part       | 2027-01-01 | yes   | none | none | none | none | none | 10    | none        | AD
    Part B alone is not told             | 2027-01-01 | yes   | yes | none | no  | no   | 39035  | 10     | none        | AD
    Part A is not told and no Part B     | 2027-01-01 | yes   | none | no | no   | no   | 39035  | 10     | NOT_A_AND_B | AD
    Medicare Advantage                   | 2027-01-01 | yes   | yes | yes | yes | no   | 39035  | 10     | MA          | AD
    Medicare is secondary                | 2027-01-01 | yes   | yes | yes | no  | yes  | 39035  | 10     | MSP         | AD
    nobody can tell who pays first       | 2027-01-01 | yes   | yes | yes | no  | none | 39035  | 10     | none        | AD
    abroad                               | 2027-01-01 | yes   | yes | yes | no  | no   | 99999  | 10     | NON_US      | AD
    Puerto Rico is United States         | 2027-01-01 | yes   | yes | yes | no  | no   | 72001  | 10     | none        | AD
    county unknown                       | 2027-01-01 | yes   | yes | yes | no  | no   | none   | 10     | none        | AD
    aged with ESRD                       | 2027-01-01 | yes   | yes | yes | no  | no   | 39035  | 11     | none        | ESRD
    disabled with ESRD                   | 2027-01-01 | yes   | yes | yes | no  | no   | 39035  | 21     | none        | ESRD
    ESRD alone                           | 2027-01-01 | yes   | yes | yes | no  | no   | 39035  | 31     | none        | ESRD
    disabled                             | 2027-01-01 | yes   | yes | yes | no  | no   | 39035  | 20     | none        | AD
    status unknown                       | 2027-01-01 | yes   | yes | yes | no  | no   | 39035  | none   | none        | AD
    a year with a month abroad: January  | 2027-01-01 | yes   | yes | yes | no  | no   | 39035  | 10     | NON_US      | AD
                                         | 2027-02-01 | yes   | yes | yes | no  | no   | 99999  | 10     | NON_US      | AD
                                         | 2027-03-01 | yes   | yes | yes | yes | no   | 39035  | 10     | MA          | AD
    abroad after death says nothing      | 2027-01-01 | yes   | yes | yes | no  | no   | 39035  | 10     | none        | AD
                                         | 2027-02-01 | no    | no  | no  | no  | no   | 99999  | 10     | DEAD        | AD
    """,
        month=day,
        MSP=flag,
        **dict.fromkeys(("alive", "A", "B", "MA"), flag),
    )
)
PEOPLE = {
    number: [
        Month(row["month"], row["alive"], row["A"], row["B"], row["MA"], row["MSP"], row["county"], row["status"])
        for row in rows
    ]
    for number, rows in enumerate(CASES.values())
}
RULES = month_rules()


@pytest.fixture(scope="module")
def answers(spark):
    return {"plain": plain_months(PEOPLE, RULES), "spark": spark_months(spark, PEOPLE, RULES)}


@pytest.mark.parametrize("engine", ["plain", "spark"])
@pytest.mark.parametrize("case", CASES)
def test_months(answers, engine, case):
    found = answers[engine][list(CASES).index(case)]
    assert [(month, reason, category) for month, reason, category, _ in found] == [
        (row["month"], row["reason"], row["category"]) for row in CASES[case]
    ]


def test_what_no_input_tells_is_named(answers):
    told, untold = (list(CASES).index(case) for case in ("everything holds", "nobody can tell who pays first"))
    for engine in ("plain", "spark"):
        assert answers[engine][told][0][3] == "SERVICE_AREA,OVERLAP"
        assert answers[engine][untold][0][3] == "MSP,SERVICE_AREA,OVERLAP"
        nothing = list(CASES).index("nobody can tell of either part")
        assert answers[engine][nothing][0][3] == "A_AND_B,MA,MSP,SERVICE_AREA,OVERLAP"


@pytest.mark.parametrize("engine", [plain_months, spark_months])
@pytest.mark.parametrize(
    ("area", "models", "county", "untold"),
    [
        (False, False, "36170", "SERVICE_AREA,OVERLAP"),
        (True, False, "36170", "OVERLAP"),
        (True, False, None, "SERVICE_AREA,OVERLAP"),
        (False, True, "36170", "SERVICE_AREA"),
        (True, True, "36170", ""),
    ],
)
def test_what_a_run_tests_is_named_only_where_no_county_is_known(engine, spark, area, models, county, untold):
    """Service area and overlap depend on the ACO and the route; what the run has lists for is no longer untold."""
    people = {0: [PEOPLE[0][0]._replace(county_code=county)]}
    rules = month_rules(tests_service_area=area, tests_overlap=models)
    found = engine(people, rules) if engine is plain_months else engine(spark, people, rules)
    assert [not_tested for *_, not_tested in found[0]] == [untold]


@pytest.mark.parametrize("engine", [plain_months, spark_months])
def test_residence_abroad_by_the_month(engine, spark):
    people = {0: PEOPLE[list(CASES).index("a year with a month abroad: January")]}
    rules = month_rules(non_us_removes_the_year=False)
    found = engine(people, rules) if engine is plain_months else engine(spark, people, rules)
    assert [reason for _, reason, _, _ in found[0]] == [None, "NON_US", "MA"]


@pytest.mark.parametrize("engine", [plain_months, spark_months])
def test_months_after_the_last_with_data_have_no_answer(engine, spark):
    people = {0: [PEOPLE[0][0]._replace(month=date(2027, number, 1)) for number in (1, 6, 7)]}
    rules = month_rules(enrolment_through=date(2027, 6, 1))
    found = engine(people, rules) if engine is plain_months else engine(spark, people, rules)
    assert [month.month for month, *_ in found[0]] == [1, 6]
