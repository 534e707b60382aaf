"""Which months a person's year has and why one cannot be aligned: `decide.Month` as sets of months, one row a year."""

from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.month_sets import as_set, is_in, set_of, without
from lead_engine.tables.months import REASONS

from .decide import OVERLAP, SERVICE_AREA
from .rank import PERSON

BITS_OF_A_REASON = 4
HIGHEST_REASON = (1 << BITS_OF_A_REASON) - 1


def months_known(
    months: DataFrame, service_area: DataFrame | None, overlap: DataFrame | None, years: Iterable[int]
) -> DataFrame:
    """One row a person and year with months, of some years.

    In: `calc__beneficiary_month`, and where the run has them `calc__service_area` and `calc__overlap_month`.
    Sets: `known`, the months evaluated; `eligible`, those without a reason against them; `placed`, those whose county the
    service area is tested by; `taken`, those where another model goes before LEAD. `reasons`: the place of each month's
    reason in the list, four bits a month; `inside`: by ACO, the months in its service area; `others`: by month, the
    model.
    """
    of_years = months.where(F.col("year").isin(list(years))).withColumnRenamed("year", "aligned_year")
    places = F.create_map(*[F.lit(part) for place, code in enumerate(REASONS, 1) for part in (code, place)])
    coded = F.call_function("shiftleft", places[F.col("reason")].cast("bigint"), _place_of("month"))
    known = of_years.groupBy(*PERSON).agg(
        as_set(F.col("month")).alias("known"),
        F.coalesce(F.bit_or(F.when(F.col("reason").isNull(), set_of(F.col("month")))), F.lit(0)).alias("eligible"),
        F.coalesce(F.bit_or(coded), F.lit(0).cast("bigint")).alias("reasons"),
    )
    return _with_others(_with_inside(known, of_years, service_area), overlap)


def _place_of(month: str | Column) -> Column:
    """Where the reason of a month begins among the bits of all."""
    return (F.month(month) - 1) * BITS_OF_A_REASON


def _with_inside(known: DataFrame, months: DataFrame, service_area: DataFrame | None) -> DataFrame:
    """`placed` and `inside`; a month without a county is not tested."""
    if service_area is None:
        nowhere = F.lit(None).cast("map<string,int>")
        return known.withColumn("placed", F.lit(0)).withColumn("inside", nowhere)
    here = months.where("county_code is not null").select(*PERSON, "month", "county_code")
    placed = here.groupBy(*PERSON).agg(as_set(F.col("month")).alias("placed"))
    areas = F.broadcast(service_area.select("county_code", "aco_id").distinct())
    by_aco = here.join(areas, "county_code").groupBy(*PERSON, "aco_id").agg(as_set(F.col("month")).alias("held"))
    entries = F.map_from_entries(F.collect_list(F.struct("aco_id", "held")))
    inside = by_aco.groupBy(*PERSON).agg(entries.alias("inside"))
    return known.join(placed, PERSON, "left").join(inside, PERSON, "left")


def _with_others(known: DataFrame, overlap: DataFrame | None) -> DataFrame:
    """`taken` and `others`."""
    if overlap is None:
        nobody = F.lit(None).cast("map<date,string>")
        return known.withColumn("taken", F.lit(0)).withColumn("others", nobody)
    by_month = overlap.groupBy("bene_key", "month").agg(F.min("excluded_by").alias("excluded_by"))
    others = by_month.groupBy("bene_key", F.year("month").alias("aligned_year")).agg(
        as_set(F.col("month")).alias("taken"),
        F.map_from_entries(F.collect_list(F.struct("month", "excluded_by"))).alias("others"),
    )
    return known.join(others, PERSON, "left")


def open_to(aco: Column) -> Column:
    """The months that can be aligned to an ACO."""
    return without(without(F.col("eligible"), _outside(aco)), F.coalesce("taken", F.lit(0)))


def why_not(month: Column, aco: Column) -> Column:
    """Why a month, a date, cannot be aligned to an ACO, in the order of ALN-18; empty where it can."""
    place = F.call_function("shiftright", F.col("reasons"), _place_of(month)).bitwiseAND(F.lit(HIGHEST_REASON))
    reason = F.get(F.array(*[F.lit(code) for code in REASONS]), place.cast("int") - 1)
    outside = F.when(is_in(_outside(aco), month), SERVICE_AREA)
    return F.coalesce(reason, outside, F.when(is_in(F.col("taken"), month), OVERLAP))


def _outside(aco: Column) -> Column:
    """The months with a county outside an ACO's service area."""
    return without(F.coalesce("placed", F.lit(0)), F.coalesce(F.try_element_at("inside", aco), F.lit(0)))
