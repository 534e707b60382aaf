"""ALN-32: primary care decides from one tenth of qualifying charges on; the readings of exactly one tenth differ."""

from dataclasses import replace

import pytest

from lead_engine.alignment.decide import UnitScore
from tests.drawn import by_case, dollars, table
from tests.engines import charges, one_year_rules, plain_ranking, spark_ranking
from tests.rules import alignment_rules

CASES = by_case(
    table(
        """
    case                        | primary | specialist | stage      | stage if exactly 10 % is not enough
    ----------------------------|---------|------------|------------|------------------------------------
    mostly primary care         |  570.00 |     240.00 | PRIMARY    | PRIMARY
    below a tenth               |   90.00 |     960.00 | SPECIALIST | SPECIALIST
    exactly a tenth             |   90.00 |     810.00 | PRIMARY    | SPECIALIST
    a cent below a tenth        |   89.99 |     810.00 | SPECIALIST | SPECIALIST
    a cent above a tenth        |   90.01 |     810.00 | PRIMARY    | PRIMARY
    primary care alone          |   10.00 |       0.00 | PRIMARY    | PRIMARY
    specialists alone           |    0.00 |      10.00 | SPECIALIST | SPECIALIST
    nothing                     |    0.00 |       0.00 | NONE       | NONE
    nothing on balance          |   10.00 |     -10.00 | NONE       | NONE
    less than nothing           |   10.00 |     -30.00 | NONE       | NONE
    primary below zero          |  -10.00 |     100.00 | SPECIALIST | SPECIALIST
    """,
        primary=dollars,
        specialist=dollars,
    )
)
INCLUSIVE = one_year_rules(alignment_rules())
EXCLUSIVE = replace(INCLUSIVE, threshold_is_inclusive=False)
PEOPLE = {
    number: [
        UnitScore("TIN:000000001", charges(row["primary"], None, 1), charges(0, None, 0)),
        UnitScore("TIN:000000002", charges(0, None, 0), charges(row["specialist"], None, 1)),
    ]
    for number, (row,) in enumerate(CASES.values())
}


@pytest.fixture(scope="module")
def answers(spark):
    return {
        ("plain", "stage"): plain_ranking(PEOPLE, INCLUSIVE),
        ("spark", "stage"): spark_ranking(spark, PEOPLE, INCLUSIVE),
        ("plain", "stage if exactly 10 % is not enough"): plain_ranking(PEOPLE, EXCLUSIVE),
        ("spark", "stage if exactly 10 % is not enough"): spark_ranking(spark, PEOPLE, EXCLUSIVE),
    }


@pytest.mark.parametrize("reading", ["stage", "stage if exactly 10 % is not enough"])
@pytest.mark.parametrize("engine", ["plain", "spark"])
@pytest.mark.parametrize("case", CASES)
def test_stage(answers, engine, reading, case):
    (row,) = CASES[case]
    assert answers[engine, reading][list(CASES).index(case)][0] == row[reading]
