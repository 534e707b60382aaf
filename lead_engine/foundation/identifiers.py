"""Provider and person identifiers as 64-bit keys.

TIN, CCN, NPI and ACO ids are packed reversibly, so that hot tables hold one long instead of a text, and in byte order
of the unit's text (`A9001`, `CCN:361844`, `TIN:998637004`), so that the last tie-break of ALN-33 is a plain comparison.
A person's key is 60 bits of a keyed hash: it cannot be turned back without the secret.

Spark twins of these functions stand in `lake/keys.py`.
"""

import hashlib
import re

SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # in byte order; 0 is kept for "the text has ended"
BASE = len(SYMBOLS) + 1
TEXT_LENGTH = 10  # longest CCN or ACO id that packs
PAYLOAD_BITS = 53  # 37 ** 10 < 2 ** 53

# The place of each kind in byte order. ACO ids are plain text and may sort before, between or after the prefixes.
ACO_FIRST, CCN, ACO_MIDDLE, NPI, ACO_LATE, TIN, ACO_LAST = range(7)
PREFIX = {CCN: "CCN:", NPI: "NPI:", TIN: "TIN:"}
DIGITS = {NPI: 10, TIN: 9}

TIN_PATTERN = r"[0-9]{9}"
NPI_PATTERN = r"[0-9]{10}"
CCN_PATTERN = r"[0-9A-Z]{6,10}"
ACO_PATTERN = r"[0-9A-Z]{1,10}"

_A, _N, _AN = "[AC-HJKMNP-RT-Y]", "[0-9]", "[0-9AC-HJKMNP-RT-Y]"
MBI_PATTERN = f"[1-9]{_A}{_AN}{_N}{_A}{_AN}{_N}{_A}{_A}{_N}{_N}"  # CMS format: never S, L, O, I, B or Z

KEY_HEX_DIGITS = 15  # 60 bits


def pack_text(text: str) -> int:
    """Base-37 number of up to ten characters, in byte order of the text."""
    number = 0
    for place in range(TEXT_LENGTH):
        number = number * BASE + (SYMBOLS.index(text[place]) + 1 if place < len(text) else 0)
    return number


def unpack_text(number: int) -> str:
    """The text `pack_text` was given."""
    letters = []
    for _ in range(TEXT_LENGTH):
        number, symbol = divmod(number, BASE)
        letters.append(SYMBOLS[symbol - 1] if symbol else "")
    return "".join(reversed(letters))


def aco_place(aco_id: str) -> int:
    """Where a plain ACO id stands among the prefixed kinds in byte order."""
    return sum(2 for prefix in PREFIX.values() if aco_id > prefix)


def pack_unit(unit: str) -> int:
    """One long for `TIN:…`, `CCN:…`, `NPI:…` or a plain ACO id; a smaller long means a smaller text.

    Raises ValueError for text that is none of them.
    """
    for kind, prefix in PREFIX.items():
        if unit.startswith(prefix):
            return kind << PAYLOAD_BITS | _payload(kind, unit.removeprefix(prefix))
    if not re.fullmatch(ACO_PATTERN, unit):
        raise ValueError("an ACO id is 1 to 10 capital letters and digits")
    return aco_place(unit) << PAYLOAD_BITS | pack_text(unit)


def _payload(kind: int, text: str) -> int:
    pattern = {CCN: CCN_PATTERN, NPI: NPI_PATTERN, TIN: TIN_PATTERN}[kind]
    if not re.fullmatch(pattern, text):
        raise ValueError(f"not a {PREFIX[kind][:-1]}")
    return int(text) if kind in DIGITS else pack_text(text)


def unpack_unit(key: int) -> str:
    """The text `pack_unit` was given."""
    kind, payload = key >> PAYLOAD_BITS, key & ((1 << PAYLOAD_BITS) - 1)
    if kind in DIGITS:
        return f"{PREFIX[kind]}{payload:0{DIGITS[kind]}d}"
    return PREFIX.get(kind, "") + unpack_text(payload)


def is_aco_unit(key: int) -> bool:
    """Whether a packed unit is an ACO, and no TIN, CCN or NPI."""
    return key >> PAYLOAD_BITS not in PREFIX


def keyed_hash(secret: str, kind: str, value: str) -> int:
    """60 bits of SHA-256 over secret, kind of identifier and value: the key by which a person is known everywhere."""
    digest = hashlib.sha256(f"{secret}|{kind}:{value}".encode()).hexdigest()
    return int(digest[:KEY_HEX_DIGITS], 16)
