"""Records broken on purpose: which files have one, and for which field and reason each must be set aside (DL 1.3).

Each is a copy of the first record of its file with one field changed, so nothing but the quarantine may tell of it.
One record is unchanged: delivered twice, it must count once (DL 3.12). It is of the first marked person, and what is right
for her would be wrong if it counted twice.
"""

from os import SEEK_END
from pathlib import Path
from typing import NamedTuple

from lead_engine.sources.cclf.delivery import positions

from . import cclf
from .practices import World

TABLE = "ops__quarantine"
FORMS = ("rif", "cclf")


class Damage(NamedTuple):
    """One copy of a file's first record."""

    file: str  # CCLF: its number
    field: str = ""  # none: the record as it is
    instead: str = ""
    reason: str = ""


RIF = (
    Damage("carrier.csv"),
    Damage("carrier.csv", "LINE_1ST_EXPNS_DT", "31-Feb-2026", "NOT_A_DATE"),
    Damage("carrier.csv", "BENE_ID", "", "MISSING"),
    Damage("carrier.csv", "TAX_NUM", "00-0000001", "NOT_A_TIN"),
    Damage("outpatient.csv", "REV_CNTR_PMT_AMT_AMT", "12,50", "NOT_AN_AMOUNT"),
    Damage("beneficiary_2026.csv", "BENE_BIRTH_DT", "1950", "NOT_A_DATE"),
)
CCLF = (
    Damage("5"),
    Damage("5", "CLM_LINE_FROM_DT", "2026-02-31", "NOT_A_DATE"),
    Damage("5", "BENE_MBI_ID", "", "MISSING"),
    Damage("2", "CLM_LINE_CVRD_PD_AMT", "12,50", "NOT_AN_AMOUNT"),
    Damage("8", "BENE_DOB", "1950", "NOT_A_DATE"),
)


def told(world: World, form: str) -> list[dict[str, str]]:
    """What the quarantine must hold."""
    broken = [each for each in _planted(world, form) if each.field]
    return [{"source_file": each.file, "field": each.field, "reason": each.reason} for each in broken]


def plant(folder: Path, world: World, form: str) -> None:
    """Add the records to the files of a delivery."""
    for each in _planted(world, form):
        with (folder / each.file).open("r+", encoding="utf-8", newline="") as lines:
            first = lines.readline()
            record = _in_columns(first, lines.readline(), each) if form == "rif" else _in_places(first, each)
            lines.seek(0, SEEK_END)
            lines.write(record)


def _planted(world: World, form: str) -> list[Damage]:
    """Of CCLF, in the newest delivery: of the first ACO and, delivered twice, of the answer-key ACO."""
    if form == "rif":
        return list(RIF)
    day = cclf.DELIVERED[-1]
    acos = {each: world.acos[0 if each.field else -1].aco_id for each in CCLF}
    return [each._replace(file=cclf.name(aco, each.file, day)) for each, aco in acos.items()]


def _in_columns(header: str, record: str, damage: Damage) -> str:
    columns, texts = header.rstrip("\n").split("|"), record.rstrip("\n").split("|")
    return (
        "|".join(damage.instead if name == damage.field else text for name, text in zip(columns, texts, strict=True))
        + "\n"
    )


def _in_places(record: str, damage: Damage) -> str:
    if not damage.field:
        return record
    start, length = positions(cclf.number_of(damage.file))[damage.field]
    return record[: start - 1] + damage.instead.ljust(length) + record[start - 1 + length :]
