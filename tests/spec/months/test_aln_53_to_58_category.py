"""ALN-53, ALN-57, ALN-58: from which month a check that succeeded counts, how long, and before which other category."""

from datetime import date

import pytest

from lead_engine.foundation.errors import MethodologyError
from lead_engine.foundation.months import months_of
from lead_engine.months.decide import Month
from lead_engine.months.rules import MonthRules
from tests.drawn import table
from tests.engines import plain_months, spark_months
from tests.rules import FACTS, resolved

APRIL = date(2026, 4, 1)
CASES = table(
    """
    case                       | order         | effective     | sticky        | months of 2026 | months of 2027
    ---------------------------|---------------|---------------|---------------|----------------|---------------
    as shipped                 | ESRD, HN, AD  | CHECK_QUARTER | FOREVER       | AAAHHHEHHHHH   | HHHHHHEHHHHH
    from January               | ESRD, HN, AD  | JAN1_OF_PY    | FOREVER       | HHHHHHEHHHHH   | HHHHHHEHHHHH
    from the next year         | ESRD, HN, AD  | NEXT_PY       | FOREVER       | AAAAAAEAAAAA   | HHHHHHEHHHHH
    for the year               | ESRD, HN, AD  | CHECK_QUARTER | CALENDAR_YEAR | AAAHHHEHHHHH   | AAAAAAEAAAAA
    from January, for the year | ESRD, HN, AD  | JAN1_OF_PY    | CALENDAR_YEAR | HHHHHHEHHHHH   | AAAAAAEAAAAA
    next year, for that year   | ESRD, HN, AD  | NEXT_PY       | CALENDAR_YEAR | AAAAAAEAAAAA   | HHHHHHEHHHHH
    before ESRD                | HN, ESRD, AD  | CHECK_QUARTER | FOREVER       | AAAHHHHHHHHH   | HHHHHHHHHHHH
    without High Needs         | ESRD, AD      | CHECK_QUARTER | FOREVER       | AAAAAAEAAAAA   | AAAAAAEAAAAA
    """
)


def rules(row) -> MonthRules:
    told = resolved(
        months__category_order=f"[{row['order']}]",
        months__hn_effective=row["effective"],
        months__hn_sticky=row["sticky"],
    )
    return MonthRules.from_methodology(told, FACTS)


def people() -> dict[int, list[Month]]:
    """One with a check in April 2026 and in October, one with none; ESRD status in July."""
    told = {}
    for number, year in enumerate((2026, 2027, 2026)):
        told[number] = [
            Month(month, True, True, True, False, False, "39035", "11" if month.month == 7 else "10")
            for month in months_of(year)
        ]
    return told


MET = {0: [APRIL, date(2026, 10, 1)], 1: [date(2026, 10, 1), APRIL]}


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["case"])
@pytest.mark.parametrize("engine", ["plain", "spark"])
def test_category(spark, engine, row):
    given = (people(), rules(row), MET)
    found = plain_months(*given) if engine == "plain" else spark_months(spark, *given)
    drawn = ["".join(str(category)[0] for _, _, category, _ in found[person]) for person in (0, 1, 2)]
    assert drawn == [row["months of 2026"], row["months of 2027"], "AAAAAAEAAAAA"]


@pytest.mark.parametrize("order", ["[ESRD, HN]", "[AD, HN]", "[ESRD, XX, AD]"])
def test_an_order_that_leaves_months_out_is_refused(order):
    with pytest.raises(MethodologyError, match=r"category_order\.yaml"):
        MonthRules.from_methodology(resolved(months__category_order=order), FACTS)
