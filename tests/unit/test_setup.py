"""Java, jars and profiles: one line with the remedy when something cannot be had."""

import stat
import sys

import pytest

from lead_engine.foundation.errors import SetupError
from lead_engine.lake import jars, java, session


def fake_java(folder, version):
    folder.mkdir(parents=True)
    binary = folder / "java"
    binary.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
    return binary


def test_java_home_comes_first(tmp_path, monkeypatch):
    fake_java(tmp_path / "jdk" / "bin", "21.0.1")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    assert java.find_java() == tmp_path / "jdk"


@pytest.mark.parametrize("version", ["11.0.2", "1.8.0_292"])
def test_an_old_java_is_passed_over(tmp_path, monkeypatch, version):
    fake_java(tmp_path / "bin", version)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(java, "PLACES", ())
    with pytest.raises(SetupError, match="no Java 17 or newer was found; install one"):
        java.find_java()


def test_jars_that_cannot_be_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("LEAD_JARS_DIR", str(tmp_path / "jars"))
    monkeypatch.setattr(jars, "FETCH", "import sys; sys.exit(1)")
    with pytest.raises(SetupError) as raised:
        jars.ensure_jars()
    told = str(raised.value)
    assert (
        "\n" not in told
        and "put delta-spark_4.2_2.13-4.4.0.jar and delta-storage-4.4.0.jar there or set LEAD_JARS_DIR" in told
    )


def test_jars_that_are_not_the_pinned_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("LEAD_JARS_DIR", str(tmp_path))
    for name in jars.JARS:
        (tmp_path / name).write_text("something else")
    with pytest.raises(SetupError, match="is not the pinned file; remove it and run again"):
        jars.ensure_jars()


def test_fetched_jars_are_used_without_asking_again(tmp_path, monkeypatch):
    monkeypatch.setenv("LEAD_JARS_DIR", str(tmp_path))
    import hashlib

    fetch = "import sys, pathlib\nfolder = pathlib.Path(sys.argv[3], 'jars')\nfolder.mkdir()\n"
    fetch += "".join(f"(folder / 'io.delta_{name}').write_text('{name}')\n" for name in jars.JARS)
    monkeypatch.setattr(jars, "FETCH", fetch)
    monkeypatch.setattr(jars, "JARS", {name: hashlib.sha256(name.encode()).hexdigest() for name in jars.JARS})
    assert [path.name for path in jars.ensure_jars()] == list(jars.JARS)
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert len(jars.ensure_jars()) == 2


def test_profiles(tmp_path):
    assert session.settings("local")["spark.sql.session.timeZone"] == "UTC"
    own = tmp_path / "own.properties"
    own.write_text("# mine\nspark.master  local[1]\n")
    assert session.settings(str(own))["spark.master"] == "local[1]"
    with pytest.raises(SetupError, match="there is no profile nowhere; choose one of local, small"):
        session.settings("nowhere")
