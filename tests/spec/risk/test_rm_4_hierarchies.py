"""RM 4.1, RM 4.2: hierarchies are walked in ascending order on the changing set; HCC 223 needs company first."""

import numpy as np
import pytest

from lead_engine.risk.decide import surviving
from lead_engine.risk.vectors import Scorer
from tests.drawn import table
from tests.rules import risk_rules

MODEL = risk_rules().model
CASES = {
    row["case"]: row
    for row in table(
        """
    case                                              | hccs        | survive | dropped
    --------------------------------------------------|-------------|---------|----------------------------
    a dominant HCC drops its list                     | 35 36 37 38 | 35      | 36:HCC35 37:HCC35 38:HCC35
    unrelated HCCs stand                              | 37 280      | 37 280  | none
    the open chain: 62 drops 63, so 63 spares 202     | 62 63 202   | 62 202  | 63:HCC62
    without 62, 63 drops 202                          | 63 202      | 63      | 202:HCC63
    223 alone is removed before the hierarchies       | 223         | none    | 223:CONDITION
    223 with 226 stays and drops it                   | 223 226     | 223     | 226:HCC223
    223 with 227 alone is removed, 227 stays          | 223 227     | 227     | 223:CONDITION
    223 beside 221 falls to the hierarchy             | 221 223     | 221     | 223:HCC221
    """
    )
}


def plain(hccs):
    left, dropped = surviving(hccs, MODEL)
    return left, dropped


def vectors(hccs):
    scorer = Scorer(MODEL, 65)
    present = scorer.columns(np.array(sorted(hccs), dtype=np.int64), np.zeros(len(hccs), dtype=np.int64), 1)
    left, dropped = scorer._surviving(present)
    names = {hcc: dropped[0, place] for hcc, place in scorer.place.items() if dropped[0, place]}
    by = {hcc: "CONDITION" if dominant == -1 else f"HCC{dominant}" for hcc, dominant in names.items()}
    return {hcc for hcc, place in scorer.place.items() if left[0, place]}, by


@pytest.mark.parametrize("engine", [plain, vectors])
@pytest.mark.parametrize("case", CASES)
def test_survivors(engine, case):
    row = CASES[case]
    left, dropped = engine({int(hcc) for hcc in row["hccs"].split()})
    assert left == {int(hcc) for hcc in (row["survive"] or "").split()}
    assert dropped == {int(hcc): by for hcc, by in (pair.split(":") for pair in (row["dropped"] or "").split())}
