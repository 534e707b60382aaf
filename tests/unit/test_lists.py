"""Lists of ACOs and Participants: every mistake with its line, ALN-8 naming each."""

import pytest

from lead_engine.foundation.errors import ConfigurationError
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.sources.acos import read_acos
from lead_engine.sources.participants import list_version, participant_frame, read_participants
from tests.drawn import table

HEADER = "aco_id,tin,npi,provider_class,effective_date,termination_date,ccn\n"
WELL = (
    HEADER
    + "A1,000000001,,Participant,2024-01-01,,\nA1,,,Participant FQHC/RHC,2024-01-01,,361844\n"
    + "A2,000000002,,Participant,2024-01-01,2025-01-01,\n"
)


@pytest.fixture
def written(tmp_path):
    def write(text):
        (tmp_path / "list.csv").write_text(text)
        return tmp_path / "list.csv"

    return write


def problems(read) -> str:
    with pytest.raises(ConfigurationError) as raised:
        read()
    return str(raised.value)


def test_participants(written):
    rows = read_participants(written(WELL), {"A1", "A2"}, 2024)
    assert [(row.aco_id, row.unit) for row in rows] == [
        ("A1", "TIN:000000001"),
        ("A1", "CCN:361844"),
        ("A2", "TIN:000000002"),
    ]


def test_a_tin_or_ccn_in_two_acos_is_named(written):
    shared = WELL + "A2,000000001,,Participant,2024-01-01,,\nA2,,,Participant FQHC/RHC,,,361844\n"
    told = problems(lambda: read_participants(written(shared), {"A1", "A2"}, 2024))
    assert "TIN:000000001 is a Participant of A1 (line 2) and A2 (line 5)" in told
    assert "CCN:361844 is a Participant of A1 (line 3) and A2 (line 6)" in told
    assert "ALN-8" in told


def test_a_preferred_provider_may_stand_in_two(written):
    shared = WELL + "A2,000000001,9000000001,Preferred,2024-01-01,,\n"
    assert len(read_participants(written(shared), {"A1", "A2"}, 2024)) == 3


def test_everything_wrong_at_once(written):
    text = (
        HEADER
        + "A1,12,,Participant,2024-02-30,,\nA1,,,Participant,,,\nA3,000000003,,Participant,,,\nA1,000000004,,Other,,,\n"
    )
    told = problems(lambda: read_participants(written(text), {"A1", "A2"}, 2024))
    for said in (
        "line 2, field tin",
        "line 2, field effective_date",
        "line 3: names neither",
        "names the ACO A3",
        "line 5, field provider_class",
    ):
        assert said in told
    assert "has no Participant" not in told  # a row that could not be read may be theirs
    text = HEADER + "A1,,,Participant,,,\nA3,000000003,,Participant,,,\n"
    told = problems(lambda: read_participants(written(text), {"A1", "A2"}, 2024))
    for said in ("line 2: names neither a TIN nor a CCN", "names the ACO A3", "has no Participant of ACO A2"):
        assert said in told


def test_an_aco_whose_participants_hold_on_no_day_of_the_year(written):
    """Nobody could be aligned to it: said before anything starts, not found as an empty answer."""
    assert len(read_participants(written(WELL), {"A1", "A2"}, 2025)) == 3
    told = problems(lambda: read_participants(written(WELL), {"A1", "A2"}, 2026))
    assert "has no Participant of ACO A2 on any day of 2026" in told and "A1" not in told


@pytest.mark.parametrize("column", ["tin", "ccn", "provider_class", "aco_id"])
def test_a_missing_column(written, column):
    text = WELL.replace(column, "something", 1)
    assert f"line 1: lacks the columns {column}" in problems(
        lambda: read_participants(written(text), {"A1", "A2"}, 2024)
    )


PERIODS = table(
    """
    case                      | rows                                                       | periods
    --------------------------|------------------------------------------------------------|------------------------------------
    one row                   | 2024-01-01..2025-01-01                                     | 2024-01-01..2025-01-01
    no dates                  | ..                                                         | ..
    undated and dated         | .. 2027-04-01..                                            | ..
    no start, and a start     | ..2027-06-30 2027-04-01..2027-12-31                        | ..2027-12-31
    no end, and an end        | 2024-01-01.. 2023-06-01..2024-06-01                        | 2023-06-01..
    overlapping               | 2024-01-01..2024-06-30 2024-06-30..2024-12-31              | 2024-01-01..2024-12-31
    one inside another        | 2024-01-01..2025-12-31 2024-03-01..2024-05-31 2026-01-01.. | 2024-01-01..
    the day after             | 2024-01-01..2024-06-30 2024-07-01..                        | 2024-01-01..
    a day between             | 2024-01-01..2024-06-30 2024-07-02..                        | 2024-01-01..2024-06-30 2024-07-02..
    later first               | 2027-04-01.. ..2026-12-31                                  | ..2026-12-31 2027-04-01..
    ends before start         | 2025-01-01..2024-06-30 2026-01-01..                        | 2026-01-01..
    ends before start, alone  | 2025-01-01..2024-06-30                                     |
    """
)


def spans(text: str | None) -> list[list[str]]:
    return [span.split("..") for span in (text or "").split()]


def test_the_days_of_a_tin_are_those_of_its_rows(spark, written):
    """ALN-11: gaps stay gaps, a row without a date is open on that side, overlaps count once."""
    rows = [
        f"A1,{number:09d},,Participant,{start},{end},\n"
        for number, row in enumerate(PERIODS)
        for start, end in spans(row["rows"])
    ]
    path = written(HEADER + "".join(rows))
    frame = participant_frame(spark, read_participants(path, {"A1"}, 2024), list_version(path))
    found: dict[str, list[list[str]]] = {row["case"]: [] for row in PERIODS}
    cases = {pack_unit(f"TIN:{number:09d}"): row["case"] for number, row in enumerate(PERIODS)}
    for row in frame.collect():
        found[cases[row["unit"]]].append([str(row[name] or "") for name in ("start_date", "end_date")])
        assert row["list_version"] == list_version(path)
    assert {case: sorted(periods) for case, periods in found.items()} == {
        row["case"]: sorted(spans(row["periods"])) for row in PERIODS
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("aco_id,first_performance_year\n", "names no ACO"),
        ("aco_id,first_performance_year\nA1,2027\nA1,2027\n", "A1 stands on line 2 already"),
        ("aco_id,first_performance_year\nA1,2026\n", "2026 is not between 2027 and the performance year 2028"),
        ("aco_id,first_performance_year\nA1,2029\n", "2029 is not between"),
        ("aco_id,first_performance_year\na-1,soon\n", "line 2, field first_performance_year"),
        ("aco_id\nA1\n", "lacks the columns first_performance_year"),
    ],
)
def test_acos(written, text, said):
    assert said in problems(lambda: read_acos(written(text), 2028, 2027))


def test_other_columns_and_a_byte_order_mark_do_no_harm(written):
    (aco,) = read_acos(written("\ufeffaco_id,first_performance_year,election\nA1,2027,HYBRID\n"), 2027, 2027)
    assert (aco.aco_id, aco.first_performance_year) == ("A1", 2027)
