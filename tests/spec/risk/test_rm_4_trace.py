"""Which single diagnosis changes a score, and by how much (RM 4.1, RM 5.3); the page that explains a score."""

from datetime import date
from decimal import Decimal

import pytest

from lead_engine.risk.decide import Profile, changes, score
from lead_engine.risk.explain import Stored, explain
from tests.drawn import by_case, table
from tests.rules import resolved, risk_rules

MODELS = {model.name: model for model in risk_rules().models}
WOMAN = Profile(70, "2", "NONE", "0")
CASES = by_case(
    table(
        """
    case                                               | model   | diagnosis | hccs | change
    ---------------------------------------------------|---------|-----------|------|-------
    two diagnoses of one HCC: neither alone matters    | V28     | E1122     | 37   | 0
                                                       |         | E1121     | 37   | 0
    the dropped one comes back for the same factor     | V28     | E1122     | 37   | 0
                                                       |         | E119      | 38   | 0
    heart failure with diabetes takes its interaction  | V28     | I501      | 226  | -0.472
                                                       |         | E119      | 38   | -0.278
    the fifth HCC takes the count with it              | V28     | A021      | 2    | -0.550
                                                       |         | E660      | 48   | -0.236
                                                       |         | F0390     | 127  | -0.391
                                                       |         | F320      | 155  | -0.349
                                                       |         | J449      | 280  | -0.369
    losing a dominant HCC may raise a score            | CMMI_CONCURRENT_V1 | K7210 | 27 | 1.0159
                                                       |         | R4020     | 80   | 0
    of no HCC                                          | V28     | I10       |      | 0
    """,
        change=Decimal,
    )
)


@pytest.mark.parametrize("case", CASES)
def test_a_diagnosis_less(case):
    rows = CASES[case]
    hccs = {row["diagnosis"]: {int(hcc) for hcc in (row["hccs"] or "").split()} for row in rows}
    found = changes(WOMAN, hccs, MODELS[rows[0]["model"]], 65)
    assert found == {row["diagnosis"]: row["change"] for row in rows}


def test_the_page_leads_from_claim_to_score():
    model = MODELS["V28"]
    told = score(WOMAN, {37, 38, 223}, model, 65)
    profile = {"bene_key": 1, "year": 2026, "esrd_months": 0, "other_months": 12, "excluded": None} | WOMAN._asdict()
    diagnoses = [
        {"icd10_code": code, "hcc": hcc, "claim_id": 9, "claims": 2, "first_date": date(2025, 3, 1)}
        for code, hcc in (("E1122", 37), ("E119", 38), ("I5022", 223), ("I10", 0))
    ]
    terms = [term._asdict() | {"kind": term.kind.value} for term in told.terms]
    row = {
        "model": "V28",
        "segment": "CNA",
        "raw_score": told.raw,
        "months": 12,
        "month_set": 4095,
        "model_version": "x",
        "flags": "F",
    }
    page = explain(Stored(profile, diagnoses, terms, row), resolved())
    traced = {line[0]: line[1:] for line in page.tables[0].rows}
    assert traced["E1122"] == ("9", "2025-03-01", "2", "HCC37", "survived", "0.166", "")
    assert traced["E119"] == ("9", "2025-03-01", "2", "HCC38", "dropped by HCC37", "", "")
    assert traced["I5022"][4].startswith("removed: stands only beside HCC221")
    assert traced["I10"][3] == "no HCC in the model"
    said = {sentence.about: sentence.says for sentence in page.sentences}
    assert said["sum"].endswith("the same") and said["one diagnosis less"] == "no single diagnosis changes the score"
    row["raw_score"] += 1
    said = {each.about: each.says for each in explain(Stored(profile, diagnoses, terms, row), resolved()).sentences}
    assert "They differ" in said["sum"]
