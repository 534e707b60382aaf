"""Identifiers that can never be real: each breaks the rule of its kind (SECURITY.md). One by one, and for whole columns."""

from string import ascii_uppercase
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

# An MBI has no S; a TIN never begins with 00; an NPI begins with 1 or 2; a CCN has no state 00; CMS claims are positive.
MBI_DIGITS, TIN_DIGITS, NPI_DIGITS, CCN_DIGITS = 9, 7, 9, 4  # behind what makes each impossible
DIGITS_END = 10**CCN_DIGITS
CLAIMS_OF_A_PERSON, CLINICIANS_OF_A_PRACTICE = 10_000, 100
Whole = TypeVar("Whole", int, NDArray[np.int64])


def bene_number(person: Whole) -> Whole:
    """A negative beneficiary identifier, as CMS gives its synthetic people."""
    return -person - 1


def claim_id(person: Whole, number: Whole) -> Whole:
    """A negative claim identifier, the person's own."""
    return -(person * CLAIMS_OF_A_PERSON + number + 1)


def clinician_number(practice: Whole, clinician: Whole) -> Whole:
    """What tells clinicians apart in an NPI."""
    return practice * CLINICIANS_OF_A_PRACTICE + clinician


def bene_id(person: int) -> str:
    """`bene_number` as text."""
    return str(bene_number(person))


def mbi(person: int, generation: int = 1) -> str:
    """Eleven characters with an S where the format has a letter that S is not; the first says how many there were."""
    return f"{generation}S{person:0{MBI_DIGITS}d}"


def tin(practice: int) -> str:
    """Nine digits no tax office gives out."""
    return f"00{practice:0{TIN_DIGITS}d}"


def npi(practice: int, clinician: int) -> str:
    """Ten digits that begin with 9."""
    return f"9{clinician_number(practice, clinician):0{NPI_DIGITS}d}"


def ccn(practice: int) -> str:
    """Six characters of no state: digits, and from 10,000 practices on a letter and three digits."""
    letter, digits = divmod(practice - DIGITS_END, 1_000)
    return f"00{practice:0{CCN_DIGITS}d}" if letter < 0 else f"00{ascii_uppercase[letter]}{digits:03d}"


def mbis(people: NDArray[np.int64], generation: int) -> pa.Array:
    """`mbi` of each."""
    return _texts(f"{generation}S", people, MBI_DIGITS)


def tins(practices: NDArray[np.int64]) -> pa.Array:
    """`tin` of each."""
    return _texts("00", practices, TIN_DIGITS)


def npis(practices: NDArray[np.int64], clinicians: NDArray[np.int64]) -> pa.Array:
    """`npi` of each."""
    return _texts("9", clinician_number(practices, clinicians), NPI_DIGITS)


def ccns(practices: NDArray[np.int64]) -> pa.Array:
    """`ccn` of each."""
    different, place = np.unique(practices, return_inverse=True)
    return pa.array([ccn(each) for each in different.tolist()], pa.string()).take(pa.array(place))


def _texts(lead: str, numbers: NDArray[np.int64], width: int) -> pa.Array:
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(lead, digits, "")
