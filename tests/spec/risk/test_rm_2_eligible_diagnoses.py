"""RM 2.1 to RM 2.6: which claims' diagnoses count, by year, type, bill and code, and which HCC they map to."""

from datetime import date

import pytest

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
    return {(row["bene_key"], row["year"]): row["hcc"] for row in eligible_diagnoses(*frames, RULES).collect()}


def _frame(spark, rows, name):
    schema = CONTRACTS[name].schema
    return spark.createDataFrame([tuple(row.get(column) for column in schema.names) for row in rows], schema)


@pytest.mark.parametrize("case", CLAIMS)
def test_claim(counted, case):
    number = list(CLAIMS).index(case)
    assert [str(year) for person, year in counted if person == number] == (CLAIMS[case]["counts for"] or "").split()


def test_the_hcc_is_told(counted):
    assert set(counted.values()) == {37}


EDITS = table(
    """
    case                                       | code   | age | sex | hccs
    -------------------------------------------|--------|-----|-----|--------
    a code with two HCCs gives both            | E08311 | 70  | F   | 37 298
    hemophilia in a woman is another HCC       | D66    | 70  | F   | 112
    hemophilia in a man                        | D66    | 70  | M   | 111
    breast cancer below 50                     | C50011 | 49  | F   | 22
    breast cancer from 50 on                   | C50011 | 50  | F   | 23
    emphysema in a child counts for nothing    | J439   | 17  | F   | none
    emphysema in an adult                      | J439   | 18  | F   | 280
    a code the model does not know             | Z0000  | 70  | F   | none
    """,
    age=int,
)


@pytest.mark.parametrize("row", EDITS, ids=lambda row: row["case"])
def test_edits(spark, row):
    sex = {"M": "1", "F": "2"}[row["sex"]]
    expected = sorted(int(hcc) for hcc in (row["hccs"] or "").split())
    plain = mapped(row["code"], Profile(row["age"], sex, "NONE", "0"), RULES.model, date(2025, 3, 1), date(2025, 3, 1))
    frame = spark.createDataFrame(
        [(row["code"], row["age"], sex, date(2025, 3, 1), date(2025, 3, 1))],
        "icd10_code string, age int, sex_code string, first_date date, last_date date",
    )
    on_spark = [found["hcc"] for found in by_hcc(frame, RULES.model).collect()]
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
