"""Whatever the counts: nothing small is shown, and no small figure is the difference of shown ones."""

from hypothesis import given
from hypothesis import strategies as st

from lead_engine.marts.suppress import ALL, Cell, hidden

SMALLEST = 11


@given(st.lists(st.integers(0, 60), min_size=1, max_size=3))
def test_nothing_small_can_be_told(counts):
    cells = [Cell("A1", 2027, name, people) for name, people in zip(("AD", "ESRD", "HN"), counts, strict=False)]
    total = Cell("A1", 2027, ALL, sum(counts))
    kept_back = hidden([*cells, total], SMALLEST)
    shown = [cell for cell in (*cells, total) if cell not in kept_back]
    assert not [cell for cell in shown if 0 < cell.people < SMALLEST]
    if total in shown:
        rest = [cell.people for cell in cells if cell in kept_back]
        assert len(rest) != 1 or rest == [0]
        assert sum(rest) == 0 or sum(rest) >= SMALLEST
