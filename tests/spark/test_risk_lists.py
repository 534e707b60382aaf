"""Lists of institutional periods and transplants: whose they are, and what is told of rows that find nobody."""

from datetime import date

import pytest

from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.sources import risk_lists
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.institutional_periods import InstitutionalPeriod
from lead_engine.sources.inputs.kidney_transplants import KidneyTransplant
from lead_engine.tables import CONTRACTS

FIRST, CHANGED, NOBODY = "1S000000001", "1S000000002", "1S000000009"
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture(scope="module")
def identities(spark):
    """A person whose number changed."""
    rows = [(7, "mbi", FIRST, 1, False), (7, "mbi", CHANGED, 2, True)]
    return spark.createDataFrame(rows, CONTRACTS["core__beneficiary_identity"].schema)


@pytest.mark.parametrize(
    ("row", "made_of", "accounts", "day", "end"),
    [
        (
            InstitutionalPeriod,
            risk_lists.institutional_periods,
            risk_lists.institutional_accounts,
            "effective_date",
            "termination_date",
        ),
        (
            KidneyTransplant,
            risk_lists.kidney_transplants,
            risk_lists.transplant_accounts,
            "transplant_date",
            "failure_date",
        ),
    ],
    ids=["institutional periods", "kidney transplants"],
)
def test_rows_are_rows_or_excluded_by_reason(spark, identities, row, made_of, accounts, day, end):
    """Two periods of a person stay two, also under two numbers; the same one under both is one, with the newer's end."""
    rows = tuple(
        row.model_construct(**{"mbi": mbi, day: start, end: last})
        for mbi, start, last in ((FIRST, MAY, None), (CHANGED, MAY, JUNE), (FIRST, JUNE, None), (NOBODY, MAY, None))
    )
    given = Given("list.csv", "v1", rows)
    made = made_of(spark, given, identities)
    assert {tuple(each) for each in made.select("bene_key", day, end, "list_version").collect()} == {
        (7, MAY, JUNE, "v1"),
        (7, JUNE, None, "v1"),
    }
    account = entries(accounts(spark, given, identities, made))
    assert {each.reason: each.rows for each in account if each.side == "excluded"} == {
        "UNKNOWN_PERSON": 1,
        "SAME_PERSON_TWICE": 1,
    }
    assert unbalanced("x", account) == []
