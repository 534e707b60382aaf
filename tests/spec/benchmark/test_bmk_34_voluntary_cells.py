"""BMK-34 with BMK-38: a voluntary cell takes the base of its own people, else that of the claims cell."""

from datetime import date
from decimal import Decimal

import pytest
from pyspark.sql.types import StructField, StructType

from lead_engine.benchmark import lines
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.reference_risk_scores import ReferenceRiskScore
from lead_engine.tables import CONTRACTS
from tests.drawn import table
from tests.rules import risk_ratio_rules

MEANS = Given(
    "means.csv",
    "v",
    tuple(
        ReferenceRiskScore.model_construct(
            score_year=year,
            category="AD",
            model="V28",
            mean_score=Decimal(1),
            source="drawn",
            published_date=date(2027, 9, 1),
        )
        for year in (2024, 2025, 2026, 2027)
    ),
)
SUMS = table(
    """
    aco      | route | year | months | newly | mean
    ---------|-------|------|--------|-------|-----
    OWN      | C     | 2026 | 100    | 0     | 1.00
    OWN      | C     | 2027 | 100    | 0     | 1.10
    OWN      | V     | 2026 | 100    | none  | 1.20
    OWN      | V     | 2027 | 100    | 50    | 1.26
    NONE     | C     | 2026 | 100    | 0     | 1.00
    NONE     | C     | 2027 | 100    | 0     | 1.01
    NONE     | V     | 2027 | 100    | 100   | 1.26
    UNKNOWN  | C     | 2026 | 100    | 0     | 1.00
    UNKNOWN  | V     | 2027 | 100    | none  | 1.26
    ALONE    | V     | 2027 | 100    | 100   | 1.26
    """,
    year=int,
    months=int,
    newly=int,
    mean=float,
)
CELLS = table(
    """
    aco      | route | R_BY3 | RR_CAPPED | RR     | lacks
    ---------|-------|-------|-----------|--------|------
    OWN      | C     | 1.00  | 1.03      | 1.03   |
    OWN      | V     | 1.20  | 1.03      | 1.04   |
    NONE     | C     | 1.00  | 1.01      | 1.01   |
    NONE     | V     | 1.00  | 1.03      | 1.26   |
    UNKNOWN  | C     | 1.00  | none      | none   | SCORE_SUM_PY: no aligned month of 2027 has a score of V28
    UNKNOWN  | V     | 1.00  | 1.03      | none   | NEWLY_VOLUNTARY_SHARE: nothing tells which months
    ALONE    | V     | none  | none      | none   | CLAIMS_R_BY3: the claims cell of the category has no R_BY3
    """,
    R_BY3=float,
    RR_CAPPED=float,
    RR=float,
)


@pytest.fixture(scope="module")
def told(spark):
    schema = StructType([StructField(field.name, field.dataType) for field in CONTRACTS["calc__aco_risk"].schema])
    given = [
        {
            "aco_id": row["aco"],
            "category": "AD",
            "route": row["route"],
            "year": row["year"],
            "kind": "HCC",
            "model": "V28",
        }
        | {"people": 20, "scored_people": 20, "months": row["months"], "scored_months": row["months"]}
        | {"newly_voluntary_months": row["newly"], "score_millionths": round(row["mean"] * row["months"] * 1_000_000)}
        for row in SUMS
    ]
    sums = spark.createDataFrame([tuple(row.get(name) for name in schema.names) for row in given], schema)
    names = sorted({row["aco"] for row in SUMS})
    acos = spark.createDataFrame([(name, name, 2027, "PROSPECTIVE") for name in names], CONTRACTS["core__aco"].schema)
    rules = risk_ratio_rules()
    made = lines.ledger_lines(MEANS, sums, acos, None, rules, "run")
    assert unbalanced("lines", entries(lines.accounts(MEANS, sums, acos, None, rules, "run", made))) == []
    return {(row["aco_id"], row["route"], row["line"]): row for row in made.collect()}


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell['aco']} {cell['route']}")
def test_cells(told, cell):
    for line in ("R_BY3", "RR_CAPPED", "RR"):
        value = told[cell["aco"], cell["route"], line]["value"]
        assert value == (pytest.approx(cell[line]) if cell[line] is not None else None), line
    why = told[cell["aco"], cell["route"], "RR"]["unwritten_because"]
    assert why is None if cell["lacks"] is None else cell["lacks"] in why


def test_the_cell_says_where_its_base_comes_from(told):
    assert told["NONE", "V", "R_BY3"]["reads"] == "CLAIMS_R_BY3"
    assert told["NONE", "V", "CLAIMS_R_BY3"]["source"] == "R_BY3 of the claims cell"
    assert told["OWN", "V", "R_BY3"]["reads"] == "R_HCC_BY3"
