"""People with planted costs, drawn with NumPy: what a calibration should find is known, and its noise too."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from lead_engine.calibration.design import Design, design
from lead_engine.calibration.rules import CalibrationRules
from lead_engine.calibration.sums import Sums
from lead_engine.risk.vectors import People
from tests.rules import resolved

CENTS = 1_000_000  # a year that a factor of 1 costs
NOISE = 900_000  # standard deviation of a year's cost, cents
SEGMENTS = {"SEGMENT_CFA": 0.21, "SEGMENT_CFD": 0.33, "SEGMENT_CPA": 0.07, "SEGMENT_CPD": 0.12, "SEGMENT_INS": 0.45}


def rules(**changes) -> CalibrationRules:
    return replace(CalibrationRules.from_methodology(resolved()), **changes)


@dataclass(frozen=True)
class Planted:
    """Drawn people, and the cost each column adds to a year."""

    design: Design
    people: People
    person: np.ndarray
    column: np.ndarray
    months: np.ndarray
    cents: np.ndarray
    truth: np.ndarray  # cents a year

    @property
    def starts(self) -> np.ndarray:
        return np.searchsorted(self.person, np.arange(len(self.months) + 1))

    def blocks(self, number: int) -> list[Sums]:
        """Every `number`-th person is in the same block."""
        return [self._block(np.arange(block, len(self.months), number)) for block in range(number)]

    def _block(self, who: np.ndarray) -> Sums:
        starts = self.starts
        lengths = starts[who + 1] - starts[who]
        columns = np.concatenate([self.column[starts[each] : starts[each + 1]] for each in who])
        firsts = np.concatenate([[0], np.cumsum(lengths)])
        return Sums.of(firsts, columns, self.months[who], self.cents[who], len(self.design.names))


@cache
def planted(count: int, seed: int = 5, variant: str = "prospective", rare: int = 0) -> Planted:
    """People whose HCCs each 1 to 6 % have; `rare` leaves all but so many HCCs out."""
    drawn = np.random.Generator(np.random.PCG64(seed))
    built = design(rules(), variant)
    hccs = np.array(sorted(built.hccs))
    shares = drawn.uniform(0.01, 0.06, len(hccs))
    if rare:
        shares[drawn.permutation(len(hccs))[rare:]] = 0
    present = drawn.random((count, len(hccs))) < shares
    people = drawn_people(drawn, count, present)
    person, column = built.columns(people)
    truth = _truth(built)
    months = np.where(drawn.random(count) < 0.9, 12, drawn.integers(1, 12, count)).astype(np.int64)
    yearly = np.bincount(person, weights=truth[column], minlength=count)
    noise = drawn.normal(0, NOISE, count) * np.sqrt(12 / months)
    cents = np.rint((yearly + noise) * months / 12).astype(np.int64)
    return Planted(built, people, person, column, months, cents, truth)


def drawn_people(drawn: np.random.Generator, count: int, present: np.ndarray) -> People:
    """Profiles of continuing enrollees with these HCCs."""
    age = np.where(drawn.random(count) < 0.3, drawn.integers(25, 65, count), drawn.integers(65, 100, count))
    return People(
        age=age.astype(np.int64),
        sex_code=drawn.choice(np.array(["1", "2"], dtype=object), count),
        dual_class=drawn.choice(np.array(["NONE", "FULL", "PARTIAL"], dtype=object), count, p=[0.6, 0.25, 0.15]),
        entitlement=np.where(age < 65, "1", drawn.choice(np.array(["0", "1"]), count, p=[0.85, 0.15])).astype(object),
        is_new_enrollee=np.zeros(count, dtype=bool),
        is_long_term_institutional=drawn.random(count) < 0.05,
        hccs=present,
    )


def _truth(built: Design) -> np.ndarray:
    """Published factors bent by a power, which keeps which of them are equal, and raised where a hierarchy wants it.

    V28 itself has dominant HCCs worth less than one they drop: 221 below 222, 192 below 180, 63 below 62 and others.
    """
    factors = np.array([0.3 if factor is None else max(factor, 0) ** 0.8 for factor in built.published])
    for column, name in enumerate(built.names):
        factors[column] = SEGMENTS.get(name, factors[column])
    place = built.hccs
    for dominant, below in sorted(built.model.hierarchies.items(), reverse=True):
        factors[place[dominant]] = max(factors[[place[dominant], *(place[hcc] for hcc in below)]])
    for equal in rules().equal_groups:
        columns = [place[hcc] for hcc in equal]
        factors[columns] = factors[columns].max()
    return np.rint(factors * CENTS)
