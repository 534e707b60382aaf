"""Draws of the invented network: whole numbers only, seeded by place, so that every machine and partitioning draws the same.

Nothing here takes a logarithm or a root, whose last bit may differ from one machine to the next.
"""

import numpy as np
from numpy.typing import NDArray

MILLION = 1_000_000
Shape = int | tuple[int, ...]


class Chance:
    """Draws that belong to one place: a seed, a block of people, a subject."""

    def __init__(self, seed: int, *place: int) -> None:
        self._bits = np.random.Generator(np.random.PCG64([seed, *place]))

    def below(self, limit: NDArray[np.int64] | int, shape: Shape) -> NDArray[np.int64]:
        """Whole numbers from 0 to below the limit, each as likely."""
        return self._bits.integers(0, limit, shape)

    def happens(self, share_ppm: NDArray[np.int64] | int, shape: Shape) -> NDArray[np.bool_]:
        """What happens in so many of a million cases."""
        return self._bits.integers(0, MILLION, shape) < share_ppm

    def choice(self, weights: NDArray[np.int64], shape: Shape) -> NDArray[np.int64]:
        """Places in a list of weights."""
        ends = np.cumsum(weights)
        return np.searchsorted(ends, self._bits.integers(0, ends[-1], shape), side="right")
