"""ALN-13 to ALN-17: which row of minimums an ACO is held against, whom it counts, and what is told when nobody knows."""

from datetime import date

import pytest

from lead_engine.alignment.minimums.decide import People, verdict
from lead_engine.foundation.errors import ConfigurationError
from lead_engine.sources.acos import read_acos
from tests.drawn import flag, table
from tests.minimums import HIGH_NEEDS, MONTHS, aco, counted, judged, minimum_rules

CASES = table(
    """
    case                                         | aligned | base | needs | with ESRD | new | attests | row            | below | reason
    ---------------------------------------------|---------|------|-------|-----------|-----|---------|----------------|-------|-------------------------
    standard, both just reached                  | 5000    | 3000 | 0     | 0         | no  | no      | STANDARD       | no    | ENOUGH
    standard, one base person short              | 5000    | 2999 | 0     | 0         | no  | no      | STANDARD       | yes   | TOO_FEW_IN_BASE_YEARS
    Newly Entering, both just reached            | 1000    | 600  | 0     | 0         | yes | no      | NEWLY_ENTERING | no    | ENOUGH
    Newly Entering, one person short             | 999     | 600  | 0     | 0         | yes | no      | NEWLY_ENTERING | yes   | TOO_FEW_ALIGNED
    a share, but nothing attested                | 800     | 500  | 321   | 321       | no  | no      | STANDARD       | yes   | TOO_FEW_IN_BOTH
    attested, but no share                       | 800     | 500  | 100   | 100       | no  | yes     | STANDARD       | yes   | TOO_FEW_IN_BOTH
    a share of High Needs, fewer than its row    | 799     | 500  | 400   | 400       | no  | yes     | HIGH_NEEDS     | yes   | TOO_FEW_ALIGNED
    Newly Entering with a share: the lower row   | 900     | 550  | 500   | 500       | yes | yes     | HIGH_NEEDS     | no    | ENOUGH
    ESRD does not count in the share             | 800     | 500  | 320   | 400       | no  | yes     | STANDARD       | yes   | TOO_FEW_IN_BOTH
    nobody aligned has no share                  | 0       | 500  | 0     | 0         | no  | yes     | STANDARD       | yes   | TOO_FEW_IN_BOTH
    not evaluated, and only it could help        | 800     | 500  | none  | none      | no  | yes     | STANDARD       | none  | HIGH_NEEDS_NOT_EVALUATED
    not evaluated, and nothing attested          | 800     | 500  | none  | none      | no  | no      | STANDARD       | yes   | TOO_FEW_IN_BOTH
    not evaluated, and it could not help         | 799     | 500  | none  | none      | no  | yes     | STANDARD       | yes   | TOO_FEW_IN_BOTH
    not evaluated, and enough anyhow             | 5000    | 3000 | none  | none      | no  | yes     | STANDARD       | no    | ENOUGH
    no data of the year                          | none    | 3000 | none  | none      | no  | yes     | STANDARD       | none  | YEAR_NOT_EVALUATED
    """,
    **dict.fromkeys(("aligned", "base", "needs", "with ESRD"), int),
    **dict.fromkeys(("new", "attests", "below"), flag),
)


def people(row):
    return People(row["aligned"], row["base"], row["needs"], row["with ESRD"])


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["case"])
def test_verdict(row):
    told = verdict(people(row), row["new"], row["attests"], minimum_rules())
    assert (told.minimum.row.value, told.below_minimum, told.reason.value) == (row["row"], row["below"], row["reason"])


def test_esrd_counts_by_choice():
    row = next(row for row in CASES if row["case"].startswith("ESRD does not"))
    assert verdict(people(row), False, True, minimum_rules()).below_minimum
    told = verdict(people(row), False, True, minimum_rules(hn_share_includes_esrd="true"))
    assert told.is_high_needs_share and told.below_minimum is False


def test_a_buffer_lowers_every_minimum():
    short = People(4500, 2700, 0, 0)
    assert verdict(short, False, False, minimum_rules()).below_minimum
    tenth = minimum_rules(minimum_buffer='"1/10"')
    assert verdict(short, False, False, tenth).below_minimum is False
    assert verdict(short._replace(aligned=4499), False, False, tenth).below_minimum


@pytest.mark.parametrize(
    ("year", "newly_entering", "high_needs"),
    [
        (2027, 1000, 800),
        (2028, 2000, 900),
        (2029, 3000, 1000),
        (2030, 4000, 1100),
        (2031, 5000, 1250),
        (2036, 5000, 1250),
    ],
)
def test_minimums_go_up_by_year(year, newly_entering, high_needs):
    rules = minimum_rules(year)
    assert (rules.standard.aligned, rules.newly_entering.aligned, rules.high_needs.aligned) == (
        5000,
        newly_entering,
        high_needs,
    )


@pytest.fixture(scope="module")
def months(spark):
    """ACO L1: of four people aligned in January 2027 one has ESRD; a fifth comes in April, a sixth left in base year 2026."""
    rows = table(
        """
        person | year | month | aco | route | category
        -------|------|-------|-----|-------|---------
        1      | 2027 | 1     | L1  | C     | AD
        1      | 2027 | 2     | L1  | C     | AD
        2      | 2027 | 1     | L1  | V     | AD
        3      | 2027 | 1     | L1  | B     | ESRD
        4      | 2027 | 1     | L1  | C     | AD
        5      | 2027 | 4     | L1  | V     | AD
        1      | 2026 | 1     | L1  | C     | AD
        2      | 2026 | 1     | L1  | V     | AD
        3      | 2026 | 1     | L1  | B     | AD
        1      | 2025 | 1     | L1  | C     | AD
        4      | 2025 | 1     | L1  | C     | AD
        4      | 2023 | 1     | L1  | C     | AD
        6      | 2023 | 1     | L1  | C     | AD
        7      | 2023 | 1     | L1  | C     | AD
        8      | 2026 | 1     | L2  | C     | AD
        """,
        person=int,
        year=int,
        month=int,
    )
    rows = [(r["year"], r["person"], date(r["year"], r["month"], 1), r["aco"], r["route"], r["category"]) for r in rows]
    return spark.createDataFrame(rows, MONTHS)


def test_whom_it_counts(spark, months):
    """January of the year by any route; base years of the ACO's own by claims, the later of equals."""
    found = [(1, date(2027, 1, 1)), (3, date(2026, 4, 1)), (4, date(2027, 4, 1)), (9, date(2026, 1, 1))]
    high_needs = spark.createDataFrame(found, HIGH_NEEDS)
    told = judged(spark, [aco("L1"), aco("L2"), aco("L3")], months, minimum_rules(), high_needs)
    first = told["L1"]
    assert (first["aligned_people"], first["best_base_year"], first["base_year_people"]) == (4, 2026, 2)
    assert (first["high_needs_people"], first["high_needs_or_esrd_people"]) == (2, 2)
    assert (told["L2"]["aligned_people"], told["L2"]["base_year_people"]) == (0, 1)
    assert (told["L3"]["best_base_year"], told["L3"]["base_year_people"]) == (None, 0)


def test_esrd_is_in_the_second_numerator(spark, months):
    high_needs = spark.createDataFrame([(1, date(2027, 1, 1))], HIGH_NEEDS)
    told = judged(spark, [aco("L1")], months, minimum_rules(), high_needs)["L1"]
    assert (told["high_needs_people"], told["high_needs_or_esrd_people"]) == (1, 2)


def test_high_needs_that_nobody_evaluates_is_never_zero(spark, months):
    told = judged(spark, [aco("L1", attests=True)], months, minimum_rules(), None)["L1"]
    assert told["high_needs_people"] is None and told["high_needs_or_esrd_people"] is None
    assert told["is_high_needs_share"] is None


def test_a_year_without_data_is_not_evaluated(spark, months):
    rules = minimum_rules(through=date(2026, 12, 1))
    told = judged(spark, [aco("L1")], months.where("aligned_year < 2027"), rules, None)["L1"]
    assert (told["aligned_people"], told["below_minimum"], told["reason"]) == (None, None, "YEAR_NOT_EVALUATED")


def test_base_years_are_those_of_the_aco(spark):
    """In performance year 2028 one ACO is in its first year, the other in its second: 2027 is a base year of the first."""
    people = (5, {2024: 9, 2025: 3, 2026: 2}, 0)
    months, high_needs = counted(spark, {"L1": people, "L2": people})
    acos = [aco("L1", first=2027), aco("L2", first=2028)]
    told = judged(spark, acos, months, minimum_rules(2028), high_needs)
    best = {aco_id: (row["best_base_year"], row["base_year_people"]) for aco_id, row in told.items()}
    assert best == {"L1": (2024, 9), "L2": (2027, 5)}


def test_the_list_of_acos_tells_class_and_capabilities(tmp_path):
    header = "aco_id,first_performance_year,experience,attests_high_needs_care\n"
    path = tmp_path / "acos.csv"
    path.write_text(header + "L1,2027,NEWLY_ENTERING,yes\nL2,2027,,\n", "utf-8")
    first, second = read_acos(path, 2027, 2027)
    assert (first.experience, first.attests_high_needs_care) == ("NEWLY_ENTERING", True)
    assert (second.experience, second.attests_high_needs_care) == (None, False)
    path.write_text(header + "L1,2027,NEW,yes\nL2,2027,RENEWING,maybe\n", "utf-8")
    with pytest.raises(ConfigurationError) as raised:
        read_acos(path, 2027, 2027)
    assert "field experience" in str(raised.value) and "write yes or no" in str(raised.value)
    path.write_text("aco_id,first_performance_year\nL1,2027\n", "utf-8")
    assert read_acos(path, 2027, 2027)[0].experience is None
