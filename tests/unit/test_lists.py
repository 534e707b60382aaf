"""Lists of ACOs and Participants: every mistake with its line, ALN-8 naming each."""

from datetime import date

import pytest

from lead_engine.foundation.errors import ConfigurationError
from lead_engine.sources.acos import read_acos
from lead_engine.sources.participants import list_version, participant_frame, read_participants

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
    rows = read_participants(written(WELL), {"A1", "A2"})
    assert [(row.aco_id, row.unit) for row in rows] == [
        ("A1", "TIN:000000001"),
        ("A1", "CCN:361844"),
        ("A2", "TIN:000000002"),
    ]


def test_a_tin_or_ccn_in_two_acos_is_named(written):
    shared = WELL + "A2,000000001,,Participant,2024-01-01,,\nA2,,,Participant FQHC/RHC,,,361844\n"
    told = problems(lambda: read_participants(written(shared), {"A1", "A2"}))
    assert "TIN:000000001 is a Participant of A1 (line 2) and A2 (line 5)" in told
    assert "CCN:361844 is a Participant of A1 (line 3) and A2 (line 6)" in told
    assert "ALN-8" in told


def test_a_preferred_provider_may_stand_in_two(written):
    shared = WELL + "A2,000000001,9000000001,Preferred,2024-01-01,,\n"
    assert len(read_participants(written(shared), {"A1", "A2"})) == 3


def test_everything_wrong_at_once(written):
    text = (
        HEADER
        + "A1,12,,Participant,2024-02-30,,\nA1,,,Participant,,,\nA3,000000003,,Participant,,,\nA1,000000004,,Other,,,\n"
    )
    told = problems(lambda: read_participants(written(text), {"A1", "A2"}))
    for said in ("line 2, field tin", "line 2, field effective_date", "line 5, field provider_class"):
        assert said in told
    text = HEADER + "A1,,,Participant,,,\nA3,000000003,,Participant,,,\n"
    told = problems(lambda: read_participants(written(text), {"A1", "A2"}))
    for said in ("line 2: names neither a TIN nor a CCN", "names the ACO A3", "has no Participant of ACO A2"):
        assert said in told


@pytest.mark.parametrize("column", ["tin", "ccn", "provider_class", "aco_id"])
def test_a_missing_column(written, column):
    text = WELL.replace(column, "something", 1)
    assert f"line 1: lacks the columns {column}" in problems(lambda: read_participants(written(text), {"A1", "A2"}))


def test_dates_and_version(spark, written):
    path = written(WELL + "A1,000000001,9,Participant,2023-06-01,2024-06-01,\n")
    frame = participant_frame(spark, read_participants(path, {"A1", "A2"}), list_version(path))
    rows = {row["aco_id"]: row for row in frame.where("start_date = '2023-06-01' or aco_id = 'A2'").collect()}
    assert rows["A1"]["end_date"] is None and rows["A2"]["end_date"] == date(2025, 1, 1)
    assert {row["list_version"] for row in frame.collect()} == {list_version(path)}


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
