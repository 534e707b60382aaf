"""ALN-65: what holds of every population: i, ii, iii by plain Python and on Spark, vii and viii by lists and charges."""

from collections import Counter
from dataclasses import replace

import pytest

from lead_engine.alignment.decide import Month
from tests.generative import choosers
from tests.rules import alignment_rules
from tests.voluntary import ACOS, plain_years, spark_years

RULES = alignment_rules()
LOST = {"DEAD", "MA", "NOT_A_AND_B", "MSP", "NON_US", "SERVICE_AREA", "OVERLAP"}
COUNT = 4_000


@pytest.fixture(scope="module", params=[31, 32])
def population(request):
    return choosers.people(COUNT, request.param)


@pytest.fixture(scope="module", params=["plain", "spark"])
def years(request, population):
    if request.param == "plain":
        return plain_years(population, RULES)
    return spark_years(request.getfixturevalue("spark"), population, RULES)


def test_i_one_aco_a_month(years):
    seen = Counter((person, month) for person, year in years.items() for month in year.months)
    assert max(seen.values()) == 1 and all(year.aco_id in ACOS for year in years.values() if year.months)


def test_ii_prospective_months_only_shrink(years, population):
    """Between months that were evaluated, nobody enters a prospective ACO after January."""
    for person, year in years.items():
        if year.months and ACOS[year.aco_id] == "PROSPECTIVE":
            known = [month.month for month in population[person].months]
            assert year.months == known[: len(year.months)] and year.months[0].month == 1


def test_iii_nobody_leaves_but_by_eligibility(years, population):
    for person, year in years.items():
        if not year.months:
            continue
        last = population[person].months[-1].month
        assert (year.months[-1] == last) == (year.end_reason is None)
        assert year.end_reason is None or year.end_reason in LOST


def test_v_months_are_evaluated_and_eligible(years, population):
    for person, year in years.items():
        by_month: dict = {month.month: month for month in population[person].months}
        assert all(by_month[month].fails(year.aco_id) is None for month in year.months)


def test_a_month_that_fails_for_all_ends_it_for_the_year(population):
    """A2: after the first loss nothing later brings anybody back."""
    years = plain_years(population, RULES)
    for person, year in years.items():
        if year.end_reason is None or not year.months:
            continue
        mended = [
            Month(month.month, month.reason, month.inside, month.other_model)
            if month.month <= year.months[-1] or month.fails(year.aco_id)
            else Month(month.month)
            for month in population[person].months
        ]
        again = plain_years({person: population[person]._replace(months=mended)}, RULES)[person]
        assert again.months == year.months


def test_more_choices_never_move_an_aligned_person_of_the_same_month(population):
    """Add-only: taking every later choice away changes no month of somebody aligned in January."""
    years = plain_years(population, RULES)
    for person, year in years.items():
        if year.months and year.months[0].month == 1:
            pointers = population[person].pointers
            early = {month: aco for month, aco in pointers.choices.items() if month.month == 1}
            bare = population[person]._replace(pointers=pointers._replace(choices=early, midyear=None))
            assert plain_years({person: bare}, RULES)[person] == year


def test_elections_change_nothing_in_january(population):
    all_hybrid = {
        key: person._replace(pointers=person.pointers._replace(hybrid=frozenset(ACOS)))
        for key, person in population.items()
    }
    none = {
        key: person._replace(pointers=person.pointers._replace(hybrid=frozenset()))
        for key, person in population.items()
    }
    one, two = plain_years(all_hybrid, RULES), plain_years(none, replace(RULES, midyear_month=7))
    for person in population:
        if two[person].months and two[person].months[0].month == 1:
            assert one[person] == two[person]
