"""ALN-33: the unit with the highest score in the deciding stage wins; ties go to the latest service, then the most lines."""

import pytest

from lead_engine.alignment import months_aligned
from lead_engine.alignment.decide import UnitScore
from lead_engine.lake.accounts import balance, entries, unbalanced
from tests.drawn import by_case, day, dollars, table
from tests.engines import charges, one_year_rules, plain_ranking, spark_ranking
from tests.rules import alignment_rules

CASES = by_case(
    table(
        """
    case                                  | unit       |     pcs | last_service | lines | rank | parted by
    --------------------------------------|------------|---------|--------------|-------|------|----------
    most charges wins                     | A1         |  300.00 | 2026-03-01   | 1     | 1    | none
                                          | TIN:000000009 |  299.99 | 2026-06-30   | 9     | 2    |
    --------------------------------------|------------|---------|--------------|-------|------|----------
    tie: latest service wins              | A1         |  120.00 | 2026-02-01   | 1     | 2    | date
                                          | TIN:000000009 |  120.00 | 2026-02-02   | 1     | 1    |
    --------------------------------------|------------|---------|--------------|-------|------|----------
    tie on the day: most lines win        | A1         |  120.00 | 2026-02-02   | 1     | 2    | lines
                                          | TIN:000000009 |  120.00 | 2026-02-02   | 2     | 1    |
    --------------------------------------|------------|---------|--------------|-------|------|----------
    tie in all: the lowest key wins       | TIN:000000009 |  120.00 | 2026-02-02   | 2     | 3    | key
                                          | CCN:000123 |  120.00 | 2026-02-02   | 2     | 2    |
                                          | A1         |  120.00 | 2026-02-02   | 2     | 1    |
    --------------------------------------|------------|---------|--------------|-------|------|----------
    an ACO named late in the alphabet     | Z9         |  120.00 | 2026-02-02   | 2     | 2    | key
                                          | TIN:000000009 |  120.00 | 2026-02-02   | 2     | 1    |
    --------------------------------------|------------|---------|--------------|-------|------|----------
    nothing after adjustments             | A1         |    0.00 | 2026-02-01   | 2     | none | none
    --------------------------------------|------------|---------|--------------|-------|------|----------
    below zero never wins                 | A1         |   -5.00 | 2026-02-01   | 2     | none | none
                                          | TIN:000000009 |   20.00 | 2025-08-01   | 1     | 1    |
    --------------------------------------|------------|---------|--------------|-------|------|----------
    a zero second parts nobody            | A1         |   10.00 | 2026-02-01   | 2     | 1    | none
                                          | TIN:000000009 |    0.00 | 2026-02-01   | 2     | none |
    """,
        pcs=dollars,
        last_service=day,
        lines=int,
        rank=int,
    )
)
RULES = one_year_rules(alignment_rules())
PEOPLE = {
    number: [
        UnitScore(row["unit"], charges(row["pcs"], row["last_service"], row["lines"]), charges(0, None, 0))
        for row in rows
    ]
    for number, rows in enumerate(CASES.values())
}


@pytest.fixture(scope="module")
def answers(spark):
    return {"plain": plain_ranking(PEOPLE, RULES), "spark": spark_ranking(spark, PEOPLE, RULES)}


@pytest.mark.parametrize("engine", ["plain", "spark"])
@pytest.mark.parametrize("case", CASES)
def test_rank(answers, engine, case):
    rows = CASES[case]
    _, units, parted_by = answers[engine][list(CASES).index(case)]
    expected = [row["unit"] for row in sorted((r for r in rows if r["rank"]), key=lambda row: row["rank"])]
    assert units == expected
    assert parted_by == (rows[0]["parted by"] or "none")


def test_tie_2_and_tie_3_cases_are_counted(spark):
    """By person and aligned year with a winner; whoever has none is in no tie."""
    told = {"none": 5, "date": 4, "lines": 3, "key": 2}
    answers = spark.createDataFrame(
        [(1, parted_by) for parted_by, cases in told.items() for _ in range(cases)] + [(None, "none")],
        "winning_unit long, tie_break string",
    )
    found = entries(balance(*months_aligned.ties(answers)))
    assert unbalanced("calc__alignment", found) == []
    assert {(each.side, each.reason): each.rows for each in found} == {
        ("in", ""): 14, ("out", ""): 9, ("excluded", "TIE_2_BY_LINES"): 3, ("excluded", "TIE_3_BY_KEY"): 2,
    }  # fmt: skip
