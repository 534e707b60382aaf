"""What tests share: one Spark session, and one small invented network run once."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lead_engine.pipeline.config import RunConfig, read_config
from lead_engine.synthetic.lists import CONFIG
from lead_engine.synthetic.network import Network, write_network

PEOPLE, SEED = 240, 7
SAMPLE_DATA = "LEAD_SAMPLE_DATA"


@pytest.fixture(scope="session")
def spark():
    """A small local session."""
    from lead_engine.lake.session import start

    session = start("small")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def network(tmp_path_factory) -> Path:
    """An invented network on disk; its configuration."""
    folder = tmp_path_factory.mktemp("network")
    write_network(folder, Network(PEOPLE, SEED))
    return folder / CONFIG


@pytest.fixture(scope="session")
def finished(network, spark) -> RunConfig:
    """The configuration of the network, after its lake was brought up to date once. Never written to again."""
    from lead_engine.pipeline.run import Run

    config = read_config(network)
    Run(config, spark).go()
    return config


@pytest.fixture
def lake(finished, spark):
    """The finished lake."""
    from lead_engine.lake.store import Lake

    return Lake(spark, finished.lake)


@pytest.fixture
def own_network(network, tmp_path) -> Path:
    """A copy of the network for a test that changes it; the lake is not copied."""
    shutil.copytree(network.parent, tmp_path / "own", ignore=shutil.ignore_patterns("lake"))
    return tmp_path / "own" / network.name


@pytest.fixture
def own_lake(finished, tmp_path) -> Path:
    """A copy of the network with its finished lake."""
    shutil.copytree(finished.path.parent, tmp_path / "own")
    return tmp_path / "own" / finished.path.name


@pytest.fixture
def command(monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    """Runs a command line in this process; gives exit code, output and messages."""
    from lead_engine.cli.main import main

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["lead-engine", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run


@pytest.fixture
def cli(command, spark, monkeypatch) -> Callable[..., tuple[int, str, str]]:
    """The same, in this session of Spark."""
    monkeypatch.setattr("lead_engine.lake.session.start", lambda *given: spark)
    return command


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """The folder of given files; without it the test is skipped."""
    named = os.environ.get(SAMPLE_DATA)
    if not named or not Path(named).is_dir():
        pytest.skip(f"{SAMPLE_DATA} names no folder of given files")
    return Path(named)


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch) -> Iterator[None]:
    """Nothing a test does changes the user's own configuration."""
    from lead_engine.cli import show

    monkeypatch.setattr(show, "LAST", tmp_path_factory.mktemp("home") / "last_config")
    monkeypatch.setenv("LEAD_ID_SECRET", "")
    yield
