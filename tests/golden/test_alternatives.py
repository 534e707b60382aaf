"""Other readings of open rules on the people of Ohio equal the independent recomputation: equal weights, lists of a day."""

import csv
from datetime import date

import pytest

from lead_engine.alignment.rank import candidates_on, first_and_second, on_list
from lead_engine.alignment.rules import AlignmentRules
from lead_engine.foundation.identifiers import pack_unit, unpack_unit
from lead_engine.sources.participants import participant_frame, read_participants
from tests.golden.files import rows
from tests.rules import FACTS, resolved
from tests.voluntary import acos_frame, rows_of

COLUMNS = ("aco_id", "tin", "provider_class", "effective_date", "termination_date", "ccn")
ACOS = {"A9001": "PROSPECTIVE", "A9002": "PROSPECTIVE", "A9003": "PROSPECTIVE"}
AS_SHIPPED, ALIKE = "[1, 2]", "[1, 1]"
ALTERNATIVES = {  # weights; the day whose Participants count, None where the list's dates are not used
    "as shipped": (AS_SHIPPED, None),
    "equal_weights": (ALIKE, None),
    "list_2024_01_01": (AS_SHIPPED, date(2024, 1, 1)),
    "list_2025_06_30": (AS_SHIPPED, date(2025, 6, 30)),
}


@pytest.fixture(scope="module")
def scores(spark):
    """The recomputation's unit scores, people by their BENE_ID."""
    told = []
    for row in rows("ohio/unit_score"):
        score = {"bene_key": int(row["bene_id"]), "alignment_year_end": date.fromisoformat(row["alignment_year"])}
        score |= {"unit": pack_unit(row["unit"])}
        for name in ("pcs", "sps"):
            last = row[f"last_{name}_date"]
            score |= {f"{name}_cents": int(row[f"{name}_cents"]), f"{name}_lines": int(row[f"{name}_lines"])}
            score |= {f"last_{name}_date": date.fromisoformat(last) if last else None}
        told.append(score)
    return rows_of(spark, "calc__unit_score", told)


@pytest.fixture(scope="module")
def listed(spark, sample_data, tmp_path_factory):
    """The list with and without its dates; rows that end before they begin are left out of the dated one."""
    with (sample_data / "aco_setup" / "aco_participants_valid.csv").open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    undated = [row | dict.fromkeys(("effective_date", "termination_date"), "") for row in given]
    dated = [row for row in given if not row["termination_date"] or row["effective_date"] <= row["termination_date"]]
    path = tmp_path_factory.mktemp("lists") / "participants.csv"
    frames = []
    for chosen in (undated, dated):
        path.write_text(
            "\n".join([",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in chosen), ""])
        )
        frames.append(participant_frame(spark, read_participants(path, None, 2027), "list"))
    return frames


def expected(name: str) -> dict[tuple[int, str], dict[str, str]]:
    """The recomputation's answers, with those that differ under an alternative in their place."""
    own = [row for row in rows("ohio/alignment_alternatives") if row["alternative"] == name]
    return {(int(row["bene_id"]), row["year"]): row for row in (*rows("ohio/claims_alignment"), *own)}


@pytest.mark.parametrize("name", ALTERNATIVES)
def test_the_answers_of_an_alternative(spark, scores, listed, name):
    weights, day = ALTERNATIVES[name]
    rules = AlignmentRules.from_methodology(resolved(alignment__alignment_weights=weights), FACTS)
    members = listed[0] if day is None else on_list(listed[1], day)
    made = first_and_second(candidates_on(scores, members, acos_frame(spark, ACOS), None, None, rules))
    found = {(row["bene_key"], str(row["aligned_year"])): row for row in made.where("aligned_year < 2027").collect()}
    differ = 0
    for key, row in expected(name).items():
        answer = found.get(key)
        stage, unit, score = ("NONE", "", "") if answer is None else told(answer)
        assert (stage, unit, unit if unit in ACOS else "") == (row["stage"], row["winning_unit"], row["aco_id"])
        if "alternative" in row or name == "as shipped":  # elsewhere the winner is the same, and its score is not told
            differ += 1
            assert score == row["winning_score"]
    assert differ == {"as shipped": 5979, "equal_weights": 144, "list_2024_01_01": 56, "list_2025_06_30": 27}[name]


def told(answer) -> tuple[str, str, str]:
    unit, score = answer["winning_unit"], answer["score_cents"]
    return answer["stage"], unpack_unit(unit) if unit is not None else "", "" if score is None else str(score)
