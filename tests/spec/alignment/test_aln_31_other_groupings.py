"""ALN-31: how units outside every ACO compete is a choice, and so is whether other ACOs are one unit each."""

from datetime import date

import pytest

from lead_engine.alignment import services
from lead_engine.alignment.decide import Counted, counts
from lead_engine.alignment.decide_units import Billed, CcnTin, OtherAcoTin
from lead_engine.foundation.identifiers import pack_unit, unpack_unit
from lead_engine.tables import CONTRACTS
from tests.drawn import day, table
from tests.engines import line_row
from tests.rules import FACTS, alignment_rules, resolved, service_rules
from tests.spec.alignment.test_aln_24_to_29_services import VISIT
from tests.units import Given, plain_units, spark_units

LISTED = {"TIN:000000001": "L1", "CCN:361844": "L1"}
MAPPED = (CcnTin("CCN:360001", "TIN:000000005", None, None), CcnTin("CCN:360002", "TIN:000000001", None, None))
OTHERS = [
    OtherAcoTin(f"TIN:{row['tin']}", row["model"], row["entity"], row["from"], row["to"])
    for row in table(
        """
        tin       | model   | entity | from       | to
        ----------|---------|--------|------------|-----------
        000000006 | MSSP    | A0001  | 2025-01-01 | none
        000000007 | PC_FLEX | A0001  | 2027-01-01 | none
        000000008 | MSSP    | A0002  | 2025-01-01 | none
        000000005 | MSSP    | A0002  | 2025-01-01 | none
        000000009 | MSSP    | A0001  | 2025-01-01 | 2026-12-31
        000000010 | MSSP    | none   | 2025-01-01 | none
        000000011 | GUIDE   | A0001  | 2025-01-01 | none
        000000001 | MSSP    | A0001  | 2025-01-01 | none
        """,
        **{"from": day, "to": day},
    )
]
NPI = "NPI:9000000001"
CASES = table(
    """
    billed        | npi | TIN           | CCN           | NPI           | grouped
    --------------|-----|---------------|---------------|---------------|---------------
    TIN:000000001 | yes | L1            | L1            | L1            | L1
    CCN:361844    | no  | L1            | L1            | L1            | L1
    CCN:360002    | no  | L1            | L1            | L1            | L1
    CCN:360001    | no  | TIN:000000005 | CCN:360001    | CCN:360001    | TIN:000000005
    CCN:360003    | no  | CCN:360003    | CCN:360003    | CCN:360003    | CCN:360003
    TIN:000000003 | yes | TIN:000000003 | TIN:000000003 | NPI           | TIN:000000003
    TIN:000000003 | no  | TIN:000000003 | TIN:000000003 | TIN:000000003 | TIN:000000003
    TIN:000000006 | yes | TIN:000000006 | TIN:000000006 | NPI           | TIN:000000006
    TIN:000000007 | yes | TIN:000000007 | TIN:000000007 | NPI           | TIN:000000006
    TIN:000000008 | yes | TIN:000000008 | TIN:000000008 | NPI           | TIN:000000005
    TIN:000000009 | yes | TIN:000000009 | TIN:000000009 | NPI           | TIN:000000009
    TIN:000000010 | yes | TIN:000000010 | TIN:000000010 | NPI           | TIN:000000010
    TIN:000000011 | yes | TIN:000000011 | TIN:000000011 | NPI           | TIN:000000011
    """
)
MODELS = resolved().value("alignment/other_aco_models")
RULES = {name: alignment_rules(competitor_grouping=name) for name in ("TIN", "CCN", "NPI")}
RULES["grouped"] = alignment_rules(grouped_models=MODELS)


@pytest.fixture(scope="module")
def answers(spark):
    scores = [(Billed(row["billed"], NPI if row["npi"] == "yes" else None), 1) for row in CASES]
    given = Given(LISTED, MAPPED, OTHERS)
    return {
        (name, engine.__name__): engine(*([spark] if engine is spark_units else []), scores, given, rules)
        for name, rules in RULES.items()
        for engine in (plain_units, spark_units)
    }


@pytest.mark.parametrize("engine", ["plain_units", "spark_units"])
@pytest.mark.parametrize("choice", RULES)
def test_units_are_compared_as(answers, choice, engine):
    assert answers[choice, engine] == [NPI if row[choice] == "NPI" else row[choice] for row in CASES]


def test_the_default_is_by_tin_and_groups_nobody():
    rules = alignment_rules()
    assert (rules.competitor_grouping, rules.grouped_models) == ("TIN", ())


def test_the_choice_reaches_the_rules():
    from lead_engine.alignment.rules import AlignmentRules, ServiceRules

    told = resolved(alignment__competitor_grouping="NPI", alignment__group_other_acos="true")
    assert AlignmentRules.from_methodology(told, FACTS).grouped_models == MODELS
    assert AlignmentRules.from_methodology(told, FACTS).competitor_grouping == "NPI"
    assert ServiceRules.from_methodology(told, FACTS).by_clinician


@pytest.mark.parametrize("by_clinician", [True, False])
def test_scores_are_kept_by_clinician_only_where_they_compete(spark, by_clinician):
    """Two clinicians of one TIN: two rows, or one as ever."""
    rules = service_rules(by_clinician=by_clinician)
    lines = [VISIT._replace(npi=f"NPI:900000000{n}", service_date=date(2026, 3, 1)) for n in (1, 1, 2)]
    told = [counts(line, rules) for line in lines]
    assert all(isinstance(each, Counted) for each in told)
    expected: dict[str | None, int] = {}
    for each in told:
        expected[each.npi] = expected.get(each.npi, 0) + each.cents
    schema = CONTRACTS["core__claim_line"].schema
    rows = [line_row(1, line, schema.names) for line in lines]
    scores = services.unit_scores(spark.createDataFrame(rows, schema), rules).collect()
    assert {unpack_unit(row["npi"]) if row["npi"] else None: row["pcs_cents"] for row in scores} == expected
    assert len(expected) == (2 if by_clinician else 1) and set(scores[0].asDict()) >= {"npi", "known_for_year"}
    assert {row["unit"] for row in scores} == {pack_unit(told[0].unit)}
