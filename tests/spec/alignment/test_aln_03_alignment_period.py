"""ALN-3: two consecutive twelve-month alignment years, ending six months before the year being aligned."""

import pytest

from tests.drawn import day, table
from tests.rules import alignment_rules

CASES = table(
    """
    year | first start | first end  | second start | second end
    -----|-------------|------------|--------------|-----------
    2024 | 2021-07-01  | 2022-06-30 | 2022-07-01   | 2023-06-30
    2025 | 2022-07-01  | 2023-06-30 | 2023-07-01   | 2024-06-30
    2026 | 2023-07-01  | 2024-06-30 | 2024-07-01   | 2025-06-30
    2027 | 2024-07-01  | 2025-06-30 | 2025-07-01   | 2026-06-30
    2028 | 2025-07-01  | 2026-06-30 | 2026-07-01   | 2027-06-30
    """,
    year=int,
    **dict.fromkeys(("first start", "first end", "second start", "second end"), day),
)


@pytest.mark.parametrize("row", CASES, ids=lambda row: str(row["year"]))
def test_periods(row):
    first, second = alignment_rules().alignment_years(row["year"])
    assert (first.start, first.end) == (row["first start"], row["first end"])
    assert (second.start, second.end) == (row["second start"], row["second end"])


def test_another_offset_moves_both_years():
    first, second = alignment_rules(end_offset_months=0).alignment_years(2027)
    assert (first.start, second.end) == (day("2025-01-01"), day("2026-12-31"))
