"""Whose a row of a list is: a list names people by Medicare identifier, every table by key (DL 2.1, DL 7.2)."""

from collections.abc import Sequence

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance

UNKNOWN, TWICE = "UNKNOWN_PERSON", "SAME_PERSON_TWICE"


def placed(listed: DataFrame, identities: DataFrame, key: Sequence[str]) -> DataFrame:
    """Every row with the `bene_key` of its person instead of `mbi`, or with the reason why it is `excluded`.

    In: rows with a column `mbi`, unique on it and `key`, and `core__beneficiary_identity`. A person listed under two
    identifiers with the same `key` counts once, with the row of the newer identifier.
    """
    known = identities.where("id_kind = 'mbi'").select(F.col("id_value").alias("mbi"), "bene_key", "is_current")
    newest = Window.partitionBy("bene_key", *key).orderBy(F.desc("is_current"), "mbi")
    found = listed.join(known, "mbi", "left").withColumn("place", F.row_number().over(newest))
    excluded = F.when(F.col("bene_key").isNull(), UNKNOWN).when(F.col("place") > 1, TWICE)
    return found.withColumn("excluded", excluded).drop("mbi", "place", "is_current")


def accounts(name: str, listed: DataFrame, found: DataFrame, told: DataFrame) -> DataFrame:
    """Rows of the list are rows of the table and those that are not, by reason. `found`: what `placed` gave."""
    return balance(
        account(name, "in", listed),
        account(name, "out", told),
        account(name, "excluded", found.where("excluded is not null"), F.col("excluded")),
    )
