"""Weighted least squares under the constraints of RM 8.5, from the cross-product alone (RM 8.10 for the shrinkage).

A quadratic programme of some 160 unknowns: Clarabel finds which constraints bind, a linear system solved under those
gives the coefficients to the last digits. Coefficients are relative: 1 is the mean cost of a person-year.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .design import Design
from .structure import HELD_AT_PUBLISHED, HELD_AT_ZERO, Order, Structure
from .sums import Sums

Numbers = NDArray[np.float64]
BINDS = 1e-6  # of the mean cost: a slack below it is none
AGREES = 1e-5  # of the mean cost: how far the linear system may leave the programme's solution


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
    loose = programme.solved(structure.orders if ordered else ())
    return programme.refitted(loose, structure.orders if ordered else ())


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

    def solved(self, orders: tuple[Order, ...]) -> Numbers:
        """The programme's solution, by group."""
        import clarabel
        from scipy import sparse

        width = self.of_group.shape[1]
        cross, target = self._reduced(self.of_group)
        rows = [-np.eye(width), *[row[None, :] for row in self._order_rows(orders)]]
        limits = sparse.csc_matrix(np.vstack(rows))
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.max_threads = 1
        settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-10
        solver = clarabel.DefaultSolver(
            sparse.triu(cross).tocsc(),
            -target,
            limits,
            np.zeros(limits.shape[0]),
            [clarabel.NonnegativeConeT(limits.shape[0])],
            settings,
        )
        return np.asarray(solver.solve().x)

    def refitted(self, loose: Numbers, orders: tuple[Order, ...]) -> Solution:
        """Solved again as a linear system, with what binds held at zero or tied, for coefficients to the last digit."""
        tied = np.arange(len(loose))
        for row in self._order_rows(orders):
            above, below = int(np.argmin(row)), int(np.argmax(row))
            if loose[above] - loose[below] < BINDS:
                tied[tied == tied[below]] = tied[above]
        positive = [place for place in np.unique(tied) if loose[tied == place].max() >= BINDS]
        free = self.of_group @ (tied[:, None] == np.array(positive)[None, :])
        cross, target = self._reduced(free)
        exact = np.linalg.lstsq(cross, target, rcond=None)[0]
        relative = free @ exact + self.held
        fallback = self.of_group @ np.maximum(loose, 0) + self.held
        chosen = relative if np.abs(relative - fallback).max() < AGREES else fallback
        shrinkage = free.T @ (self.weight[:, None] * free)
        return Solution(chosen * self.unit, free, (cross - shrinkage) * self.years, shrinkage * self.years)

    def _reduced(self, of_group: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
        """P and q over unknowns, what is held moved to the right-hand side."""
        tie = of_group.astype(float)
        whole = self.cross + np.diag(self.weight)
        return tie.T @ whole @ tie, tie.T @ (self.target - whole @ self.held)

    def _order_rows(self, orders: tuple[Order, ...]) -> list[Numbers]:
        """One row an order between two groups: below − above ≤ 0."""
        found: dict[tuple[int, int], Numbers] = {}
        for above, below in orders:
            if self.of_group[above].any() and self.of_group[below].any():
                pair = int(self.of_group[above].argmax()), int(self.of_group[below].argmax())
                if pair[0] != pair[1]:
                    row = np.zeros(self.of_group.shape[1])
                    row[list(pair)] = -1, 1
                    found[pair] = row
        return list(found.values())


def _held_at(reason: str | None, published: float) -> float:
    return {HELD_AT_ZERO: 0.0, HELD_AT_PUBLISHED: published}.get(reason or "", np.nan)
