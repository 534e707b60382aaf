"""What goes with the claims of the invented network: ACOs, Participants, choices, a configuration that runs it."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from . import choices
from .cases import Case
from .plan import LAST_MONTH, rows
from .practices import BY_CCN, InventedAco, Kind, Practice, World

ACO_COLUMNS = (
    "aco_id", "aco_name", "first_performance_year", "experience", "risk_option", "election", "capitation",
)  # fmt: skip
PARTICIPANT_COLUMNS = ("aco_id", "tin", "npi", "provider_class", "effective_date", "termination_date", "ccn")

RECEIVED = date(2027, 9, 1)
HYBRID = "L0001"  # takes choices of every month, and a practice that joins in April
LISTED, JOINED, LEFT = "2021-01-01", "2027-04-01", "2026-12-31"
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
REFERENCE_COLUMNS = ("score_year", "category", "model", "mean_score", "source", "published_date")
INPUTS = """inputs:
  reference_risk_scores: reference_risk_scores.csv
  institutional_periods: institutional_periods.csv
  kidney_transplants: kidney_transplants.csv
"""
CHOICES = """  attestations: attestations.csv
  other_model_people: other_model_people.csv
"""
SCENARIO = """description: The invented network has no county adjacency, so residence in a service area is not tested.
alignment/service_area_mode: NONE
"""


def write(folder: Path, world: World, form: str, planted: list[Case]) -> None:
    """Lists of ACOs, Participants, reference scores and choices and, for claims, the configuration `run.yaml` that runs them."""
    _list(folder / "acos.csv", ACO_COLUMNS, (_aco(each) for each in world.acos))
    _list(folder / "participants.csv", PARTICIPANT_COLUMNS, _participants(world))
    _list(folder / "reference_risk_scores.csv", REFERENCE_COLUMNS, _reference_scores())
    if planted:
        _list(folder / "attestations.csv", choices.COLUMNS, choices.attestations(world, planted))
        _list(folder / "other_model_people.csv", choices.OTHER_MODEL, choices.other_models(planted))
    texts = {"no_service_area.yaml": SCENARIO, "id_secret.txt": SECRET + "\n"}
    if form in SOURCES:
        inputs = INPUTS + (CHOICES if planted else "")
        texts[CONFIG] = SETTINGS.format(source=SOURCES[form], last=LAST_MONTH) + inputs
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


def _list(path: Path, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _aco(aco: InventedAco) -> tuple[str, ...]:
    election = "HYBRID" if aco.aco_id == HYBRID else "PROSPECTIVE"
    return aco.aco_id, aco.name, "2027", "RENEWING", "GLOBAL", election, "PCC"


def _reference_scores() -> Iterator[tuple[str, ...]]:
    """Means of a population that does not exist: with them the chain of the risk ratio can be seen to its end."""
    for row in rows("synthetic/reference_risk_scores"):
        mean = f"{int(row['mean_score_millionths']) / 1_000_000:.6f}"
        yield row["year"], row["category"], row["model"], mean, "invented network - no real figure", str(RECEIVED)


def _participants(world: World) -> Iterator[list[str]]:
    """Every practice of an ACO with its dates, and two Preferred Providers."""
    joins, leaves = world.joins_and_leaves
    dates = {joins: (JOINED, ""), leaves: (LISTED, LEFT)}
    for practice in world.practices:
        if practice.aco:
            yield _participant(practice, practice.aco.aco_id, *dates.get(practice, (LISTED, "")))
    outside = (practice for practice in world.practices if practice.kind is Kind.SPECIALISTS)
    for practice in islice(outside, 2):
        yield [world.acos[0].aco_id, practice.tin, practice.npi(1), "Preferred", LISTED, "", ""]


def _participant(practice: Practice, aco_id: str, since: str, until: str) -> list[str]:
    """A clinic or hospital is listed by its CCN, a group by TIN and one clinician."""
    if practice.kind in BY_CCN:
        return [aco_id, "", "", "Participant FQHC/RHC", since, until, practice.ccn]
    return [aco_id, practice.tin, practice.npi(1), "Participant", since, until, ""]
