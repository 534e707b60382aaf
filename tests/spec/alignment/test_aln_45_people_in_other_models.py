"""ALN-45: a month belongs to one model; the order says which goes before LEAD, and is data."""

from datetime import date

import pytest

from lead_engine.alignment.overlap.decide import Membership
from lead_engine.alignment.overlap.rules import OverlapRules
from lead_engine.foundation.errors import MethodologyError
from lead_engine.foundation.months import months_of
from tests.drawn import by_case, day, table
from tests.other_models import plain_overlaps, spark_overlaps
from tests.rules import FACTS, resolved

CASES = by_case(
    table(
        """
    case                                      | model     | assignment  | since      | until      | first | last | excluded by
    ------------------------------------------|-----------|-------------|------------|------------|-------|------|-----------------
    MSSP prospective all year                 | MSSP      | PROSPECTIVE | 2027-01-01 | 2027-12-31 | 1     | 12   | MSSP:PROSPECTIVE
    MSSP preliminary does not go before       | MSSP      | PRELIMINARY | 2027-01-01 | 2027-12-31 | none  | none | none
    Geo AHEAD                                 | GEO_AHEAD | none        | 2026-05-01 | none       | 1     | 12   | GEO_AHEAD
    KCC while it lasts                        | KCC       | none        | 2026-01-01 | 2027-06-30 | 1     | 6    | KCC
    GUIDE beside LEAD                         | GUIDE     | none        | 2026-01-01 | none       | none  | none | none
    from the first of a month                 | KCC       | none        | 2027-03-01 | none       | 3     | 12   | KCC
    from the second of a month                | KCC       | none        | 2027-03-02 | none       | 4     | 12   | KCC
    to the first of a month                   | KCC       | none        | 2027-01-01 | 2027-03-01 | 1     | 3    | KCC
    before the performance year               | MSSP      | PROSPECTIVE | 2026-01-01 | 2026-12-31 | none  | none | none
    after the performance year                | MSSP      | PROSPECTIVE | 2028-01-01 | none       | none  | none | none
    in two at once: the first in order        | KCC       | none        | 2027-01-01 | none       | none  | none | none
                                              | MSSP      | PROSPECTIVE | 2027-01-01 | none       | 1     | 12   | MSSP:PROSPECTIVE
    in two, one of which takes nobody         | GUIDE     | none        | 2027-01-01 | none       | none  | none | none
                                              | KCC       | none        | 2027-01-01 | none       | 1     | 12   | KCC
    in the one after the other                | MSSP      | PROSPECTIVE | 2027-01-01 | 2027-04-30 | 1     | 4    | MSSP:PROSPECTIVE
                                              | GEO_AHEAD | none        | 2027-03-01 | none       | 5     | 12   | GEO_AHEAD
    twice in one, periods overlapping         | KCC       | none        | 2027-01-01 | 2027-08-31 | 1     | 12   | KCC
                                              | KCC       | none        | 2027-06-01 | none       | none  | none | none
    """,
        since=day,
        until=day,
        first=int,
        last=int,
    )
)
PEOPLE = {
    number: [Membership(row["model"], row["assignment"], row["since"], row["until"]) for row in rows]
    for number, rows in enumerate(CASES.values())
}
RULES = OverlapRules.from_methodology(resolved(), FACTS)


@pytest.fixture(scope="module")
def answers(spark):
    return {"plain": plain_overlaps(PEOPLE, RULES), "spark": spark_overlaps(spark, PEOPLE, RULES)}


@pytest.mark.parametrize("engine", ["plain", "spark"])
@pytest.mark.parametrize("case", CASES)
def test_months_that_another_model_takes(answers, engine, case):
    expected = {
        date(2027, number, 1): (row["model"], row["excluded by"])
        for row in CASES[case]
        if row["first"]
        for number in range(row["first"], row["last"] + 1)
    }
    person = list(CASES).index(case)
    assert {month: told for (who, month), told in answers[engine].items() if who == person} == expected


@pytest.mark.parametrize("engine", [plain_overlaps, spark_overlaps])
def test_the_order_is_data(engine, spark):
    """KCC before MSSP, Geo AHEAD after LEAD."""
    order = '[KCC, "MSSP:PROSPECTIVE", "LEAD:V", "LEAD:C", "LEAD:M", GEO_AHEAD]'
    rules = OverlapRules.from_methodology(resolved(alignment__overlap_precedence=order), FACTS)
    given = [] if engine is plain_overlaps else [spark]
    found = engine(*given, PEOPLE, rules)
    two, geo = (list(CASES).index(case) for case in ("in two at once: the first in order", "Geo AHEAD"))
    assert {told for (who, _), told in found.items() if who == two} == {("KCC", "KCC")}
    assert not [who for who, _ in found if who == geo]


@pytest.mark.parametrize("engine", [plain_overlaps, spark_overlaps])
def test_an_entry_without_assignment_holds_for_any(engine, spark):
    order = '[MSSP, "LEAD:V", "LEAD:C", "LEAD:M"]'
    rules = OverlapRules.from_methodology(resolved(alignment__overlap_precedence=order), FACTS)
    people = {1: [Membership("MSSP", "PRELIMINARY", date(2027, 1, 1), None)]}
    found = engine(*([] if engine is plain_overlaps else [spark]), people, rules)
    assert found == {(1, month): ("MSSP", "MSSP") for month in months_of(2027)}


@pytest.mark.parametrize("engine", [plain_overlaps, spark_overlaps])
def test_nobody_where_lead_is_first(engine, spark):
    rules = OverlapRules.from_methodology(
        resolved(alignment__overlap_precedence='["LEAD:V", "LEAD:C", "LEAD:M", KCC]'), FACTS
    )
    assert engine(*([] if engine is plain_overlaps else [spark]), PEOPLE, rules) == {}


def test_kcc_ends_with_2027():
    from dataclasses import replace

    later = OverlapRules.from_methodology(resolved(2028), replace(FACTS, performance_year=2028))
    assert "KCC" in RULES.before_lead and "KCC" not in later.before_lead
    kcc = [Membership("KCC", None, date(2026, 1, 1), None)]
    assert plain_overlaps({1: kcc}, later) == {}


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ('["LEAD:V", KCC, "LEAD:C", "LEAD:M"]', "does not have the routes of LEAD together"),
        ("[KCC]", "does not have the routes of LEAD together"),
        ('[KKC, "LEAD:V", "LEAD:C", "LEAD:M"]', "names KKC, which is no model"),
        ('["MSSP:RETROSPECTIVE", "LEAD:V", "LEAD:C", "LEAD:M"]', "names the assignment RETROSPECTIVE"),
    ],
)
def test_an_order_that_is_none(order, said):
    with pytest.raises(MethodologyError, match=said):
        OverlapRules.from_methodology(resolved(alignment__overlap_precedence=order), FACTS)
