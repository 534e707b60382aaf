"""Bad records: which file, which field, why, and which line of the file. Never what they say."""

from collections.abc import Iterable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import keyed_hash
from lead_engine.sources.rif.delivery import RifDelivery
from lead_engine.sources.rif.records import BAD, RECORD

RECORD_KEY = ["source_file", "received_date", "record_hash"]


def quarantine(deliveries: tuple[RifDelivery, ...], secret: str, people: DataFrame, lines: DataFrame) -> DataFrame:
    """`ops__quarantine` from the stage tables: one row for every file, bad record, field and reason."""
    bad = _bad(people).unionByName(_bad(lines))
    found = bad.groupBy(*RECORD_KEY, "field", "reason").agg(F.count(F.lit(1)).alias("records"))
    wanted = [tuple(row) for row in found.select(*RECORD_KEY).distinct().collect()]
    numbers = _record_numbers(deliveries, secret, wanted)
    numbered = people.sparkSession.createDataFrame(
        numbers, "source_file string, received_date date, record_hash bigint, record_number bigint"
    )
    return found.join(numbered, RECORD_KEY, "left")


def _bad(records: DataFrame) -> DataFrame:
    return records.where(BAD).select(*RECORD_KEY, F.inline("problems"))


def _record_numbers(deliveries: Iterable[RifDelivery], secret: str, wanted: list[tuple]) -> list[tuple]:
    """The first line of the file with each bad record: one pass over just the files that hold any."""
    found = []
    for delivery in deliveries:
        for rif in delivery.files:
            hashes = {key for name, received, key in wanted if name == rif.file.name and received == delivery.received}
            for number, line in enumerate(rif.file.lines() if hashes else (), 1):
                key = keyed_hash(secret, RECORD, line)
                if key in hashes:
                    hashes.discard(key)
                    found.append((rif.file.name, delivery.received, key, number))
    return found
