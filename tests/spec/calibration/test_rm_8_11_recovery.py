"""RM 8.11: planted coefficients are found within the errors the fit states; the errors are neither too small nor too large."""

import numpy as np
import pytest

from lead_engine.calibration.fit import Choices, fitted
from lead_engine.calibration.structure import HELD_AT_PUBLISHED
from tests.planted import planted, rules


def misses(count: int, variant: str, rare: int = 0, replicates: int = 0, **changes):
    """Error of every coefficient the data chose alone, in standard errors; and the fit."""
    drawn = planted(count, variant=variant, rare=rare)
    fit = fitted(drawn.design, drawn.blocks(20), rules(**changes), Choices(replicates=replicates))
    free = ~np.isnan(fit.standard_error)
    share = np.array([fit.solution.free[:, unknown].sum() for unknown in fit.solution.free.argmax(axis=1)])
    chosen = free & (share == 1)
    error = fit.solution.coefficients - drawn.truth
    return (error / (fit.standard_error * fit.mean_predicted))[chosen], fit, drawn


@pytest.mark.parametrize("variant", ["prospective", "concurrent"])
def test_twenty_thousand_people(variant):
    """HCCs that many people have; the others nobody has, and they keep the published factor."""
    missed, fit, _ = misses(20_000, variant, rare=30, minimum_person_years=40)
    assert len(missed) > 35
    assert np.abs(missed).max() < 4.5 and 0.6 < np.mean(missed**2) < 1.6
    assert HELD_AT_PUBLISHED in fit.structure.held


@pytest.mark.long
@pytest.mark.parametrize("variant", ["prospective", "concurrent"])
def test_two_hundred_thousand_people(variant):
    missed, fit, drawn = misses(200_000, variant, replicates=60)
    assert len(missed) > 120
    assert np.abs(missed).max() < 4.5 and 0.7 < np.mean(missed**2) < 1.4
    assert max(fit.hold_out_r2.values()) == pytest.approx(fit.r2, abs=0.005)
    relative = drawn.truth / fit.mean_predicted
    inside = (fit.low <= relative) & (relative <= fit.high)
    assert inside.mean() > 0.85
