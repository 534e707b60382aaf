"""ALN-44, ALN-43: a what-if refuses a TIN that a run would refuse, and a mid-year run whose charges are in claims alone."""

from datetime import date
from pathlib import Path

import pytest

from lead_engine.alignment.choice_rules import MidyearRules
from lead_engine.foundation.errors import ConfigurationError
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.pipeline.what_if_asked import check_what_if
from tests.drawn import day, table
from tests.rules import FACTS, resolved

ADD = Path("add.csv")
MEMBERSHIPS = table(
    """
    model | start      | end        | barred from | barred to
    ------|------------|------------|-------------|-----------
    MSSP  | 2025-01-01 |            | 2027-01-01  | 2027-12-31
    MSSP  | 2025-01-01 | 2027-01-01 | 2027-01-01  | 2027-01-01
    MSSP  | 2025-01-01 | 2026-12-31 |             |
    MSSP  | 2027-12-31 |            | 2027-12-31  | 2027-12-31
    MSSP  | 2028-01-01 |            |             |
    GUIDE | 2025-01-01 |            |             |
    """,
    start=day,
    end=day,
)


def asked(added, others=(), participants=(), **overrides) -> str:
    """What is refused."""
    given = resolved(**{f"alignment__{name}": to for name, to in overrides.items()})
    try:
        check_what_if(ADD, added, participants, others, MidyearRules.from_methodology(given, FACTS), given)
    except ConfigurationError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("row", MEMBERSHIPS, ids=str)
def test_a_tin_another_model_bars(row):
    other = {
        "tin": pack_unit("TIN:000000777"),
        "model": row["model"],
        "start_date": row["start"],
        "end_date": row["end"],
    }
    told = asked({"TIN:000000777": "L1", "TIN:000000778": "L1", "CCN:361844": "L1"}, [other])
    days = f"from {row['barred from']} to {row['barred to']}"
    said = f"add.csv: TIN:000000777 is in MSSP and a Participant of L1 {days}"
    assert told.startswith(said) and "(ALN-44)" in told if row["barred from"] else told == ""
    assert asked({"TIN:000000778": "L1"}, [other]) == ""


ROLLED = {"midyear_alignment_period": "ROLL_6M"}


@pytest.mark.parametrize(
    ("start", "overrides", "is_refused"),
    [
        (date(2027, 1, 2), ROLLED, True),
        (date(2027, 1, 1), ROLLED, False),
        (None, ROLLED, False),
        (date(2027, 4, 1), {}, False),
    ],
)
def test_a_mid_year_run_that_would_read_claims(start, overrides, is_refused):
    told = asked({"TIN:000000777": "L1"}, participants=[{"start_date": start}], **overrides)
    assert ("never reads claims" in told and "alignment/midyear_alignment_period: SAME" in told) is is_refused
    assert bool(told) is is_refused
