"""The risk ratio of each ACO for people to see: rounded, few people withheld."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.tables.contract import SCORE_TYPE

from .rules import MartRules

CELL = ["aco_id", "category", "route"]
SHOWN = {
    "raw_mean_score": "RAW_MEAN_PY",
    "base_score": "R_BY3",
    "year_score": "R_PY",
    "raw_ratio": "RR_RAW",
    "capped_ratio": "RR",
}
COUNTED = ("SCORED_PEOPLE_BY3", "SCORED_PEOPLE_PY")


def published(lines: DataFrame, acos: DataFrame, rules: MartRules) -> DataFrame:
    """`mart__risk_ratio`: one row a cell. In: `calc__benchmark_line`, `core__aco`.

    Where few people stand behind a mean, of either year or of any route of the category, no figure is shown (ALN-64).
    """
    wide = lines.groupBy(*CELL).agg(
        *(_value(line).alias(name) for name, line in SHOWN.items()),
        *(_value(line).alias(line.lower()) for line in COUNTED),
        F.max(F.when(F.col("line") == "RR", F.col("flags"))).alias("flags"),
        F.max(F.when(F.col("line") == "RR", F.col("unwritten_because"))).alias("unwritten_because"),
    )
    few = [_is_few(F.col(line.lower()), rules.smallest_cell) for line in COUNTED]
    is_few = few[0] | few[1]
    hidden = wide.groupBy("aco_id", "category").agg(F.max(is_few).alias("is_suppressed"))
    told = wide.join(hidden, ["aco_id", "category"]).join(acos.select("aco_id", "aco_name"), "aco_id")
    shown = ~F.col("is_suppressed")
    return told.select(
        *CELL,
        "aco_name",
        *(F.when(shown, F.round(name, 4).cast(SCORE_TYPE)).alias(name) for name in SHOWN),
        F.when(shown, F.col("unwritten_because")).alias("unwritten_because"),
        "is_suppressed",
        F.when(shown, F.col("flags")).alias("flags"),
        F.lit(rules.basis).alias("basis"),
    )


def _value(line: str) -> Column:
    return F.max(F.when(F.col("line") == line, F.col("value")))


def _is_few(people: Column, smallest: int) -> Column:
    return F.coalesce((people > 0) & (people < smallest), F.lit(False))
