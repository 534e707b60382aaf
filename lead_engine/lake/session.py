"""Two doors to Spark. `start` makes a session (CLI, tests); `attach` takes the one it is given (jobs, notebooks, Connect)."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from lead_engine.foundation.errors import SetupError
from lead_engine.methodology.conf import conf

from .jars import cache, ensure_jars
from .java import find_java

# Settings a result may depend on. Everything else in a profile is about speed and place.
RUNTIME = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
JAVA_OPTIONS = "spark.driver.extraJavaOptions"
NO_DELTA = (
    "this Spark session has no Delta Lake; start it with the settings of conf/profiles/common.properties "
    "and the two Delta jars (--jars), as deploy/standalone/README.md shows"
)


def settings(profile: str) -> dict[str, str]:
    """The settings of a profile: a name in conf/profiles or a file, on top of common.properties."""
    shipped = conf().joinpath("profiles")
    named = shipped.joinpath(f"{profile}.properties")
    if not named.is_file() and not Path(profile).is_file():
        known = ", ".join(
            sorted(f.name.removesuffix(".properties") for f in shipped.iterdir() if f.name != "common.properties")
        )
        raise SetupError(f"there is no profile {profile}; choose one of {known}, or name a .properties file")
    own = named.read_text("utf-8") if named.is_file() else Path(profile).read_text("utf-8")
    return _properties(shipped.joinpath("common.properties").read_text("utf-8")) | _properties(own)


def start(profile: str = "local", **extra: str) -> SparkSession:
    """A new local session with Delta. `extra` are further settings, with `_` for `.` left as given.

    Raises SetupError with one line and its remedy when Java, the Delta jars or the profile cannot be had.
    """
    os.environ["JAVA_HOME"] = str(find_java())
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    jars = ",".join(str(path) for path in ensure_jars())
    builder = SparkSession.builder.appName("lead_engine").config("spark.jars", jars)
    chosen = {**settings(profile), **extra}
    chosen[JAVA_OPTIONS] = f"{chosen.get(JAVA_OPTIONS, '')} -Dderby.system.home={cache().parent}".strip()
    for key, value in chosen.items():
        builder = builder.config(key, value)
    try:
        with _jvm_speaks_to(os.environ.get("LEAD_SPARK_LOG", os.devnull)):
            spark = builder.getOrCreate()
    except PySparkException:
        remedy = "check that Java runs and that spark.driver.memory fits this machine; LEAD_SPARK_LOG=FILE keeps what it said"
        raise SetupError(f"Spark did not start; {remedy}") from None
    return attach(spark)


def attach(spark: SparkSession) -> SparkSession:
    """Use a session made elsewhere: set what results depend on, and say so when Delta is absent."""
    for key, value in RUNTIME.items():
        spark.conf.set(key, value)
    try:
        spark.sql("DESCRIBE HISTORY delta.`/lead_engine/no/such/table`").collect()
    except PySparkException as error:
        if not (error.getCondition() or "").startswith("DELTA_"):
            raise SetupError(NO_DELTA) from None
    return spark


@contextmanager
def _jvm_speaks_to(file: str) -> Iterator[None]:
    """A JVM started inside writes its standard error to `file`: nothing it prints of a row reaches a terminal or log."""
    kept = os.dup(2)
    target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(target, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(target)


def _properties(text: str) -> dict[str, str]:
    """Java properties as spark-submit reads them: key, blank, value; # begins a comment."""
    lines = (line.strip() for line in text.splitlines())
    return {key: value.strip() for key, _, value in (line.partition(" ") for line in lines if line and line[0] != "#")}
