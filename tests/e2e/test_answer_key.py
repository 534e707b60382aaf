"""The pipeline against the answer key of the invented network: planted by hand, from RIF, from CCLF, from core tables."""

import csv
import json

import pytest

from lead_engine.lake.store import Lake
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.plan import Choice
from lead_engine.pipeline.run import Run
from lead_engine.synthetic.core import MADE
from lead_engine.synthetic.lists import CONFIG
from lead_engine.synthetic.network import Network, write_network
from lead_engine.synthetic.truth import COLUMNS, FILE
from lead_engine.tables import CONTRACTS
from tests.answers import wrong_answers
from tests.conftest import PEOPLE, SEED
from tests.perf.facts import YEAR
from tests.perf.stages import CHAIN, Stages

MANY = 100_000


def reader(spark, root):
    lake = Lake(spark, str(root))
    return lambda table: lake.read(CONTRACTS[table])


def test_from_rif(spark, finished):
    assert wrong_answers(finished.path.parent, reader(spark, finished.lake), "rif") == []


def test_from_cclf(spark, tmp_path):
    write_network(tmp_path / "network", Network(100, SEED, "cclf"))
    config = read_config(tmp_path / "network" / CONFIG)
    Run(config, spark).go(Choice(last="calc__attestation_response"))
    assert wrong_answers(tmp_path / "network", reader(spark, config.lake), "cclf") == []


def test_from_core(spark, tmp_path):
    write_network(tmp_path / "network", Network(100, SEED, "core"), spark)
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
    different = {table: told(table).exceptAll(loaded(table)).count() for table in MADE}
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


@pytest.mark.long
def test_from_rif_at_size(spark, tmp_path):
    write_network(tmp_path / "network", Network(MANY, SEED), spark)
    config = read_config(tmp_path / "network" / CONFIG)
    Run(config, spark).go()
    assert wrong_answers(tmp_path / "network", reader(spark, config.lake), "rif") == []


@pytest.mark.parametrize("partitions", [1, 7, pytest.param(64, marks=pytest.mark.long)])
def test_workers_write_the_same_bytes(spark, tmp_path, monkeypatch, partitions):
    """Blocks shared among workers, however many, make the same files."""
    for name, session in (("here", None), ("there", spark)):
        write_network(tmp_path / name, Network(4_000, SEED), session, tasks=partitions)
    here, there = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "rif").iterdir()} for name in ("here", "there")
    )
    assert here == there
