"""What a what-if costs, in a process of its own: `python -m tests.perf.what_if FOLDER`; prints figures as JSON.

Everybody is aligned again for every year from unit scores, and three TINs move: one out of an ACO, one from an ACO to
another, one from outside into it; those where most people are, and those in the middle by people. The start of the session
is told and not counted. Each is done twice: the first time is what a command takes, Java warming up included.
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

LARGEST, MIDDLE = "largest", "middle"
KINDS = (LARGEST, MIDDLE)


def main(folder: Path) -> dict[str, Any]:
    """Align everybody again, then answer the what-if."""
    began = time.monotonic()
    spark = start("local", **{"spark.master": f"local[{CORES}]", "spark.driver.memory": MEMORY})
    told: dict[str, Any] = {"start_seconds": time.monotonic() - began}
    stages = Stages(spark, folder)
    for name in LISTS:
        if not stages.lake.commits(name):
            stages.lake.append(CONTRACTS[name], stages.table(name))
    config = LakeConfig(folder / "run.yaml", settings(folder), resolved(folder))
    files = {name: folder / f"what_if_{name}.csv" for name in ("add", "remove")}
    by_people = tins(stages)
    for kind in KINDS:
        told[f"people at {kind}"] = changed(stages, chosen(by_people, kind), files)
        for name in (f"first {kind}", kind):
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
    return told


def tins(stages: Stages) -> list[tuple[int, str | None]]:
    """Packed TINs with charges, those of most people first, and their ACO."""
    by_unit = stages.table("calc__unit_score").groupBy("unit").agg(F.count_distinct("bene_key").alias("people"))
    listed = listed_of(stages)
    units = [row["unit"] for row in by_unit.orderBy(F.desc("people"), "unit").collect()]
    return [(unit, listed.get(unit)) for unit in units if unpack_unit(unit).startswith("TIN:")]


def listed_of(stages: Stages) -> dict[int, str]:
    """The ACO of each Participant."""
    return {row["unit"]: row["aco_id"] for row in stages.lake.read(CONTRACTS["core__participant"]).collect()}


def changed(stages: Stages, three: list[tuple[int, str | None]], files: dict[str, Path]) -> int:
    """Write which TINs join and leave; returns how many people have a charge at one of them."""
    (leaves, left), (moves, of), (joins, _) = three
    to = next(aco for aco in sorted(set(listed_of(stages).values())) if aco != of)
    write(files["add"], [(to, unpack_unit(unit)) for unit in (joins, moves)])
    write(files["remove"], [(left, unpack_unit(leaves)), (of, unpack_unit(moves))])
    scores = stages.table("calc__unit_score").where(F.col("unit").isin([leaves, moves, joins]))
    return scores.select("bene_key").distinct().count()


def chosen(by_people: list[tuple[int, str | None]], kind: str) -> list[tuple[int, str | None]]:
    """Two TINs of ACOs and one of none: the first of each, or those in the middle."""
    inside, outside = ([each for each in by_people if bool(each[1]) is is_listed] for is_listed in (True, False))
    places = (0, 0) if kind == LARGEST else (len(inside) // 2, len(outside) // 2)
    return [*inside[places[0] :][:2], outside[places[1]]]


def write(path: Path, rows: list[tuple[str | None, str]]) -> None:
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
