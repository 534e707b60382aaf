"""Reads the expected results."""

import csv
import gzip
from pathlib import Path

from lead_engine.pipeline.config import RunConfig, read_config

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    """The rows of `folder/name.csv.gz`."""
    with gzip.open(HERE / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CONFIG = """
lake: lake
performance_year: 2027
sources:
{sources}
participants: participants.csv
acos: acos.csv
alignment_claims_cutoff: 2026-09-30
enrolment_through: 2025-06
overrides: [no_service_area.yaml, without_high_needs.yaml]
"""


def ohio(folder: Path, data: Path, *sources: str) -> RunConfig:
    """A configuration for the people of Ohio in a folder of its own, with the given sources."""
    listed = "\n".join(f"  - {{{source}}}" for source in sources).replace("DATA", str(data))
    (folder / "run.yaml").write_text(CONFIG.format(sources=listed))
    (folder / "no_service_area.yaml").write_text("alignment/service_area_mode: NONE\n")
    (folder / "without_high_needs.yaml").write_text(
        "months/category_order: [ESRD, AD]\n"
    )  # docs/explained-differences.md
    (folder / "acos.csv").write_text("aco_id,first_performance_year\nA9001,2027\nA9002,2027\nA9003,2027\n")
    (folder / "participants.csv").write_text(undated(data / "aco_setup" / "aco_participants_valid.csv"))
    return read_config(folder / "run.yaml")


def undated(participants: Path) -> str:
    """The list without its dates, which the recomputation does not use (docs/explained-differences.md)."""
    with participants.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    columns = ("aco_id", "tin", "provider_class", "ccn")
    return "".join(",".join(row) + "\n" for row in (columns, *([row[name] for name in columns] for row in listed)))


RIF = "kind: rif, path: DATA/rif_synthea_ohio, received: 2025-07-15"
CCLF = "kind: cclf, path: DATA/cclf_synthea_ohio"
