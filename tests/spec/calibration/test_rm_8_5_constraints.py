"""RM 8.5, RM 8.6, RM 8.10: order, no negative coefficient, equal groups, small columns; relative factors; shrinkage."""

from dataclasses import replace

import numpy as np
import pytest

from lead_engine.calibration.fit import ONE, Choices, estimate, fitted
from lead_engine.calibration.solve import published_scale, solve
from lead_engine.calibration.structure import HELD_AT_PUBLISHED, structure
from lead_engine.calibration.sums import Sums, total
from lead_engine.foundation.errors import InputRefusedError
from tests.planted import planted, rules

SMALL = 20_000


@pytest.fixture(scope="module")
def noisy():
    """Costs that have nothing to do with conditions: every constraint is under strain."""
    drawn = planted(SMALL)
    shuffled = np.random.Generator(np.random.PCG64(3)).permutation(drawn.cents)
    return replace(drawn, cents=shuffled)


@pytest.fixture(scope="module")
def fit(noisy):
    return fitted(noisy.design, noisy.blocks(10), rules(), Choices(replicates=0))


def test_no_coefficient_is_negative_and_no_dominant_one_below_what_it_drops(fit):
    place, factors = fit.design.hccs, fit.factors
    held = fit.structure.held
    assert factors.min() >= 0
    broken = [
        (above, below)
        for above, dropped in fit.design.model.hierarchies.items()
        for below in dropped
        if held[place[above]] is held[place[below]] is None and factors[place[above]] < factors[place[below]]
    ]
    assert broken == []


def test_without_the_order_it_would_be_broken(noisy):
    sums = total(noisy.blocks(1))
    free = solve(noisy.design, sums, structure(noisy.design, sums, rules()), 0, ordered=False).coefficients
    place = noisy.design.hccs
    pairs = [(place[a], place[b]) for a, below in noisy.design.model.hierarchies.items() for b in below]
    assert any(free[above] < free[below] - 1 for above, below in pairs)


def test_the_solution_is_the_best_of_those_allowed(noisy):
    """Any step towards another allowed point costs more: the optimum of a convex problem."""
    sums = total(noisy.blocks(1))
    shape = structure(noisy.design, sums, rules())
    best = solve(noisy.design, sums, shape, 0).coefficients
    gradient = sums.months / 12 @ best - sums.cents
    others = [
        solve(noisy.design, total(planted(SMALL, seed=seed).blocks(1)), shape, 0).coefficients for seed in (11, 12)
    ]
    flat = np.full(len(best), sums.mean_cost / 2) * np.array([held is None for held in shape.held])
    scale = float(np.abs(gradient) @ np.abs(best) + abs(sums.cents) @ best)
    for other in [*others, flat]:
        assert gradient @ (other - best) >= -1e-6 * scale


def test_equal_groups_share_a_coefficient_when_one_of_them_is_small_or_out_of_order():
    drawn = planted(SMALL)
    sums = total(drawn.blocks(1))
    small = replace(rules(), minimum_person_years=int(sums.column_years[drawn.design.hccs[36]]) + 1)
    shape = structure(drawn.design, sums, small)
    assert len({shape.group[drawn.design.hccs[hcc]] for hcc in (36, 37, 38)}) == 1


def test_a_small_hcc_joins_the_one_above_it_and_one_without_relatives_keeps_the_published_factor():
    drawn = planted(SMALL, rare=20)
    sums = total(drawn.blocks(1))
    design, shape = drawn.design, structure(drawn.design, sums, rules())
    place, drops = design.hccs, rules().model.hierarchies
    related = set(drops) | {hcc for below in drops.values() for hcc in below}
    lonely = [hcc for hcc in place if hcc not in related and sums.column_years[place[hcc]] < 500]
    assert lonely and all(shape.held[place[hcc]] == HELD_AT_PUBLISHED for hcc in lonely)
    coefficients = solve(design, sums, shape, 0).coefficients
    scale = published_scale(design, sums)
    for hcc in lonely:
        assert coefficients[place[hcc]] == pytest.approx(design.published[place[hcc]] * scale)
    years = {group: sums.column_years[[g == group for g in shape.group]].sum() for group in shape.group}
    free = {group for group, held in zip(shape.group, shape.held, strict=True) if held is None}
    assert min(years[group] for group in free) >= 500


def test_relative_factors_have_mean_one_and_six_decimals(fit):
    mean = fit.sums.column_years @ fit.factors / fit.sums.years / ONE
    assert mean == pytest.approx(1, abs=1e-6)
    assert max(len(str(factor).partition(".")[2]) for factor in fit.factor_texts) == 6


def test_shrinkage_leads_from_the_data_to_the_published_factors():
    drawn = planted(SMALL)
    sums = total(drawn.blocks(1))
    apart = rules(order_exceptions=_published_exceptions(drawn.design), minimum_person_years=1)
    shape = structure(drawn.design, sums, apart)
    prior = np.array([factor or 0 for factor in drawn.design.published]) * published_scale(drawn.design, sums)
    hccs = list(drawn.design.hccs.values())
    gaps = [
        np.abs(estimate(drawn.design, sums, shape, shrinkage).coefficients - prior)[hccs].mean()
        for shrinkage in (0, 1e3, 1e5, 1e9)
    ]
    assert gaps == sorted(gaps, reverse=True) and gaps[-1] < gaps[0] / 100


def test_hold_out_takes_shrinkage_when_the_data_are_few_and_the_prior_right():
    drawn = planted(3_000, seed=9)
    right = replace(drawn.design, published=tuple(float(each) / 1e6 for each in drawn.truth))
    few = fitted(right, drawn.blocks(10), rules(minimum_person_years=30), Choices((0, 100, 10_000), replicates=0))
    assert few.shrinkage > 0
    assert few.hold_out_r2[few.shrinkage] == max(few.hold_out_r2.values())


def test_a_population_too_small_for_one_coefficient_is_refused():
    drawn = planted(300)
    with pytest.raises(InputRefusedError, match="fewer than 500 person-years"):
        fitted(drawn.design, drawn.blocks(5), rules(), Choices(replicates=0))


def test_sums_are_exact_beyond_floating_point():
    cents = np.array([2**46 + 1, -(2**40) - 3, 7], np.int64)
    sums = Sums.of(np.array([0, 1, 2, 2]), np.array([0, 0]), np.array([12, 12, 5]), cents, 1)
    assert sums.squares[11] == (2**46 + 1) ** 2 + (2**40 + 3) ** 2 and sums.squares[4] == 49
    assert sums.cents.tolist() == [2**46 - 2**40 - 2] and sums.months.tolist() == [[24]]


def _published_exceptions(design):
    factor = {hcc: design.published[column] for hcc, column in design.hccs.items()}
    return tuple(f"{a}/{b}" for a, below in design.model.hierarchies.items() for b in below if factor[a] < factor[b])
