"""Weighted least squares under the constraints of RM 8.5, from the cross-product alone (RM 8.10 for the shrinkage).

A quadratic programme of some 160 unknowns: Clarabel finds which constraints bind, a linear system solved under those
gives the coefficients to the last digits. Coefficients are relative: 1 is the mean cost of a person-year.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve  # here, so that it is loaded when threads are limited

from lead_engine.foundation.errors import InputRefusedError, Problem

from .design import Design
from .structure import HELD_AT_PUBLISHED, HELD_AT_ZERO, Order, Structure
from .sums import Sums

Numbers = NDArray[np.float64]
Orders = list[tuple[int, int]]  # unknowns, the first at least the second
TOLERANCE = 1e-10  # of the solver
BINDS = 1e-6  # of the mean cost: a slack below it is none
AGREES = 1e-4  # of the mean cost: how far the linear system may leave the programme's solution


@dataclass(frozen=True)
class Solution:
    """Coefficients by column, and the linear map behind the free ones."""

    coefficients: Numbers  # cents a year
    free: NDArray[np.bool_]  # columns × unknowns that no constraint holds: whose coefficient is which unknown
    precision: Numbers  # unknowns × unknowns: X'WX of the unknowns
    shrinkage: Numbers  # the same, of the prior

    @property
    def unknowns(self) -> int:
        """Coefficients that the data chose."""
        return self.free.shape[1]


def published_scale(design: Design, sums: Sums) -> float:
    """Cents a year that a published factor of 1 stands for, so that published factors predict the population's cost."""
    factors = np.array([factor or 0.0 for factor in design.published])
    return sums.total_cents / float(sums.column_years @ factors)


def solve(design: Design, sums: Sums, structure: Structure, shrinkage: float, ordered: bool = True) -> Solution:
    """Coefficients of a person-year's cost: none negative, no dominant HCC below one it drops (when `ordered`).

    `shrinkage` is the weight of the published factors, in person-years of each column that has one.
    """
    programme = _Programme(design, sums, structure, shrinkage)
    orders = programme.of_groups(structure.orders if ordered else ())
    return programme.refitted(programme.solved(orders), orders)


class _Programme:
    """Minimise ½ b'Pb − q'b over relative coefficients b, columns tied in groups, some held."""

    def __init__(self, design: Design, sums: Sums, structure: Structure, shrinkage: float) -> None:
        self.unit = sums.mean_cost
        factors = np.array([factor or 0.0 for factor in design.published])
        prior = factors * published_scale(design, sums) / self.unit
        has_prior = np.array([factor is not None for factor in design.published])
        self.cross = sums.months / sums.total_months
        self.weight = shrinkage / sums.years * has_prior
        self.target = sums.cents / sums.years / self.unit + self.weight * prior
        held = np.array([_held_at(reason, value) for reason, value in zip(structure.held, prior, strict=True)])
        self.held = np.nan_to_num(held)
        self.years = sums.years
        groups = sorted({g for g, value in zip(structure.group, held, strict=True) if np.isnan(value)})
        self.of_group = np.array(structure.group)[:, None] == np.array(groups)[None, :]
        self.of_group &= np.isnan(held)[:, None]

    def solved(self, orders: Orders) -> Numbers:
        """The programme's solution, by group. Raises InputRefusedError when the solver finds none."""
        import clarabel
        from scipy import sparse

        cross, target = self._reduced(self.of_group)
        unit = 1 / np.sqrt(np.where(np.diag(cross) > 0, np.diag(cross), 1))  # of each unknown: a rare HCC's is large
        rows = np.zeros((len(orders), len(unit)))
        rows[np.arange(len(orders)), [above for above, _ in orders]] = -1
        rows[np.arange(len(orders)), [below for _, below in orders]] = 1
        limits = sparse.csc_matrix(np.vstack([-np.eye(len(unit)), rows]) * unit)
        settings = clarabel.DefaultSettings()
        settings.verbose, settings.max_threads = False, 1
        settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = TOLERANCE
        solver = clarabel.DefaultSolver(
            sparse.triu(cross * unit[:, None] * unit).tocsc(),
            -target * unit,
            limits,
            np.zeros(limits.shape[0]),
            [clarabel.NonnegativeConeT(limits.shape[0])],
            settings,
        )
        found = solver.solve()
        if found.status not in (clarabel.SolverStatus.Solved, clarabel.SolverStatus.AlmostSolved):
            remedy = "calibrate on more people, or with some shrinkage to the published factors"
            raise InputRefusedError(Problem("calibration", f"the solver ended with {found.status}", remedy=remedy))
        return np.asarray(found.x) * unit

    def refitted(self, loose: Numbers, orders: Orders) -> Solution:
        """Solved again as a linear system, with what binds at zero or tied: coefficients to the last digit."""
        tied = np.arange(len(loose))
        exact = loose
        while True:
            broken = [(a, b) for a, b in orders if tied[a] != tied[b] and exact[a] - exact[b] < BINDS]
            for above, below in broken:
                tied[tied == tied[below]] = tied[above]
            positive = [place for place in np.unique(tied) if exact[tied == place].max() >= BINDS]
            free = self.of_group @ (tied[:, None] == np.array(positive)[None, :])
            cross, target = self._reduced(free)
            of_free = _linear(cross, target)
            exact = (tied[:, None] == np.array(positive)[None, :]) @ of_free
            if of_free.min(initial=0) >= 0 and all(exact[a] >= exact[b] for a, b in orders):
                break
        if np.abs(exact - loose).max() > AGREES:  # two columns say the same of everybody: keep the solver's choice
            exact = np.maximum(loose, 0)
        shrinkage = free.T @ (self.weight[:, None] * free)
        relative = self.of_group @ exact + self.held
        return Solution(relative * self.unit, free, (cross - shrinkage) * self.years, shrinkage * self.years)

    def of_groups(self, orders: tuple[Order, ...]) -> Orders:
        """Orders between two groups that are not held, each once."""
        place = np.where(self.of_group.any(axis=1), self.of_group.argmax(axis=1), -1)
        pairs = {(int(place[above]), int(place[below])) for above, below in orders}
        return sorted(pair for pair in pairs if min(pair) >= 0 and pair[0] != pair[1])

    def _reduced(self, of_group: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
        """P and q over unknowns, what is held moved to the right-hand side."""
        tie = of_group.astype(float)
        whole = self.cross + np.diag(self.weight)
        return tie.T @ whole @ tie, tie.T @ (self.target - whole @ self.held)


def _linear(cross: Numbers, target: Numbers) -> Numbers:
    """The solution of the normal equations; the shortest one where columns say the same of everybody."""
    try:
        return np.asarray(cho_solve(cho_factor(cross), target))
    except LinAlgError:
        return np.asarray(np.linalg.lstsq(cross, target, rcond=None)[0], dtype=np.float64)


def _held_at(reason: str | None, published: float) -> float:
    return {HELD_AT_ZERO: 0.0, HELD_AT_PUBLISHED: published}.get(reason or "", np.nan)
