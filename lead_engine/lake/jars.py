"""The two Delta jars: fetched once by Spark's own resolver into a cache, checked by SHA-256, then used without network."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lead_engine.foundation.errors import SetupError

JARS = {
    "delta-spark_4.2_2.13-4.4.0.jar": "27d4fd8b1f879535c573ed1c718177d6a27f24d3e626ba02e216369725721ead",
    "delta-storage-4.4.0.jar": "c46735481fa8e326b0957be02b4420cbcab4b325bb08009b7f2045a95133f1cc",
}
COORDINATES = "io.delta:delta-spark_4.2_2.13:4.4.0,io.delta:delta-storage:4.4.0"
# Spark ships these itself, or Delta does not need them for what the engine does.
EXCLUDED = (
    "com.fasterxml.jackson.core:*,com.fasterxml.jackson.datatype:*,com.github.luben:*,com.google.code.findbugs:*,"
    "commons-logging:*,commons-pool:*,io.airlift:*,io.delta:delta-kernel-api,io.delta:delta-kernel-defaults,"
    "io.delta:delta-kernel-unitycatalog,io.unitycatalog:*,javax.annotation:*,org.apache.hadoop:*,"
    "org.apache.logging.log4j:*,org.apache.parquet:*,org.locationtech.jts:*,org.roaringbitmap:*,org.slf4j:*,"
    "org.xerial.snappy:*"
)
FETCH = """
from pyspark.sql import SparkSession
import sys
(SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
 .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
 .config("spark.jars.packages", sys.argv[1]).config("spark.jars.excludes", sys.argv[2])
 .config("spark.jars.ivy", sys.argv[3]).getOrCreate().stop())
"""


def cache() -> Path:
    """Where the jars are kept: `LEAD_JARS_DIR`, else a folder of the user's cache."""
    return Path(os.environ.get("LEAD_JARS_DIR") or Path.home() / ".cache" / "lead_engine" / "jars")


def ensure_jars() -> list[Path]:
    """The two jars, fetched when they are not there yet.

    Raises SetupError, with the remedy, when they cannot be had or are not the pinned files.
    """
    folder = cache()
    paths = [folder / name for name in JARS]
    if not all(path.is_file() for path in paths):
        _fetch(folder)
    changed = [path.name for path in paths if hashlib.sha256(path.read_bytes()).hexdigest() != JARS[path.name]]
    if changed:
        raise SetupError(f"{', '.join(changed)} in {folder} is not the pinned file; remove it and run again")
    return paths


def _fetch(folder: Path) -> None:
    """One bootstrap session in a process of its own resolves the coordinates; its noise is not shown."""
    remedy = (
        f"Delta jars are not in {folder} and could not be fetched; put {' and '.join(JARS)} there or set LEAD_JARS_DIR"
    )
    with tempfile.TemporaryDirectory() as ivy:
        command = [sys.executable, "-c", FETCH, COORDINATES, EXCLUDED, ivy]
        try:
            done = subprocess.run(command, capture_output=True, timeout=600, check=False)  # noqa: S603
            arrived = {path.name.partition("_")[2]: path for path in Path(ivy, "jars").glob("*.jar")}
            if done.returncode or not set(JARS) <= set(arrived):
                raise SetupError(remedy)
            folder.mkdir(parents=True, exist_ok=True)
            for name in JARS:
                shutil.copy(arrived[name], folder / f".{name}.{os.getpid()}")
                (folder / f".{name}.{os.getpid()}").rename(folder / name)
        except (OSError, subprocess.TimeoutExpired):
            raise SetupError(remedy) from None
