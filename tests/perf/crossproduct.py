"""The cross-product of a calibration beside MLlib's normal equations on the same people: `python -m tests.perf.crossproduct`.

250 columns, about ten of them 1 for a person. Both read the same columns from Parquet files written before.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pyarrow as pa
from pyspark.ml.feature import CountVectorizerModel
from pyspark.ml.regression import LinearRegression
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.calibration.spread import crossproduct, packed
from lead_engine.lake.session import start

COLUMNS, ONES, BLOCKS, TIMES = 250, 10, 40, 3
BYTES = "block int, months int, cents bigint, columns binary"


def main() -> None:
    """Seconds of both, and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m tests.perf.crossproduct")
    parser.add_argument("people", nargs="?", type=int, default=1_000_000)
    told = parser.parse_args()
    spark = start("local")
    with tempfile.TemporaryDirectory() as folder:
        lists = drawn(spark, told.people)
        lists.mapInArrow(as_bytes, BYTES).write.parquet(f"{folder}/people")
        people = spark.read.parquet(f"{folder}/people")
        vectors(spark, lists).write.parquet(f"{folder}/vectors")
        rows = spark.read.parquet(f"{folder}/vectors")
        ours = timed(lambda: crossproduct(people, COLUMNS, BLOCKS))
        theirs = timed(lambda: regression(rows))
    found = {"people": told.people, "seconds": ours, "mllib_seconds": theirs, "ratio": ours / theirs}
    sys.stdout.write(json.dumps(found) + "\n")


def drawn(spark: SparkSession, people: int) -> DataFrame:
    """People with columns drawn by a hash; low numbers are common and high ones rare."""
    picks = [
        F.floor(F.pow(F.pmod(F.xxhash64("id", F.lit(n)), F.lit(10_000)) / 10_000, F.lit(2)) * COLUMNS)
        for n in range(ONES)
    ]
    return spark.range(people).select(
        F.pmod(F.xxhash64("id"), F.lit(BLOCKS)).cast("int").alias("block"),
        F.when(F.pmod("id", F.lit(10)) == 0, 6).otherwise(12).alias("months"),
        F.pmod(F.xxhash64("id", F.lit("cost")), F.lit(2_000_000)).alias("cents"),
        F.array_sort(F.array_distinct(F.array(*[pick.cast("int") for pick in picks]))).alias("columns"),
    )


def as_bytes(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same as a calibration holds them."""
    for batch in batches:
        lists = batch.column("columns")
        starts = np.concatenate([[0], np.cumsum(np.asarray(lists.value_lengths(), dtype=np.int64))])
        columns = packed(starts, np.asarray(lists.flatten(), dtype=np.int64))
        kept = [batch.column(name) for name in ("block", "months", "cents")]
        yield pa.RecordBatch.from_arrays([*kept, columns], names=["block", "months", "cents", "columns"])


def vectors(spark: SparkSession, people: DataFrame) -> DataFrame:
    """The same as MLlib reads them: sparse vectors, label, weight."""
    vocabulary = [str(column) for column in range(COLUMNS)]
    model = CountVectorizerModel.from_vocabulary(vocabulary, inputCol="terms", outputCol="features")
    named = people.select(
        F.transform("columns", lambda column: column.cast("string")).alias("terms"),
        (F.col("cents") * 12 / F.col("months")).alias("label"),
        (F.col("months") / 12).alias("weight"),
    )
    return model.transform(named).drop("terms")


def regression(rows: DataFrame) -> None:
    """Weighted least squares by normal equations."""
    LinearRegression(solver="normal", weightCol="weight", fitIntercept=False, standardization=False).fit(rows)


def timed(work: Callable[[], object]) -> float:
    """Median seconds, after one time that does not count."""
    work()
    seconds = []
    for _ in range(TIMES):
        began = time.monotonic()
        work()
        seconds.append(time.monotonic() - began)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
