"""RM 2.1 to RM 2.6: which claims' diagnoses count, by year, type, bill and code, and which HCC they map to."""

from datetime import date

import pytest

from lead_engine.risk.catalogue import risk_model_named
from lead_engine.risk.decide import Profile, mapped
from lead_engine.risk.diagnoses import by_hcc, eligible_diagnoses
from lead_engine.tables import CONTRACTS
from tests.drawn import day, table
from tests.rules import risk_rules

RULES = risk_rules(years=(2025, 2026))
CLAIMS = {
    row["case"]: row
    for row in table(
        """
    case                                      | type | bill | through    | codes       | denied | sign | counts for
    ------------------------------------------|------|------|------------|-------------|--------|------|-----------
    an office visit                           | 71   | none | 2024-05-05 | 99213       | no     | 1    | 2025
    a laboratory test alone                   | 71   | none | 2024-05-05 | 80053       | no     | 1    | none
    one eligible line makes the claim         | 71   | none | 2024-05-05 | 80053 99213 | no     | 1    | 2025
    a stay needs no code                      | 60   | 11   | 2024-05-05 | none        | no     | 1    | 2025
    a critical access stay too                | 60   | 41   | 2024-05-05 | none        | no     | 1    | 2025
    an outpatient visit                       | 40   | 13   | 2024-05-05 | 99213       | no     | 1    | 2025
    outpatient without an eligible code       | 40   | 13   | 2024-05-05 | 80053       | no     | 1    | none
    an FQHC visit                             | 40   | 77   | 2024-05-05 | G0467       | no     | 1    | 2025
    a nursing facility bill                   | 20   | 21   | 2024-05-05 | 99213       | no     | 1    | none
    home health                               | 10   | 32   | 2024-05-05 | 99213       | no     | 1    | none
    hospice                                   | 50   | 81   | 2024-05-05 | 99213       | no     | 1    | none
    equipment                                 | 82   | none | 2024-05-05 | 99213       | no     | 1    | none
    denied                                    | 71   | none | 2024-05-05 | 99213       | yes    | 1    | none
    superseded                                | 71   | none | 2024-05-05 | 99213       | no     | 0    | none
    the through-date names the year           | 60   | 11   | 2025-01-02 | none        | no     | 1    | 2026
    a year nobody scores                      | 71   | none | 2023-05-05 | 99213       | no     | 1    | none
    """,
        through=day,
        sign=int,
    )
}


@pytest.fixture(scope="module")
def counted(spark):
    claims, lines, people = [], [], []
    for number, row in enumerate(CLAIMS.values()):
        shared = {
            "bene_key": number,
            "source_kind": "RIF",
            "claim_id": number,
            "claim_type": row["type"],
            "bill_type": row["bill"],
            "sign": row["sign"],
        }
        shared |= {"known_date": row["through"], "is_denied": row["denied"] == "yes"}
        claims.append(
            shared
            | {
                "through_year": row["through"].year,
                "through_date": row["through"],
                "icd10_code": "E1122",
                "is_principal": True,
            }
        )
        for place, code in enumerate((row["codes"] or "").split() or [None], 1):
            lines.append(
                shared
                | {
                    "line_number": place,
                    "service_year": row["through"].year,
                    "service_date": row["through"],
                    "hcpcs_code": code,
                }
            )
        for year in RULES.years:
            people.append(
                {
                    "performance_year": 2027,
                    "year": year,
                    "bene_key": number,
                    "age": 70,
                    "sex_code": "2",
                    "dual_class": "NONE",
                    "original_entitlement_code": "0",
                    "is_new_enrollee": False,
                    "is_long_term_institutional": False,
                    "graft_months": 0,
                    "esrd_months": 0,
                    "other_months": 12,
                }
            )
    frames = [
        _frame(spark, rows, table)
        for rows, table in (
            (lines, "core__claim_line"),
            (claims, "core__claim_diagnosis"),
            (people, "calc__risk_profile"),
        )
    ]
    return [row.asDict() for row in eligible_diagnoses(*frames, RULES).collect()]


def _frame(spark, rows, name):
    schema = CONTRACTS[name].schema
    return spark.createDataFrame([tuple(row.get(column) for column in schema.names) for row in rows], schema)


@pytest.mark.parametrize("case", CLAIMS)
def test_claim(counted, case):
    years = {
        name: sorted(
            row["year"] for row in counted if row["bene_key"] == list(CLAIMS).index(case) and row["model"] == name
        )
        for name in ("V28", "V24", "CMMI_CONCURRENT_V1")
    }
    expected = [int(year) for year in (CLAIMS[case]["counts for"] or "").split()]
    assert years["V28"] == years["V24"] == expected
    concurrent = [year - 1 for year in expected if year - 1 in RULES.years]
    assert years["CMMI_CONCURRENT_V1"] == concurrent  # RM 2.1: the year of the claim itself


def test_the_hcc_is_told_of_each_model(counted):
    assert {(row["model"], row["hcc"]) for row in counted} == {("V28", 37), ("V24", 18), ("CMMI_CONCURRENT_V1", 18)}
    assert {row["first_date"].year for row in counted} == {2024, 2025}


def test_a_concurrent_model_waits_for_the_list_of_its_year():
    rules = risk_rules(years=(2026, 2027))
    concurrent = next(model for model in rules.models if model.is_concurrent)
    assert rules.years_of(concurrent) == (2026,) and rules.years_of(rules.model) == (2026, 2027)


EDITS = table(
    """
    case                                       | model   | code   | age | sex | hccs
    -------------------------------------------|---------|--------|-----|-----|--------
    a code with two HCCs gives both            | V28     | E08311 | 70  | F   | 37 298
    hemophilia in a woman is another HCC       | V28     | D66    | 70  | F   | 112
    hemophilia in a man                        | V28     | D66    | 70  | M   | 111
    breast cancer below 50                     | V28     | C50011 | 49  | F   | 22
    breast cancer from 50 on                   | V28     | C50011 | 50  | F   | 23
    emphysema in a child counts for nothing    | V28     | J439   | 17  | F   | none
    emphysema in an adult                      | V28     | J439   | 18  | F   | 280
    a code the model does not know             | V28     | Z0000  | 70  | F   | none
    two HCCs in V24                            | V24     | E103592 | 70 | F   | 18 122
    emphysema in a child is another HCC        | V24     | J439   | 17  | F   | 112
    emphysema in an adult                      | V24     | J439   | 18  | F   | 111
    a mood disorder of childhood at 5          | V24     | F3481  | 5   | F   | none
    at 6                                       | V24     | F3481  | 6   | F   | 59
    at 18                                      | V24     | F3481  | 18  | F   | 59
    at 19                                      | V24     | F3481  | 19  | F   | none
    ESRD V24 maps as V24                       | ESRDV24 | D66    | 70  | F   | 48
    """,
    age=int,
)


@pytest.mark.parametrize("row", EDITS, ids=lambda row: row["case"])
def test_edits(spark, row):
    sex = {"M": "1", "F": "2"}[row["sex"]]
    expected = sorted(int(hcc) for hcc in (row["hccs"] or "").split())
    model, day = risk_model_named(row["model"]), date(2025, 3, 1)
    plain = mapped(row["code"], Profile(row["age"], sex, "NONE", "0"), model, day, day)
    frame = spark.createDataFrame(
        [(model.name, row["code"], row["age"], sex, day, day)],
        "model string, icd10_code string, age int, sex_code string, first_date date, last_date date",
    )
    on_spark = [found["hcc"] for found in by_hcc(frame, RULES.models).collect()]
    assert sorted(plain) == expected
    assert sorted(hcc for hcc in on_spark if hcc) == expected


def test_a_year_without_a_list_of_codes_is_refused():
    from dataclasses import replace

    from lead_engine.foundation.errors import MethodologyError
    from lead_engine.risk.rules import RiskRules
    from tests.rules import FACTS, resolved

    facts = replace(FACTS, performance_year=2030, first_performance_years=(2030,), enrolment_through=date(2030, 12, 1))
    with pytest.raises(MethodologyError, match="has no list for service year 2027, 2028, 2029"):
        RiskRules.from_methodology(resolved(), facts)
