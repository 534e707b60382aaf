"""Records broken in every way: nothing stops the load, and every record is counted once, as loaded or as set aside."""

import random
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import functions as F

from lead_engine.sources.cclf import records
from lead_engine.sources.cclf.delivery import open_deliveries
from lead_engine.sources.records import BAD, GOOD
from lead_engine.sources.rif import records as rif
from tests.cclf_files import HEADER, LINE, PERSON, deliver, record
from tests.held import held
from tests.spark.test_rif import CARRIER
from tests.spark.test_rif import deliver as deliver_rif
from tests.spark.test_rif import lines as rif_lines

SECRET = "sesame"
SOME, MANY = 3_000, 100_000


def flipped(chance: random.Random, text: bytes) -> bytes:
    place = chance.randrange(len(text))
    return text[:place] + bytes([chance.choice([c for c in range(256) if c not in b"\r\n"])]) + text[place + 1 :]


def cut(chance: random.Random, text: bytes) -> bytes:
    return text[: chance.randrange(len(text))]


def lengthened(chance: random.Random, text: bytes) -> bytes:
    place = chance.randrange(len(text))
    return text[:place] + chance.choice([b" ", b"0", b"|", b"\xc3\xa9", b"\x00"]) + text[place:]


def swapped(chance: random.Random, text: bytes) -> bytes:
    one, other = sorted(chance.sample(range(len(text)), 2))
    width = min(8, other - one)
    return (
        text[:one]
        + text[other : other + width]
        + text[one + width : other]
        + text[one : one + width]
        + text[other + width :]
    )


def encoded(chance: random.Random, text: bytes) -> bytes:
    return (
        text.decode("latin-1")
        .encode(chance.choice(["utf-16-le", "utf-8", "cp037"]))
        .replace(b"\r", b"")
        .replace(b"\n", b"")
    )


def ended(chance: random.Random, text: bytes) -> bytes:
    return text + chance.choice([b"\r", b"\x1a", b"\x0c", b" "])


MUTATIONS = (flipped, cut, lengthened, swapped, encoded, ended)


def mutated(chance: random.Random, texts: list[str]) -> list[bytes]:
    return [chance.choice(MUTATIONS)(chance, text.encode("latin-1")) for text in texts]


def counted(frame) -> tuple[int, int]:
    row = frame.agg(F.count_if(F.expr(GOOD)).alias("good"), F.count_if(F.expr(BAD)).alias("bad")).first()
    return row["good"], row["bad"]


@pytest.mark.parametrize("size", [SOME, pytest.param(MANY, marks=pytest.mark.long)])
@pytest.mark.parametrize(("number", "values"), [("1", HEADER), ("5", LINE)], ids=["CCLF1", "CCLF5"])
def test_cclf(spark, tmp_path, number, values, size):
    chance = random.Random(size)
    good = record(number, values)
    folder = deliver(tmp_path, {number: [good], "8": [record("8", PERSON)]})
    deliveries = open_deliveries(str(folder), None)
    path = next(file.file.path for file in deliveries[0].files if file.number == number)
    Path(path).write_bytes(b"\n".join(mutated(chance, [good] * size)) + b"\n")
    delivered = spark.read.text(path).count()
    table = records.CLAIMS if number == "1" else records.LINES
    found = held(table.records(spark, deliveries, SECRET, spark.range(0)))
    well, ill = counted(found)
    assert well + ill == delivered >= size
    assert size / 10 < ill < size
    assert found.where(BAD).where("record_hash is null or size(problems) = 0").count() == 0


@pytest.mark.parametrize("size", [SOME, pytest.param(MANY, marks=pytest.mark.long)])
def test_rif(spark, tmp_path, size):
    chance = random.Random(size)
    deliveries = deliver_rif(tmp_path)
    header, text = rif_lines("carrier", CARRIER).splitlines()
    (tmp_path / "carrier.csv").write_bytes(b"\n".join([header.encode(), *mutated(chance, [text] * size)]) + b"\n")
    delivered = spark.read.text(str(tmp_path / "carrier.csv")).count() - 1
    well, ill = counted(rif.line_records(spark, deliveries, SECRET))
    assert well + ill == delivered >= size
    assert size / 10 < ill < size


def test_the_day_of_a_delivery_is_in_its_name(tmp_path):
    (found,) = open_deliveries(str(deliver(tmp_path, {"8": [record("8", PERSON)]}, date(2026, 1, 2))), None)
    assert (found.aco_id, found.received) == ("A9001", date(2026, 1, 2))
