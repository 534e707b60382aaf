"""Packed identifiers come back as they were, sort as their text does, and are the same on Spark."""

import random

from hypothesis import given
from hypothesis import strategies as st

from lead_engine.foundation.identifiers import SYMBOLS, keyed_hash, pack_unit, unpack_unit
from lead_engine.lake import keys

ACOS = st.text(SYMBOLS, min_size=1, max_size=10)
UNITS = st.one_of(
    ACOS,
    st.from_regex(r"TIN:[0-9]{9}", fullmatch=True),
    st.from_regex(r"NPI:[0-9]{10}", fullmatch=True),
    st.text(SYMBOLS, min_size=6, max_size=10).map(lambda text: f"CCN:{text}"),
)


@given(UNITS, UNITS)
def test_pack(one, other):
    assert unpack_unit(pack_unit(one)) == one
    assert (pack_unit(one) < pack_unit(other)) == (one < other)
    assert 0 <= pack_unit(one) < 1 << 63


def test_spark_twins(spark):
    chance = random.Random(5)
    tins = [f"{chance.randrange(10**9):09d}" for _ in range(500)]
    npis = [f"{chance.randrange(10**10):010d}" for _ in range(500)]
    ccns = ["".join(chance.choices(SYMBOLS, k=chance.randint(6, 10))) for _ in range(500)]
    frame = keys.with_secret(
        spark.createDataFrame(list(zip(tins, npis, ccns, strict=True)), "tin string, npi string, ccn string"), "sesame"
    )
    packed = frame.selectExpr(
        "*",
        f"{keys.packed_tin('tin')} AS t",
        f"{keys.packed_npi('npi')} AS n",
        f"{keys.packed_ccn('ccn')} AS c",
        f"{keys.keyed_hash('mbi', 'tin')} AS h",
    )
    rows = packed.selectExpr("*", *[f"{keys.unit_text(name)} AS {name}_text" for name in "tnc"]).collect()
    for row in rows:
        for kind, text, key in (("TIN", row["tin"], "t"), ("NPI", row["npi"], "n"), ("CCN", row["ccn"], "c")):
            assert row[key] == pack_unit(f"{kind}:{text}")
            assert row[f"{key}_text"] == f"{kind}:{text}"
        assert row["h"] == keyed_hash("sesame", "mbi", row["tin"])


def test_aco_units_on_spark(spark):
    acos = ["A1", "D0123", "Z", "CCN", "CCNX", "TIN9", "ZZZZZZZZZZ", "0"]
    frame = spark.createDataFrame([(aco, pack_unit(aco)) for aco in acos], "aco string, unit bigint")
    assert all(
        row["aco"] == row["text"] for row in frame.selectExpr("aco", f"{keys.unit_text('unit')} AS text").collect()
    )
