"""The invented network: the same seed is the same bytes, what it holds, and what is refused."""

from collections import Counter
from pathlib import Path
from pkgutil import resolve_name

import numpy as np
import pytest
from typer.testing import CliRunner

from lead_engine.cli.main import app
from lead_engine.foundation.errors import ConfigurationError, LakeError
from lead_engine.synthetic import identifiers
from lead_engine.synthetic.answer_key import cases
from lead_engine.synthetic.beds import begins
from lead_engine.synthetic.billing import Block, price_factors
from lead_engine.synthetic.chance import MILLION
from lead_engine.synthetic.network import OURS, Network, write_network
from lead_engine.synthetic.plan import codes, numbers, rows, word
from lead_engine.synthetic.visits import treatment


def files(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


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


def test_what_a_stopped_run_left_is_removed_and_nothing_else(tmp_path):
    """A folder of that name that somebody else made stays, with what is in it."""
    beside = tmp_path / "network.unfinished"
    beside.mkdir()
    (beside / "thesis.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="is in the way, and no unfinished network"):
        write_network(tmp_path / "network", Network(100, 3))
    assert [path.name for path in beside.iterdir()] == ["thesis.txt"] and not (tmp_path / "network").exists()
    (beside / OURS).touch()
    write_network(tmp_path / "network", Network(100, 3))
    assert not beside.exists() and not (tmp_path / "network" / OURS).exists()


def test_a_folder_named_by_a_dot_or_a_link(tmp_path, monkeypatch):
    (tmp_path / "network").mkdir()
    (tmp_path / "link").symlink_to("network")
    monkeypatch.chdir(tmp_path / "network")
    write_network(Path(), Network(100, 3))
    assert Path("network.txt").is_file() and Path.cwd() == tmp_path / "network"
    write_network(tmp_path / "link", Network(100, 4), replace=True)
    assert "seed 4" in (tmp_path / "network" / "network.txt").read_text() and (tmp_path / "link").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "network"]


@pytest.mark.parametrize(
    ("form", "what", "room"),
    [
        ("rif", "pathlib.Path.write_bytes", 5),  # parts of files
        ("rif", "shutil.copyfileobj", 0),  # files from their parts
        ("rif", "shutil.copyfileobj", 5),
        ("cclf", "shutil.copyfileobj", 5),
        ("cclf", "pathlib.Path.write_text", 0),  # CCLF0, behind whole files
        ("rif", "lead_engine.synthetic.damage.plant", 0),
        ("rif", "lead_engine.synthetic.lists.write", 0),
        ("rif", "lead_engine.synthetic.truth.write", 0),
    ],
)
def test_a_disk_that_fills_leaves_no_network(tmp_path, monkeypatch, form, what, room):
    """So many writes succeed, then the disk is full: nothing half-written counts as a network."""
    write, done = resolve_name(what), []

    def fills(*given):
        if len(done) == room:
            raise OSError(28, "No space left on device")
        done.append(what)
        return write(*given)

    monkeypatch.setattr(what, fills)
    with pytest.raises(LakeError, match="could not be written: No space left on device"):
        write_network(tmp_path / "network", Network(100, 3, form))
    assert list(tmp_path.iterdir()) == [] and len(done) == room


def test_a_network_that_could_not_be_replaced_is_still_there(tmp_path, monkeypatch):
    """A disk that fills while another takes its place leaves the one that was there."""
    write_network(tmp_path / "network", Network(100, 3))
    before = files(tmp_path)

    def full(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    with pytest.raises(LakeError, match="could not be written"):
        write_network(tmp_path / "network", Network(100, 4), replace=True)
    assert files(tmp_path) == before


@pytest.mark.parametrize("form", ["rif", "cclf"])
def test_blocks_are_the_same_whatever_else_is_invented(tmp_path, form):
    """The first people of a larger network are those of a smaller one: a block depends on its own numbers alone."""
    for name, people in (("small", 50), ("large", 150)):
        write_network(tmp_path / name, Network(people, 3, form, has_marked=False, block_people=50))
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
        stays, visits = begins(care.claims), care.claims.is_of("outpatient")
        drgs = [
            trigger,
            *(word(each["new_code"]) for each in rows("synthetic/recoded") if word(each["code"]) == trigger),
        ]
        starts = (stays & np.isin(care.claims.drg, drgs)) | (visits & (code == trigger))
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


@pytest.mark.parametrize(("form", "dollars"), [("rif", "120.00"), ("cclf", "40.00")])
def test_what_is_delivered_twice_would_be_seen(tmp_path, form, dollars):
    """One record of a delivery stands in it twice; it is of the marked person whose answers say these dollars once."""
    write_network(tmp_path, Network(100, 3, form))
    texts = [path.read_text("utf-8").splitlines() for path in (tmp_path / form).iterdir()]
    (record,) = [line for lines in texts for line, times in Counter(lines).items() if times > 1]
    assert dollars in record and (record.startswith("-1|") if form == "rif" else identifiers.mbi(0) in record)
    says = [answer.says for answer in cases(Network(100, 3).world)[0].answers]
    assert [said for said in says if said.get("score_cents") == 24_000] and {"paid_cents": 4_000, "claims": 1} in says
