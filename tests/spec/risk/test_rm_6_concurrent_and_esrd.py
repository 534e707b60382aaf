"""RM 3.4, RM 5.2, RM 5.4, RM 6.1 to RM 6.5: ESRD V24 by dialysis, transplant and graft; V24; CMMI concurrent."""

from decimal import Decimal

import pytest

from lead_engine.risk.decide import Profile, score
from tests.drawn import by_case, table
from tests.rules import risk_rules

RULES = risk_rules()
MODELS = {model.name: model for model in RULES.models}
CASES = by_case(
    table(
        """
    case                                    | model              | age | sex | dual    | orec | new | lti | graft | hccs             | segment    | term                       | coefficient
    ----------------------------------------|--------------------|-----|-----|---------|------|-----|-----|-------|------------------|------------|----------------------------|------------
    RM 6.5: a woman of 70                   | CMMI_CONCURRENT_V1 | 70  | F   | NONE    | 0    |     |     | 0     | none             | ALL        | F70_74                     | 0.1949
    RM 6.5: a man of 70                     | CMMI_CONCURRENT_V1 | 70  | M   | FULL    | 1    | yes |     | 0     | none             | ALL        | M70_74                     | 0.1340
    RM 6.5: five HCCs                       | CMMI_CONCURRENT_V1 | 70  | F   | NONE    | 0    |     |     | 0     | 85 111 18 96 138 | ALL        | F70_74                     | 0.1949
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC85                      | 0.3126
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC111                     | 0.0762
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC18                      | 0.0555
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC96                      | 0.2539
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC138                     | 0.0000
                                            |                    |     |     |         |      |     |     |       |                  |            | D5                         | 0.0433
    below 65 some HCCs weigh more           | CMMI_CONCURRENT_V1 | 64  | F   | NONE    | 0    |     |     | 0     | 46               | ALL        | F60_64                     | 0.1559
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC46                      | 0.9257
                                            |                    |     |     |         |      |     |     |       |                  |            | NONAGED_HCC46              | 2.5608
    nine months after a graft, not yet 65   | CMMI_CONCURRENT_V1 | 50  | M   | NONE    | 1    |     |     | 9     | none             | ALL        | M45_54                     | 0.0559
                                            |                    |     |     |         |      |     |     |       |                  |            | LT65_DUR4_9                | 1.9729
    ten months after a graft at 65          | CMMI_CONCURRENT_V1 | 65  | M   | NONE    | 1    |     |     | 10    | none             | ALL        | M65_69                     | 0.1340
                                            |                    |     |     |         |      |     |     |       |                  |            | GE65_DUR10PL               | 0.2678
    dialysis, once entitled by ESRD         | ESRDV24            | 70  | F   | FULL    | 2    |     |     | 0     | 134 138          | DI         | F70_74                     | 0.624
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC138                     | 0.000
                                            |                    |     |     |         |      |     |     |       |                  |            | FBDual_Female_Aged         | 0.060
                                            |                    |     |     |         |      |     |     |       |                  |            | Originally_ESRD_Female     | -0.024
    dialysis below 65, in an institution    | ESRDV24            | 35  | M   | NONE    | 1    |     | yes | 0     | none             | DI         | M35_44                     | 0.604
                                            |                    |     |     |         |      |     |     |       |                  |            | LTI_LT65                   | 2.146
                                            |                    |     |     |         |      |     |     |       |                  |            | LTI_NonAged                | 0.098
    three together: below 65, drugs, mind   | ESRDV24            | 35  | M   | NONE    | 1    |     |     | 0     | 54 57            | DI         | M35_44                     | 0.604
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC54                      | HCC54
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC57                      | HCC57
                                            |                    |     |     |         |      |     |     |       |                  |            | NONAGED_gSubUseDs_gPsych   | 0.055
    new enrollee on dialysis                | ESRDV24            | 54  | F   | PARTIAL | 2    | yes |     | 0     | 54               | DNE        | ND_PBD_NORIGDIS_NEF45_54   | 0.741
    of 64 by age, who stays 64 here         | ESRDV24            | 64  | F   | FULL    | 0    | yes |     | 0     | none             | DNE        | FBD_NORIGDIS_NEF60_64      | 0.892
    the month of a transplant               | ESRDV24            | 54  | F   | FULL    | 2    |     | yes | 1     | 85               | TRANSPLANT | TRANSPLANT_KIDNEY_ONLY_1M  | 5.985
    the third                               | ESRDV24            | 54  | F   | FULL    | 2    | yes |     | 3     | none             | TRANSPLANT | TRANSPLANT_KIDNEY_ONLY_3M  | 0.941
    the fourth: a functioning graft         | ESRDV24            | 54  | F   | FULL    | 2    |     |     | 4     | none             | GFN        | F45_54                     | 0.328
                                            |                    |     |     |         |      |     |     |       |                  |            | FGC_LT65_DUR4_9_FBD        | 2.083
    ten months, full Medicaid, aged         | ESRDV24            | 70  | F   | FULL    | 2    |     |     | 10    | none             | GFA        | F70_74                     | 0.464
                                            |                    |     |     |         |      |     |     |       |                  |            | FGC_GE65_DUR10PL_FBD       | 1.279
    partial Medicaid has a term of its own  | ESRDV24            | 70  | F   | PARTIAL | 1    |     |     | 9     | none             | GNPA       | F70_74                     | 0.359
                                            |                    |     |     |         |      |     |     |       |                  |            | FGC_GE65_DUR4_9_ND_PBD     | 2.529
                                            |                    |     |     |         |      |     |     |       |                  |            | FGC_PBD_GE65_flag          | 0.162
                                            |                    |     |     |         |      |     |     |       |                  |            | OriginallyDisabled_Female  | 0.219
    no Medicaid, below 65                   | ESRDV24            | 40  | M   | NONE    | 2    |     |     | 40    | none             | GNPN       | M35_44                     | 0.155
                                            |                    |     |     |         |      |     |     |       |                  |            | FGC_LT65_DUR10PL_ND_PBD    | 0.335
    graft, in an institution                | ESRDV24            | 70  | M   | PARTIAL | 2    |     | yes | 4     | none             | GI         | M70_74                     | 1.265
                                            |                    |     |     |         |      |     |     |       |                  |            | FGI_GE65_DUR4_9_ND_PBD     | 2.529
                                            |                    |     |     |         |      |     |     |       |                  |            | FGI_PBD_GE65_flag          | 0.162
                                            |                    |     |     |         |      |     |     |       |                  |            | LTI_GE65                   | 0.955
    new enrollee with a graft               | ESRDV24            | 67  | F   | NONE    | 1    | yes |     | 12    | none             | GNE        | ND_PBD_ORIGDIS_G_NEF67     | 1.265
                                            |                    |     |     |         |      |     |     |       |                  |            | FGC_GE65_DUR10PL_ND_PBD    | 0.905
    V24: diabetes with heart failure        | V24                | 70  | F   | NONE    | 0    |     |     | 0     | 18 85            | CNA        | F70_74                     | 0.386
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC18                      | HCC18
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC85                      | HCC85
                                            |                    |     |     |         |      |     |     |       |                  |            | DIABETES_CHF               | 0.121
                                            |                    |     |     |         |      |     |     |       |                  |            | D2                         | 0.000
    V24: disabled with an ulcer, institution | V24               | 50  | F   | NONE    | 1    |     | yes | 0     | 158              | INS        | F45_54                     | 1.043
                                            |                    |     |     |         |      |     |     |       |                  |            | HCC158                     | HCC158
                                            |                    |     |     |         |      |     |     |       |                  |            | DISABLED_PRESSURE_ULCER    | 0.544
    """,
        age=int,
        graft=int,
    )
)


@pytest.mark.parametrize("case", CASES)
def test_terms(case):
    rows = CASES[case]
    first, model = rows[0], MODELS[rows[0]["model"]]
    sex = {"M": "1", "F": "2"}[first["sex"]]
    flags = (first["new"] == "yes", first["lti"] == "yes")
    profile = Profile(first["age"], sex, first["dual"], first["orec"], *flags, first["graft"])
    found = score(profile, {int(hcc) for hcc in (first["hccs"] or "").split()}, model, RULES.aged_from)
    own = {term.term: term.coefficient for term in found.terms if term.kind != "DROPPED"}
    expected = {row["term"]: row["coefficient"] for row in rows}
    assert found.segment == first["segment"]
    assert set(own) == set(expected)
    for term, coefficient in expected.items():
        if coefficient != term:  # a factor read in the rule; of others, that they apply
            assert own[term] == Decimal(coefficient)


def test_the_smoke_test_sums_up():
    found = score(Profile(70, "2", "NONE", "0"), {85, 111, 18, 96, 138}, MODELS["CMMI_CONCURRENT_V1"], 65)
    assert found.raw == Decimal("0.9364")


@pytest.mark.parametrize(("count", "term"), [(4, None), (5, "D5"), (14, "D14"), (15, "D15P"), (16, "D15P")])
def test_counts_go_to_fifteen(count, term):
    apart = [1, 2, 6, 18, 21, 22, 23, 33, 34, 35, 39, 40, 46, 47, 51, 54, 57, 70]
    found = score(Profile(70, "2", "NONE", "0"), apart[:count], MODELS["CMMI_CONCURRENT_V1"], 65)
    assert [told.term for told in found.terms if told.kind == "COUNT"] == ([term] if term else [])
