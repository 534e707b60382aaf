"""RM 8.4: the columns of the design matrix are terms of the risk engine, and a person's segment."""

from dataclasses import replace

import numpy as np
import pytest

from lead_engine.calibration.design import design
from lead_engine.risk.vectors import People
from tests.drawn import table
from tests.planted import rules

CASES = table(
    """
case                                   | age | sex | dual    | orec | lti | hccs              | prospective                                                                    | concurrent
---------------------------------------|-----|-----|---------|------|-----|-------------------|--------------------------------------------------------------------------------|------------------------------------
an aged woman without HCCs             | 70  | 2   | NONE    | 0    | no  | none              | F70_74                                                                         | F70_74
full Medicaid, aged                    | 70  | 2   | FULL    | 0    | no  | none              | F70_74 SEGMENT_CFA                                                             | F70_74
partial Medicaid, disabled             | 50  | 1   | PARTIAL | 1    | no  | none              | M45_54 SEGMENT_CPD                                                             | M45_54
disabled, no Medicaid: the age says it | 50  | 1   | NONE    | 1    | no  | none              | M45_54                                                                         | M45_54
originally disabled                    | 66  | 1   | NONE    | 1    | no  | none              | M65_69 OriginallyDisabled_Male                                                 | M65_69
long-term institutional goes first     | 80  | 2   | FULL    | 0    | yes | none              | F80_84 SEGMENT_INS                                                             | F80_84
a hierarchy and an interaction         | 70  | 1   | NONE    | 0    | no  | 36 38 226         | DIABETES_HF_V28 HCC226 HCC36 M70_74                                            | HCC226 HCC36 M70_74
an interaction of disability           | 50  | 1   | NONE    | 1    | no  | 226               | HCC226 M45_54                                                                  | DISABLED_HF_V28 HCC226 M45_54
four HCCs have no count                | 70  | 1   | NONE    | 0    | no  | 1 2 6 125         | HCC1 HCC125 HCC2 HCC6 M70_74                                                   | HCC1 HCC125 HCC2 HCC6 M70_74
five have                              | 70  | 1   | NONE    | 0    | no  | 1 2 6 125 115     | D5 HCC1 HCC115 HCC125 HCC2 HCC6 M70_74                                         | D5 HCC1 HCC115 HCC125 HCC2 HCC6 M70_74
"""
)


@pytest.mark.parametrize("variant", ["prospective", "concurrent"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_columns_of_a_person(case, variant):
    built = design(rules(), variant)
    hccs = [int(hcc) for hcc in (case["hccs"] or "").split()]
    one = {name: np.array([case[name]], dtype=object) for name in ("sex", "dual", "orec")}
    people = People(
        age=np.array([int(case["age"])]),
        sex_code=one["sex"],
        dual_class=one["dual"],
        entitlement=one["orec"],
        is_new_enrollee=np.array([False]),
        is_long_term_institutional=np.array([case["lti"] == "yes"]),
        hccs=built.scorer.columns(np.array(hccs, np.int64), np.zeros(len(hccs), np.int64), 1),
    )
    person, column = built.columns(people)
    assert set(person) == {0}
    assert sorted(built.names[each] for each in column) == sorted(case[variant].split())


def test_the_concurrent_counts_go_to_fifteen_and_the_prospective_ones_to_ten():
    names = {variant: design(rules(), variant).names for variant in ("prospective", "concurrent")}
    assert [name for name in names["prospective"] if name.startswith("D") and name[1].isdigit()][-1] == "D10P"
    assert [name for name in names["concurrent"] if name.startswith("D") and name[1].isdigit()][-1] == "D15P"


def test_another_list_of_counts_is_another_version():
    before, after = rules(), replace(rules(), counts=(("prospective", ("D5",)), ("concurrent", ("D5",))))
    assert design(before, "prospective").version != design(after, "prospective").version
