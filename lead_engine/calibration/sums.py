"""What a fit needs to know of many people: X'WX, X'Wy and the squares of cost, as exact whole numbers, block by block.

People are put into blocks by a hash of their key. Sums of blocks are sums of people, so folds, hold-out and bootstrap
need no second look at anybody. Whole numbers add up to the same bits in any order and on any partitioning.
"""

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from lead_engine.foundation.months import MONTHS_OF_A_YEAR

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Sums:
    """Over some people: indicators × months, indicators × cents, and cents² by the number of eligible months.

    With annualised cost = cents / (months / 12) and weight = months / 12 (RM 8.2), X'WX is `months` / 12, X'Wy is `cents`.
    """

    people: int
    months: Whole  # columns × columns: months of the people who have both
    cents: Whole  # columns: cents of the people who have it
    holders: Whole  # columns: people who have it
    total_months: int
    total_cents: int
    squares: tuple[int, ...]  # cents² of people with 1 to 12 months; beyond 64 bits, so Python's own numbers

    @classmethod
    def none(cls, columns: int) -> Self:
        """Of nobody."""
        square = np.zeros((columns, columns), np.int64)
        return cls(0, square, square[0].copy(), square[0].copy(), 0, 0, (0,) * MONTHS_OF_A_YEAR)

    @classmethod
    def of(cls, starts: Whole, columns: Whole, months: Whole, cents: Whole, width: int) -> Self:
        """Of people who stand one after another: person i has `columns[starts[i]:starts[i + 1]]`, each once."""
        ones = csr_matrix((np.ones(len(columns), np.int64), columns, starts), shape=(len(months), width))
        weighted = csr_matrix((np.repeat(months, np.diff(starts)), columns, starts), shape=ones.shape)
        squares = tuple(_square_sum(cents[months == length]) for length in range(1, MONTHS_OF_A_YEAR + 1))
        return cls(
            people=len(months),
            months=(ones.T @ weighted).toarray(),
            cents=ones.T @ cents,
            holders=np.bincount(columns, minlength=width).astype(np.int64),
            total_months=int(months.sum()),
            total_cents=int(cents.sum()),
            squares=squares,
        )

    def __add__(self, other: "Sums") -> "Sums":
        return combined([self, other], [1, 1])

    @property
    def years(self) -> float:
        """Person-years."""
        return self.total_months / MONTHS_OF_A_YEAR

    @property
    def column_years(self) -> NDArray[np.float64]:
        """Person-years of each column."""
        return np.diag(self.months) / MONTHS_OF_A_YEAR

    @property
    def mean_cost(self) -> float:
        """Cents a person-year."""
        return self.total_cents / self.years

    @property
    def square_cost(self) -> float:
        """y'Wy: annualised cost squared, weighted by years."""
        return float(sum(Fraction(square * MONTHS_OF_A_YEAR, months) for months, square in enumerate(self.squares, 1)))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over every number."""
        digest = hashlib.sha256(repr((self.people, self.total_months, self.total_cents, self.squares)).encode())
        for numbers in (self.months, self.cents, self.holders):
            digest.update(np.ascontiguousarray(numbers, dtype="<i8").tobytes())
        return digest.hexdigest()


def combined(blocks: list[Sums], times: list[int]) -> Sums:
    """Blocks added up, each counted so many times."""
    chosen = [(block, count) for block, count in zip(blocks, times, strict=True) if count]
    total = Sums.none(len(blocks[0].cents))
    months, cents, holders = total.months, total.cents, total.holders
    for block, count in chosen:
        months, cents, holders = (
            months + count * block.months,
            cents + count * block.cents,
            holders + count * block.holders,
        )
    return Sums(
        people=sum(count * block.people for block, count in chosen),
        months=months,
        cents=cents,
        holders=holders,
        total_months=sum(count * block.total_months for block, count in chosen),
        total_cents=sum(count * block.total_cents for block, count in chosen),
        squares=tuple(
            sum(count * block.squares[place] for block, count in chosen) for place in range(MONTHS_OF_A_YEAR)
        ),
    )


def total(blocks: list[Sums]) -> Sums:
    """All blocks."""
    return combined(blocks, [1] * len(blocks))


def squared_error(sums: Sums, coefficients: NDArray[np.float64]) -> float:
    """Weighted sum of squared errors of annualised cost, cents², for coefficients in cents a year."""
    years = sums.months / MONTHS_OF_A_YEAR
    return float(sums.square_cost - 2 * coefficients @ sums.cents.astype(float) + coefficients @ years @ coefficients)


def total_error(sums: Sums) -> float:
    """The same for everybody's mean cost."""
    return sums.square_cost - float(sums.total_cents) ** 2 / sums.years


def by_person(person: Whole, values: Whole, people: int) -> Whole:
    """The sum of the values of each person."""
    found = np.zeros(people, np.int64)
    np.add.at(found, person, values)
    return found


def _square_sum(cents: Whole) -> int:
    """Exact for cents below 2^48: products of halves of 24 bits stay below 63 bits for 2^15 people added together."""
    found = 0
    for start in range(0, len(cents), 1 << 15):
        part = np.abs(cents[start : start + (1 << 15)])
        high, low = part >> 24, part & ((1 << 24) - 1)
        found += (int(high @ high) << 48) + (int(high @ low) << 25) + int(low @ low)
    return found
