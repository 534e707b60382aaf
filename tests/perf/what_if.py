"""What a what-if costs, in a process of its own: `python -m tests.perf.what_if FOLDER`; prints figures as JSON.

Everybody is aligned again for every year from unit scores, and three TINs move: those where most people are, one out of
an ACO, one from an ACO to another, one from outside into it. The start of the session is told and not counted. Each is
done twice: the first time is what a command takes, Java warming up included.
"""

import csv
import json
import sys
import time
from pathlib import Path
from typing import Any

from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import unpack_unit
from lead_engine.lake.session import start
from lead_engine.pipeline.config import LakeConfig, Settings
from lead_engine.pipeline.replay import replayed
from lead_engine.pipeline.what_if import list_changed
from lead_engine.scenario.realign import REPLAYED
from lead_engine.tables import CONTRACTS
from tests.perf.facts import YEAR, facts, resolved
from tests.perf.one import CORES, MEMORY, everything, timed
from tests.perf.stages import LISTS, Stages


def main(folder: Path) -> dict[str, Any]:
    """Align everybody again, then answer the what-if."""
    began = time.monotonic()
    spark = start("local", **{"spark.master": f"local[{CORES}]", "spark.driver.memory": MEMORY})
    told: dict[str, Any] = {"start_seconds": time.monotonic() - began}
    stages = Stages(spark, folder)
    for name in LISTS:
        if not stages.lake.commits(name):
            stages.lake.append(CONTRACTS[name], stages.table(name))
    touched = changed(stages, folder)
    config = LakeConfig(folder / "run.yaml", settings(folder), resolved(folder))
    files = {name: folder / f"what_if_{name}.csv" for name in ("add", "remove")}
    for name in ("first what-if", "what-if"):
        told[name] = timed(spark, name, lambda: list_changed(stages.lake, config, **files))
    members = stages.lake.read(CONTRACTS["core__participant"])
    everybody = replayed(
        REPLAYED,
        lambda name: members if name == "core__participant" else stages.table(name),
        config.resolved,
        facts(folder),
    )[REPLAYED[-1]]
    for name in ("first everybody", "everybody"):
        told[name] = timed(spark, name, lambda: everything(everybody))
    spark.stop()
    return told | {"people_at_the_tins": touched}


def changed(stages: Stages, folder: Path) -> int:
    """Write which TINs join and leave; returns how many people have a charge at one of them."""
    scores = stages.table("calc__unit_score")
    assert scores is not None
    by_unit = scores.groupBy("unit").agg(F.count_distinct("bene_key").alias("people")).orderBy(F.desc("people"), "unit")
    ordered = [(row["unit"], unpack_unit(row["unit"])) for row in by_unit.collect()]
    members = stages.lake.read(CONTRACTS["core__participant"]).collect()
    listed = {unpack_unit(row["unit"]): row["aco_id"] for row in members}
    tins = [(packed, unit) for packed, unit in ordered if unit.startswith("TIN:")]
    leaves, moves = [each for each in tins if each[1] in listed][:2]
    joins = next(each for each in tins if each[1] not in listed)
    to = next(aco for aco in sorted(set(listed.values())) if aco != listed[moves[1]])
    write(folder / "what_if_add.csv", [(to, joins[1]), (to, moves[1])])
    write(folder / "what_if_remove.csv", [(listed[unit], unit) for _, unit in (leaves, moves)])
    packed = [each[0] for each in (leaves, moves, joins)]
    return scores.where(F.col("unit").isin(packed)).select("bene_key").distinct().count()


def write(path: Path, rows: list[tuple[str, str]]) -> None:
    """A file of changes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("aco_id", "tin"))
        writer.writerows((aco, unit.removeprefix("TIN:")) for aco, unit in rows)


def settings(folder: Path) -> Settings:
    """A configuration as far as a lake is read by it."""
    about = facts(folder)
    return Settings.model_validate(
        {
            "lake": str((folder / "lake").absolute()),
            "performance_year": YEAR,
            "sources": [{"kind": "cclf", "path": "."}],
            "participants": "participants.csv",
            "acos": "acos.csv",
            "alignment_claims_cutoff": about.alignment_claims_cutoff,
            "enrolment_through": about.enrolment_through,
        }
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
