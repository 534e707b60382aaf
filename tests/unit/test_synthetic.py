"""The invented network: nothing in it can be anybody's, and the same seed is the same bytes (DL 7.3)."""

import csv
import re

import pytest

from lead_engine.foundation.identifiers import MBI_PATTERN
from lead_engine.synthetic import identifiers
from lead_engine.synthetic.network import write_network


def files(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("number", [0, 1, 9, 12_345, 999_999])
def test_identifiers_break_the_rule_of_their_kind(number):
    assert not re.fullmatch(MBI_PATTERN, identifiers.mbi(number)) and len(identifiers.mbi(number)) == 11
    assert int(identifiers.bene_id(number)) < 0
    assert identifiers.tin(number).startswith("00") and len(identifiers.tin(number)) == 9
    assert identifiers.npi(number)[0] not in "12" and len(identifiers.npi(number)) == 10
    assert identifiers.ccn(number % 10_000).startswith("00")


def test_every_identifier_of_a_network_is_an_invented_one(tmp_path):
    write_network(tmp_path, 60, 3)
    seen = {"BENE_ID": set(), "MBI_NUM": set(), "CLM_ID": set(), "TAX_NUM": set(), "PRVDR_NUM": set()}
    npis = set()
    for path in (tmp_path / "rif").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="|"):
                for column, values in seen.items():
                    values.add(row.get(column) or "")
                npis |= {value for column, value in row.items() if column.endswith(("NPI", "NPI_NUM"))}
    assert all(values - {""} for values in seen.values()) and npis - {""}
    assert [value for value in seen["BENE_ID"] | seen["CLM_ID"] if value and int(value) >= 0] == []
    assert [value for value in seen["MBI_NUM"] if re.fullmatch(MBI_PATTERN, value)] == []
    assert [value for value in seen["TAX_NUM"] | seen["PRVDR_NUM"] if value and not value.startswith("00")] == []
    assert [value for value in npis if value and value[0] in "12"] == []


def test_the_same_seed_is_the_same_bytes(tmp_path):
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        write_network(tmp_path / name, 40, seed)
    assert files(tmp_path / "one") == files(tmp_path / "two") != files(tmp_path / "three")
