"""One step in a process of its own: `python -m tests.perf.one FOLDER TABLE`; prints figures as JSON.

Computing is done twice. The first time is what a new process takes, Java warming up included, and writes the table; the second
keeps nothing, and is compared with reading the columns it reads, done in between. A step that no mark is about and that takes
over a minute is computed once.
"""

import io
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame

from lead_engine.lake.session import start
from lead_engine.tables import CONTRACTS
from tests.perf.page import MARKED
from tests.perf.stages import CHAIN, Stages

CORES, MEMORY = 2, "8g"
LONG = 60  # seconds


def main(folder: Path, table: str) -> dict[str, Any]:
    """Compute and write, then read, then compute."""
    step = next(step for step in CHAIN if step.table == table)
    with tempfile.TemporaryDirectory() as events:
        settings = {
            "spark.master": f"local[{CORES}]",
            "spark.driver.memory": MEMORY,
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": f"file://{events}",
            "spark.eventLog.compress": "false",
            "spark.eventLog.rolling.enabled": "false",
        }
        spark = start("local", **settings)
        stages = Stages(spark, folder)
        made = stages.made(step)
        scans = scanned(made, stages)
        shutil.rmtree(folder / "lake" / table, ignore_errors=True)  # of a measurement that was stopped
        measured = {
            "first computing": timed(spark, "first computing", lambda: stages.lake.append(CONTRACTS[table], made))
        }
        if table in MARKED or measured["first computing"]["seconds"] < LONG:
            measured["reading"] = timed(spark, "reading", lambda: [everything(scan) for scan in scans])
            measured["computing"] = timed(spark, "computing", lambda: everything(made))
        peak = peak_memory()
        rows, lines = (stages.table(name).count() for name in (table, "core__claim_line"))
        spark.stop()
        told = {name: seconds | figures(Path(events), name) for name, seconds in measured.items()}
    return told | {
        "table": table,
        "lines": lines,
        "rows": rows,
        "peak_bytes": peak,
    }


def everything(frame: DataFrame) -> None:
    """Make every column of every row and keep none."""
    frame.write.format("noop").mode("overwrite").save()


def scanned(frame: DataFrame, stages: Stages) -> list[DataFrame]:
    """Each table the plan reads, with the columns and the partitions it reads of it."""
    told = io.StringIO()
    with redirect_stdout(told):
        frame.explain("formatted")
    found = []
    for scan in re.split(r"\n\n+", told.getvalue()):
        name, columns = re.search(r"lake/(\w+)", scan), re.search(r"ReadSchema: struct<([^\n]*)>", scan)
        if name and columns:
            partitions = re.search(r"PartitionFilters: \[([^\n]*)\]", scan)
            table = stages.table(name[1])
            for kept in _years(partitions[1] if partitions else ""):
                table = table.where(kept)
            found.append(table.select(*re.findall(r"(?:^|,)(\w+):", columns[1])))
    return found


def _years(filters: str) -> list[str]:
    """The years a scan is restricted to, as SQL."""
    bounds = re.findall(r"(\w*year)#\d+ (>=|<=) (\d+)", filters)
    lists = re.findall(r"(\w*year)#\d+ IN \(([\d,]+)\)", filters)
    return [f"{column} {sign} {value}" for column, sign, value in bounds] + [f"{c} IN ({some})" for c, some in lists]


def timed(spark: Any, name: str, work: Callable[[], object]) -> dict[str, float]:
    """Seconds and CPU seconds of some work, its jobs under a name."""
    spark.sparkContext.setJobGroup(name, name)
    cpu, began = cpu_seconds(), time.monotonic()
    work()
    told = {"seconds": time.monotonic() - began, "cpu_seconds": cpu_seconds() - cpu}
    spark.sparkContext.setJobGroup("rest", "rest")
    return told


def figures(folder: Path, group: str) -> dict[str, int]:
    """Bytes shuffled and spilled by the jobs of a name."""
    stages: set[int] = set()
    sums = {"shuffle_bytes": 0, "spill_bytes": 0}
    (log,) = [path for path in folder.iterdir() if path.is_file()]
    for line in log.open(encoding="utf-8"):
        event = json.loads(line)
        if event["Event"] == "SparkListenerJobStart" and event["Properties"].get("spark.jobGroup.id") == group:
            stages |= set(event["Stage IDs"])
        if event["Event"] == "SparkListenerTaskEnd" and event["Stage ID"] in stages:
            metrics = event.get("Task Metrics") or {}
            sums["shuffle_bytes"] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
            sums["spill_bytes"] += metrics["Disk Bytes Spilled"]
    return sums


def java() -> str:
    """The process of the JVM."""
    own = os.getpid()
    return Path(f"/proc/{own}/task/{own}/children").read_text("utf-8").split()[0]


def cpu_seconds() -> float:
    """CPU seconds of the JVM and of this process."""
    ticks = [Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split() for pid in (java(), "self")]
    return sum(int(each[11]) + int(each[12]) for each in ticks) / os.sysconf("SC_CLK_TCK")


def peak_memory() -> int:
    """The most memory the JVM ever held."""
    status = Path(f"/proc/{java()}/status").read_text("utf-8")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024  # type: ignore[index]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
