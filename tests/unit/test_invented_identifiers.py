"""Invented identifiers can never be real: in the files of each form, in core tables, in every list (DL 7.3)."""

import csv
import re

import numpy as np
import pyarrow as pa
import pytest

from lead_engine.foundation.errors import ConfigurationError
from lead_engine.foundation.identifiers import MBI_PATTERN, keyed_hash, unpack_unit
from lead_engine.sources.cclf.delivery import positions
from lead_engine.synthetic import cclf, identifiers, lists
from lead_engine.synthetic.core import MADE, CoreBlock
from lead_engine.synthetic.network import Network, write_network
from lead_engine.synthetic.practices import MOST_PEOPLE, World


@pytest.mark.parametrize("number", [0, 1, 9, 12_345, 999_999])
def test_identifiers_break_the_rule_of_their_kind(number):
    assert not re.fullmatch(MBI_PATTERN, identifiers.mbi(number)) and len(identifiers.mbi(number)) == 11
    assert int(identifiers.bene_id(number)) < 0
    assert identifiers.tin(number).startswith("00") and len(identifiers.tin(number)) == 9
    assert identifiers.npi(number % 10_000_000, 7)[0] not in "12" and len(identifiers.npi(number % 10_000_000, 7)) == 10
    assert identifiers.ccn(number % 10_000).startswith("00")


def impossible(kind: str, value: str) -> bool:
    """Whether nothing real has this identifier."""
    rules = {
        "person": lambda: int(value) < 0,
        "claim": lambda: int(value) < 0,
        "mbi": lambda: len(value) == 11 and not re.fullmatch(MBI_PATTERN, value),
        "tin": lambda: value.startswith("00"),
        "npi": lambda: len(value) == 10 and value[0] not in "12",
        "ccn": lambda: len(value) == 6 and value.startswith("00"),
    }
    return rules[kind]()


def held(told: dict[str, set[str]], kinds: set[str]) -> None:
    """Every identifier is impossible, and each of these kinds was seen."""
    assert {kind for kind, values in told.items() if values} == kinds
    assert [(kind, value) for kind, values in told.items() for value in values if not impossible(kind, value)] == []


def gathered(records, kind_of) -> dict[str, set[str]]:
    """The identifiers of some records by kind; what has no kind is at least no MBI."""
    told: dict[str, set[str]] = {}
    for record in records:
        for name, value in record.items():
            if value and (kind := kind_of(name)):
                told.setdefault(kind, set()).add(value)
            elif value:
                assert not re.fullmatch(MBI_PATTERN, value), name
    return told


RIF_KINDS = {"BENE_ID": "person", "MBI_NUM": "mbi", "CLM_ID": "claim", "TAX_NUM": "tin", "PRVDR_NUM": "ccn"}


def test_identifiers_of_rif_files_are_invented(tmp_path):
    write_network(tmp_path, Network(100, 3))
    records = []
    for path in (tmp_path / "rif").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            records += csv.DictReader(file, delimiter="|")
    told = gathered(records, lambda name: "npi" if name.endswith(("NPI", "NPI_NUM")) else RIF_KINDS.get(name))
    held(told, {"person", "mbi", "claim", "tin", "ccn", "npi"})


CCLF_KINDS = {  # the end of a field's name: what it is
    "MBI_ID": "mbi", "CRNT_NUM": "mbi", "PRVS_NUM": "mbi", "CLM_UNIQ_ID": "claim", "CNTL_NUM": "claim", "TAX_NUM": "tin",
    "NPI_NUM": "npi", "OSCAR_NUM": "ccn",
}  # fmt: skip


def test_identifiers_of_cclf_files_are_invented(tmp_path):
    write_network(tmp_path, Network(100, 3, "cclf"))
    records = []
    for path in (tmp_path / "cclf").iterdir():
        if (number := cclf.number_of(path.name)) != "0":
            fields = positions(number).items()
            for line in path.read_text("utf-8").splitlines():
                records.append({name: line[at - 1 : at - 1 + width].strip() for name, (at, width) in fields})
    told = gathered(records, lambda name: next((kind for end, kind in CCLF_KINDS.items() if name.endswith(end)), None))
    held(told, {"mbi", "claim", "tin", "npi", "ccn"})


CORE_KINDS = {"tin": "tin", "ccn": "ccn", "npi": "npi", "claim_id": "claim"}


def test_identifiers_of_core_tables_are_invented():
    """Units are packed, people are keys; who a person is one table tells."""
    block = CoreBlock(Network(100, 3, "core"), 0, lists.SECRET)
    people = {keyed_hash(lists.SECRET, "bene_id", identifiers.bene_id(number)) for number in range(100)}
    told, known = [], []
    for table in MADE:
        for row in pa.table(block.columns(table)).to_pylist():
            assert row.pop("bene_key") in people, table
            if "id_kind" in row:
                known.append({row["id_kind"]: row.pop("id_value")})
            told.append({name: in_words(name, value) for name, value in row.items()})
    held(gathered(told, CORE_KINDS.get), {"tin", "ccn", "npi", "claim"})
    held(gathered(known, {"bene_id": "person", "mbi": "mbi"}.get), {"person", "mbi"})


def in_words(name: str, value: object) -> str:
    """A value as text, a packed unit without its kind."""
    is_unit = isinstance(value, int) and name in ("tin", "ccn", "npi")
    return unpack_unit(value).split(":")[1] if is_unit else str("" if value is None else value)


LIST_KINDS = {"mbi": "mbi", "tin": "tin", "npi": "npi", "ccn": "ccn"}


def test_identifiers_of_lists_are_invented(tmp_path):
    """Lists of an invented network, and what its truth is about."""
    write_network(tmp_path, Network(100, 3))
    records, people = [], set()
    for path in tmp_path.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                records.append(row)
                people |= {row["subject"]} if row.get("subject_kind") == "person" else set()
    held(gathered(records, LIST_KINDS.get), {"mbi", "tin", "npi", "ccn"})
    held({"person": people}, {"person"})


def test_columns_of_identifiers_are_the_identifiers():
    numbers = np.array([0, 1, 77, 9_999, 10_000, 35_999, 77])
    assert identifiers.mbis(numbers, 2).to_pylist() == [identifiers.mbi(n, 2) for n in numbers]
    assert identifiers.tins(numbers).to_pylist() == [identifiers.tin(n) for n in numbers]
    assert identifiers.ccns(numbers).to_pylist() == [identifiers.ccn(n) for n in numbers]
    assert identifiers.npis(numbers, numbers % 10).to_pylist() == [identifiers.npi(n, n % 10) for n in numbers]


def test_a_nation_has_identifiers_and_more_people_than_that_are_refused():
    """Every practice of the largest network has a CCN, a TIN and NPIs of their own and of the right length."""
    world = World(MOST_PEOPLE - 1)
    practices = world.practices
    for made, length in (
        (identifiers.ccns, 6),
        (identifiers.tins, 9),
        (lambda numbers: identifiers.npis(numbers, numbers % 9), 10),
    ):
        told = made(np.array([each.number for each in practices])).to_pylist()
        assert len(set(told)) == len(practices) > 20_000 and {len(each) for each in told} == {length}
    assert all(len(aco.aco_id) == 5 for aco in world.acos)
    with pytest.raises(ConfigurationError, match="40,000,000 people: are more than the ids of invented ACOs reach"):
        World(MOST_PEOPLE)
