"""A version that breaks its contract is found, by rule and with the number of rows, never with their values."""

import pytest

from lead_engine.lake.accounts import Entry, unbalanced
from lead_engine.lake.failures import explained
from lead_engine.lake.join import checked_join
from lead_engine.lake.verify import BREAKS, verify
from lead_engine.tables import CONTRACTS

MONTH = CONTRACTS["calc__beneficiary_month"]
ROW = {
    "performance_year": 2027,
    "bene_key": 1,
    "month": "2027-01-01",
    "year": 2027,
    "is_eligible": True,
    "reason": None,
    "category": "AD",
    "county_code": None,
    "not_tested": "",
}


def frame(spark, *changes):
    rows = [{**ROW, **change} for change in changes]
    text = ", ".join(
        f"{name} {'string' if name == 'month' else field}"
        for name, field in ((f.name, f.dataType.simpleString()) for f in MONTH.schema)
    )
    made = spark.createDataFrame([tuple(row[name] for name in MONTH.columns) for row in rows], text)
    return made.selectExpr(
        *[f"CAST({field.name} AS {field.dataType.simpleString()}) AS {field.name}" for field in MONTH.schema]
    )


def test_a_good_version(spark):
    found = verify(frame(spark, {}, {"bene_key": 2}), MONTH)
    assert (found.rows, found.people, found.problems) == (2, 2, ())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"category": None}, "column category must not be empty"),
        ({"category": "XX"}, "column category: isin"),
        ({"reason": "TIRED"}, "column reason: isin"),
        ({"bene_key": -1}, "column bene_key: greater_than_or_equal_to(0)"),
        ({"performance_year": 1999}, "column performance_year: greater_than_or_equal_to(2000)"),
    ],
)
def test_breaches(spark, change, said):
    (problem,) = verify(frame(spark, {}, {"bene_key": 2, **change}), MONTH).problems
    assert said in problem.where
    assert problem.what == "1 rows break the contract"


def test_a_key_that_stands_twice(spark):
    (problem,) = verify(frame(spark, {}, {}, {"bene_key": 2}), MONTH).problems
    assert "1 keys stand more than once" in problem.what


def test_an_empty_version(spark):
    assert verify(frame(spark, {}).where("false"), MONTH) == verify(frame(spark, {}).limit(0), MONTH)


def test_every_check_of_every_contract_can_be_run():
    used = {
        check.name for contract in CONTRACTS.values() for column in contract.columns.values() for check in column.checks
    }
    assert used <= set(BREAKS)


def test_accounts_that_do_not_balance():
    entries = [
        Entry("lines", "in", "", 10, 500),
        Entry("lines", "out", "", 7, 500),
        Entry("lines", "excluded", "LATE", 2, 0),
    ]
    (problem,) = unbalanced("calc__x", entries)
    assert problem.what == "10 rows went in, 7 came out, 2 were excluded"
    assert unbalanced("calc__x", [*entries, Entry("lines", "excluded", "DENIED", 1, 0)]) == []


def test_a_checked_join_loses_nobody(spark):
    left = spark.createDataFrame(
        [(1, "a", None), (2, "b", None), (3, None, "EARLIER"), (4, "c", None)], "id int, code string, excluded string"
    )
    right = spark.createDataFrame([("a", 10), ("c", 30)], "code string, value int")
    rows = {
        row["id"]: (row["value"], row["excluded"]) for row in checked_join(left, right, ["code"], "NO_CODE").collect()
    }
    assert rows == {1: (10, None), 2: (None, "NO_CODE"), 3: (None, "EARLIER"), 4: (30, None)}


CANARY = "1EG4TE5MK73"


@pytest.mark.parametrize(
    ("raised", "kind", "said"),
    [
        (
            OSError(f"java.io.IOException: No space left on device while writing {CANARY}"),
            "LakeError",
            "the disk is full",
        ),
        (OSError(f"java.io.EOFException: Unexpected end of input stream {CANARY}"), "InputRefusedError", "cut short"),
        (OSError(f"ConcurrentAppendException: {CANARY}"), "ConflictError", "another run wrote"),
        (OSError(f"java.lang.OutOfMemoryError: {CANARY}"), "SetupError", "ran out of memory"),
        (OSError(f"AccessDenied {CANARY}"), "LakeError", "not allowed"),
        (
            OSError(f"[CAST_INVALID_INPUT] java.lang.NumberFormatException: {CANARY}"),
            "LakeError",
            "NumberFormatException",
        ),
    ],
)
def test_what_spark_says_never_comes_through(raised, kind, said):
    error = explained(raised, "calc__x")
    assert type(error).__name__ == kind
    assert said in str(error) and CANARY not in str(error)
