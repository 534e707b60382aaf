"""Files of TINs that would join or leave: every mistake of both at once, and the list as it would be."""

import pytest

from lead_engine.foundation.errors import ConfigurationError
from lead_engine.sources.list_changes import read_change

LISTED = {"TIN:000000001": "L1", "TIN:000000002": "L1", "CCN:361844": "L2"}
ACOS = {"L1", "L2"}
HEAD = "aco_id,tin,ccn\n"


@pytest.fixture
def change(tmp_path):
    def read(add=None, remove=None):
        files = []
        for name, text in (("add.csv", add), ("remove.csv", remove)):
            if text is not None:
                (tmp_path / name).write_text(text, "utf-8")
            files.append(tmp_path / name if text is not None else None)
        return read_change(*files, LISTED, ACOS)

    return read


def test_joining_leaving_and_moving(change):
    found = change(HEAD + "L2,000000002,\nL1,000000009,\n", HEAD + "L1,000000002,\nL2,,361844\n")
    assert found.listed == {"TIN:000000001": "L1", "TIN:000000002": "L2", "TIN:000000009": "L1"}
    assert found.units == ("CCN:361844", "TIN:000000002", "TIN:000000009")
    assert found.removed == {"TIN:000000002": "L1", "CCN:361844": "L2"}


def test_the_version_is_that_of_the_list_and_not_of_the_way_to_it(change):
    there = change(HEAD + "L1,000000009,\nL1,000000008,\n")
    again = change(HEAD + "L1,000000008,\nL1,000000009,\nL1,000000009,\n")
    assert there.version == again.version != change(HEAD + "L1,000000009,\n").version


def test_a_participant_list_serves_and_preferred_providers_change_nothing(change):
    head = "aco_id,tin,npi,provider_class,effective_date,termination_date,ccn\n"
    found = change(head + "L1,000000009,,Preferred Provider,2027-01-01,,\nL1,000000001,,Participant,,,\n")
    assert found.listed == LISTED and found.units == () and found.unchanged == ("TIN:000000001",)


def test_every_mistake_of_both_files_is_told_at_once(change):
    add = HEAD + "L9,000000009,\nL1,,\nL1,12345,\nL2,000000001,\nL1,000000008,\nL2,000000008,\nL1,000000002,\n"
    remove = HEAD + "L2,000000002,\nL1,000000777,\nL1,000000002,\n"
    with pytest.raises(ConfigurationError) as told:
        change(add, remove)
    said = [(problem.where, problem.what) for problem in told.value.problems]
    assert said == [
        ("add.csv line 2, field aco_id", "names an ACO that the run does not know"),
        ("add.csv line 3, field tin", "names neither a TIN nor a CCN"),
        ("add.csv line 4, field tin", said[2][1]),
        ("remove.csv line 2", "TIN:000000002 is no Participant of L2; it is one of L1"),
        ("remove.csv line 3", "TIN:000000777 is no Participant of L1"),
        ("add.csv line 8", "TIN:000000002 is to be added to L1 and removed from it"),
        ("add.csv", "TIN:000000001 would be a Participant of L1 (the list of the run) and L2 (line 5)"),
        ("add.csv", "TIN:000000008 would be a Participant of L1 (line 6) and L2 (line 7)"),
    ]
    assert "12345" not in str(told.value) and "ALN-8" in str(told.value)


def test_a_file_that_lacks_its_column_and_one_that_is_not_there(change, tmp_path):
    with pytest.raises(ConfigurationError, match="lacks the columns aco_id"):
        change("tin\n000000001\n")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_change(tmp_path / "nothing.csv", None, LISTED, ACOS)


def test_nothing_to_change(change):
    with pytest.raises(ConfigurationError, match="nothing is added and nothing removed"):
        change()
