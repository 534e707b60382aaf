"""ALN-9: an institution competes as the TIN its CCN is mapped to; a CCN without one stands for itself."""

import pytest

from lead_engine.alignment.decide_units import Billed, CcnTin
from tests.drawn import by_case, day, table
from tests.rules import alignment_rules
from tests.units import Given, plain_units, spark_units

PARTICIPANTS = {"TIN:000000001": "L1", "CCN:361844": "L2"}
CASES = by_case(
    table(
        """
    case                                        | ccn    | tin       | from       | to         | first year    | second year
    --------------------------------------------|--------|-----------|------------|------------|---------------|--------------
    mapped for always                           | 360001 | 000000005 | none       | none       | TIN:000000005 | TIN:000000005
    mapped to a Participant TIN                 | 360001 | 000000001 | none       | none       | L1            | L1
    not mapped                                  | 360002 | 000000005 | none       | none       | CCN:360001    | CCN:360001
    from the second year on                     | 360001 | 000000001 | 2025-07-01 | none       | CCN:360001    | L1
    to the last day of the first year           | 360001 | 000000001 | none       | 2025-06-30 | L1            | CCN:360001
    the first day of the second year is its own | 360001 | 000000001 | none       | 2025-07-01 | L1            | L1
    another TIN in the middle of a year         | 360001 | 000000005 | none       | 2025-12-31 | TIN:000000005 | L1
                                                | 360001 | 000000001 | 2026-01-01 | none       | TIN:000000005 | L1
    a Participant CCN stays with its ACO        | 361844 | 000000005 | none       | none       | L2            | L2
    """,
        **{"from": day, "to": day},
    )
)


@pytest.fixture(scope="module")
def answers(spark):
    found = {}
    for case, rows in CASES.items():
        mapped = [CcnTin(f"CCN:{r['ccn']}", f"TIN:{r['tin']}", r["from"], r["to"]) for r in rows]
        ccn = "CCN:361844" if "Participant CCN" in case else "CCN:360001"
        asked = [(Billed(ccn), 0), (Billed(ccn), 1)]
        given = Given(PARTICIPANTS, mapped, ())
        rules = alignment_rules()
        found[case] = {"plain": plain_units(asked, given, rules), "spark": spark_units(spark, asked, given, rules)}
    return found


@pytest.mark.parametrize("engine", ["plain", "spark"])
@pytest.mark.parametrize("case", CASES)
def test_unit_of_a_clinic(answers, engine, case):
    expected = CASES[case][0]
    assert answers[case][engine] == [expected["first year"], expected["second year"]]
