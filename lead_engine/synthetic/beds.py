"""Who lies in a hospital when, by the bills of stays: what begins a stay, and what cannot happen during one."""

import numpy as np

from .claims import Claims
from .plan import FIRST_DAY, Days, Flags, Whole

DAYS_OF_A_LIFE = 1_000_000  # more than there are


def of_person(person: Whole, days: Days) -> Whole:
    """Days as numbers, those of each person behind those of all people before."""
    return person * DAYS_OF_A_LIFE + (days - FIRST_DAY[0]).astype(np.int64)


def begins(claims: Claims) -> Flags:
    """Bills with which somebody comes to a hospital: not the second of a stay, nor that of the hospital moved to."""
    stays = claims.is_of("inpatient")
    ends = of_person(claims.person, claims.last)[stays & (claims.last > claims.first)]
    follows = np.isin(of_person(claims.person, claims.first), ends) & (claims.last > claims.first)
    return stays & (claims.first == claims.admitted) & ~follows


def in_bed(claims: Claims) -> Flags:
    """Claims of other care on a day on which the person lies in a hospital all day."""
    stays = claims.take(claims.is_of("inpatient"))
    order = np.argsort(of_person(stays.person, stays.first), kind="stable")
    first, last = (np.append(of_person(stays.person, days)[order], 0) for days in (stays.first, stays.last))
    day = of_person(claims.person, claims.first)
    at = np.searchsorted(first[:-1], day) - 1
    return claims.is_of("carrier", "outpatient", "dme") & (at >= 0) & (last[at] > day)
