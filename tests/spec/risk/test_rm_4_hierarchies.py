"""RM 4.1 to RM 4.3, RM 6.1: hierarchies are walked in ascending order on the changing set; some HCCs are removed first."""

import numpy as np
import pytest

from lead_engine.risk.decide import surviving
from lead_engine.risk.vectors import Scorer
from tests.drawn import table
from tests.rules import risk_rules

MODELS = {model.name: model for model in risk_rules().models}
CASES = {
    row["case"]: row
    for row in table(
        """
    case                                              | hccs        | survive | dropped                     | model
    --------------------------------------------------|-------------|---------|-----------------------------|-------------------
    a dominant HCC drops its list                     | 35 36 37 38 | 35      | 36:HCC35 37:HCC35 38:HCC35  | V28
    unrelated HCCs stand                              | 37 280      | 37 280  | none                        | V28
    the open chain: 62 drops 63, so 63 spares 202     | 62 63 202   | 62 202  | 63:HCC62                    | V28
    without 62, 63 drops 202                          | 63 202      | 63      | 202:HCC63                   | V28
    223 alone is removed before the hierarchies       | 223         | none    | 223:CONDITION               | V28
    223 with 226 stays and drops it                   | 223 226     | 223     | 226:HCC223                  | V28
    223 with 227 alone is removed, 227 stays          | 223 227     | 227     | 223:CONDITION               | V28
    V24 is closed: 8 drops all below                  | 8 9 12      | 8       | 9:HCC8 12:HCC8              | V24
    kidneys in V24                                    | 134 135 138 | 134     | 135:HCC134 138:HCC134       | V24
    ESRD V24 knows no 134 to 137                      | 134 137 138 | 138     | 134:CONDITION 137:CONDITION | ESRDV24
    135 removed drops nothing in ESRD V24             | 135 136 138 | 138     | 135:CONDITION 136:CONDITION | ESRDV24
    concurrent: 135 stands beside 136, which drops    | 135 136 138 | 135 136 | 138:HCC136                  | CMMI_CONCURRENT_V1
    concurrent knows no 134                           | 134 138     | 138     | 134:CONDITION               | CMMI_CONCURRENT_V1
    concurrent: 27 drops 80, though 80 weighs more    | 27 80       | 27      | 80:HCC27                    | CMMI_CONCURRENT_V1
    223 beside 221 falls to the hierarchy             | 221 223     | 221     | 223:HCC221                  | V28
    """
    )
}


def plain(hccs, model):
    return surviving(hccs, model)


def vectors(hccs, model):
    scorer = Scorer(model, 65)
    present = scorer.columns(np.array(sorted(hccs), dtype=np.int64), np.zeros(len(hccs), dtype=np.int64), 1)
    left, dropped = scorer.surviving(present)
    names = {hcc: dropped[0, place] for hcc, place in scorer.place.items() if dropped[0, place]}
    by = {hcc: "CONDITION" if dominant == -1 else f"HCC{dominant}" for hcc, dominant in names.items()}
    return {hcc for hcc, place in scorer.place.items() if left[0, place]}, by


@pytest.mark.parametrize("engine", [plain, vectors])
@pytest.mark.parametrize("case", CASES)
def test_survivors(engine, case):
    row = CASES[case]
    left, dropped = engine({int(hcc) for hcc in row["hccs"].split()}, MODELS[row["model"]])
    assert left == {int(hcc) for hcc in (row["survive"] or "").split()}
    assert dropped == {int(hcc): by for hcc, by in (pair.split(":") for pair in (row["dropped"] or "").split())}
