"""What the page says of the invented network is so: every figure seen at 20,000 people, and each near the public one."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from lead_engine.synthetic.billing import Block
from lead_engine.synthetic.claims import Care
from lead_engine.synthetic.network import Network
from lead_engine.synthetic.people import People, age_bands
from lead_engine.synthetic.plan import CALENDAR, FIRST_DAY, MONTHS, rows

PEOPLE, SEED, YEAR = 20_000, 1, 2024
PAGE = (Path(__file__).parents[2] / "docs" / "invented-network.md").read_text("utf-8")
BOUNDS = {  # figure of the page: the least and the most that is near the public one
    "paid a month, Parts A and B, $": (1_000, 1_100),
    "inpatient stays a year, 1,000 people": (210, 240),
    "skilled nursing stays a year, 1,000 people": (40, 55),
    "home health claims a year, 1,000 people": (60, 90),
    "hospice stays a year, 1,000 people": (15, 30),
    "professional claims a year, 1,000 people": (10_000, 12_000),
    "outpatient claims a year, 1,000 people": (2_500, 3_500),
    "deaths a year, 1,000 people": (38, 45),
    "claim lines of a person, six years": (120, 180),
    "of a year's spending, that of the costliest twentieth, %": (20, 50),
}
FILE = {
    "inpatient stays a year, 1,000 people": "inpatient",
    "skilled nursing stays a year, 1,000 people": "snf",
    "home health claims a year, 1,000 people": "hha",
    "hospice stays a year, 1,000 people": "hospice",
    "professional claims a year, 1,000 people": "carrier",
    "outpatient claims a year, 1,000 people": "outpatient",
}
PREVALENCE = {  # group of conditions: its codes, and the least and most of a hundred people of the middle of 2024
    "hypertension": (("I10",), 53, 65),
    "high cholesterol": (("E785",), 42, 55),
    "diabetes": (("E119", "E1122"), 24, 29),
    "depression": (("F329", "F330"), 17, 23),
    "kidney disease": (("N1831", "N184"), 12, 26),
    "heart failure": (("I5022",), 11, 15),
    "atrial fibrillation": (("I4891",), 11, 15),
    "COPD": (("J449",), 10, 13),
    "dementia": (("F0390",), 7, 11),
    "obesity, severe": (("E6601",), 6, 10),
    "alcohol use disorder": (("F1020",), 1, 3),
}
RISING = ("heart failure", "atrial fibrillation", "kidney disease", "dementia")
FALLING = ("obesity, severe", "alcohol use disorder")


@dataclass
class Seen:
    """The network added up."""

    figures: dict[str, float]
    prevalence: dict[str, list[float]]  # of everybody, then by age band


@pytest.fixture(scope="module")
def seen() -> Seen:
    network = Network(PEOPLE, SEED, has_marked=False)
    sums: dict[str, float] = dict.fromkeys(("months", "cents", "lines", "deaths", "lived", *FILE), 0)
    year, bands, has = [], [], []
    for number in range(network.blocks):
        world, people, care = network.block(number)
        covered = Block(people, world, SEED).covered()
        sums["months"] += covered.sum()
        sums["cents"] += care.claims.paid.sum()
        sums["lines"] += len(care.lines)
        sums["deaths"] += (people.death < FIRST_DAY[MONTHS]).sum()
        sums["lived"] += people.enrolled().sum()
        for figure, file in FILE.items():
            sums[figure] += care.claims.is_of(file).sum()
        year.append(_paid_in_the_year(people, care))
        lives = people.alive()[:, MONTHS // 2]
        bands.append(age_bands(people.birth, people.is_disabled)[lives])
        has.append(people.conditions[lives])
    return Seen(_figures(sums, np.concatenate(year)), _prevalence(np.concatenate(bands), np.concatenate(has)))


def _paid_in_the_year(people: People, care: Care) -> np.ndarray:
    """Cents of each who is in Original Medicare in a month of the year."""
    months = [place for place, month in enumerate(CALENDAR) if month.year == YEAR]
    here = (people.enrolled() & ~people.in_advantage())[:, months].any(axis=1)
    of_year = care.claims.first.astype("datetime64[Y]") == np.datetime64(str(YEAR), "Y")
    return np.bincount(care.claims.person[of_year], care.claims.paid[of_year], len(people))[here]


def _figures(sums: dict[str, float], year: np.ndarray) -> dict[str, float]:
    told = {figure: sums[figure] / sums["months"] * 12_000 for figure in FILE}
    told["paid a month, Parts A and B, $"] = sums["cents"] / sums["months"] / 100
    told["deaths a year, 1,000 people"] = sums["deaths"] / sums["lived"] * 12_000
    told["claim lines of a person, six years"] = sums["lines"] / PEOPLE
    costliest = np.sort(year)[::-1][: len(year) // 20]
    told["of a year's spending, that of the costliest twentieth, %"] = 100 * costliest.sum() / year.sum()
    return told


def _prevalence(bands: np.ndarray, has: np.ndarray) -> dict[str, list[float]]:
    names = [row["icd10_code"] for row in rows("synthetic/conditions")]
    told = {}
    for group, (codes, _, _) in PREVALENCE.items():
        any_of = has[:, [names.index(code) for code in codes]].any(axis=1)
        told[group] = [100 * float(any_of[chosen].mean()) for chosen in (bands >= 0, *(bands == b for b in range(6)))]
    return told


def _row(name: str) -> list[str]:
    """The numbers in a row of the page's tables."""
    cells = next(line for line in PAGE.splitlines() if line.startswith(f"| {name} |")).split("|")[2:-1]
    return [re.sub(r"[,\s]", "", cell) for cell in cells]


@pytest.mark.parametrize("figure", BOUNDS)
def test_a_figure_is_near_the_public_one_and_on_the_page(seen, figure):
    least, most = BOUNDS[figure]
    assert least <= seen.figures[figure] <= most
    assert float(_row(figure)[0]) == round(seen.figures[figure])


@pytest.mark.parametrize("group", PREVALENCE)
def test_prevalence_is_near_the_public_one_and_on_the_page(seen, group):
    _, least, most = PREVALENCE[group]
    assert least <= seen.prevalence[group][0] <= most
    told = [float(cell) for cell in _row(group)[1:8]]
    assert told == [round(share) for share in seen.prevalence[group]]


def test_prevalence_goes_with_age(seen):
    """From 65 on: who is younger is disabled, and sicker."""
    for group in RISING:
        assert np.diff(seen.prevalence[group][2:]).min() > 1, group
        assert seen.prevalence[group][6] > 2.5 * seen.prevalence[group][2], group
    for group in FALLING:
        first, *_, last = seen.prevalence[group][2:]
        assert last < first / 2, group


def test_no_cancer_of_the_other_sex():
    people = Network(PEOPLE, SEED, has_marked=False).people_of(0)[1]
    names = [row["icd10_code"] for row in rows("synthetic/conditions")]
    prostate, breast = (people.conditions[:, names.index(code)] for code in ("C61", "C50911"))
    assert prostate[~people.is_female].any() and breast[people.is_female].any()
    assert not prostate[people.is_female].any() and not breast[~people.is_female].any()
