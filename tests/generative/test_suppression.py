"""Whoever is in which categories: nothing small is shown, and no small figure is the difference of shown ones."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from lead_engine.marts.suppress import ALL, Cell, hidden

SMALLEST = 11
CATEGORIES = ("AD", "ESRD", "HN")
GROUPS = [set(group) for size in (1, 2, 3) for group in combinations(CATEGORIES, size)]


@given(st.tuples(*[st.integers(0, 30)] * len(GROUPS)))
def test_nothing_small_can_be_told(counts):
    """`counts` is how many people were in exactly each group of categories over the year."""

    def people(wanted) -> int:
        return sum(count for group, count in zip(GROUPS, counts, strict=True) if wanted(group))

    cells = {name: Cell("A1", 2027, name, people(lambda group, name=name: name in group)) for name in CATEGORIES}
    total = Cell("A1", 2027, ALL, sum(counts))
    kept_back = {cell.category for cell in hidden([*cells.values(), total], SMALLEST)}
    shown = [cell for cell in (*cells.values(), total) if cell.category not in kept_back]
    assert not [cell for cell in shown if 0 < cell.people < SMALLEST]
    if total in shown:
        assert not [cell for cell in shown if 0 < total.people - cell.people < SMALLEST]
        together = people(lambda group: group & kept_back)
        assert not kept_back or (len(kept_back) > 1 and together >= SMALLEST)
