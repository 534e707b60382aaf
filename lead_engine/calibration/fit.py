"""A fit from blocks: shrinkage by hold-out, coefficients, their intervals, and the rounded table that is the model."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lead_engine.foundation.errors import InputRefusedError, Problem
from lead_engine.foundation.months import MONTHS_OF_A_YEAR

from .design import Design
from .rules import CalibrationRules
from .solve import Numbers, Solution, solve
from .structure import Structure, structure, with_equal_order
from .sums import Sums, combined, squared_error, total, total_error

DECIMALS = 6  # of a relative factor (RM 8.6)
ONE = 10**DECIMALS
INTERVAL = (2.5, 97.5)  # percent


@dataclass(frozen=True)
class Choices:
    """What a calibration is free to choose."""

    shrinkage: tuple[float, ...] = (0.0,)  # person-years, tried by hold-out
    folds: int = 5
    replicates: int = 200
    seed: int = 1


@dataclass(frozen=True)
class Fit:
    """A fitted model with what is known of its coefficients, by column of the design."""

    design: Design
    sums: Sums
    structure: Structure
    shrinkage: float
    solution: Solution
    mean_predicted: float  # cents a person-year, over the denominator population
    factors: NDArray[np.int64]  # millionths
    standard_error: Numbers  # of the factor; NaN where the data did not choose it
    low: Numbers  # bootstrap interval of the factor
    high: Numbers
    r2: float
    hold_out_r2: dict[float, float]  # by shrinkage tried

    @property
    def factor_texts(self) -> tuple[Decimal, ...]:
        """The factors as written: six decimals."""
        return tuple(Decimal(int(factor)).scaleb(-DECIMALS) for factor in self.factors)

    @property
    def coefficient_cents(self) -> NDArray[np.int64]:
        """Whole cents a person-year."""
        return np.rint(self.solution.coefficients).astype(np.int64)


def fitted(design: Design, blocks: Sequence[Sums], rules: CalibrationRules, choices: Choices) -> Fit:
    """Fit a design to blocks of people (RM 8.4 to RM 8.6, RM 8.10).

    Linear algebra runs on one thread, so that the number of cores changes no digit. Raises InputRefusedError when the
    population is smaller than one coefficient may rest on, or has no cost.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return _fitted(design, blocks, rules, choices)


def _fitted(design: Design, blocks: Sequence[Sums], rules: CalibrationRules, choices: Choices) -> Fit:
    sums = total(list(blocks))
    _check(sums, rules)
    shape = structure(design, sums, rules)
    tried = {each: hold_out_r2(design, blocks, shape, each, choices.folds) for each in choices.shrinkage}
    shrinkage = max(tried, key=lambda each: (tried[each], each))
    solution = estimate(design, sums, shape, shrinkage)
    mean = _mean_predicted(sums, solution.coefficients)
    low, high = _bootstrap(design, blocks, shape, shrinkage, choices)
    r2 = 1 - squared_error(sums, solution.coefficients) / total_error(sums)
    return Fit(
        design=design,
        sums=sums,
        structure=shape,
        shrinkage=shrinkage,
        solution=solution,
        mean_predicted=mean,
        factors=np.rint(solution.coefficients / mean * ONE).astype(np.int64),
        standard_error=_standard_error(sums, solution) / mean,
        low=low,
        high=high,
        r2=r2,
        hold_out_r2=tried,
    )


def estimate(design: Design, sums: Sums, shape: Structure, shrinkage: float) -> Solution:
    """First without the order of hierarchies, to see which constraint groups it breaks; then with all constraints."""
    unordered = solve(design, sums, shape, shrinkage, ordered=False)
    return solve(design, sums, with_equal_order(shape, unordered.coefficients), shrinkage)


def hold_out_r2(design: Design, blocks: Sequence[Sums], shape: Structure, shrinkage: float, folds: int) -> float:
    """R² over people whose fold took no part in the fit, all folds together."""
    listed = list(blocks)
    errors = spread = 0.0
    for fold in range(folds):
        inside = [int(place % folds == fold) for place in range(len(listed))]
        held, rest = combined(listed, inside), combined(listed, [1 - each for each in inside])
        if held.total_months and rest.total_months:
            errors += squared_error(held, estimate(design, rest, shape, shrinkage).coefficients)
            spread += total_error(held)
    return 1 - errors / spread if spread else float("nan")


def _bootstrap(
    design: Design, blocks: Sequence[Sums], shape: Structure, shrinkage: float, choices: Choices
) -> tuple[Numbers, Numbers]:
    """Percentiles of factors fitted to blocks drawn with replacement; the seed is the configuration's."""
    draws = np.random.Generator(np.random.PCG64(choices.seed))
    listed, found = list(blocks), []
    for _ in range(choices.replicates):
        times = draws.multinomial(len(listed), [1 / len(listed)] * len(listed))
        drawn = combined(listed, [int(each) for each in times])
        coefficients = estimate(design, drawn, shape, shrinkage).coefficients
        found.append(coefficients / _mean_predicted(drawn, coefficients))
    if not found:
        nothing = np.full(len(design.names), np.nan)
        return nothing, nothing
    low, high = np.percentile(np.array(found), INTERVAL, axis=0)
    return low, high


def _standard_error(sums: Sums, solution: Solution) -> Numbers:
    """Classical errors in cents a year, where the variance of a person's annual cost falls with the eligible months."""
    variance = squared_error(sums, solution.coefficients) / max(sums.people - solution.unknowns, 1)
    inverse = np.linalg.pinv(solution.precision + solution.shrinkage)
    of_unknowns = np.sqrt(np.maximum(np.diag(inverse @ solution.precision @ inverse), 0) * variance)
    is_free = solution.free.any(axis=1)
    return np.where(is_free, solution.free @ of_unknowns, np.nan)


def _mean_predicted(sums: Sums, coefficients: Numbers) -> float:
    return float(sums.column_years @ coefficients) / sums.years


def _check(sums: Sums, rules: CalibrationRules) -> None:
    least = rules.minimum_person_years
    if sums.total_months < least * MONTHS_OF_A_YEAR or sums.total_cents <= 0:
        raise InputRefusedError(
            Problem(
                "calibration population",
                f"has fewer than {least} person-years, or no cost",
                "a single coefficient may not rest on less (RM 8.5)",
                "calibrate on more people, or change calibration/minimum_person_years in a scenario",
            )
        )
