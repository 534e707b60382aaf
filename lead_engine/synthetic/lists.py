"""What goes with the claims of the invented network: ACOs, Participants, a configuration that runs it."""

import csv
from datetime import date
from itertools import islice
from pathlib import Path

from .plan import LAST_MONTH
from .practices import BY_CCN, Kind, Practice, World

RECEIVED, LISTED = date(2027, 9, 1), "2021-01-01"
SECRET = "the secret of an invented network is no secret"  # noqa: S105
CONFIG = "run.yaml"
SOURCES = {"rif": f"{{kind: rif, path: rif, received: {RECEIVED}}}", "cclf": "{kind: cclf, path: cclf}"}
SETTINGS = """# An invented network; every number of it is made up.
lake: lake
performance_year: 2027
sources:
  - {source}
participants: participants.csv
acos: acos.csv
alignment_claims_cutoff: 2026-09-30
enrolment_through: {last:%Y-%m}
overrides: [no_service_area.yaml]
id_secret_file: id_secret.txt
"""
SCENARIO = """description: The invented network has no county adjacency, so residence in a service area is not tested.
alignment/service_area_mode: NONE
"""


def write(folder: Path, world: World, form: str) -> None:
    """Lists of ACOs and Participants and, for claims, the configuration `run.yaml` that runs them."""
    with (folder / "acos.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["aco_id", "aco_name", "first_performance_year", "experience", "risk_option", "election", "capitation"]
        )
        writer.writerows((aco.aco_id, aco.name, 2027, "RENEWING", "GLOBAL", "PROSPECTIVE", "PCC") for aco in world.acos)
    with (folder / "participants.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["aco_id", "tin", "npi", "provider_class", "effective_date", "termination_date", "ccn"])
        writer.writerows(_participant(practice, practice.aco.aco_id) for practice in world.practices if practice.aco)
        outside = (practice for practice in world.practices if practice.kind is Kind.SPECIALISTS)
        for practice in islice(outside, 2):
            writer.writerow([world.acos[0].aco_id, practice.tin, practice.npi(1), "Preferred", LISTED, "", ""])
    texts = {"no_service_area.yaml": SCENARIO, "id_secret.txt": SECRET + "\n"}
    if form in SOURCES:
        texts[CONFIG] = SETTINGS.format(source=SOURCES[form], last=LAST_MONTH)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


def _participant(practice: Practice, aco_id: str) -> list[str]:
    """A clinic or hospital is listed by its CCN, a group by TIN and one clinician."""
    if practice.kind in BY_CCN:
        return [aco_id, "", "", "Participant FQHC/RHC", LISTED, "", practice.ccn]
    return [aco_id, practice.tin, practice.npi(1), "Participant", LISTED, "", ""]
