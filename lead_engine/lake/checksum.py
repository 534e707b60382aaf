"""What "the same table" means: equal row count, and equal sum of a 64-bit hash over every row as JSON."""

from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


@dataclass(frozen=True)
class Checksum:
    """Independent of partitioning, order and engine size."""

    rows: int
    total: int

    def __str__(self) -> str:
        return f"{self.rows}:{self.total}"


def checksum(frame: DataFrame, columns: list[str]) -> Checksum:
    """The checksum of a frame over the named columns, in that order."""
    as_json = F.to_json(F.struct(*columns), {"ignoreNullFields": "false"})
    total = F.coalesce(F.sum(F.xxhash64(as_json).cast("decimal(38,0)")), F.lit(0).cast("decimal(38,0)"))
    row = frame.agg(F.count(F.lit(1)).alias("rows"), total.alias("total")).collect()[0]
    return Checksum(int(row["rows"]), int(row["total"]))
