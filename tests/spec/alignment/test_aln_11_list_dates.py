"""ALN-11, ALN-59, ALN-61: the Participants of 1 January align the performance year and every base year; no others."""

from datetime import date

import pytest

from lead_engine.alignment import rank
from lead_engine.foundation.identifiers import pack_unit, unpack_unit
from tests.drawn import day, table
from tests.rules import alignment_rules
from tests.voluntary import acos_frame, rows_of

RULES = alignment_rules()
LIST = table(
    """
    tin | start      | end        | counts
    ----|------------|------------|-------
    001 |            |            | yes
    002 | 2027-01-01 |            | yes
    003 | 2027-01-02 |            | no
    004 | 2027-04-01 |            | no
    005 |            | 2027-01-01 | yes
    006 |            | 2026-12-31 | no
    007 | 2021-01-01 | 2027-03-31 | yes
    """,
    start=day,
    end=day,
)


@pytest.fixture(scope="module")
def units(spark):
    """For each TIN, the unit its patient's charges count for, by aligned year."""
    members = [
        {"list_version": "v", "unit": _tin(row), "aco_id": "L1", "start_date": row["start"], "end_date": row["end"]}
        for row in LIST
    ]
    scores = [
        {"bene_key": int(row["tin"]), "alignment_year_end": end, "unit": _tin(row), "pcs_cents": 100, "sps_cents": 0}
        | {"last_pcs_date": end, "pcs_lines": 1, "sps_lines": 0}
        for row in LIST
        for end in (date(2023, 6, 30), date(2026, 6, 30))
    ]
    made = rank.candidates(
        rows_of(spark, "calc__unit_score", scores),
        rows_of(spark, "core__participant", members),
        acos_frame(spark, {"L1": "HYBRID"}),
        None,
        None,
        RULES,
    )
    return {(row["bene_key"], row["aligned_year"]): unpack_unit(row["unit"]) for row in made.collect()}


def _tin(row) -> int:
    return pack_unit(f"TIN:000000{row['tin']}")


@pytest.mark.parametrize("row", LIST, ids=lambda row: f"{row['start']} to {row['end']}")
def test_only_the_participants_of_1_january_count(units, row):
    """In base years too: a TIN added in the year enters the baseline with the next performance year (ALN-61)."""
    expected = "L1" if row["counts"] == "yes" else f"TIN:000000{row['tin']}"
    assert units[int(row["tin"]), 2027] == expected
    assert units[int(row["tin"]), 2024] == expected
