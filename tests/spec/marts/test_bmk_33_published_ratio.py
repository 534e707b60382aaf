"""ALN-64 for BMK-33: a ratio that rests on 1 to 10 scored people in either year, or beside such a route, is not shown."""

import pytest
from pyspark.sql.types import StructField, StructType

from lead_engine.marts import risk_ratio
from lead_engine.marts.rules import MartRules
from lead_engine.tables import CONTRACTS
from tests.drawn import by_case, table

CASES = by_case(
    table(
        """
    case                               | route | by3  | py   | ratio  | shown
    -----------------------------------|-------|------|------|--------|-------
    large in both years                | C     | 40   | 30   | 1.01   | 1.0100
    eleven may be shown                | C     | 11   | 11   | 1.02   | 1.0200
    ten in the base year               | C     | 10   | 30   | 1.01   | hidden
    ten in the performance year        | C     | 30   | 10   | 1.01   | hidden
    one                                | C     | 1    | 1    | 1.01   | hidden
    a small route hides the other      | C     | 40   | 30   | 1.01   | hidden
                                       | V     | 40   | 5    | 1.03   | hidden
    two large routes                   | C     | 40   | 30   | 1.01   | 1.0100
                                       | V     | 40   | 15   | 1.034567 | 1.0346
    nobody scored: says why            | C     | 0    | 0    | none   | missing
    no aligned month in BY3: says why  | C     | none | 30   | none   | missing
    """,
        by3=float,
        py=float,
        ratio=float,
    )
)
RULES = MartRules(11, "invented")


@pytest.fixture(scope="module")
def published(spark):
    """Every case as an ACO of its own."""
    rows = []
    for case, cells in CASES.items():
        for cell in cells:
            at = {"performance_year": 2027, "aco_id": case, "category": "AD", "route": cell["route"], "run_id": "r"}
            lines = {
                "SCORED_PEOPLE_BY3": cell["by3"],
                "SCORED_PEOPLE_PY": cell["py"],
                "RR": cell["ratio"],
                "RAW_MEAN_PY": 1.2,
            }
            rows += [
                at
                | {
                    "line": name,
                    "value": value,
                    "unwritten_because": "MEAN: none" if value is None else None,
                    "flags": "F",
                }
                for name, value in lines.items()
            ]
    schema = StructType([StructField(field.name, field.dataType) for field in CONTRACTS["calc__benchmark_line"].schema])
    lines = spark.createDataFrame([tuple(row.get(name) for name in schema.names) for row in rows], schema)
    acos = spark.createDataFrame([(case, case, 2027, "PROSPECTIVE") for case in CASES], CONTRACTS["core__aco"].schema)
    return {(row["aco_id"], row["route"]): row for row in risk_ratio.published(lines, acos, RULES).collect()}


@pytest.mark.parametrize("case", CASES)
def test_shown(published, case):
    for cell in CASES[case]:
        row = published[case, cell["route"]]
        figures = [row[name] for name in ("raw_mean_score", "capped_ratio", "unwritten_because", "flags")]
        if cell["shown"] == "hidden":
            assert row["is_suppressed"] and figures == [None] * 4
        elif cell["shown"] == "missing":
            assert not row["is_suppressed"] and row["capped_ratio"] is None and row["unwritten_because"] == "MEAN: none"
        else:
            assert (
                str(row["capped_ratio"]) == cell["shown"] and row["unwritten_because"] is None and row["flags"] == "F"
            )
