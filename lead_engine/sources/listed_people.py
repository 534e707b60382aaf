"""Rows of a list of people as rows of a table: whose they are, once each, and what becomes of those that find nobody."""

from collections.abc import Sequence

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance


def known(listed: DataFrame, identities: DataFrame, key: Sequence[str], version: str) -> DataFrame:
    """The rows whose person the lake knows, under `bene_key`. In: rows with `mbi`, and `core__beneficiary_identity`.

    A person listed under two identifiers with the same `key` counts once, with the row of the newer identifier.
    """
    placed = _placed(listed, identities, key).where("excluded is null")
    return placed.drop("mbi", "excluded").withColumn("list_version", F.lit(version))


def accounts(name: str, listed: DataFrame, identities: DataFrame, key: Sequence[str], told: DataFrame) -> DataFrame:
    """Rows of the list are rows of the table and those that are not, by reason."""
    left_out = _placed(listed, identities, key).where("excluded is not null")
    return balance(
        account(name, "in", listed),
        account(name, "out", told),
        account(name, "excluded", left_out, F.col("excluded")),
    )


def _placed(listed: DataFrame, identities: DataFrame, key: Sequence[str]) -> DataFrame:
    """Every row with the key of its person, or with the reason why it has none."""
    numbers = identities.where("id_kind = 'mbi'").select(F.col("id_value").alias("mbi"), "bene_key", "is_current")
    newest = Window.partitionBy("bene_key", *key).orderBy(F.desc("is_current"), "mbi")
    placed = listed.join(numbers, "mbi", "left").withColumn("place", F.row_number().over(newest))
    excluded = F.when(F.col("bene_key").isNull(), "UNKNOWN_PERSON").when(F.col("place") > 1, "SAME_PERSON_TWICE")
    return placed.withColumn("excluded", excluded).drop("place", "is_current")
