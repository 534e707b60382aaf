"""The checked join: nobody drops out of a join without a reason."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

MATCHED = "__matched"


def checked_join(
    left: DataFrame, right: DataFrame, on: Sequence[str], reason: str, into: str = "excluded"
) -> DataFrame:
    """Every row of `left`, with the columns of `right` and, where nothing matched, `reason` in the column `into`.

    `right` is reference data, unique on `on` by contract, small enough to send to every task. A reason that stands in
    `into` already is kept. Runs no action.
    """
    joined = left.join(F.broadcast(right.withColumn(MATCHED, F.lit(True))), list(on), "left")
    missing = F.when(F.col(MATCHED).isNull(), F.lit(reason))
    told = F.coalesce(F.col(into), missing) if into in left.columns else missing
    return joined.withColumn(into, told).drop(MATCHED)
