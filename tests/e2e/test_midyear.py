"""A whole run with the mid-year run placed inside the data: people of the practice that joined in April come in, nobody else."""

import pytest
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import pack_unit
from lead_engine.lake.store import Lake
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.plan import Choice
from lead_engine.pipeline.run import Run
from lead_engine.synthetic.practices import World
from lead_engine.tables import CONTRACTS
from tests.conftest import PEOPLE

SCENARIO = "description: The data end in June, so the mid-year run is placed in May.\nalignment/midyear_cba_effective_month: 5\n"


@pytest.fixture(scope="module")
def lakes(spark, finished, tmp_path_factory):
    """The finished lake, and a copy brought up to date under the scenario."""
    import shutil

    folder = tmp_path_factory.mktemp("midyear") / "own"
    shutil.copytree(finished.path.parent, folder)
    (folder / "may.yaml").write_text(SCENARIO, "utf-8")
    config = folder / finished.path.name
    config.write_text(config.read_text("utf-8").replace("overrides: [", "overrides: [may.yaml, "), "utf-8")
    changed = read_config(config)
    Run(changed, spark).go(Choice(stage="alignment"))
    return Lake(spark, finished.lake), Lake(spark, changed.lake)


def test_the_mid_year_run_adds_people_of_the_added_practice_alone(lakes):
    before, after = (lake.read(CONTRACTS["calc__alignment"]).where("aligned_year = 2027") for lake in lakes)
    joins, _ = World(PEOPLE).joins_and_leaves
    columns = ["bene_key", "aco_id", "route", "effective_month", "end_month", "end_reason"]
    changed = after.select(*columns).exceptAll(before.select(*columns)).collect()
    assert len(changed) > 1
    assert {(row["aco_id"], row["route"], str(row["effective_month"])) for row in changed} == {
        ("L0001", "C", "2027-05-01")
    }
    keys = [row["bene_key"] for row in changed]
    served = lakes[1].read(CONTRACTS["calc__unit_score"]).where(F.col("unit") == pack_unit(f"TIN:{joins.tin}"))
    assert {row["bene_key"] for row in served.select("bene_key").collect()} >= set(keys)
    was = before.where(F.col("bene_key").isin(keys)).where("effective_month is not null")
    assert was.count() == 0


def test_base_years_do_not_know_the_added_practice(lakes):
    before, after = (
        lake.read(CONTRACTS["calc__alignment"]).where("aligned_year < 2027").drop("run_id") for lake in lakes
    )
    assert after.exceptAll(before).count() == 0
