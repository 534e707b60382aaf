"""ALN-65 vi: from the same inputs, lists in another order, on other partitions, every table of alignment is the same again."""

import random
import shutil

import pytest

from lead_engine.lake.checksum import checksum
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.plan import steps_of
from lead_engine.pipeline.replay import replayed
from lead_engine.pipeline.steps import STEPS
from lead_engine.sources.attestations import attestations
from lead_engine.sources.other_models import people
from lead_engine.sources.participants import participant_frame
from lead_engine.tables import CONTRACTS
from tests.settings import settings

AGAIN = [step.table for step in STEPS if step.stage in ("months", "alignment") and not step.needs]
OF_THE_FILE = {
    "list_version",
    "run_id",
}  # a checksum of its bytes, and what rests on it: another order is another version
LISTS = ("participants.csv", "attestations.csv", "other_model_people.csv")


def columns(name: str) -> list[str]:
    return [column for column in CONTRACTS[name].columns if column not in OF_THE_FILE]


@pytest.fixture(scope="module")
def shuffled(finished, tmp_path_factory):
    """The run's configuration with its lists in another order, every row of the Participants twice."""
    folder, chance = tmp_path_factory.mktemp("shuffled") / "own", random.Random(71)
    shutil.copytree(finished.path.parent, folder, ignore=shutil.ignore_patterns("lake"))
    for name in LISTS:
        header, *rows = (folder / name).read_text("utf-8").splitlines()
        rows *= 2 if name == LISTS[0] else 1
        (folder / name).write_text("\n".join([header, *chance.sample(rows, len(rows)), ""]), "utf-8")
    return read_config(folder / finished.path.name)


@pytest.fixture
def fresh(spark, lake, shuffled):
    """The lists as tables."""
    identities, given = lake.read(CONTRACTS["core__beneficiary_identity"]), shuffled.inputs
    return {
        "core__participant": participant_frame(spark, shuffled.participants, shuffled.facts.list_version),
        "core__attestation": attestations(spark, given.attestations, identities),
        "core__other_model_person": people(spark, given.other_model_people, identities),
    }


def test_the_order_of_a_list_is_its_version_and_nothing_else(lake, fresh):
    for name, frame in fresh.items():
        stored = lake.read(CONTRACTS[name])
        assert checksum(frame, columns(name)) == checksum(stored, columns(name))
        is_same = frame.first()["list_version"] == stored.first()["list_version"]
        assert is_same == (stored.count() == 1)  # one row has one order


def test_every_table_of_alignment_is_the_same_again(spark, lake, finished, shuffled, fresh):
    """Each from the stored tables it reads and the lists in another order."""
    stored = {step.table for step in steps_of(finished)}

    def read(name: str):
        if name in fresh:
            return fresh[name]
        return lake.read(CONTRACTS[name]) if name in stored else None

    with settings(spark, spark_sql_shuffle_partitions="7", spark_sql_files_maxPartitionBytes="200000"):
        for name in (name for name in AGAIN if name in stored):
            made = replayed((name,), read, shuffled.resolved, shuffled.facts)[name]
            expected = checksum(lake.read(CONTRACTS[name]), columns(name))
            assert checksum(made, columns(name)) == expected, name
            assert expected.rows > 0 or name == "calc__midyear_alignment"
