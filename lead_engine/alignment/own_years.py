"""The years of an ACO: its three base years and the performance year (ALN-2)."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def own_months(months: DataFrame, acos: DataFrame, performance_year: int, base_year_count: int) -> DataFrame:
    """Months of the performance year and of each ACO's own base years. In: `calc__alignment_month`, `core__aco`."""
    first = F.col("first_performance_year")
    is_base = F.col("aligned_year").between(first - base_year_count, first - 1)
    own = months.join(F.broadcast(acos.select("aco_id", "first_performance_year")), "aco_id")
    return own.where(is_base | (F.col("aligned_year") == performance_year)).drop("first_performance_year")
