"""Exact figures as marts write them: decimal dollars, and rates of four places."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

PLACES = Decimal("0.0001")
TOO_LARGE = 10**8  # for a rate column


def usd(cents: int | None) -> Decimal | None:
    """Cents as dollars."""
    return None if cents is None else Decimal(cents).scaleb(-2)


def rate(part: int | None, whole: int) -> Decimal | None:
    """A share; None without a whole."""
    return None if part is None or not whole else rounded(Fraction(part, whole))


def rounded(ratio: Fraction | None) -> Decimal | None:
    """A ratio to four places, halves away from zero; None when it is too large to mean anything."""
    if ratio is None or abs(ratio) >= TOO_LARGE:
        return None
    return (Decimal(ratio.numerator) / Decimal(ratio.denominator)).quantize(PLACES, ROUND_HALF_UP)
