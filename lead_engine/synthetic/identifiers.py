"""Identifiers that can never be real: each breaks the rule of its kind (SECURITY.md)."""

import pyarrow as pa
import pyarrow.compute as pc

# An MBI has no S; a TIN never begins with 00; an NPI begins with 1 or 2; a CCN has no state 00; CMS claims are positive.
CLAIMS_OF_A_PERSON = 10_000


def bene_id(number: int) -> str:
    """A negative beneficiary identifier, as CMS gives its synthetic people."""
    return str(-number - 1)


def claim_id(person: int, number: int) -> int:
    """A negative claim identifier, the person's own."""
    return -(person * CLAIMS_OF_A_PERSON + number + 1)


def mbi(number: int, generation: int = 1) -> str:
    """Eleven characters with an S where the format has a letter that S is not; the first says how many there were."""
    return f"{generation}S{number:09d}"


def tin(number: int) -> str:
    """Nine digits no tax office gives out."""
    return f"00{number:07d}"


def npi(practice: int, clinician: int) -> str:
    """Ten digits that begin with 9."""
    return f"9{practice * 100 + clinician:09d}"


def ccn(number: int) -> str:
    """Six digits of no state."""
    return f"00{number:04d}"


def texts(lead: str, numbers: pa.Array, width: int) -> pa.Array:
    """Numbers as texts of one width behind a lead: `mbi`, `tin`, `npi` and `ccn` of whole columns."""
    return pc.binary_join_element_wise(lead, pc.utf8_lpad(pc.cast(numbers, pa.string()), width, "0"), "")
