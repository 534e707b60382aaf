"""A session as another place would have it."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession


@contextmanager
def settings(spark: SparkSession, **wanted: str) -> Iterator[None]:
    """While it lasts, some settings; `_` stands for `.` in their names."""
    ours = {name.replace("_", "."): value for name, value in wanted.items()}
    kept = {name: spark.conf.get(name) for name in ours}
    try:
        for name, value in ours.items():
            spark.conf.set(name, value)
        yield
    finally:
        for name, value in kept.items():
            spark.conf.set(name, value)
