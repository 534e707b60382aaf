"""The pipeline against the answer key of the invented network: planted by hand, from RIF, from CCLF, from core tables."""

import csv
import json

import pytest

from lead_engine.lake.checksum import checksum
from lead_engine.lake.store import Lake
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.plan import Choice
from lead_engine.pipeline.run import Run
from lead_engine.synthetic.core import MADE
from lead_engine.synthetic.lists import CONFIG
from lead_engine.synthetic.network import BLOCK, Network, write_network
from lead_engine.synthetic.truth import COLUMNS, FILE
from lead_engine.tables import CONTRACTS
from tests.answers import wrong_answers
from tests.conftest import PEOPLE, SEED
from tests.perf.facts import YEAR
from tests.perf.stages import CHAIN, Stages

SOME, MANY = 20_000, 100_000  # text of 20,000 people is 400 MB; core tables need none
PAYER = "is_medicare_secondary"
LAST_OF_CCLF = "calc__attestation_response"


def reader(spark, root):
    lake = Lake(spark, str(root))
    return lambda table: lake.read(CONTRACTS[table])


def wrong_of_files(spark, folder, people: int, form: str, **choice) -> list[str]:
    """Invent a delivery, run it and hold it to the key."""
    write_network(folder, Network(people, SEED, form), spark if people > BLOCK else None)
    config = read_config(folder / CONFIG)
    Run(config, spark).go(Choice(**choice))
    return wrong_answers(folder, reader(spark, config.lake), form)


def test_from_rif(spark, finished):
    assert wrong_answers(finished.path.parent, reader(spark, finished.lake), "rif") == []


@pytest.mark.long
def test_from_rif_at_size(spark, tmp_path):
    assert wrong_of_files(spark, tmp_path / "network", SOME, "rif") == []


@pytest.mark.parametrize("people", [100, pytest.param(SOME, marks=pytest.mark.long)])
def test_from_cclf(spark, tmp_path, people):
    assert wrong_of_files(spark, tmp_path / "network", people, "cclf", last=LAST_OF_CCLF) == []


@pytest.mark.parametrize("people", [100, pytest.param(MANY, marks=pytest.mark.long)])
def test_from_core(spark, tmp_path, people):
    write_network(tmp_path / "network", Network(people, SEED, "core"), spark)
    stages = Stages(spark, tmp_path / "network")
    for step in CHAIN:
        contract = CONTRACTS[step.table]
        part = dict.fromkeys(contract.slice, YEAR)
        stages.lake.write(contract, stages.made(step), {"identity": step.table}, part, None)
    assert wrong_answers(tmp_path / "network", stages.table, "core") == []


def test_core_tables_are_what_the_engine_makes_of_rif(spark, finished, tmp_path):
    """So what holds from RIF holds from core tables, and speed is measured on what a lake really has."""
    write_network(tmp_path / "network", Network(PEOPLE, SEED, "core"), spark)
    told, loaded = reader(spark, tmp_path / "network" / "lake"), reader(spark, finished.lake)
    # Another payer before Medicare is in core tables alone: no file tells of it.
    different = {table: told(table).drop(PAYER).exceptAll(loaded(table).drop(PAYER)).count() for table in MADE}
    assert different == dict.fromkeys(MADE, 0)
    assert {table: told(table).count() for table in MADE} == {table: loaded(table).count() for table in MADE}


def test_ties_that_a_convention_decides_are_counted(spark, finished):
    """ALN-33: the accounts of the run hold what the answers say."""
    told = reader(spark, finished.lake)
    rows = told("ops__quality").where("step = 'calc__alignment' and reason like 'TIE%'").collect()
    won = told("calc__alignment").where("winning_unit is not null").groupBy("tie_break").count().collect()
    cases = {row["tie_break"]: row["count"] for row in won}
    assert cases["lines"] > 0 and cases["key"] > 0
    assert {row["reason"]: row["rows"] for row in rows} == {
        "TIE_2_BY_LINES": cases["lines"],
        "TIE_3_BY_KEY": cases["key"],
    }


def test_a_wrong_answer_is_told(spark, finished, tmp_path):
    """The key can fail: each answer turned into another is told."""
    with (finished.path.parent / FILE).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "rif" in row["sources"].split()]
    with (tmp_path / FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in rows:
            says = json.loads(row["says"])
            row["says"] = json.dumps({name: "another" if name != "rows" else 99 for name in says} or {"bene_key": 0})
            writer.writerow(row)
    told = wrong_answers(tmp_path, reader(spark, finished.lake), "rif")
    assert {line.split(":")[0] for line in told} == {row["case"] or row["subject"] for row in rows}


SHARED = [pytest.param(10, (1, 7), id="1-7"), pytest.param(96, (64,), id="64", marks=pytest.mark.long)]


def in_blocks(blocks: int, form: str) -> Network:
    """A small network of many blocks."""
    return Network(100 * blocks, SEED, form, block_people=100)


@pytest.mark.parametrize("form", ["rif", "cclf"])
@pytest.mark.parametrize(("blocks", "shared_by"), SHARED)
def test_workers_write_the_same_bytes(spark, tmp_path, form, blocks, shared_by):
    """More blocks than tasks, however many share them, make the same files."""
    network = in_blocks(blocks, form)
    write_network(tmp_path / "here", network)
    here = {path.name: path.read_bytes() for path in (tmp_path / "here" / form).iterdir()}
    for tasks in shared_by:
        write_network(tmp_path / str(tasks), network, spark, tasks=tasks)
        assert {path.name: path.read_bytes() for path in (tmp_path / str(tasks) / form).iterdir()} == here


@pytest.mark.parametrize(("blocks", "shared_by"), SHARED)
def test_workers_write_the_same_core_tables(spark, tmp_path, blocks, shared_by):
    """The rows too, by the checksum of each table."""
    made = {}
    for tasks in {1, *shared_by}:
        write_network(tmp_path / str(tasks), in_blocks(blocks, "core"), spark, tasks=tasks)
        table = reader(spark, tmp_path / str(tasks) / "lake")
        made[tasks] = {name: checksum(table(name), list(CONTRACTS[name].columns)) for name in MADE}
    alone = made.pop(1)
    assert all(sums == alone for sums in made.values()) and all(each.rows for each in alone.values())
