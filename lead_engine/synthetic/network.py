"""Writes the invented network: a RIF delivery, the lists of ACOs and Participants, and a configuration that runs it."""

import csv
from collections.abc import Iterable
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TextIO

from lead_engine.foundation.months import last_day, months_of
from lead_engine.sources.rif.delivery import BENEFICIARY, CLAIMS, layout

from .claims import claims_of
from .people import Person, invent
from .practices import ACOS, Practice, PracticeKind, practices

FIRST_SERVICE = date(2021, 7, 1)  # the earliest alignment year of a 2027 starter (ALN-3)
ENROLLED_THROUGH = date(2027, 6, 1)
RECEIVED = date(2027, 9, 1)
LISTED = "2024-01-01"
PUBLISHED_SECRET = "the secret of an invented network is no secret"  # noqa: S105

CONFIG = f"""# The invented network; every number of it is made up.
lake: lake
performance_year: 2027
sources:
  - {{kind: rif, path: rif, received: {RECEIVED}}}
participants: participants.csv
acos: acos.csv
alignment_claims_cutoff: 2026-09-30
enrolment_through: {ENROLLED_THROUGH:%Y-%m}
overrides: [no_service_area.yaml]
id_secret_file: id_secret.txt
"""
SCENARIO = """description: The invented network has no county adjacency, so residence in a service area is not tested.
alignment/service_area_mode: NONE
"""


def write_network(folder: Path, people: int, seed: int) -> Path:
    """Write the network into a folder and return its configuration. The same seed gives the same bytes."""
    rif = folder / "rif"
    rif.mkdir(parents=True, exist_ok=True)
    everywhere = practices()
    years = range(FIRST_SERVICE.year, ENROLLED_THROUGH.year + 1)
    everybody = [invent(number, seed, everywhere, years) for number in range(people)]
    _write_people(rif, everybody, years)
    _write_claims(rif, everybody, seed, everywhere)
    _write_lists(folder, everywhere)
    for name, text in (
        ("run.yaml", CONFIG),
        ("no_service_area.yaml", SCENARIO),
        ("id_secret.txt", PUBLISHED_SECRET + "\n"),
    ):
        (folder / name).write_text(text, "utf-8")
    return folder / "run.yaml"


def _write_people(rif: Path, everybody: list[Person], years: range) -> None:
    for year in years:
        with (rif / f"{BENEFICIARY}_{year}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = (row for person in everybody if (row := _beneficiary_year(person, year)))
            _write_rows(file, _columns(BENEFICIARY), rows)


def _beneficiary_year(person: Person, year: int) -> dict[str, str] | None:
    """A person's record of a year; none after the year of death."""
    if not person.lives_on(date(year, 1, 1)):
        return None
    row = {
        "BENE_ID": person.bene_id,
        "RFRNC_YR": str(year),
        "MBI_NUM": person.mbi,
        "BENE_BIRTH_DT": person.birth.strftime("%d-%b-%Y"),
        "DEATH_DT": person.death.strftime("%d-%b-%Y") if person.death and person.death.year == year else "",
        "BENE_SEX_IDENT_CD": person.sex_code,
        "BENE_ENTLMT_RSN_ORIG": person.original_entitlement_code,
    }
    enrolled = [month for month in months_of(year) if person.lives_on(month) and month <= ENROLLED_THROUGH]
    row |= {"A_MO_CNT": str(len(enrolled)), "B_MO_CNT": str(len(enrolled) if person.has_part_b else 0)}
    told = {
        "buy_in_codes": "3" if person.has_part_b else "1",
        "medicare_status_codes": person.status_code,
        "dual_codes": person.dual_code,
        "county_fips_codes": person.county_fips,
    }
    for field in layout(BENEFICIARY):
        if field.is_monthly:
            for name, month in zip(field.names, months_of(year), strict=True):
                value = (
                    ("1" if person.in_advantage(month) else "0") if field.column == "hmo_codes" else told[field.column]
                )
                row[name] = value if month in enrolled else ""
    return row


def _write_claims(rif: Path, everybody: list[Person], seed: int, everywhere: list[Practice]) -> None:
    last = last_day(ENROLLED_THROUGH)
    rows: dict[str, list[dict[str, str]]] = {kind: [] for kind in CLAIMS}
    for person in everybody:
        for kind, row in claims_of(person, seed, everywhere, FIRST_SERVICE, last):
            rows[kind].append(row)
    for kind in CLAIMS:
        with (rif / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            _write_rows(file, _columns(kind), rows[kind])


def _write_lists(folder: Path, everywhere: list[Practice]) -> None:
    with (folder / "acos.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["aco_id", "aco_name", "first_performance_year", "experience", "risk_option", "election", "capitation"]
        )
        writer.writerows((aco.aco_id, aco.name, 2027, "RENEWING", "GLOBAL", "PROSPECTIVE", "PCC") for aco in ACOS)
    with (folder / "participants.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["aco_id", "tin", "npi", "provider_class", "effective_date", "termination_date", "ccn"])
        writer.writerows(_participant(practice, practice.aco.aco_id) for practice in everywhere if practice.aco)
        outside = (practice for practice in everywhere if practice.kind is PracticeKind.SPECIALISTS)
        for practice in islice(outside, 2):
            writer.writerow([ACOS[0].aco_id, practice.tin, practice.npi(1), "Preferred", LISTED, "", ""])


def _participant(practice: Practice, aco_id: str) -> list[str]:
    """A clinic is listed by its CCN, a group by TIN and one clinician."""
    if practice.kind is PracticeKind.CLINIC:
        return [aco_id, "", "", "Participant FQHC/RHC", LISTED, "", practice.ccn]
    return [aco_id, practice.tin, practice.npi(1), "Participant", LISTED, "", ""]


def _columns(kind: str) -> list[str]:
    return list(dict.fromkeys(name for field in layout(kind) for name in field.names))


def _write_rows(file: TextIO, columns: list[str], rows: Iterable[dict[str, str]]) -> None:
    file.write("|".join(columns) + "\n")
    file.writelines("|".join(row.get(column, "") for column in columns) + "\n" for row in rows)
