"""Which units compete, over whole tables: `decide_units.py` as Spark expressions."""

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import pack_unit
from lead_engine.foundation.months import EARLIEST, LATEST
from lead_engine.lake.join import checked_join

from .rules import AlignmentRules

OUTSIDER = "OUTSIDE_EVERY_ACO"
OUTSIDE_OTHERS = "OUTSIDE_OTHER_ACOS"


def comparison_units(
    scores: DataFrame,
    participants: DataFrame,
    acos: DataFrame,
    ccn_tins: DataFrame | None,
    other_tins: DataFrame | None,
    rules: AlignmentRules,
) -> DataFrame:
    """Weighted scores with the `unit` they are compared as instead of the one that billed (ALN-9, ALN-31).

    In: weighted `calc__unit_score`, `core__participant`, `core__aco` and, where the lists were given, `core__ccn_tin`
    and `core__other_model_tin`. A CCN on the list of Participants stays with that ACO, whatever TIN it is mapped to.
    """
    members = _members(participants, acos)
    placed = checked_join(with_tin(scores, ccn_tins, rules), members, ["unit"], OUTSIDER, into="membership")
    compared: list[Column | str] = ["aco_unit"]
    if ccn_tins is not None:
        by_tin = members.withColumnsRenamed({"unit": "tin", "aco_unit": "tin_aco_unit"})
        placed = checked_join(placed, by_tin, ["tin"], OUTSIDER, into="tin_membership")
        compared.append("tin_aco_unit")
    if rules.grouped_models and other_tins is not None:
        placed = checked_join(placed, _groups(other_tins, members, rules), ["tin"], OUTSIDE_OTHERS, into="grouped")
        compared.append("group_unit")
    if rules.competitor_grouping == "NPI":
        compared.append("npi")
    compared.append("tin" if rules.competitor_grouping == "TIN" else "unit")
    return placed.withColumn("unit", F.coalesce(*compared))


def _members(participants: DataFrame, acos: DataFrame) -> DataFrame:
    """`unit` of every Participant, and the unit that stands for its ACO."""
    aco_units = {row["aco_id"]: pack_unit(row["aco_id"]) for row in acos.select("aco_id").collect()}
    aco_unit = F.create_map(*[F.lit(part) for pair in sorted(aco_units.items()) for part in pair])
    return participants.select("unit", aco_unit[F.col("aco_id")].alias("aco_unit"))


def with_tin(scores: DataFrame, ccn_tins: DataFrame | None, rules: AlignmentRules) -> DataFrame:
    """Scores with `tin`: the last one a CCN had in the alignment year, else the unit itself (ALN-9)."""
    if ccn_tins is None:
        return scores.withColumn("tin", F.col("unit"))
    periods = {period for year in rules.aligned_years for period in rules.alignment_years(year)}
    years = F.explode(
        F.array(*[F.struct(_day(start).alias("first"), _day(end).alias("last")) for start, end in sorted(periods)])
    )
    start, end = F.coalesce("start_date", _day(EARLIEST)), F.coalesce("end_date", _day(LATEST))
    held = ccn_tins.select("*", years.alias("year")).where((start <= F.col("year.last")) & (end >= F.col("year.first")))
    last = held.groupBy("unit", F.col("year.last").alias("alignment_year_end")).agg(
        F.max_by("tin", F.struct(start, "tin")).alias("mapped_tin")
    )
    placed = checked_join(scores, last, ["alignment_year_end", "unit"], "NO_TIN", into="mapping")
    return placed.withColumn("tin", F.coalesce("mapped_tin", "unit"))


def with_tin_of_the_day(lines: DataFrame, ccn_tins: DataFrame | None) -> DataFrame:
    """Claim lines with, as `tin` of those of an institution, the TIN its CCN had on the day of service (ALN-9)."""
    if ccn_tins is None:
        return lines
    start, end = F.coalesce("start_date", _day(EARLIEST)), F.coalesce("end_date", _day(LATEST))
    held = ccn_tins.select(
        F.col("unit").alias("mapped"), F.col("tin").alias("mapped_tin"), start.alias("from"), end.alias("to")
    )
    is_then = (F.col("ccn") == F.col("mapped")) & F.col("service_date").between(F.col("from"), F.col("to"))
    placed = lines.join(F.broadcast(held), is_then, "left").withColumn("tin", F.coalesce("tin", "mapped_tin"))
    return placed.drop(*held.columns)


def _groups(other_tins: DataFrame, members: DataFrame, rules: AlignmentRules) -> DataFrame:
    """`tin` of every ACO of another model on the first day of the performance year, and the lowest of that ACO.

    Participants of LEAD ACOs are in no group.
    """
    on = _day(date(rules.performance_year, 1, 1))
    is_in = F.col("model").isin(list(rules.grouped_models)) & F.col("entity_id").isNotNull()
    is_there = (F.col("start_date") <= on) & (F.coalesce("end_date", _day(LATEST)) >= on)
    others = other_tins.join(members.select(F.col("unit").alias("tin")), "tin", "anti")
    entities = others.where(is_in & is_there).groupBy("tin").agg(F.min("entity_id").alias("entity_id"))
    lowest = entities.groupBy("entity_id").agg(F.min("tin").alias("group_unit"))
    return entities.join(lowest, "entity_id").drop("entity_id")


def _day(day: date) -> Column:
    return F.lit(day)
