"""DL 10.5: the change of a mean score is the sum of what each term did to it; few people are told together."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lead_engine.benchmark.drift import Band, Side, TermSum, contributions, side
from lead_engine.marts.drift import DriftRules, page, parted
from tests.drawn import table
from tests.rules import resolved

STARTS = tuple(map(Decimal, ("0", "0.5", "1")))


def drawn(year, people, months, *terms, bands=()):
    """A side from (term, kind, people, months, coefficient); coded as often as counted."""
    summed = tuple(
        TermSum(term, kind, who, of, who, of, round(of * float(weight) * 1_000_000))
        for term, kind, who, of, weight in terms
    )
    return Side(year, people, months, sum(each.millionths for each in summed), summed, tuple(bands))


CASES = table(
    """
    case                          | months before | weight before | months after | weight after | change | by prevalence | by weight
    ------------------------------|---------------|---------------|--------------|--------------|--------|---------------|----------
    the same                      | 100           | 0.5           | 100          | 0.5          | 0      | 0             | 0
    coded more often              | 100           | 0.5           | 200          | 0.5          | 0.05   | 0.05          | 0
    coded less often              | 100           | 0.5           | 50           | 0.5          | -0.025 | -0.025        | 0
    another weight                | 100           | 0.5           | 100          | 0.7          | 0.02   | 0             | 0.02
    both                          | 100           | 0.5           | 200          | 0.7          | 0.09   | 0.06          | 0.03
    new                           | 0             | 0             | 200          | 0.5          | 0.1    | 0.1           | 0
    gone                          | 100           | 0.5           | 0            | 0            | -0.05  | -0.05         | 0
    """,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_what_a_term_did(case):
    sides = [
        drawn(year, 100, 1000, ("HCC37", "HCC", 50 if int(months) else 0, int(months), weight))
        for year, months, weight in (
            (2026, case["months before"], case["weight before"]),
            (2027, case["months after"], case["weight after"]),
        )
    ]
    (told,) = contributions(*sides)
    found = [told.change, told.by_prevalence, told.by_weight]
    assert found == [Fraction(case[name]) for name in ("change", "by prevalence", "by weight")]


SUMS = some.lists(
    some.tuples(
        some.sampled_from(["HCC1", "HCC2", "F70_74", "D4"]), some.integers(1, 900), some.integers(0, 5_000_000)
    ),
    unique_by=lambda term: term[0],
)


@given(SUMS, SUMS, some.integers(900, 2000), some.integers(900, 2000))
def test_the_terms_add_up_to_the_change_exactly(first, second, months, months_later):
    def made(year, of, terms):
        summed = tuple(TermSum(name, "HCC", 20, n, 20, n, n * weight) for name, n, weight in terms)
        return Side(year, 90, of, sum(each.millionths for each in summed), summed, ())

    before, after = made(2026, months, first), made(2027, months_later, second)
    told = contributions(before, after)
    assert sum(each.change for each in told) == after.mean - before.mean
    assert all(abs(high.change) >= abs(low.change) for high, low in pairwise(told))


HIDING = table(
    """
    case                                        | people of each term | shown
    --------------------------------------------|---------------------|----------
    all large                                   | 40 50 60            | 40 50 60
    eleven may be shown                         | 11 50               | 11 50
    one small one takes the smallest other      | 3 40 50             | 50
    two small ones are not enough by themselves | 3 4 40 50           | 50
    a term all but a few have is small too      | 95 50 40            | 50
    nothing to add                              | 3                   |
    """
)


@pytest.mark.parametrize("case", HIDING, ids=lambda case: case["case"])
def test_few_people_are_told_together(case):
    counts = [int(count) for count in case["people of each term"].split()]
    sides = [
        drawn(year, 100, 1000, *((f"T{count}", "HCC", count, count * 10, weight) for count in counts))
        for year, weight in ((2026, "0.5"), (2027, "0.6"))
    ]
    found = contributions(*sides)
    split = parted(found, *sides, 11)
    assert {each.term for each in split.shown} == {f"T{count}" for count in (case["shown"] or "").split()}
    assert sum(each.change for each in split.shown) + split.change == sides[1].mean - sides[0].mean


def test_people_a_hierarchy_dropped_are_counted_too():
    """Coded less counting is who lost it to a hierarchy: three of them may not be told."""
    terms = [
        TermSum("HCC38", "HCC", 40, 400, 43, 430, 1),
        TermSum("HCC37", "HCC", 50, 500, 50, 500, 1),
        TermSum("D1", "COUNT", 60, 60, 60, 60, 1),
    ]
    sides = [Side(year, 100, 1000, 3, tuple(terms), ()) for year in (2026, 2027)]
    assert {each.term for each in parted(contributions(*sides), *sides, 11).together} == {"HCC38", "HCC37"}


def test_a_side_of_few_people_or_nobody_shows_nothing():
    rules = DriftRules.from_methodology(resolved())
    large, small, none = (drawn(2026, people, 100, ("HCC37", "HCC", people, 10, "1")) for people in (50, 10, 0))
    assert (
        page("x", large, small, rules, 20).tables == ()
        and "few people" in page("x", small, large, rules, 20).sentences[0].says
    )
    assert "nobody" in page("x", large, none, rules, 20).sentences[0].says


def test_bands_hide_few_people_and_who_would_tell_them():
    rules = DriftRules.from_methodology(resolved())
    bands = [Band(start, people, people * 10) for start, people in zip(STARTS, (60, 30, 10), strict=True)]
    one = drawn(2026, 100, 1000, ("F70", "DEMOGRAPHIC", 100, 1000, "1"), bands=bands)
    shown = page("x", one, one, rules, 20).tables[1].rows
    assert [row[1] for row in shown] == ["60", "–", "–"]


def test_sides_from_tables(spark):
    """Months weigh, each by the score of its own kind, a dropped HCC is coded and does not count, another year and an unscored person stay out."""
    held = [(1, 2026, 12), (2, 2026, 4), (3, 2026, 5), (1, 2027, 6)]
    months = [(person, year, date(year, month, 1)) for person, year, last in held for month in range(1, last + 1)]
    of_year, first_half, second_half = (1, 4095), (1, 0b111111), (7, 0b111111000000)
    scores = [
        (1, 2026, *first_half, Decimal("1.5000")),
        (1, 2026, *second_half, Decimal("1.7000")),
        (2, 2026, *of_year, Decimal("0.4000")),
        (1, 2027, *of_year, Decimal("9.0000")),
    ]
    terms = [
        *((1, 2026, first, "F70_74", "DEMOGRAPHIC", Decimal(worth)) for first, worth in ((1, "0.4"), (7, "0.6"))),
        *((1, 2026, first, "HCC37", "HCC", Decimal("1.1000")) for first in (1, 7)),
        *((1, 2026, first, "HCC38", "DROPPED", Decimal(0)) for first in (1, 7)),
        (2, 2026, 1, "F70_74", "DEMOGRAPHIC", Decimal("0.4000")),
        (1, 2027, 1, "HCC1", "HCC", Decimal("9.0000")),
    ]
    scored = "bene_key bigint, year int, first_month int, month_set int, raw_score decimal(12,4)"
    of_terms = "bene_key bigint, year int, first_month int, term string, kind string, coefficient decimal(12,4)"
    told = side(
        spark.createDataFrame(months, "bene_key bigint, aligned_year int, month date"),
        spark.createDataFrame(scores, scored),
        spark.createDataFrame(terms, of_terms),
        2026,
        STARTS,
    )
    assert (told.people, told.months, told.millionths) == (2, 16, 20_800_000)
    assert told.terms == (
        TermSum("F70_74", "DEMOGRAPHIC", 2, 16, 2, 16, 7_600_000),
        TermSum("HCC37", "HCC", 1, 12, 1, 12, 13_200_000),
        TermSum("HCC38", "HCC", 0, 0, 1, 12, 0),
    )
    assert told.bands == (Band(Decimal("0"), 1, 4), Band(Decimal("0.5"), 0, 0), Band(Decimal("1"), 1, 12))
