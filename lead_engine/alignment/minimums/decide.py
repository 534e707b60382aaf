"""Whether one ACO has as many people as its row of minimums asks for (ALN-13 to ALN-17).

Plain Python on plain values; the reviewer's page. The people are counted in `tested.py`.
"""

from enum import StrEnum
from typing import NamedTuple

from .rules import Class, Minimum, MinimumRules


class Reason(StrEnum):
    """What is lacking, or why nothing can be told."""

    ENOUGH = "ENOUGH"
    TOO_FEW_ALIGNED = "TOO_FEW_ALIGNED"
    TOO_FEW_IN_BASE_YEARS = "TOO_FEW_IN_BASE_YEARS"
    TOO_FEW_IN_BOTH = "TOO_FEW_IN_BOTH"
    HIGH_NEEDS_NOT_EVALUATED = "HIGH_NEEDS_NOT_EVALUATED"  # only the reduced minimums could be reached
    YEAR_NOT_EVALUATED = "YEAR_NOT_EVALUATED"  # no enrolment data of the performance year


class People(NamedTuple):
    """The people of an ACO. None: nobody evaluated it, which is not zero."""

    aligned: int | None  # in January of the performance year
    base_year: int  # by claims, in the best base year
    high_needs: int | None  # of the aligned
    high_needs_or_esrd: int | None


class Verdict(NamedTuple):
    """What the ACO was held against, and the outcome. None: it cannot be told."""

    minimum: Minimum
    is_high_needs_share: bool | None
    below_minimum: bool | None
    reason: Reason


def verdict(people: People, is_newly_entering: bool, attests_high_needs_care: bool, rules: MinimumRules) -> Verdict:
    """The lowest row that may be used and is reached, else the lowest that may be used (ALN-14, ALN-16).

    The High Needs row may be used with the share and with attested capabilities. Where High Needs is not evaluated and
    only that row could be reached, nothing is told.
    """
    own = rules.newly_entering if is_newly_entering else rules.standard
    has_share = is_high_needs_share(people, rules)
    rows = sorted([own, rules.high_needs] if attests_high_needs_care and has_share else [own], key=_size)
    row = next((each for each in rows if _lacks(people, each, rules) is Reason.ENOUGH), rows[0])
    reason = _lacks(people, row, rules)
    may_be_high_needs = attests_high_needs_care and has_share is None
    if reason is not Reason.ENOUGH and may_be_high_needs and _lacks(people, rules.high_needs, rules) is Reason.ENOUGH:
        reason = Reason.HIGH_NEEDS_NOT_EVALUATED
    is_told = reason not in (Reason.HIGH_NEEDS_NOT_EVALUATED, Reason.YEAR_NOT_EVALUATED)
    return Verdict(row, has_share, reason is not Reason.ENOUGH if is_told else None, reason)


def is_high_needs_share(people: People, rules: MinimumRules) -> bool | None:
    """Whether the share of aligned people with High Needs passes its threshold (ALN-16); None where not evaluated."""
    with_needs = people.high_needs_or_esrd if rules.share_includes_esrd else people.high_needs
    if people.aligned is None or with_needs is None:
        return None
    found, needed = with_needs * rules.share.denominator, people.aligned * rules.share.numerator
    return people.aligned > 0 and (found >= needed if rules.share_may_equal else found > needed)


def _lacks(people: People, row: Minimum, rules: MinimumRules) -> Reason:
    """What a row of minimums finds lacking, its buffer taken off (ALN-15)."""
    if people.aligned is None:
        return Reason.YEAR_NOT_EVALUATED
    too_few = people.aligned < row.aligned * (1 - rules.buffer), people.base_year < row.base_year * (1 - rules.buffer)
    return {
        (False, False): Reason.ENOUGH,
        (True, False): Reason.TOO_FEW_ALIGNED,
        (False, True): Reason.TOO_FEW_IN_BASE_YEARS,
        (True, True): Reason.TOO_FEW_IN_BOTH,
    }[too_few]


def _size(row: Minimum) -> tuple[int, int, Class]:
    return row.aligned, row.base_year, row.row
