"""Scores of every model under one shape: those of published models, and those of the promoted model a run names."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from .catalogue import VERSION_DIGITS

SCORE = "decimal(14,6)"  # published factors have four decimals, fitted ones six
SHOWN = ["model", "year", "bene_key", "month_set", "raw_score", "model_version", "flags", "lineage"]


def all_scores(published: DataFrame, promoted: DataFrame | None) -> DataFrame:
    """One row per person, year, kind of month and model. A promoted model is named `registry name/version`.

    In: `calc__risk_score`, and `calc__substitute_score` where the run has one.
    """
    own = published.withColumn("lineage", F.lit(None).cast("string")).select(*_shown())
    if promoted is None:
        return own
    version = F.col("registry_version").cast("string")
    said = (F.col("registry_name"), F.lit(", version "), version, F.lit(", tracking run "), F.col("registry_run"))
    named = (
        promoted.withColumn("model", F.concat_ws("/", "registry_name", version))
        .withColumn("raw_score", F.col("score"))
        .withColumn("model_version", F.substring("registry_run", 1, VERSION_DIGITS))
        .withColumn("lineage", F.concat(F.lit("promoted substitute, registry name "), *said))
    )
    return own.unionByName(named.select(*_shown()))


def _shown() -> list[Column]:
    return [F.col(name).cast(SCORE).alias(name) if name == "raw_score" else F.col(name) for name in SHOWN]
