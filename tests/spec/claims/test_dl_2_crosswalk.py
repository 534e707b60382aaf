"""DL 2.1: every identifier of a chain is the person of its oldest; a circle is refused."""

from itertools import permutations

import pytest

from lead_engine.foundation.errors import InputRefusedError
from lead_engine.sources.cclf.crosswalk import oldest

CASES = {
    "one change": ([(1, 2)], {1: 1, 2: 1}),
    "a chain": ([(1, 2), (2, 3)], {1: 1, 2: 1, 3: 1}),
    "a chain whose oldest is the largest key": ([(9, 5), (5, 7)], {9: 9, 5: 9, 7: 9}),
    "a delivery that goes straight to the newest": ([(1, 2), (2, 3), (1, 3)], {1: 1, 2: 1, 3: 1}),
    "two old ones of one person": ([(4, 6), (5, 6)], {4: 4, 5: 4, 6: 4}),
    "two people": ([(1, 2), (7, 8)], {1: 1, 2: 1, 7: 7, 8: 7}),
    "itself": ([(1, 1)], {}),
    "nobody": ([], {}),
}


@pytest.mark.parametrize("case", CASES)
def test_oldest(case):
    changes, expected = CASES[case]
    for order in permutations(changes):
        assert oldest([*order, *order]) == expected


@pytest.mark.parametrize(("changes", "length"), [([(1, 2), (2, 1)], 2), ([(1, 2), (2, 3), (3, 1), (3, 4)], 3)])
def test_a_circle_is_refused_with_its_length_and_keys(changes, length):
    with pytest.raises(
        InputRefusedError, match=f"{length} identifiers change into each other in a circle, by key 1, 2"
    ):
        oldest([*changes, (8, 9)])


def test_two_circles_are_told_together():
    with pytest.raises(InputRefusedError, match="2 problems"):
        oldest([(1, 2), (2, 1), (5, 6), (6, 5)])
