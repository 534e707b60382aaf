"""A run again, stopped, failed or beside another: what is written, what stays, and that the answers are the same."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import lead_engine.pipeline.run as running
from lead_engine.foundation.errors import ConfigurationError, ConflictError, LakeError, Problem, VerificationError
from lead_engine.lake.ledger import Ledger
from lead_engine.lake.store import Lake
from lead_engine.lake.verify import Verified, verify
from lead_engine.pipeline.config import RunConfig, read_config
from lead_engine.pipeline.plan import Choice, State, identities, plan, steps_of
from lead_engine.pipeline.run import Run
from lead_engine.pipeline.status import tables
from lead_engine.synthetic.damage import RIF
from lead_engine.tables import CONTRACTS
from tests.settings import settings

MART = "mart__aco_year"
SUPPRESSED = {
    MART,
    "mart__aco_alignment",
    "mart__run_out",
    "mart__data_review",
    "mart__unknown_code",
    "mart__delivery",
    "mart__risk_ratio",
}


def held(spark, config: RunConfig) -> dict[str, str]:
    """The checksum of every table."""
    return {row["table"]: row["checksum"] for row in tables(Lake(spark, config.lake), config.slice, True)}


def versions(spark, config: RunConfig) -> dict[str, int]:
    lake = Lake(spark, config.lake)
    return {step.table: lake.commits(step.table)[0].version for step in steps_of(config)}


@pytest.fixture
def with_another_limit(own_lake) -> RunConfig:
    """The finished lake and a scenario that touches nothing but what is published."""
    scenario = own_lake.with_name("no_service_area.yaml")
    scenario.write_text(scenario.read_text("utf-8") + "privacy/smallest_cell: 20\n", "utf-8")
    return read_config(own_lake)


def test_a_second_run_writes_nothing(spark, own_lake):
    config = read_config(own_lake)
    before, noted = versions(spark, config), Lake(spark, config.lake).commits("ops__step")
    done = Run(config, spark).go()
    assert {each.was for each in done} == {State.CURRENT} and len(done) == len(steps_of(config))
    assert versions(spark, config) == before
    assert Lake(spark, config.lake).commits("ops__step") == noted


def test_a_changed_number_reaches_what_rests_on_it_and_nothing_else(spark, with_another_limit):
    before = versions(spark, with_another_limit)
    Run(with_another_limit, spark).go()
    after = versions(spark, with_another_limit)
    assert {table for table in after if after[table] != before[table]} == SUPPRESSED


def split(spark, partitions: int):
    """The session as a larger cluster would have it."""
    return settings(
        spark,
        spark_sql_shuffle_partitions=str(partitions),
        spark_sql_files_maxPartitionBytes="200000",
        spark_sql_adaptive_enabled="true",
    )


@pytest.mark.long
@pytest.mark.parametrize("partitions", [7, 64])
def test_partitions_change_no_bit(spark, finished, own_network, partitions):
    config = read_config(own_network)
    with split(spark, partitions):
        Run(config, spark).go()
    assert held(spark, config) == held(spark, finished)


def test_killed_and_run_again_on_other_partitions(spark, finished, own_network):
    """The process is killed outright once claims are loaded; the next run goes on from there to the same answers."""
    until = Choice(last="calc__unit_score")
    command = [
        Path(sys.executable).with_name("lead-engine"),
        "run",
        own_network,
        "--to",
        until.last,
        "--profile",
        "small",
    ]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True
    )
    for line in process.stderr:
        if line.startswith("core__claim "):
            break
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    config = read_config(own_network)
    states = {each.step.table: each.state for each in plan(config, Lake(spark, config.lake))}
    assert states["core__claim"] in (State.CURRENT, State.UNVERIFIED) and states[until.last] is State.ABSENT
    written = versions_of_written(spark, config)
    with split(spark, 7):
        Run(config, spark).go(until)
    after = versions_of_written(spark, config)
    assert {table: after[table] for table in written} == written
    same, all_of_it = held(spark, config), held(spark, finished)
    assert {table: all_of_it[table] for table in after} == {table: same[table] for table in after} != {}


def versions_of_written(spark, config: RunConfig) -> dict[str, int]:
    planned = plan(config, Lake(spark, config.lake))
    return {each.step.table: each.version for each in planned if each.version is not None}


def stopped(*given, **named):
    """In place of whatever a process was stopped before."""
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("owner", "name", "state"),
    [
        (Lake, "write", State.CHANGED),
        (running, "verify", State.UNVERIFIED),
        (Ledger, "note_step", State.UNVERIFIED),
    ],
    ids=["before a table is written", "before it is verified", "before it is noted"],
)
def test_stopped_at_a_commit_point(spark, with_another_limit, monkeypatch, owner, name, state):
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, stopped)
        with pytest.raises(KeyboardInterrupt):
            Run(with_another_limit, spark).go(Choice(only=MART))
    lake = Lake(spark, with_another_limit.lake)
    assert {each.step.table: each.state for each in plan(with_another_limit, lake)}[MART] is state
    version = versions(spark, with_another_limit)[MART]
    Run(with_another_limit, spark).go(Choice(only=MART))
    assert versions(spark, with_another_limit)[MART] == version + (state is State.CHANGED)
    assert {each.step.table: each.state for each in plan(with_another_limit, lake)}[MART] is State.CURRENT


def test_a_version_that_breaks_its_contract_is_taken_back(spark, with_another_limit, monkeypatch):
    lake = Lake(spark, with_another_limit.lake)
    before = lake.read(CONTRACTS[MART]).collect()
    broken = Verified(0, None, None, (Problem(MART, "3 rows break the contract"),))
    with monkeypatch.context() as patch:
        patch.setattr(running, "verify", lambda frame, contract: broken)
        with pytest.raises(VerificationError, match="3 rows break"):
            Run(with_another_limit, spark).go(Choice(only=MART))
    assert lake.read(CONTRACTS[MART]).collect() == before
    assert {each.step.table: each.state for each in plan(with_another_limit, lake)}[MART] is State.CHANGED
    Run(with_another_limit, spark).go(Choice(only=MART))
    assert {each.step.table: each.state for each in plan(with_another_limit, lake)}[MART] is State.CURRENT


def test_two_runs_at_once(spark, with_another_limit):
    """Whoever comes second at a table stops or finds the work done; the lake is right either way, and the next run ends it.

    With several tables to write each run may be first at one, and both stop.
    """

    def go(_: int) -> str:
        try:
            Run(with_another_limit, spark).go()
        except ConflictError:
            return "conflict"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ended = sorted(pool.map(go, range(2)))
    assert set(ended) <= {"conflict", "done"}
    Run(with_another_limit, spark).go()
    lake = Lake(spark, with_another_limit.lake)
    assert {each.state for each in plan(with_another_limit, lake)} == {State.CURRENT}
    assert verify(lake.read(CONTRACTS[MART]), CONTRACTS[MART]).problems == ()


def test_parts_of_a_run(spark, own_lake):
    config = read_config(own_lake)
    assert [done.table for done in Run(config, spark).go(Choice(only=MART))] == [MART]
    names = [step.table for step in steps_of(config)]
    some = Choice(first="calc__aco_year", last=MART)
    wanted = names[names.index("calc__aco_year") : names.index(MART) + 1]
    assert {done.table for done in Run(config, spark).go(some)} == set(
        wanted
    )  # steps that wait for none end in any order
    with pytest.raises(ConfigurationError, match="there is no step calc__nothing"):
        Run(config, spark).go(Choice(only="calc__nothing"))


def test_a_part_whose_inputs_are_not_there_is_refused(spark, own_network):
    config = read_config(own_network)
    with pytest.raises(LakeError, match="reads calc__aco_year, core__aco, which is not up to date"):
        Run(config, spark).go(Choice(only=MART))
    assert Lake(spark, config.lake).commits(MART) == []


def test_another_person_secret_makes_another_lake(finished, own_network):
    changed = own_network.with_name("id_secret.txt")
    changed.write_text("another secret\n", "utf-8")
    theirs, own = identities(finished), identities(read_config(own_network))
    assert {table for table in own if own[table] == theirs[table]} == {"core__aco", "core__participant"}


def test_a_corrected_file_clears_the_quarantine(spark, own_network):
    """Bad records are those of the deliveries as they are now."""
    path = own_network.parent / "rif" / "carrier.csv"
    good = path.read_text("utf-8")
    path.write_text(good + "not|a|record\n", "utf-8")
    until = Choice(last="ops__quarantine")
    planted = sum(bool(each.field) for each in RIF)
    for text, expected in ((None, planted + 1), (good, planted)):
        if text is not None:
            path.write_text(text, "utf-8")
        config = read_config(own_network)
        Run(config, spark).go(until)
        assert Lake(spark, config.lake).read(CONTRACTS["ops__quarantine"]).count() == expected
