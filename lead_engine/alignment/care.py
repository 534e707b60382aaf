"""Whether people who chose an ACO had care of it in the performance year (ALN-67)."""

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import pack_unit
from lead_engine.foundation.months import EARLIEST, LATEST
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.preferred_providers import PreferredProvider

from .choice_rules import CareRules
from .services import classified
from .units import with_tin_of_the_day

NOBODY = "bene_key bigint, aco_id string, has_care boolean, has_other_care boolean"
FLAGS = ("has_care", "has_other_care")
PREFERRED = "aco_id string, tin bigint, npi bigint, effective_date date, termination_date date"


def care(
    spark: SparkSession,
    preferred: Given[PreferredProvider] | None,
    choices: DataFrame,
    lines: DataFrame,
    participants: DataFrame,
    ccn_tins: DataFrame | None,
    rules: CareRules,
) -> DataFrame:
    """`calc__voluntary_care`: for each person and ACO chosen, whether a line of the year is of the ACO, or qualifies at all.

    In: the list of Preferred Providers, `calc__voluntary_choice`, `core__claim_line`, `core__participant` and, where the
    list was given, `core__ccn_tin` (ALN-9). Nobody until the claims of the whole year are there, or where the parameter
    turns the removal off: then it is not evaluated.
    """
    if not (rules.is_on and rules.is_evaluated):
        return spark.createDataFrame([], NOBODY)
    chosen = choices.where("aco_id is not null").select("bene_key", "aco_id").distinct()
    people = F.broadcast(chosen.select("bene_key").distinct())
    first, last = rules.year
    inside = (F.col("service_year") == first.year) & F.col("service_date").between(F.lit(first), F.lit(last))
    theirs = lines.where(inside).join(people, "bene_key", "left_semi")
    qualifying = classified(theirs, rules.services).where("not_counted is null").select("bene_key").distinct()
    billed = with_tin_of_the_day(theirs, ccn_tins)
    seen = _of_participants(billed, participants).unionByName(_of_preferred(spark, billed, preferred)).distinct()
    by_aco = chosen.join(seen.withColumn("has_care", F.lit(True)), ["bene_key", "aco_id"], "left")
    told = by_aco.join(qualifying.withColumn("has_other_care", F.lit(True)), "bene_key", "left")
    return told.select("bene_key", "aco_id", *[F.coalesce(name, F.lit(False)).alias(name) for name in FLAGS])


def _of_participants(theirs: DataFrame, participants: DataFrame) -> DataFrame:
    """Person and ACO of lines of Participants on their days; a CCN that is listed stays with that ACO (ALN-31)."""
    placed = theirs
    for unit in ("ccn", "tin"):
        members = participants.select(
            *[F.col(name).alias(f"{unit}_{name}") for name in ("unit", "aco_id", "start_date", "end_date")]
        )
        is_member = (F.col(unit) == F.col(f"{unit}_unit")) & _is_on(f"{unit}_start_date", f"{unit}_end_date")
        placed = placed.join(F.broadcast(members), is_member, "left")
    aco = F.coalesce("ccn_aco_id", "tin_aco_id").alias("aco_id")
    return placed.select("bene_key", aco).where("aco_id is not null")


def _of_preferred(spark: SparkSession, theirs: DataFrame, preferred: Given[PreferredProvider] | None) -> DataFrame:
    """Person and ACO of lines of Preferred Providers on their days."""
    rows = [
        (row.aco_id, pack_unit(f"TIN:{row.tin}"), pack_unit(f"NPI:{row.npi}"), row.effective_date, row.termination_date)
        for row in (preferred.rows if preferred else ())
    ]
    pairs = F.broadcast(spark.createDataFrame(rows, PREFERRED))
    placed = theirs.join(pairs, ["tin", "npi"]).where(_is_on("effective_date", "termination_date"))
    return placed.select("bene_key", "aco_id")


def _is_on(start: str, end: str) -> Column:
    return F.col("service_date").between(F.coalesce(start, F.lit(EARLIEST)), F.coalesce(end, F.lit(LATEST)))
