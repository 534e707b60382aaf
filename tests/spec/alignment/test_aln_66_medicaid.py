"""ALN-66: a full-benefit dually eligible person with Medicaid from an ACO's partner aligns to it, where nothing else does."""

from dataclasses import replace
from datetime import date

import pytest

from lead_engine.alignment.medicaid.decide import Benefits, Partner, candidate
from lead_engine.alignment.medicaid.rules import MedicaidRules
from lead_engine.foundation.months import months_of
from tests.drawn import day, flag, table
from tests.other_models import plain_medicaid, spark_medicaid
from tests.rules import FACTS, resolved

RULES = MedicaidRules.from_methodology(resolved(2028), replace(FACTS, performance_year=2028))
PARTNERS = [
    Partner("L1", "ORG-1", date(2028, 1, 1), None),
    Partner("L2", "ORG-2", date(2028, 4, 1), date(2028, 9, 30)),
]
MONTHS = table(
    """
    case                            | month      | org   | full | aco
    --------------------------------|------------|-------|------|------
    a partner of an ACO             | 2028-01-01 | ORG-1 | yes  | L1
    not with full benefits          | 2028-01-01 | ORG-1 | no   | none
    no partner                      | 2028-01-01 | ORG-3 | yes  | none
    before it is a partner          | 2028-03-01 | ORG-2 | yes  | none
    from its first day as one       | 2028-04-01 | ORG-2 | yes  | L2
    to its last month               | 2028-09-01 | ORG-2 | yes  | L2
    after it was one                | 2028-10-01 | ORG-2 | yes  | none
    another year                    | 2029-01-01 | ORG-1 | yes  | none
    """,
    month=day,
    full=flag,
)


@pytest.mark.parametrize("row", MONTHS, ids=lambda row: row["case"])
def test_candidates_of_a_month(row):
    assert candidate(Benefits(row["month"], row["org"], row["full"]), PARTNERS, RULES) == row["aco"]


def test_nobody_before_2028():
    early = MedicaidRules.from_methodology(resolved(), FACTS)
    partner = Partner("L1", "ORG-1", date(2026, 1, 1), None)
    assert candidate(Benefits(date(2027, 6, 1), "ORG-1", True), [partner], early) is None


def benefits(org, *numbers):
    return [Benefits(date(2028, number, 1), org, True) for number in numbers]


def evaluated(**reasons):
    """Every month of 2028, eligible but where a reason is given (`m4="MA"`)."""
    return [(month, reasons.get(f"m{month.month}")) for month in months_of(2028)]


def month(number):
    return date(2028, number, 1)


PEOPLE = {
    "all year": (benefits("ORG-1", *range(1, 13)), evaluated(), False),
    "benefits end, alignment goes on": (benefits("ORG-1", 2, 3), evaluated(), False),
    "aligned by another route": (benefits("ORG-1", 1), evaluated(), True),
    "first candidate month is not eligible": (benefits("ORG-1", 1, 2), evaluated(m1="MA"), False),
    "no candidate month is eligible": (benefits("ORG-1", 1), evaluated(m1="MA"), False),
    "ends with eligibility": (benefits("ORG-1", 1), evaluated(m5="MA"), False),
    "two ACOs in turn: the first": (benefits("ORG-2", 4) + benefits("ORG-1", 5), evaluated(), False),
    "a month without data ends nothing": (benefits("ORG-1", 1), [e for e in evaluated() if e[0].month != 3], False),
    "benefits in a month without data": (benefits("ORG-1", 3), [e for e in evaluated() if e[0].month != 3], False),
    "no benefits": ([], evaluated(), False),
}
EXPECTED = {
    "all year": ("L1", month(1), month(12), None),
    "benefits end, alignment goes on": ("L1", month(2), month(12), None),
    "first candidate month is not eligible": ("L1", month(2), month(12), None),
    "ends with eligibility": ("L1", month(1), month(4), "MA"),
    "two ACOs in turn: the first": ("L2", month(4), month(12), None),
    "a month without data ends nothing": ("L1", month(1), month(12), None),
}


@pytest.mark.parametrize("engine", [plain_medicaid, spark_medicaid])
def test_whom_route_m_aligns_and_when(engine, spark):
    people = dict(enumerate(PEOPLE.values()))
    found = engine(*([] if engine is plain_medicaid else [spark]), people, PARTNERS, RULES)
    assert {list(PEOPLE)[number]: told for number, told in found.items()} == EXPECTED
