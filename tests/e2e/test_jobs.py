"""The entries of jobs/ under spark-submit, from the wheel: on one machine and on a master with two workers.

The commands are those of deploy/standalone/README.md, taken from the page itself.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lead_engine.foundation.errors import ConfigurationError
from lead_engine.lake.store import Lake
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.status import tables

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "deploy" / "standalone" / "README.md").read_text("utf-8")
PREPARE, LOCAL, CLUSTER = re.findall(r"```bash\n(.*?)```", PAGE, re.S)
FREE_PORT = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"


@pytest.fixture(scope="module", autouse=True)
def wheel():
    """The wheel the page speaks of, built from the checkout."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)


def submitted(commands: str, config: Path, spark_job: str = "run.py") -> subprocess.CompletedProcess[str]:
    """What a shell says of the page's commands, with the configuration in place of the demo's."""
    asked = commands.replace("demo/run.yaml", str(config)).replace("jobs/run.py", f"jobs/{spark_job}")
    script = f"trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\nset -e\n{PREPARE}\n{asked}"
    venv = {"VIRTUAL_ENV": sys.prefix, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    script = script.replace(". .venv/bin/activate\n", "")
    return subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=os.environ | venv, capture_output=True, text=True, timeout=1200
    )


def checksums(spark, config: Path) -> dict[str, str]:
    opened = read_config(config)
    return {row["table"]: row["checksum"] for row in tables(Lake(spark, opened.lake), opened.slice, True)}


@pytest.mark.long
def test_one_machine(spark, finished, own_network):
    done = submitted(LOCAL, own_network)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "mart__aco_year" in done.stdout
    assert checksums(spark, own_network) == checksums(spark, finished.path)


@pytest.mark.long
def test_a_master_and_two_workers(spark, finished, own_network):
    ports = [subprocess.check_output([sys.executable, "-c", FREE_PORT], text=True).strip() for _ in range(4)]
    commands = CLUSTER.replace("7077", ports[0]).replace("8080", ports[1]).replace("808$worker", "0")
    done = submitted(commands, own_network)
    assert done.returncode == 0, done.stderr[-2000:]
    assert checksums(spark, own_network) == checksums(spark, finished.path)


@pytest.mark.long
def test_one_stage_and_a_file_that_is_no_configuration(own_lake):
    done = submitted(LOCAL, own_lake, "alignment.py")
    assert done.returncode == 0 and "calc__alignment" in done.stdout and "core__claim" not in done.stdout
    refused = submitted(LOCAL, own_lake.with_name("acos.csv"))
    assert refused.returncode == ConfigurationError.exit_code and "Traceback" not in refused.stderr
