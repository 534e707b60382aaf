"""ALN-65: what holds of every population: i, ii, iii by plain Python and on Spark, vii and viii by lists and charges."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from lead_engine.alignment import rank
from lead_engine.alignment.decide import Charges, Month, UnitScore
from lead_engine.foundation.identifiers import pack_unit, unpack_unit
from tests.engines import one_year_rules, plain_ranking
from tests.generative import choosers, populations
from tests.rules import alignment_rules
from tests.voluntary import ACOS, acos_frame, plain_years, rows_of, spark_years

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


def without_medicaid(population):
    return {key: person._replace(pointers=person.pointers._replace(medicaid={})) for key, person in population.items()}


def test_i_one_aco_a_month(years):
    seen = Counter((person, month) for person, year in years.items() for month in year.months)
    assert max(seen.values()) == 1 and all(year.aco_id in ACOS for year in years.values() if year.months)


def test_ii_prospective_months_only_shrink(years, population):
    """Between months that were evaluated, nobody enters a prospective ACO after January, but by Medicaid."""
    for person, year in years.items():
        if year.months and ACOS[year.aco_id] == "PROSPECTIVE" and year.route != "M":
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
    """A2: after the first loss nothing later brings anybody back. Medicaid, asked of the whole year, stands aside."""
    population = without_medicaid(population)
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
    """But for people of Medicaid, who have it only where no month of the year goes by another route (ALN-66)."""
    population = without_medicaid(population)
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


MEMBERS = {"TIN:000000001": "A1", "TIN:000000002": "A1", "CCN:361844": "B7"}
ONE_YEAR = replace(one_year_rules(RULES), performance_year=2027)


def split(people):
    """Part of the charges and lines of one Participant TIN of an ACO moved to its other one."""
    chance = random.Random(33)
    moved = {}
    for person, scores in people.items():
        found = {}
        for each in scores:
            of = [
                _halves(chance, part) if each.unit == "TIN:000000001" else (part, Charges(0, None, 0))
                for part in each[1:]
            ]
            for unit, place in ((each.unit, 0), ("TIN:000000002", 1)):
                parts = [both[place] for both in of]
                if place == 0 or any(part.lines for part in parts):
                    known = found.get(unit)
                    found[unit] = [added(old, new) for old, new in zip(known, parts, strict=True)] if known else parts
        moved[person] = [UnitScore(unit, *parts) for unit, parts in found.items()]
    return moved


def _halves(chance, part):
    if part.lines < 1:
        return part, Charges(0, None, 0)
    lines = chance.randint(0, part.lines)
    cents = chance.randint(-500, 1_000) if 0 < lines < part.lines else part.cents if lines else 0
    one = Charges(cents, part.last_service if lines else None, lines)
    rest = part.lines - lines
    return one, Charges(part.cents - cents, part.last_service if rest else None, rest)


def added(one, other):
    dates = [day for day in (one.last_service, other.last_service) if day is not None]
    return Charges(one.cents + other.cents, max(dates, default=None), one.lines + other.lines)


def grouped(people):
    """By comparison unit: an ACO is the sum of its Participants."""
    told = {}
    for person, scores in people.items():
        by_unit = {}
        for each in scores:
            unit, parts = MEMBERS.get(each.unit, each.unit), list(each[1:])
            by_unit[unit] = (
                [added(*both) for both in zip(by_unit[unit], parts, strict=True)] if unit in by_unit else parts
            )
        told[person] = [UnitScore(unit, *parts) for unit, parts in by_unit.items()]
    return told


@pytest.fixture(scope="module")
def charged():
    """Charges by TIN and CCN: an ACO is no place that bills."""
    drawn = populations.unit_scores(12_000, seed=34)
    return {person: [each for each in scores if each.unit[:4] in ("TIN:", "CCN:")] for person, scores in drawn.items()}


def test_viii_splitting_a_tin_inside_an_aco_changes_nothing_in_plain_python(charged):
    assert plain_ranking(grouped(split(charged)), ONE_YEAR) == plain_ranking(grouped(charged), ONE_YEAR)


def test_viii_and_vii_on_spark(spark, charged):
    """vii: a Preferred Provider is on no list that alignment reads; one more list row of another TIN's dates is not either."""
    whole, parts = spark_winners(spark, charged), spark_winners(spark, split(charged))
    assert parts == whole
    plain = {person: answer[1][:1] for person, answer in plain_ranking(grouped(charged), ONE_YEAR).items()}
    assert whole == {person: won for person, won in plain.items() if won}
    gone = [("TIN:999999999", "A1", date(2027, 1, 2), None), ("TIN:000000777", "A1", None, None)]
    assert spark_winners(spark, charged, gone) == whole


def spark_winners(spark, people, more=()):
    end = ONE_YEAR.alignment_years(2027)[0].end
    scores = [
        {"bene_key": person, "alignment_year_end": end, "unit": pack_unit(each.unit)}
        | {"pcs_cents": each.pcs.cents, "last_pcs_date": each.pcs.last_service, "pcs_lines": each.pcs.lines}
        | {"sps_cents": each.sps.cents, "last_sps_date": each.sps.last_service, "sps_lines": each.sps.lines}
        for person, of in people.items()
        for each in of
    ]
    listed = [*((unit, aco, None, None) for unit, aco in MEMBERS.items()), *more]
    members = [
        {"list_version": "v", "unit": pack_unit(unit), "aco_id": aco, "start_date": start, "end_date": end_date}
        for unit, aco, start, end_date in listed
    ]
    made = rank.candidates(
        rows_of(spark, "calc__unit_score", scores),
        rows_of(spark, "core__participant", members),
        acos_frame(spark, {"A1": "HYBRID", "B7": "PROSPECTIVE"}),
        None,
        None,
        ONE_YEAR,
    )
    return {row["bene_key"]: [unpack_unit(row["unit"])] for row in made.where("rank = 1").collect()}
