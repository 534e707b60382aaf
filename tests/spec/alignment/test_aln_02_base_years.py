"""ALN-2: base years are the three calendar years before an ACO's own first performance year, and never move."""

import pytest

from tests.drawn import by_case, table
from tests.rules import alignment_rules

CASES = by_case(
    table(
        """
    case                               | performance year | first years | aligned years
    -----------------------------------|------------------|-------------|--------------
    starters of 2027 in 2027           | 2027             | 2027        | 2024 2025 2026 2027
    starters of 2027 in 2028           | 2028             | 2027        | 2024 2025 2026 2028
    starters of 2028 in 2028           | 2028             | 2028        | 2025 2026 2027 2028
    both kinds together                | 2028             | 2027 2028   | 2024 2025 2026 2027 2028
    """
    )
)


@pytest.mark.parametrize("case", CASES)
def test_aligned_years(case):
    (row,) = CASES[case]
    first = tuple(int(year) for year in row["first years"].split())
    rules = alignment_rules(performance_year=int(row["performance year"]), first_performance_years=first)
    assert rules.aligned_years == tuple(int(year) for year in row["aligned years"].split())
