"""BMK-3, BMK-4: payments in the month of the from-date; institutional once a claim, cancellations subtracted."""

from dataclasses import replace
from datetime import date

from lead_engine.claims import spend
from lead_engine.claims.rules import SpendRules
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.tables import CONTRACTS
from tests.drawn import day, dollars, table
from tests.rules import FACTS, resolved

RULES = SpendRules.from_methodology(resolved(), FACTS)
KNOWN_BY = replace(RULES, claims_cutoff=date(2025, 1, 31))
CLAIMS = table(
    """
    type | from       | through    | paid   | sign
    -----|------------|------------|--------|-----
    60   | 2025-01-30 | 2025-02-04 | 900.00 | 1
    71   | 2025-01-31 | 2025-01-31 |  50.00 | 1
    71   | 2025-01-02 | 2025-01-02 |  30.00 | 1
    71   | 2025-01-02 | 2025-01-02 |  30.00 | -1
    71   | 2025-02-01 | 2025-02-01 |  20.00 | 0
    61   | 2025-01-05 | 2025-01-05 | 777.00 | 1
    """,
    paid=dollars,
    sign=int,
    **{"from": day, "through": day},
)


def claims(spark):
    schema = CONTRACTS["core__claim"].schema
    rows = []
    for number, row in enumerate(CLAIMS):
        given = {
            "bene_key": 1,
            "source_kind": "RIF",
            "claim_id": number,
            "claim_type": row["type"],
            "sign": row["sign"],
            "known_date": row["through"],
            "is_denied": False,
            "from_year": row["from"].year,
            "from_date": row["from"],
            "through_date": row["through"],
            "paid_cents": row["paid"],
            "source_id_key": 1,
        }
        rows.append(tuple(given.get(name) for name in schema.names))
    return spark.createDataFrame(rows, schema)


def test_months(spark):
    found = {
        (row["month"], row["claim_type"]): (row["paid_cents"], row["claims"])
        for row in spend.by_month(claims(spark), RULES).collect()
    }
    assert found == {
        (date(2025, 1, 1), "60"): (900_00, 1),
        (date(2025, 1, 1), "71"): (50_00, 1),
        (date(2025, 2, 1), "71"): (0, 0),
    }


def test_every_dollar_is_accounted_for(spark):
    delivered = claims(spark)
    told = entries(spend.accounts(delivered, RULES, spend.by_month(delivered, RULES)))
    assert unbalanced("calc__spend_month", told) == []
    assert [(entry.reason, entry.cents) for entry in told if entry.side == "excluded"] == [("CLAIM_TYPE_61", 777_00)]


def test_as_known_on_a_day(spark):
    """DL 4.1: a stay known after the cut-off waits for the next run; it is said, with its dollars."""
    delivered = claims(spark)
    known = spend.by_month(delivered, KNOWN_BY)
    assert {(row["claim_type"], row["paid_cents"]) for row in known.collect()} == {("71", 50_00)}
    told = entries(spend.accounts(delivered, KNOWN_BY, known))
    assert unbalanced("calc__spend_month", told) == []
    assert ("KNOWN_LATE", 900_00) in {(entry.reason, entry.cents) for entry in told}
