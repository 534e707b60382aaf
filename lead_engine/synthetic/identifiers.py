"""Identifiers that can never be real: each breaks the rule of its kind (SECURITY.md)."""


# An MBI has no S; a TIN never begins with 00; an NPI begins with 1 or 2; a CCN has no state 00; CMS claims are positive.


def bene_id(number: int) -> str:
    """A negative beneficiary identifier, as CMS gives its synthetic people."""
    return str(-number - 1)


def mbi(number: int) -> str:
    """Eleven characters with an S where the format has a letter that S is not."""
    return f"1S{number:09d}"


def tin(number: int) -> str:
    """Nine digits no tax office gives out."""
    return f"00{number:07d}"


def npi(number: int) -> str:
    """Ten digits that begin with 9."""
    return f"9{number:09d}"


def ccn(number: int) -> str:
    """Six digits of no state."""
    return f"00{number:04d}"
