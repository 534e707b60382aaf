"""ALN-44: a Participant TIN may not be in a barred model on a day of the performance year; the run stops and says which."""

from datetime import date

import pytest

from lead_engine.alignment.overlap.decide import ModelTin, ParticipantTin, barred_tins
from lead_engine.alignment.overlap.rules import OverlapRules
from lead_engine.foundation.errors import MethodologyError
from lead_engine.foundation.months import Period
from tests.drawn import day, table
from tests.rules import FACTS, resolved

RULES = OverlapRules.from_methodology(resolved(), FACTS)
CASES = table(
    """
    case                                     | model          | since      | until      | ours from  | ours to    | first      | last
    -----------------------------------------|----------------|------------|------------|------------|------------|------------|-----------
    in MSSP all year                         | MSSP           | 2025-01-01 | none       | none       | none       | 2027-01-01 | 2027-12-31
    left MSSP on the last day before         | MSSP           | 2025-01-01 | 2026-12-31 | none       | none       | none       | none
    left MSSP on the first day               | MSSP           | 2025-01-01 | 2027-01-01 | none       | none       | 2027-01-01 | 2027-01-01
    a Participant after MSSP                 | MSSP           | 2025-01-01 | 2027-03-31 | 2027-04-01 | none       | none       | none
    a Participant from the last day on       | MSSP           | 2025-01-01 | 2027-03-31 | 2027-03-31 | none       | 2027-03-31 | 2027-03-31
    no Participant any more                  | MSSP           | 2027-01-01 | none       | 2026-01-01 | 2026-12-31 | none       | none
    joins MSSP after the year                | MSSP           | 2028-01-01 | none       | none       | none       | none       | none
    ACO Primary Care Flex                    | PC_FLEX        | 2027-01-01 | none       | none       | none       | 2027-01-01 | 2027-12-31
    AHEAD hospital budget                    | AHEAD_HOSPITAL | 2027-01-01 | none       | none       | none       | 2027-01-01 | 2027-12-31
    Geo AHEAD                                | GEO_AHEAD      | 2027-01-01 | none       | none       | none       | 2027-01-01 | 2027-12-31
    GUIDE is allowed                         | GUIDE          | 2027-01-01 | none       | none       | none       | none       | none
    TEAM is allowed                          | TEAM           | 2027-01-01 | none       | none       | none       | none       | none
    ACCESS is allowed                        | ACCESS         | 2027-01-01 | none       | none       | none       | none       | none
    ASM is allowed                           | ASM            | 2027-01-01 | none       | none       | none       | none       | none
    EOM is allowed                           | EOM            | 2027-01-01 | none       | none       | none       | none       | none
    Primary Care AHEAD is allowed            | PC_AHEAD       | 2027-01-01 | none       | none       | none       | none       | none
    """,
    **dict.fromkeys(("since", "until", "ours from", "ours to", "first", "last"), day),
)


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["case"])
def test_days_on_which_both_hold(row):
    ours = ParticipantTin("L1", "000000001", row["ours from"], row["ours to"])
    other = ModelTin("000000001", row["model"], row["since"], row["until"])
    found = barred_tins([ours], [other], RULES)
    assert [each.days for each in found] == ([Period(row["first"], row["last"])] if row["first"] else [])


def test_a_tin_of_no_aco_may_be_anywhere():
    other = ModelTin("000000002", "MSSP", date(2027, 1, 1), None)
    assert barred_tins([ParticipantTin("L1", "000000001", None, None)], [other], RULES) == []


def test_two_models_are_two_findings():
    others = [ModelTin("000000001", model, date(2027, 1, 1), None) for model in ("MSSP", "PC_FLEX")]
    assert len(barred_tins([ParticipantTin("L1", "000000001", None, None)], others, RULES)) == 2


def test_a_model_nobody_knows():
    with pytest.raises(MethodologyError, match="names MSPP, which is no model of alignment/other_models"):
        OverlapRules.from_methodology(resolved(alignment__barred_models="[MSPP]"), FACTS)
