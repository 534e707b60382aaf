"""What-ifs of the network that was run: as people ask for them, and held against its tables."""

import csv
import json
import shutil
import stat

import pytest

import lead_engine
from lead_engine.foundation import errors
from lead_engine.foundation.identifiers import unpack_unit
from lead_engine.lake.checksum import checksum
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.plan import Choice, steps_of
from lead_engine.pipeline.replay import replayed
from lead_engine.pipeline.run import Run
from lead_engine.scenario.realign import REPLAYED
from lead_engine.tables import CONTRACTS

HEAD = "aco_id,tin,ccn\n"


def table(lake, name):
    return lake.read(CONTRACTS[name])


@pytest.fixture
def listed(lake):
    return {unpack_unit(row["unit"]): row["aco_id"] for row in table(lake, "core__participant").collect()}


@pytest.fixture
def largest(lake, listed):
    """The ACO with most people in the last base year, in which that of the answer key has next to none."""
    rows = table(lake, "calc__aco_year").where("category = 'ALL' AND year = 2026").orderBy("people", "aco_id").collect()
    return rows[-1]["aco_id"]


@pytest.fixture
def written(tmp_path):
    def write(name, units):
        rows = [
            f"{aco},{unit[4:] if unit[:3] == 'TIN' else ''},{unit[4:] if unit[:3] == 'CCN' else ''}"
            for unit, aco in units
        ]
        path = tmp_path / name
        path.write_text(HEAD + "".join(row + "\n" for row in rows), "utf-8")
        return path

    return write


def test_the_same_list_gives_the_stored_months(lake, finished):
    had = {step.table for step in steps_of(finished)}
    found = replayed(
        REPLAYED, lambda name: table(lake, name) if name in had else None, finished.resolved, finished.facts
    )
    columns = list(CONTRACTS["calc__alignment_month"].columns)
    assert checksum(found["calc__alignment_month"], columns) == checksum(table(lake, "calc__alignment_month"), columns)


def test_an_aco_that_loses_every_tin(cli, finished, lake, listed, largest, written, tmp_path):
    remove = written("remove.csv", [each for each in listed.items() if each[1] == largest])
    people = tmp_path / "people.csv"
    asked = ("what-if", "tins", "--remove", remove, "--config", finished.path)
    code, out, err = cli(*asked, "--people", people, "--json")
    assert code == 0 and "rows about people" in err
    told = json.loads(out)
    assert "names a TIN that leaves still aligns" in told["choices"]
    by_claims = (
        f"category = 'ALL' AND aco_id = '{largest}' AND year < 2027"  # who chose an ACO in 2027 keeps the choice
    )
    stored = table(lake, "calc__aco_year").where(by_claims).collect()
    for row in (each for each in told["totals"] if each["aco_id"] == largest and not each["is_suppressed"]):
        assert (row["people_after"], row["months_after"], row["paid_cents_after"], row["pbpm_cents_after"]) == (
            0,
            0,
            0,
            None,
        )
    assert any(not row["is_suppressed"] for row in told["totals"] if row["aco_id"] == largest)
    with people.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["aco_id"] == largest and row["year"] != "2027"]
    assert len(rows) == sum(row["people"] for row in stored)
    assert sum(int(row["paid_cents_lost"]) for row in rows) == sum(row["paid_cents"] for row in stored)
    assert stat.S_IMODE(people.stat().st_mode) == 0o600
    code, out, err = cli(*asked)
    assert code == 0 and "lives lost" in out and "would leave" in out
    keys = {row["bene_key"] for row in rows}
    assert keys and not [key for key in keys if key in out + err + json.dumps(told)]


def test_a_tin_that_never_billed_and_a_preferred_provider(cli, finished, largest, tmp_path):
    add = tmp_path / "add.csv"
    add.write_text(
        f"aco_id,tin,provider_class\n{largest},009999999,Participant\n{largest},009999998,Preferred\n", "utf-8"
    )
    people = tmp_path / "people.csv"
    code, out, _ = cli("what-if", "tins", "--add", add, "--config", finished.path, "--people", people)
    assert code == 0 and "TIN:009999999: nobody has a qualifying charge there" in out and "zero" in out
    assert "009999998" not in out and len(people.read_text("utf-8").splitlines()) == 1


def test_mistakes_are_told_together(cli, finished, listed, largest, written):
    other = next(aco for aco in sorted(set(listed.values())) if aco != largest)
    unit = next(unit for unit, aco in listed.items() if aco == largest)
    add = written("add.csv", [(unit, other), ("TIN:009999999", "L9999")])
    remove = written("remove.csv", [("TIN:009999998", largest)])
    code, _, err = cli("what-if", "tins", "--add", add, "--remove", remove, "--config", finished.path)
    assert code == errors.ConfigurationError.exit_code
    assert (
        "ALN-8" in err
        and "does not know" in err
        and "is no Participant of" in err
        and err.startswith("lead-engine: 3 ")
    )


def test_a_tin_that_a_run_would_refuse(cli, spark, finished, largest, written, tmp_path):
    """ALN-44: by the list of other models that the lake holds, with the words of a run."""
    shutil.copytree(finished.path.parent, tmp_path / "own")
    config = tmp_path / "own" / finished.path.name
    rows = "tin,model,entity_id,effective_date,termination_date\n009999999,MSSP,A0001,2026-01-01,\n"
    config.with_name("other_model_tins.csv").write_text(rows, "utf-8")
    config.write_text(config.read_text("utf-8") + "  other_model_tins: other_model_tins.csv\n", "utf-8")
    Run(read_config(config), spark).go(Choice(last="core__other_model_tin"))
    add = written("add.csv", [("TIN:009999999", largest), ("TIN:009999998", largest)])
    code, _, err = cli("what-if", "tins", "--add", add, "--config", config)
    assert code == errors.ConfigurationError.exit_code
    assert f"add.csv: TIN:009999999 is in MSSP and a Participant of {largest} from 2027-01-01 to 2027-12-31" in err
    assert "(ALN-44)" in err and "009999998" not in err


def test_a_lake_that_was_never_run(cli, own_network, written, largest):
    add = written("add.csv", [("TIN:009999999", largest)])
    code, _, err = cli("what-if", "tins", "--add", add, "--config", own_network)
    assert code == errors.LakeError.exit_code and "run the configuration to its end first" in err


def test_the_function(spark, finished, listed, largest, written):
    remove = written("remove.csv", [next(each for each in listed.items() if each[1] == largest)])
    told = lead_engine.what_if_tins(spark, finished.path, remove=remove)
    assert told.change.listed == {unit: aco for unit, aco in listed.items() if unit not in told.change.removed}
    assert told.page.facts["list_version"] == finished.facts.list_version != told.change.version
