"""ALN-39, ALN-41, ALN-42, ALN-46: choice goes before claims; both are told; later months add people of hybrid ACOs alone."""

from datetime import date

import pytest

from lead_engine.alignment.decide import Month, Pointers, aligned_year
from lead_engine.foundation.months import months_of
from tests.drawn import table
from tests.rules import alignment_rules
from tests.voluntary import Person, spark_years

# L1 and L3 are hybrid, L2 is prospective. `chooses`: who decides from which month on; -- is outside every ACO.
CASES = {
    row["case"]: row
    for row in table(
        """
    case                                                | claims | chooses     | midyear | not eligible | aligned
    ----------------------------------------------------|--------|-------------|---------|--------------|---------
    claims alone                                        | L1     |             |         |              | L1 C 1
    a choice goes before claims elsewhere               | L1     | L3 1        |         |              | L3 V 1
    a choice goes before claims nowhere                 |        | L2 1        |         |              | L2 V 1
    both point to the same ACO                          | L2     | L2 1        |         |              | L2 B 1
    outside every ACO: claims stand                     | L1     | -- 1        |         |              | L1 C 1
    nobody chooses or is served                         |        |             |         |              | none
    hybrid: chosen in March for April                   |        | L1 4        |         |              | L1 V 4
    prospective: chosen in March, for next year         |        | L2 4        |         |              | none
    aligned by claims: a later choice moves nobody      | L2     | L1 4        |         |              | L2 C 1
    aligned by choice: a later one moves nobody         |        | L1 1, L3 4  |         |              | L1 V 1
    outside voids an earlier choice                     |        | L1 4, -- 4  |         |              | none
    not eligible in January: no run before the year     | L1     |             |         | 1            | none
    but a choice is asked again each month              | L1     | L1 1        |         | 1-3          | L1 V 4
    lost in March: nobody comes back                    |        | L1 1        |         | 3-5          | L1 V 1 to 2
    mid-year run                                        |        |             | L1      |              | L1 C 7
    aligned already: the mid-year run moves nobody      | L2     |             | L1      |              | L2 C 1
    removed already: the mid-year run brings nobody back | L2    |             | L1      | 3-5          | L2 C 1 to 2
    choice and mid-year run of the same month           |        | L1 7        | L1      |              | L1 B 7
    choice and mid-year run point to two                |        | L3 7        | L1      |              | L3 V 7
    a choice that waits for next year stops it          |        | L2 4        | L1      |              | none
    not eligible in the month of the mid-year run       |        |             | L1      | 7            | none
    """
    )
}
HYBRID = frozenset({"L1", "L3"})
RULES = alignment_rules()


def person(row) -> Person:
    first, _, last = (row["not eligible"] or "99").partition("-")
    lost = range(int(first), int(last or first) + 1)
    inside = frozenset({"L1", "L2", "L3"})
    months = [Month(m, "MA" if m.month in lost else None, inside) for m in months_of(2027)]
    chosen: dict[date, str | None] = {}
    for part in (row["chooses"] or "").split(", "):
        if part:
            aco, since = part.split()
            chosen |= {m: None if aco == "--" else aco for m in months_of(2027) if m.month >= int(since)}
    pointers = Pointers(row["claims"], chosen, row["midyear"], HYBRID)
    return Person(months, pointers, None, {m.month: "36180" for m in months})


def told(year) -> str:
    if not year.months:
        return "none"
    last = year.months[-1].month
    return f"{year.aco_id} {year.route} {year.months[0].month}" + (f" to {last}" if last < 12 else "")


@pytest.fixture(scope="module")
def on_spark(spark):
    people = {number: person(row) for number, row in enumerate(CASES.values())}
    return spark_years(spark, people, RULES)


@pytest.mark.parametrize("case", CASES)
def test_route(on_spark, case):
    each = person(CASES[case])
    plain = aligned_year(2027, each.months, None, each.pointers, RULES)
    assert told(plain) == (CASES[case]["aligned"] or "none")
    assert on_spark[list(CASES).index(case)] == plain


def test_the_mid_year_month_is_a_parameter():
    each = person(CASES["mid-year run"])
    rules = alignment_rules(midyear_month=9)
    assert told(aligned_year(2027, each.months, None, each.pointers, rules)) == "L1 C 9"
