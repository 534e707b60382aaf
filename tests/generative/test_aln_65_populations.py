"""ALN-65, i to v, vii and viii, over thousands of small populations: plain Python on each, Spark on all as one frame."""

import random
from collections import Counter
from itertools import pairwise

import pytest

from lead_engine.alignment.decide import Charges
from lead_engine.months.decide import Category
from lead_engine.sources.participants import participant_frame, read_participants
from tests.generative import small_populations
from tests.generative.small_populations import ACOS, MONTHS, NOTHING, ROOM, STEPS, Population, told_by_python, winner
from tests.held import held

COUNT = 2_500
HEADER = "aco_id,tin,provider_class,ccn"
ELIGIBILITY = {"DEAD", "MA"}  # the reasons that are drawn
HIGH_NEEDS, ESRD = Category.HN.value, Category.ESRD.value


@pytest.fixture(scope="module")
def drawn():
    return small_populations.populations(COUNT, seed=41)


@pytest.fixture(scope="module")
def plain(drawn):
    return {key: told for population in drawn for key, told in told_by_python(population).items()}


def listed(drawn, provider_class) -> list[str]:
    """Rows of a list of providers: Participants, or Preferred Providers."""
    of = [
        (aco, tin)
        for population in drawn
        for aco, tin in (
            ((aco, tin) for tin, aco in population.listed.items())
            if provider_class == "Participant"
            else population.preferred
        )
    ]
    return [f"{aco},{tin.removeprefix('TIN:')},{provider_class}," for aco, tin in of]


@pytest.fixture(scope="module")
def made(spark, drawn, tmp_path_factory):
    """By the steps of a run, on a list that names Preferred Providers too."""
    path = tmp_path_factory.mktemp("populations") / "participants.csv"
    lines = [HEADER, *listed(drawn, "Participant"), *listed(drawn, "Preferred Provider")]
    path.write_text("\n".join([*lines, ""]), "utf-8")
    members = participant_frame(spark, read_participants(path, None, 2027), "list")
    found = small_populations.steps(small_populations.tables_of(spark, drawn, members))
    return {name: held(found[name]) for name in STEPS[2:]}


@pytest.fixture(scope="module", params=["plain", "spark"])
def told(request):
    if request.param == "plain":
        return request.getfixturevalue("plain")
    return small_populations.told_by_spark(request.getfixturevalue("made"))


@pytest.fixture(scope="module")
def met(drawn):
    """The first check that made each person High Needs."""
    return {key: min(each.met, default=None) for population in drawn for key, each in population.people.items()}


def by_population(told) -> dict[int, list]:
    found: dict[int, list] = {}
    for key, each in told.items():
        found.setdefault(key // ROOM, []).append((key, each))
    return found


def test_both_engines_agree_whoever_is_preferred(drawn, made, plain):
    """vii too: plain Python is told Participants alone, the steps a list with thousands of Preferred Providers."""
    assert small_populations.told_by_spark(made) == plain
    preferred = Counter(
        "nobody's" if tin not in population.listed else "own" if population.listed[tin] == aco else "another's"
        for population in drawn
        for aco, tin in population.preferred
    )
    assert set(preferred) == {"nobody's", "own", "another's"} and min(preferred.values()) > 1000
    assert {told.year.route for told in plain.values()} == {None, "C", "V", "B"}
    assert {told.year.end_reason for told in plain.values()} == {None, *ELIGIBILITY}


def test_i_one_aco_a_month(told, drawn):
    """Of those the person's own claims and choices point to, never of another population."""
    for population in drawn:
        for key, each in population.people.items():
            year, pointed = (
                told[key].year,
                {winner(each.billed, population.listed), each.midyear, *each.choices.values()},
            )
            assert len({*year.months}) == len(year.months)
            assert year.aco_id is None or year.aco_id in pointed


def test_ii_and_iii_who_comes_and_who_leaves(told):
    """Prospective: the people of a month are among those of the month before. Nobody leaves but for lost eligibility."""
    came = Counter()
    for people in by_population(told).values():
        for aco, election in ACOS.items():
            own = {key: each.year for key, each in people if each.year.aco_id == aco}
            for before, after in pairwise(MONTHS):
                was, now = ({key for key, year in own.items() if month in year.months} for month in (before, after))
                came[election] += len(now - was)
                assert election == "HYBRID" or now <= was
                assert all(own[key].end_reason in ELIGIBILITY for key in was - now)
    assert came["HYBRID"] > 500 and came["PROSPECTIVE"] == 0


def test_iv_high_needs_is_for_ever(told, met):
    """From the first check that found a criterion met no month is merely aged or disabled; before it none is High Needs."""
    kinds = Counter()
    for key, each in told.items():
        for month, category in each.categories.items():
            since = met[key] is not None and met[key] <= month
            kinds[since, category] += 1
            assert (category == HIGH_NEEDS) == (since and category != ESRD)
    assert min(kinds.values()) > 500 and len(kinds) == 4


def test_v_categories_sum_to_aligned_months(told):
    for people in by_population(told).values():
        for aco in ACOS:
            own = [each for _, each in people if each.year.aco_id == aco]
            cells = Counter(category for each in own for category in each.categories.values())
            assert cells.total() == sum(len(each.year.months) for each in own)


def test_v_the_table_of_acos_says_the_same(made, plain):
    """`calc__aco_year` over all populations: its categories are the plain sums, and ALL is their sum."""
    cells = {(row["aco_id"], row["category"]): row["months"] for row in made["calc__aco_year"].collect()}
    expected = Counter((told.year.aco_id, category) for told in plain.values() for category in told.categories.values())
    expected.update((told.year.aco_id, "ALL") for told in plain.values() for _ in told.year.months)
    assert cells == expected
    for aco in ACOS:
        assert sum(expected[aco, category.value] for category in Category) == cells[aco, "ALL"] > 500


def test_viii_splitting_a_tin_inside_an_aco_changes_nothing(drawn, plain):
    chance, moved = random.Random(42), 0
    for population in drawn:
        parted = split(population, chance)
        moved += len(parted.listed) - len(population.listed)
        assert told_by_python(parted) == {key: plain[key] for key in population.people}
    assert moved > COUNT


def split(population: Population, chance: random.Random) -> Population:
    """Part of the charges of every Participant goes to a new TIN of its ACO."""
    new = {tin: f"{tin[:-3]}{int(tin[-3:]) + 500}" for tin in population.listed}
    people = {}
    for key, each in population.people.items():
        billed = {}
        for (tin, end), both in each.billed.items():
            parts = [_halves(part, chance) if tin in new else (part, NOTHING) for part in both]
            for unit, place in ((tin, 0), (new.get(tin), 1)):
                if unit is not None:
                    billed[unit, end] = (parts[0][place], parts[1][place])
        people[key] = each._replace(billed=billed)
    added = {new[tin]: aco for tin, aco in population.listed.items()}
    return population._replace(listed={**population.listed, **added}, people=people)


def _halves(part: Charges, chance: random.Random) -> tuple[Charges, Charges]:
    """Two parts with the charges and lines of the whole, one of which has its last service."""
    lines = chance.randint(0, part.lines)
    if lines in (0, part.lines):
        return (part, NOTHING) if lines else (NOTHING, part)
    cents = chance.randint(-500, 500)
    earlier = part.last_service.replace(day=1)
    return Charges(cents, earlier, lines), Charges(part.cents - cents, part.last_service, part.lines - lines)
