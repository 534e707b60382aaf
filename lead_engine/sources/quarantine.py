"""Bad records: which file, which field, why, and which line of the file. Never what they say."""

from collections.abc import Iterable, Iterator
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.foundation.errors import InputRefusedError, Problem, raise_all
from lead_engine.foundation.identifiers import keyed_hash
from lead_engine.sources.cclf.delivery import CclfDelivery
from lead_engine.sources.records import BAD, RECORD, union
from lead_engine.sources.rif.delivery import RifDelivery
from lead_engine.sources.rules import DeliveryRules
from lead_engine.sources.tuva.delivery import TuvaDelivery

RECORD_KEY = ["source_file", "received_date", "record_hash"]


def quarantine(
    spark: SparkSession,
    rif_deliveries: tuple[RifDelivery, ...],
    cclf_deliveries: tuple[CclfDelivery, ...],
    tuva_deliveries: tuple[TuvaDelivery, ...],
    secret: str,
    *given: Any,
) -> DataFrame:
    """`ops__quarantine` from the stage tables, then the rules: one row for every file, bad record, field and reason.

    Raises InputRefusedError when too large a share of a file is bad, with the commonest reasons: such a file is not what
    its name says.
    """
    *stages, rules = given
    staged = [stage for stage in stages if stage is not None]
    raise_all(InputRefusedError, _mostly_bad(staged, rules))
    found = union(_bad(stage) for stage in staged).groupBy(*RECORD_KEY, "field", "reason")
    counted = found.agg(F.count(F.lit(1)).alias("records"))
    wanted = [tuple(row) for row in counted.select(*RECORD_KEY).distinct().collect()]
    numbers = _record_numbers([*rif_deliveries, *cclf_deliveries, *tuva_deliveries], secret, wanted)
    numbered = spark.createDataFrame(
        numbers, "source_file string, received_date date, record_hash bigint, record_number bigint"
    )
    return counted.join(numbered, RECORD_KEY, "left")


def _mostly_bad(stages: list[DataFrame], rules: DeliveryRules) -> Iterator[Problem]:
    """Files of which a larger share is bad than the parameter allows."""
    bad = F.count_if(F.expr(BAD)).alias("bad")
    first = F.get("problems", F.lit(0))
    reason = F.mode(F.when(F.expr(BAD), F.concat_ws(" ", first["field"], first["reason"])), True)
    counted = union(
        stage.groupBy("source_file", "received_date").agg(
            F.count(F.lit(1)).alias("records"), bad, reason.alias("reason")
        )
        for stage in stages
    )
    for row in counted.where("bad > 0").orderBy("source_file", "received_date").collect():
        if row["bad"] * rules.bad_share_to_stop.denominator > row["records"] * rules.bad_share_to_stop.numerator:
            said = f"{row['bad']:,} of {row['records']:,} records are bad, most of them: {row['reason']}"
            remedy = "ask for the file again; a larger share can be allowed by claims/bad_share_to_stop in a scenario"
            yield Problem(row["source_file"], said, "such a file is not what its name says", remedy)


def _bad(records: DataFrame) -> DataFrame:
    return records.where(BAD).select(*RECORD_KEY, F.inline("problems"))


def _record_numbers(
    deliveries: Iterable[RifDelivery | CclfDelivery | TuvaDelivery], secret: str, wanted: list[tuple]
) -> list[tuple]:
    """The first line of the file with each bad record: one pass over just the files that hold any, and have lines."""
    found = []
    for delivery in deliveries:
        for each in delivery.files:
            hashes = {key for name, received, key in wanted if name == each.file.name and received == delivery.received}
            for number, line in enumerate(each.file.lines(each.encoding) if hashes and each.encoding else (), 1):
                key = keyed_hash(secret, RECORD, line)
                if key in hashes:
                    hashes.discard(key)
                    found.append((each.file.name, delivery.received, key, number))
    return found
