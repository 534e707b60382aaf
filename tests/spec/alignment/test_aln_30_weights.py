"""ALN-30: charges of the later alignment year count twice; other weights are a choice, and another ACO or nobody wins."""

from datetime import date

import pytest

from lead_engine.alignment import rank
from lead_engine.alignment.decide import Charges, UnitScore, deciding_stage, ranked
from lead_engine.alignment.rules import AlignmentRules
from lead_engine.foundation.identifiers import pack_unit, unpack_unit
from tests.drawn import dollars, table
from tests.rules import FACTS, resolved
from tests.voluntary import YEAR, acos_frame, rows_of

CASES = table(
    """
    case                                      | L1, primary   | T300, primary | T300, specialists | [1, 2] | [1, 1] | [2, 1]
    ------------------------------------------|---------------|---------------|-------------------|--------|--------|-------
    less, but later                           | 100.00 0.00   | 0.00 60.00    | 0.00 0.00         | T300   | L1     | L1
    half as much, but later: a tie by charges | 100.00 0.00   | 0.00 50.00    | 0.00 0.00         | T300   | L1     | L1
    a cent less than half                     | 100.00 0.00   | 0.00 49.99    | 0.00 0.00         | L1     | L1     | L1
    earlier charges can be made to count more | 0.00 100.00   | 60.00 0.00    | 0.00 0.00         | L1     | L1     | T300
    the share of primary care is weighted too | 10.00 0.00    | 0.00 0.00     | 0.00 50.00        | T300   | L1     | L1
    """
)
WEIGHTS = ["[1, 2]", "[1, 1]", "[2, 1]"]
UNITS = {"L1": "TIN:000000100", "T300": "TIN:000000300"}


def rules(weights: str) -> AlignmentRules:
    return AlignmentRules.from_methodology(resolved(alignment__alignment_weights=weights), FACTS)


ENDS: list[date] = [year.end for year in rules("[1, 2]").alignment_years(YEAR)]


def charges(row, unit: str, kind: str) -> list[Charges]:
    """Of each alignment year, one line where anything was charged."""
    cents = [dollars(text) for text in (row.get(f"{unit}, {kind}") or "0 0").split()]
    return [Charges(each, end if each else None, int(each > 0)) for each, end in zip(cents, ENDS, strict=True)]


def plain(row, told: AlignmentRules) -> str:
    """By `decide`, from charges weighted one by one."""
    scores = []
    for unit in UNITS:
        sums = []
        for kind in ("primary", "specialists"):
            of = charges(row, unit, kind)
            cents = sum(weight * each.cents for weight, each in zip(told.weights, of, strict=True))
            days = [each.last_service for each in of if each.last_service]
            sums.append(Charges(cents, max(days, default=None), sum(each.lines for each in of)))
        scores.append(UnitScore(unit, *sums))
    return ranked(scores, deciding_stage(scores, told))[0].unit


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("row", CASES, ids=lambda row: row["case"])
def test_who_wins(row, weights):
    assert plain(row, rules(weights)) == row[weights]


@pytest.fixture(scope="module")
def scores(spark):
    rows = []
    for number, row in enumerate(CASES):
        for unit, tin in UNITS.items():
            for end, pcs, sps in zip(
                ENDS, charges(row, unit, "primary"), charges(row, unit, "specialists"), strict=True
            ):
                told = {"bene_key": number, "alignment_year_end": end, "unit": pack_unit(tin)}
                for name, part in (("pcs", pcs), ("sps", sps)):
                    told |= {f"{name}_cents": part.cents, f"{name}_lines": part.lines}
                    told |= {f"last_{name}_date": part.last_service}
                rows.append(told)
    return rows_of(spark, "calc__unit_score", rows)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_who_wins_on_spark(spark, scores, weights):
    listed = [{"list_version": "v", "unit": pack_unit(UNITS["L1"]), "aco_id": "L1"}]
    members = rows_of(spark, "core__participant", listed)
    made = rank.candidates(scores, members, acos_frame(spark, {"L1": "HYBRID"}), None, None, rules(weights))
    first = made.where(f"rank = 1 and aligned_year = {YEAR}").collect()
    names = {"L1": "L1", UNITS["T300"]: "T300"}
    found = {row["bene_key"]: names[unpack_unit(row["unit"])] for row in first}
    assert found == {number: row[weights] for number, row in enumerate(CASES)}
