"""As known on a day: which records had arrived, and which services and diagnoses stood (DL 3.3, 3.4, 4.1).

Dollars as known on a day are Σ sign × amount over every record that had arrived, cancellations with their minus sign.
A service stands when its record had arrived and its cancellation had not: it may stand beside dollars that net to zero.
"""

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F


def arrived(on: date) -> Column:
    """Whether a record of `core__claim` or `core__claim_line` was known by the day."""
    return F.col("known_date") <= F.lit(on)


def is_cancelled(on: date) -> Column:
    """Whether a record is a cancellation, or one whose cancellation was known by the day."""
    return (F.col("sign") <= 0) | F.coalesce(F.col("cancelled_known_date") <= F.lit(on), F.lit(False))


def as_known(records: DataFrame, on: date | None) -> DataFrame:
    """Records that had arrived by the day, each with a cancellation only if that had; all of them without a day."""
    if on is None:
        return records
    cancelled = F.when(F.col("cancelled_known_date") <= F.lit(on), F.col("cancelled_known_date"))
    return records.where(arrived(on)).withColumn("cancelled_known_date", cancelled)


def stands() -> Column:
    """Whether a record as known is a service or diagnosis: neither cancelled nor denied."""
    return (F.col("sign") > 0) & F.col("cancelled_known_date").isNull() & ~F.col("is_denied")
