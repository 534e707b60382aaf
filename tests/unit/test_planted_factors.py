"""Prices and practice of each county and the trend of the years, found again in invented claims as an analyst would.

No planted factor enters what is found: only the rows of the answer key that it is compared with hold them.
"""

import csv
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from lead_engine.synthetic import truth
from lead_engine.synthetic.billing import Block
from lead_engine.synthetic.network import Network
from lead_engine.synthetic.plan import CALENDAR, MONTHS, YEARS, Whole, counties, month_of, word, words

PEOPLE, SEED = 12_000, 5
BASE_COUNTY, BASE_YEAR = 0, 2024
FEW = 30  # lines of a service in a county and year
PRICE_ERROR = 0.001  # cents are whole: a factor of a service of 8 dollars is seen to one in 800, and always from above
PRACTICE_ERROR = 0.03  # about four standard errors of the smallest county
OFFICE, LABORATORY = "11", "81"  # places of service


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> dict[tuple[str, str], dict[str, int]]:
    """What the answer key says of counties and years."""
    network = Network(100, SEED)
    path = truth.write(Path(tmp_path_factory.mktemp("truth")), network.world, [])
    said: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["subject_kind"] in ("county", "year"):
                said[row["subject_kind"], row["subject"]] |= json.loads(row["says"])
    return said


@pytest.fixture(scope="module")
def seen() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Claims added up: cents and lines by service, county and year; professional claims and covered months by county.

    Claims and months are those of people of no ACO: the people of some ACOs are frailer than others.
    """
    network = Network(PEOPLE, SEED, has_marked=False)
    cents = np.zeros((2, len(words()), len(counties()), len(YEARS)))
    visits = np.zeros((2, len(counties())))
    for number in range(network.blocks):
        world, people, care = network.block(number)
        months = np.minimum(month_of(care.claims.first), MONTHS - 1)
        where = people.counties(care.claims.person, months)
        year = np.array([month.year - YEARS[0] for month in CALENDAR])[months]
        lines = care.lines
        paid = care.claims.is_of("carrier")[lines.claim] & ~lines.is_denied
        cell = (lines.hcpcs[paid], where[lines.claim[paid]], year[lines.claim[paid]])
        np.add.at(cents, (0, *cell), lines.allowed[paid])
        np.add.at(cents, (1, *cell), 1)
        outside = np.array([each.aco is None for each in world.practices])[people.home - 1] & (people.moves >= MONTHS)
        place = np.zeros(len(care.claims), np.int64)
        place[lines.claim] = lines.place
        counted = care.claims.is_of("carrier") & np.isin(place, [word(OFFICE), word(LABORATORY)])
        counted &= outside[care.claims.person]
        visits[0] += np.bincount(where[counted], minlength=len(counties()))
        covered = Block(people, world, SEED).covered() & (people.has_part_b & outside)[:, None]
        who, when = np.nonzero(covered)
        visits[1] += np.bincount(people.counties(who, when), minlength=len(counties()))
    return cents[0], cents[1], visits


def index(cents: Whole, lines: Whole) -> np.ndarray:
    """What the same services cost in each county and year, beside the base county in the base year: of each service with
    enough lines in both the ratio of its mean prices, weighted by lines."""
    means = cents / np.maximum(lines, 1)
    base = YEARS.index(BASE_YEAR)
    enough = (lines >= FEW) & (lines[:, BASE_COUNTY, base] >= FEW)[:, None, None]
    ratio = means / np.maximum(means[:, BASE_COUNTY, base], 1)[:, None, None]
    weight = np.where(enough, lines, 0)
    return (ratio * weight).sum(axis=0) / weight.sum(axis=0)


def test_prices_of_counties_are_found(planted, seen):
    prices = index(*seen[:2])
    told = np.mean(prices / prices[[BASE_COUNTY]], axis=1)
    wanted = [planted["county", code]["price_thousandths"] for code in counties()]
    assert told == pytest.approx(np.array(wanted) / wanted[BASE_COUNTY], rel=PRICE_ERROR)
    assert np.ptp(wanted) > 10 * PRICE_ERROR * wanted[BASE_COUNTY], "counties that are alike would pass with any answer"


def test_the_trend_is_found(planted, seen):
    prices = index(*seen[:2])
    told = np.mean(prices / prices[:, [YEARS.index(BASE_YEAR)]], axis=0)
    wanted = np.array([planted["year", str(year)]["factor_thousandths"] for year in YEARS])
    assert told == pytest.approx(wanted / wanted[YEARS.index(BASE_YEAR)], rel=PRICE_ERROR)
    assert np.diff(wanted).min() > 5 * PRICE_ERROR * wanted.min(), "years that are alike would pass with any answer"


def test_practice_of_counties_is_found(planted, seen):
    """Visits and tests in a covered month of people of no ACO."""
    claims, months = seen[2]
    assert months.min() > 20_000
    told = claims / months
    wanted = np.array([planted["county", code]["practice_thousandths"] for code in counties()])
    assert told / told[BASE_COUNTY] == pytest.approx(wanted / wanted[BASE_COUNTY], rel=PRACTICE_ERROR)
    assert np.ptp(wanted) > 3 * PRACTICE_ERROR * wanted[BASE_COUNTY], "counties that are alike would pass"
