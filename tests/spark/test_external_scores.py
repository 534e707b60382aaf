"""Scores from outside: whose they are, what is told of rows that find nobody, and that no plan shows an identifier."""

import io
from contextlib import redirect_stdout
from datetime import date
from decimal import Decimal

import pytest

from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.sources import external_scores
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.external_risk_scores import ExternalRiskScore
from lead_engine.tables import CONTRACTS

FIRST, CHANGED, OTHER, NOBODY = "1S000000001", "1S000000002", "1S000000003", "1S000000009"


def row(mbi, score="1.034211", year=2027, checksum=None):
    return ExternalRiskScore.model_construct(
        mbi=mbi, score_year=year, category="AD", raw_score=Decimal(score), model_name="AI", model_version="0.9",
        computed_by="Some office", computed_date=date(2027, 8, 1), data_through_date=date(2026, 12, 31), data_sha256=checksum,
    )  # fmt: skip


@pytest.fixture(scope="module")
def identities(spark):
    """A person whose number changed, and another; a BENE_ID is no Medicare number."""
    rows = [
        (7, "mbi", FIRST, 1, False),
        (7, "mbi", CHANGED, 2, True),
        (8, "mbi", OTHER, 3, True),
        (9, "bene_id", NOBODY, 4, True),
    ]
    return spark.createDataFrame(rows, CONTRACTS["core__beneficiary_identity"].schema)


def told(spark, identities, *rows):
    given = Given("scores.csv", "v1", rows)
    made = external_scores.scores(spark, given, identities)
    return made, entries(external_scores.accounts(spark, given, identities, made))


def test_a_former_number_finds_its_person(spark, identities):
    made, _ = told(spark, identities, row(FIRST), row(OTHER, "0.5", checksum="0a"))
    found = {each["bene_key"]: each for each in made.collect()}
    assert (found[7]["raw_score"], found[8]["raw_score"]) == (Decimal("1.034211"), Decimal("0.500000"))
    assert (found[7]["model"], found[7]["model_version"], found[7]["list_version"]) == ("AI", "0.9", "v1")
    assert found[8]["lineage"] == "run by Some office on 2027-08-01, data through 2026-12-31, SHA-256 0a"


def test_rows_are_rows_or_excluded_by_reason(spark, identities):
    rows = (row(FIRST, "1"), row(CHANGED, "2"), row(FIRST, "3", 2026), row(OTHER), row(NOBODY))
    made, account = told(spark, identities, *rows)
    scores = {(each["bene_key"], each["year"]): each["raw_score"] for each in made.collect()}
    assert scores == {(7, 2027): 2, (7, 2026): 3, (8, 2027): Decimal("1.034211")}
    excluded = {each.reason: each.rows for each in account if each.side == "excluded"}
    assert excluded == {"UNKNOWN_PERSON": 1, "SAME_PERSON_TWICE": 1} and unbalanced("x", account) == []


def test_a_list_without_rows_is_a_table_without_rows(spark, identities):
    made, account = told(spark, identities)
    assert made.count() == 0 and unbalanced("x", account) == []


def test_no_plan_and_no_column_shows_an_identifier(spark, identities):
    made, _ = told(spark, identities, row(FIRST), row(NOBODY))
    plan = io.StringIO()
    with redirect_stdout(plan):
        made.explain("extended")
    assert FIRST not in plan.getvalue() and NOBODY not in plan.getvalue()
    assert not any(FIRST in str(value) for each in made.collect() for value in each)
