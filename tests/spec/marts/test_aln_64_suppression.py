"""ALN-64, DL 7.1: no cell on 1 to 10 people, and none that a subtraction would reveal."""

import pytest

from lead_engine.marts.suppress import Cell, Why, hidden
from tests.drawn import by_case, table

SMALLEST = 11
CASES = by_case(
    table(
        """
    case                                             | category | people | shown
    -------------------------------------------------|----------|--------|------------
    all large                                        | ALL      | 100    | yes
                                                     | AD       | 80     | yes
                                                     | ESRD     | 20     | yes
    eleven may be shown                              | ALL      | 91     | yes
                                                     | AD       | 80     | yes
                                                     | ESRD     | 11     | yes
    ten would be told by total less AD               | ALL      | 90     | yes
                                                     | AD       | 80     | SUBTRACTION
                                                     | ESRD     | 10     | SMALL
    two small ones together are small: AD goes too   | ALL      | 88     | yes
                                                     | AD       | 80     | SUBTRACTION
                                                     | ESRD     | 5      | SMALL
                                                     | HN       | 3      | SMALL
    two small ones together are eleven               | ALL      | 91     | yes
                                                     | AD       | 80     | yes
                                                     | ESRD     | 5      | SMALL
                                                     | HN       | 6      | SMALL
    one small one takes the smaller large one        | ALL      | 145    | yes
                                                     | AD       | 100    | yes
                                                     | ESRD     | 40     | SUBTRACTION
                                                     | HN       | 5      | SMALL
    a small ACO shows nothing                        | ALL      | 9      | SMALL
                                                     | AD       | 9      | SMALL
    one category, large                              | ALL      | 40     | yes
                                                     | AD       | 40     | yes
    in both: five were never in AD                   | ALL      | 100    | yes
                                                     | AD       | 95     | SUBTRACTION
                                                     | ESRD     | 11     | SUBTRACTION
    two small ones may be the same people            | ALL      | 90     | yes
                                                     | AD       | 84     | SUBTRACTION
                                                     | ESRD     | 6      | SMALL
                                                     | HN       | 6      | SMALL
    nobody is no small cell                          | ALL      | 40     | yes
                                                     | AD       | 40     | yes
                                                     | ESRD     | 0      | yes
    """,
        people=int,
    )
)


@pytest.mark.parametrize("case", CASES)
def test_cells(case):
    cells = {row["category"]: Cell("A1", 2027, row["category"], row["people"]) for row in CASES[case]}
    found = hidden(cells.values(), SMALLEST)
    assert {category: found[cell].value if cell in found else "yes" for category, cell in cells.items()} == {
        row["category"]: row["shown"] for row in CASES[case]
    }


def test_a_small_cell_with_nothing_beside_it_takes_the_total():
    total, small = Cell("A1", 2027, "ALL", 12), Cell("A1", 2027, "ESRD", 5)
    assert hidden([total, small], SMALLEST) == {small: Why.SMALL, total: Why.SUBTRACTION}
