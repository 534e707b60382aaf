"""The invented network: nothing in it can be anybody's, and the same seed is the same bytes (DL 7.3)."""

import csv
import re

import numpy as np
import pytest
from typer.testing import CliRunner

from lead_engine.cli.main import app
from lead_engine.foundation.errors import ConfigurationError, LakeError
from lead_engine.foundation.identifiers import MBI_PATTERN
from lead_engine.synthetic import identifiers
from lead_engine.synthetic.billing import Block, price_factors
from lead_engine.synthetic.chance import MILLION
from lead_engine.synthetic.identifiers import ccns, npis, tins
from lead_engine.synthetic.network import Network, write_network
from lead_engine.synthetic.plan import codes, numbers, rows, word
from lead_engine.synthetic.practices import MOST_PEOPLE, World
from lead_engine.synthetic.visits import treatment


def files(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("number", [0, 1, 9, 12_345, 999_999])
def test_identifiers_break_the_rule_of_their_kind(number):
    assert not re.fullmatch(MBI_PATTERN, identifiers.mbi(number)) and len(identifiers.mbi(number)) == 11
    assert int(identifiers.bene_id(number)) < 0
    assert identifiers.tin(number).startswith("00") and len(identifiers.tin(number)) == 9
    assert identifiers.npi(number % 10_000_000, 7)[0] not in "12" and len(identifiers.npi(number % 10_000_000, 7)) == 10
    assert identifiers.ccn(number % 10_000).startswith("00")


def test_every_identifier_of_a_network_is_an_invented_one(tmp_path):
    write_network(tmp_path, Network(100, 3))
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
        write_network(tmp_path / name, Network(100, seed))
    assert files(tmp_path / "one") == files(tmp_path / "two") != files(tmp_path / "three")


def test_what_is_in_a_folder_is_kept(tmp_path):
    """A network that is there is left as it is, another is replaced when told, anything else never."""
    network = tmp_path / "network"
    write_network(network, Network(100, 3))
    (network / "lake").mkdir()
    write_network(network, Network(100, 3))
    assert (network / "lake").is_dir()
    with pytest.raises(ConfigurationError, match="holds another network"):
        write_network(network, Network(100, 4))
    write_network(network, Network(100, 4), replace=True)
    assert not (network / "lake").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(ConfigurationError, match="is not empty"):
        write_network(tmp_path / "mine", Network(100, 3), replace=True)


def test_a_disk_that_fills_leaves_no_network(tmp_path, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(LakeError, match="could not be written: No space left on device"):
        write_network(tmp_path / "network", Network(100, 3))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["rif", "cclf"])
def test_blocks_are_the_same_whatever_else_is_invented(tmp_path, form, monkeypatch):
    """The first people of a larger network are those of a smaller one: a block depends on its own numbers alone."""
    monkeypatch.setattr("lead_engine.synthetic.network.BLOCK", 50)
    for name, people in (("small", 50), ("large", 150)):
        write_network(tmp_path / name, Network(people, 3, form, has_marked=False))
    for small in (tmp_path / "small" / form).iterdir():
        if "ZC0" not in small.name:
            assert (tmp_path / "large" / form / small.name).read_bytes().startswith(small.read_bytes()), small.name


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--people", "0"], "Invalid value for '--people': Input should be greater"),
        (["--people", "-5"], "Invalid value for '--people': Input should be greater"),
        (["--seed", "spring"], "Invalid value for '--seed': Input should be a valid integer"),
        (["--as", "paper"], "Invalid value for '--as'"),
    ],
)
def test_what_cannot_be_invented_is_said(tmp_path, given, said):
    done = CliRunner().invoke(app, ["synth", "--out", str(tmp_path / "network"), *given])
    assert done.exit_code == 2 and said in " ".join(done.output.split())
    assert not (tmp_path / "network").exists()


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
    for made, length in ((ccns, 6), (tins, 9), (lambda numbers: npis(numbers, numbers % 9), 10)):
        told = made(np.array([each.number for each in practices])).to_pylist()
        assert len(set(told)) == len(practices) > 20_000 and {len(each) for each in told} == {length}
    assert all(len(aco.aco_id) == 5 for aco in world.acos)
    with pytest.raises(ConfigurationError, match="40,000,000 people: are more than the ids of invented ACOs reach"):
        World(MOST_PEOPLE)


def test_conditions_cost_what_the_answer_key_says():
    """What is treated, at the prices of 2024 in a county of price 1, over the months with the condition."""
    monthly, spent, months = numbers("synthetic/conditions", "monthly_cents"), 0, 0
    network = Network(4_000, 3, has_marked=False)
    codes_of = codes("synthetic/conditions", "icd10_code")
    for number in range(network.blocks):
        world, people, _ = network.block(number)
        block = Block(people, world, network.seed)
        may = block.covered() & people.has_part_b[:, None]
        claims = treatment(block, may).claims
        place = np.searchsorted(np.sort(codes_of), claims.diagnoses[:, 0])
        worth = claims.paid * MILLION / price_factors(block, claims)
        spent = spent + np.bincount(np.argsort(codes_of)[place], worth, len(monthly))
        months = months + may.sum(axis=1) @ people.conditions
    assert spent.sum() == pytest.approx((months * monthly).sum(), rel=0.03)
    common = months > 20_000
    assert common.sum() >= 5 and spent[common] == pytest.approx((months * monthly)[common], rel=0.15)


def test_what_goes_with_an_episode_is_there():
    """Every service of the table stands within its span of days from a trigger of the same person."""
    _, people, care = Network(1_000, 3, has_marked=False).block(0)
    days = care.claims.first.astype(np.int64)
    code = care.lines.hcpcs[care.lines.number == 1][np.argsort(care.lines.claim[care.lines.number == 1])]
    seen = set()
    for row in rows("synthetic/episodes"):
        trigger = word(row["trigger_code"])
        stays, visits = care.claims.is_of("inpatient"), care.claims.is_of("outpatient")
        starts = (stays & (care.claims.drg == trigger)) | (visits & (code == trigger))
        given = care.claims.is_of(row["file"]) & (code == word(row["hcpcs_code"]))
        least, most = int(row["least_day"]), int(row["most_day"])
        same = care.claims.person[given][:, None] == care.claims.person[starts]
        after = days[given][:, None] - days[starts]
        goes_with = (same & (after >= least) & (after <= most)).any(axis=0)
        with_part_b = people.has_part_b[care.claims.person[starts]]
        assert not goes_with[~with_part_b].any()
        seen |= {row["measure_id"]} if goes_with.any() else set()
        if row["share_ppm"] == "1000000" and (least, most) == (0, 0):
            assert goes_with[with_part_b].all()
    assert seen == {row["measure_id"] for row in rows("synthetic/episodes")}
