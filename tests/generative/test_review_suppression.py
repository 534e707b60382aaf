"""Whoever has claims known whenever: nothing shown of a month, and no difference of two shown sums, rests on few people."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from lead_engine.marts.review.hide import Part, shown, withheld
from lead_engine.marts.suppress import is_small

SMALLEST, LAST = 5, 4
PREVIOUS = st.one_of(st.none(), st.integers(0, 2 * LAST))
WHEN = st.frozensets(st.integers(0, 2 * LAST), min_size=1)  # half months in which a person's records became known
PEOPLE = st.lists(WHEN, min_size=1, max_size=25)


def parts_of(people, previous):
    """The parts of a month, as the lake counts them: two half months make a column of the triangle."""
    side = {when: None if previous is None else when > previous for when in range(2 * LAST + 1)}
    keys = sorted({(when // 2, side[when]) for person in people for when in person})
    held = [{(when // 2, side[when]) for when in person} for person in people]
    return [
        Part(*key, sum(key in own for own in held), sum(min(own, key=keys.index) == key for own in held))
        for key in keys
    ]


@given(PEOPLE, PREVIOUS)
def test_no_difference_of_shown_sums_is_small(people, previous):
    may = shown(parts_of(people, previous), LAST, SMALLEST)
    ends = [2 * month + 1 for month in may.known_months]  # the half month that ends a column
    ends += [previous] if may.previous and previous is not None else []
    ends += [2 * LAST + 1] if may.now else []
    assert may.now is not is_small(len(people), SMALLEST)
    assert may.now or not (may.previous or may.known_months)
    for first, last in combinations(sorted({-1, *ends}), 2):
        between = [person for person in people if any(first < when <= last for when in person)]
        assert not is_small(len(between), SMALLEST)


@given(PEOPLE, PREVIOUS)
def test_people_of_the_previous_delivery_tell_no_few_new_ones(people, previous):
    may = shown(parts_of(people, previous), LAST, SMALLEST)
    if may.previous_people and previous is not None:
        before = [person for person in people if min(person) <= previous]
        assert not is_small(len(before), SMALLEST)
        assert not is_small(len(people) - len(before), SMALLEST)


@given(st.lists(st.integers(0, 12), max_size=8))
def test_the_total_of_all_months_tells_no_small_one(counts):
    people = dict(enumerate(counts))
    hidden = withheld(people, SMALLEST)
    assert all(not is_small(count, SMALLEST) for month, count in people.items() if month not in hidden)
    assert not hidden or max(people[month] for month in hidden) >= SMALLEST or max(counts) < SMALLEST
