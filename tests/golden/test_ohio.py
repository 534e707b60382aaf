"""The whole run on 1,993 invented people of Ohio, in RIF layout, equals the independent recomputation."""

from datetime import date
from decimal import Decimal

import pytest

from lead_engine.foundation.identifiers import unpack_unit
from lead_engine.tables import CONTRACTS
from tests.golden.files import rows

pytestmark = pytest.mark.long

ZERO_LINES = {("-21001013", f"{year}-06-30", "CCN:361800") for year in (2022, 2023, 2024)}
TIES = {"none": "0", "date": "1", "lines": "2", "key": "3"}


@pytest.fixture(scope="module")
def people(rif_run) -> dict[int, str]:
    identities = rif_run._read("core__beneficiary_identity").where("id_kind = 'bene_id'").collect()
    return {row["bene_key"]: row["id_value"] for row in identities}


def table(rif_run, people, name):
    """Rows of a table with `bene_id`; providers and dates as text."""
    contract = CONTRACTS[name]
    for row in rif_run._read(name).collect():
        told = row.asDict()
        for unit in contract.packed:
            told[unit] = unpack_unit(told[unit]) if told[unit] is not None else ""
        told = {column: str(value) if isinstance(value, date) else value for column, value in told.items()}
        yield told | {"bene_id": people.get(told.get("bene_key"), "")}


def test_unit_scores(rif_run, people):
    names = (
        "bene_id",
        "alignment_year",
        "unit",
        "pcs_cents",
        "sps_cents",
        "last_pcs_date",
        "last_sps_date",
        "pcs_lines",
        "sps_lines",
    )
    expected = {tuple(row[name] for name in names) for row in rows("ohio/unit_score")}
    last = max(row[1] for row in expected)
    found = {
        tuple(
            str(row.get(name) if row.get(name) is not None else "")
            for name in ("bene_id", "alignment_year_end", *names[2:])
        )
        for row in table(rif_run, people, "calc__unit_score")
        if row["alignment_year_end"] <= last
    }
    assert expected <= found
    assert {row[:3] for row in found - expected} == ZERO_LINES  # docs/explained-differences.md


def test_claims_alignment(rif_run, people):
    expected = {
        (row["bene_id"], row["year"]): (
            row["stage"], row["winning_unit"], row["winning_score"],
            row["runner_up_unit"], row["runner_up_score"], row["tie_break_used"], row["aco_id"],
        )
        for row in rows("ohio/claims_alignment")
    }  # fmt: skip
    found = {
        (row["bene_id"], str(row["aligned_year"])): (
            row["stage"],
            row["winning_unit"],
            _text(row["score_cents"]),
            row["runner_up_unit"],
            _text(row["runner_up_score_cents"]),
            TIES[row["tie_break"]],
            _text(row["aco_id"]),
        )
        for row in table(rif_run, people, "calc__alignment")
        if row["aligned_year"] < 2027
    }
    assert found == expected


def test_eligible_months(rif_run, people):
    expected = {
        (row["bene_id"], row["month"], row["eligible"], row["first_failing_reason"], row["county_ssa"])
        for row in rows("ohio/enrolment_month")
    }
    found = {
        (row["bene_id"], row["month"], str(int(row["is_eligible"])), _text(row["reason"]), _text(row["county_code"]))
        for row in table(rif_run, people, "calc__beneficiary_month")
    }
    assert found == expected


def test_spend_months(rif_run, people):
    names = ("bene_id", "month", "claim_type", "paid_cents", "claims")
    expected = {tuple(row[name] for name in names) for row in rows("ohio/spend_month")}
    assert {tuple(str(row[name]) for name in names) for row in table(rif_run, people, "calc__spend_month")} == expected


def test_aligned_people(rif_run, people):
    expected = {
        (row["bene_id"], row["year"], row["aco_id"], row["first_month"], row["last_month"], row["end_reason"])
        for row in rows("ohio/aligned_bene")
    }
    found = {
        (
            row["bene_id"],
            str(row["aligned_year"]),
            row["aco_id"],
            str(int(row["effective_month"][5:7])),
            str(int(row["end_month"][5:7])),
            _text(row["end_reason"]),
        )
        for row in table(rif_run, people, "calc__alignment")
        if row["effective_month"]
    }
    assert found == expected


def test_aco_years(rif_run, people):
    expected = {
        (
            row["aco_id"],
            row["year"],
            row["category"],
            row["months_through"],
            row["aligned_benes"],
            row["aligned_months"],
            row["paid_cents"],
        )
        for row in rows("ohio/aco_year")
        if row["aligned_months"]
    }
    found = {
        tuple(
            str(row[name])
            for name in ("aco_id", "year", "category", "months_through", "people", "months", "paid_cents")
        )
        for row in table(rif_run, people, "calc__aco_year")
    }
    assert found == expected


def test_the_mart_shows_the_same_and_hides_small_cells(rif_run, people):
    expected = {
        (row["aco_id"], row["year"], row["category"]): row for row in rows("ohio/aco_year") if row["aligned_months"]
    }
    for row in table(rif_run, people, "mart__aco_year"):
        other = expected[row["aco_id"], str(row["year"]), row["category"]]
        if row["is_suppressed"]:
            assert row["people"] is row["months"] is row["paid_usd"] is row["pbpm_usd"] is None
            assert row["aco_id"] == "A9003"
        else:
            assert (row["people"], row["months"]) == (int(other["aligned_benes"]), int(other["aligned_months"]))
            assert row["paid_usd"] == Decimal(other["paid_cents"]) / 100
            assert row["pbpm_usd"] == round(Decimal(other["pbpm"]), 2)


def test_scores_of_2024(rif_run, people):
    """Every row of V24 and V28, and of the 115 people with ESRD by ESRD V24, in January.

    The recomputation takes Medicaid of January for the year; 20 people have another class later (docs/explained-differences.md).
    """
    expected = {
        (row["model"], row["bene_id"], row["segment"], Decimal(row["risk_score"]))
        for row in rows("ohio/expected_risk_scores_py2024")
    }
    scores = [row for row in table(rif_run, people, "calc__risk_score") if row["year"] == 2024]
    found = {
        (row["model"], row["bene_id"], row["segment"], row["raw_score"]) for row in scores if row["first_month"] == 1
    }
    later = {row["bene_id"] for row in scores if row["first_month"] > 1}
    assert len(later) == 20 and later <= {row[1] for row in found}
    assert {row for row in found if row[0] != "CMMI_CONCURRENT_V1"} == expected
    concurrent = {row[1] for row in found if row[0] == "CMMI_CONCURRENT_V1"}
    assert concurrent == {row[1] for row in expected if row[0] == "V28"}


def test_people_are_scored_or_excluded_for_a_reason(rif_run, people):
    entries = [row for row in table(rif_run, people, "calc__risk_profile") if row["year"] == 2024]
    assert len(entries) == 1814
    assert {row["excluded"] for row in entries} == {None}


def _text(value) -> str:
    return "" if value is None else str(value)
