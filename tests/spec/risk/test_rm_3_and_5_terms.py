"""RM 3.2 to RM 3.5, RM 5.1 to RM 5.5: segments, demographic cells, interactions, counts and the sum of V28."""

from decimal import Decimal

import pytest

from lead_engine.risk.decide import Profile, score
from tests.drawn import by_case, table
from tests.rules import risk_rules

RULES = risk_rules()
CASES = by_case(
    table(
        """
    case                                     | age | sex | dual    | orec | new | lti | hccs                          | segment | term                          | coefficient
    -----------------------------------------|-----|-----|---------|------|-----|-----|-------------------------------|---------|-------------------------------|------------
    smoke: a woman of 65                     | 65  | F   | NONE    | 0    |     |     | none                          | CNA     | F65_69                        | 0.330
    smoke: a man of 69                       | 69  | M   | NONE    | 0    |     |     | none                          | CNA     | M65_69                        | 0.332
    one HCC counts as D1 for nothing         | 77  | M   | FULL    | 0    |     |     | 38                            | CFA     | M75_79                        | 0.714
                                             |     |     |         |      |     |     |                               |         | HCC38                         | 0.186
                                             |     |     |         |      |     |     |                               |         | D1                            | 0.000
    disabled, partial dual                   | 25  | M   | PARTIAL | 1    |     |     | 279                           | CPD     | M0_34                         | 0.306
                                             |     |     |         |      |     |     |                               |         | HCC279                        | 0.804
                                             |     |     |         |      |     |     |                               |         | D1                            | 0.000
    originally disabled, aged now            | 80  | F   | NONE    | 1    |     |     | none                          | CNA     | F80_84                        | 0.524
                                             |     |     |         |      |     |     |                               |         | OriginallyDisabled_Female     | 0.228
    below 65 is the disabled segment by age  | 58  | F   | NONE    | 0    |     |     | none                          | CND     | F55_59                        | 0.385
    diabetes with heart failure              | 70  | F   | NONE    | 0    |     |     | 37 226                        | CNA     | F70_74                        | 0.395
                                             |     |     |         |      |     |     |                               |         | HCC37                         | 0.166
                                             |     |     |         |      |     |     |                               |         | HCC226                        | 0.360
                                             |     |     |         |      |     |     |                               |         | DIABETES_HF_V28               | 0.112
                                             |     |     |         |      |     |     |                               |         | D2                            | 0.000
    five HCCs                                | 70  | F   | NONE    | 0    |     |     | 2 48 127 155 280              | CNA     | F70_74                        | 0.395
                                             |     |     |         |      |     |     |                               |         | HCC2                          | 0.500
                                             |     |     |         |      |     |     |                               |         | HCC48                         | 0.186
                                             |     |     |         |      |     |     |                               |         | HCC127                        | 0.341
                                             |     |     |         |      |     |     |                               |         | HCC155                        | 0.299
                                             |     |     |         |      |     |     |                               |         | HCC280                        | 0.319
                                             |     |     |         |      |     |     |                               |         | D5                            | 0.050
    institutional, disabled, with Medicaid   | 45  | M   | PARTIAL | 1    |     | yes | 280                           | INS     | M45_54                        | 0.991
                                             |     |     |         |      |     |     |                               |         | HCC280                        | 0.312
                                             |     |     |         |      |     |     |                               |         | DISABLED_CHR_LUNG_V28         | 0.278
                                             |     |     |         |      |     |     |                               |         | LTIMCAID                      | 0.130
                                             |     |     |         |      |     |     |                               |         | D1                            | 0.000
    a new enrollee has one cell              | 67  | F   | NONE    | 0    | yes |     | 38                            | NE      | NMCAID_NORIGDIS_NEF67         | 0.557
    a new enrollee of 64 by age counts as 65 | 64  | F   | PARTIAL | 0    | yes |     | none                          | NE      | MCAID_NORIGDIS_NEF65          | 0.986
    a new enrollee once disabled             | 65  | F   | NONE    | 1    | yes |     | none                          | NE      | NMCAID_ORIGDIS_NEF65          | 1.212
    """,
        age=int,
        coefficient=Decimal,
    )
)


@pytest.mark.parametrize("case", CASES)
def test_terms(case):
    rows = CASES[case]
    first = rows[0]
    sex = {"M": "1", "F": "2"}[first["sex"]]
    profile = Profile(
        first["age"], sex, first["dual"] or "NONE", first["orec"], first["new"] == "yes", first["lti"] == "yes"
    )
    found = score(profile, {int(hcc) for hcc in (first["hccs"] or "").split()}, RULES.model, RULES.aged_from)
    assert found.segment == first["segment"]
    assert {term.term: term.coefficient for term in found.terms} == {row["term"]: row["coefficient"] for row in rows}
    assert found.raw == sum(row["coefficient"] for row in rows)
