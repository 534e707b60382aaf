"""ALN-30, ALN-31: charges weigh by alignment year; an ACO is the sum of its Participants, every other TIN or CCN stands alone."""

import pytest

from lead_engine.alignment import rank
from lead_engine.foundation.identifiers import pack_unit, unpack_unit
from lead_engine.tables import CONTRACTS
from tests.drawn import day, dollars, table
from tests.rules import alignment_rules

RULES = alignment_rules()
PARTICIPANTS = {"TIN:000000001": "L1", "TIN:000000002": "L1", "CCN:361844": "L2"}


def candidates(spark, text, participants=PARTICIPANTS):
    drawn = table(text, person=int, year_end=day, pcs=dollars)
    rows = [
        (
            2027,
            row["person"],
            row["year_end"],
            pack_unit(row["unit"]),
            row["pcs"],
            0,
            row["year_end"],
            None,
            1,
            0,
            None,
            None,
        )
        for row in drawn
    ]
    scores = spark.createDataFrame(rows, CONTRACTS["calc__unit_score"].schema)
    listed = [("list", pack_unit(unit), aco, None, None) for unit, aco in participants.items()]
    members = spark.createDataFrame(listed, CONTRACTS["core__participant"].schema)
    acos = spark.createDataFrame(
        [("L1", "L1", 2027, "PROSPECTIVE"), ("L2", "L2", 2027, "PROSPECTIVE")], CONTRACTS["core__aco"].schema
    )
    found = rank.candidates(scores, members, acos, None, None, RULES).where("aligned_year = 2027").collect()
    return {(row["bene_key"], unpack_unit(row["unit"])): row["pcs_score_cents"] for row in found}


@pytest.fixture(scope="module")
def scores(spark):
    return candidates(
        spark,
        """
        person | year_end   | unit          | pcs
        -------|------------|---------------|-------
        1      | 2025-06-30 | TIN:000000001 | 120.00
        1      | 2026-06-30 | TIN:000000002 |  90.00
        1      | 2026-06-30 | TIN:000000003 | 135.00
        2      | 2026-06-30 | CCN:361844    |  10.00
        2      | 2026-06-30 | CCN:361845    |  20.00
        3      | 2024-06-30 | TIN:000000001 | 999.00
        """,
    )


def test_the_second_year_counts_double_and_tins_of_an_aco_add_up(scores):
    assert scores[1, "L1"] == 120_00 + 2 * 90_00


def test_outsiders_stand_alone(scores):
    assert scores[1, "TIN:000000003"] == 2 * 135_00
    assert scores[2, "CCN:361845"] == 2 * 20_00


def test_a_ccn_without_tin_is_a_participant_unit(scores):
    assert scores[2, "L2"] == 2 * 10_00


def test_charges_of_other_alignment_years_feed_other_aligned_years(scores):
    assert not [key for key in scores if key[0] == 3]


def test_splitting_a_tin_inside_an_aco_changes_nothing(spark, scores):
    split = candidates(
        spark,
        """
        person | year_end   | unit          | pcs
        -------|------------|---------------|-------
        1      | 2025-06-30 | TIN:000000001 |  20.00
        1      | 2025-06-30 | TIN:000000002 | 100.00
        1      | 2026-06-30 | TIN:000000002 |  90.00
        """,
    )
    assert split[1, "L1"] == scores[1, "L1"]
