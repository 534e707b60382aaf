"""ALN-57: beside the totals of an ACO stands the share of its months that are High Needs, told from published cells alone."""

from decimal import Decimal

import pytest

from lead_engine.marts.report import HIDDEN, Report, Row
from tests.drawn import table
from tests.rules import FACTS, resolved

SHARES = table(
    """
    all  | high needs | share
    -----|------------|------
    1200 | 300        | 25%
    1200 | absent     | 0%
    1200 | withheld   | –
    withheld | 300    | –
    """
)


def cell(category: str, months: str) -> Row:
    told = None if months == "withheld" else int(months)
    money = Decimal("1.00")
    return Row("L1", "One", 2027, category, "2027-06", told, told, money, money, Decimal("1.5"), told is None)


@pytest.mark.parametrize("row", SHARES, ids=str)
def test_the_share_of_high_needs(row):
    cells = [cell("AD", "600"), cell("ALL", row["all"])]
    if row["high needs"] != "absent":
        cells.append(cell("HN", row["high needs"]))
    (total,) = Report(FACTS, resolved(), cells, "", [], []).totals()
    assert (total.high_needs_share or HIDDEN) == total.as_text()[-1] == row["share"]
    assert total.category == "ALL" and total.mean_risk_score == Decimal("1.5")
