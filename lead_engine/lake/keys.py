"""Identifiers as Spark SQL text: the twins of `foundation/identifiers.py`, for `F.expr` and `selectExpr`.

SQL text, because a packed CCN is a hundred small expressions: as one text it is one call to Spark.
"""

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import (
    BASE,
    CCN,
    DIGITS,
    KEY_HEX_DIGITS,
    NPI,
    PAYLOAD_BITS,
    PREFIX,
    SYMBOLS,
    TEXT_LENGTH,
    TIN,
)

SECRET = "id_secret"  # noqa: S105  the column that carries it, not the secret


def with_secret(frame: DataFrame, secret: str) -> DataFrame:
    """The frame with the secret as a column of a broadcast one-row frame, so that no plan shows its value."""
    one_row = frame.sparkSession.createDataFrame([(secret,)], f"{SECRET} string")
    return frame.crossJoin(F.broadcast(one_row))


def keyed_hash(kind: str, value: str) -> str:
    """60 bits of SHA-256 over secret, kind and value, on a frame of `with_secret`."""
    return f"CAST(conv(substring(sha2(concat({SECRET}, '|{kind}:', {value}), 256), 1, {KEY_HEX_DIGITS}), 16, 10) AS BIGINT)"


def packed_tin(text: str) -> str:
    """A nine-digit TIN as a long."""
    return _with_kind(TIN, f"CAST({text} AS BIGINT)")


def packed_npi(text: str) -> str:
    """A ten-digit NPI as a long."""
    return _with_kind(NPI, f"CAST({text} AS BIGINT)")


def packed_ccn(text: str) -> str:
    """A CCN as a long."""

    def symbol(place: int) -> str:
        return f"IF(length({text}) >= {place}, position(substring({text}, {place}, 1) IN '{SYMBOLS}'), 0)"

    number = reduce(
        lambda total, place: f"({total} * {BASE} + {symbol(place)})", range(1, TEXT_LENGTH + 1), "CAST(0 AS BIGINT)"
    )
    return _with_kind(CCN, number)


def unit_text(key: str) -> str:
    """The text of a packed provider or ACO."""
    kind, payload = f"shiftright({key}, {PAYLOAD_BITS})", f"({key} & {(1 << PAYLOAD_BITS) - 1})"
    cases = []
    for packed, prefix in PREFIX.items():
        body = (
            f"lpad(CAST({payload} AS STRING), {DIGITS[packed]}, '0')" if packed in DIGITS else _unpacked_text(payload)
        )
        cases.append(f"WHEN {packed} THEN concat('{prefix}', {body})")
    return f"CASE {kind} {' '.join(cases)} ELSE {_unpacked_text(payload)} END"


def _with_kind(kind: int, payload: str) -> str:
    return f"({payload} + {kind << PAYLOAD_BITS})"


def _unpacked_text(payload: str) -> str:
    """Base-37 digits back to letters; integer division, since a double would lose the last ones."""
    digits = [f"CAST(({payload} div {BASE**place}) % {BASE} AS INT)" for place in reversed(range(TEXT_LENGTH))]
    letters = [f"IF({digit} = 0, '', substring('{SYMBOLS}', {digit}, 1))" for digit in digits]
    return f"concat({', '.join(letters)})"
