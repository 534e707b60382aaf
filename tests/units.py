"""Which unit charges are compared as, twice: plain Python one by one, Spark for all in one frame."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pyspark.sql import SparkSession

from lead_engine.alignment import rank
from lead_engine.alignment.decide_units import Billed, CcnTin, Lists, OtherAcoTin, comparison_unit, groups
from lead_engine.alignment.rules import AlignmentRules
from lead_engine.alignment.units import comparison_units
from lead_engine.foundation.identifiers import pack_unit, unpack_unit
from lead_engine.tables import CONTRACTS

YEAR = 2027
CCN_TINS = "unit bigint, tin bigint, start_date date, end_date date"
OTHER_TINS = "tin bigint, model string, entity_id string, start_date date, end_date date"


class Given(NamedTuple):
    """The lists of a run, as drawn."""

    participants: Mapping[str, str]
    ccn_tins: Sequence[CcnTin]
    other_tins: Sequence[OtherAcoTin]


def plain_units(scores: Sequence[tuple[Billed, int]], given: Given, rules: AlignmentRules) -> list[str]:
    """What each score (whose it is; which alignment year of 2027, 0 or 1) is compared as."""
    on = date(rules.performance_year, 1, 1)
    lists = Lists(
        given.participants, given.ccn_tins, groups(given.other_tins, on, rules.grouped_models, given.participants)
    )
    years = rules.alignment_years(YEAR)
    return [comparison_unit(billed, years[place], lists, rules) for billed, place in scores]


def spark_units(
    spark: SparkSession, scores: Sequence[tuple[Billed, int]], given: Given, rules: AlignmentRules
) -> list[str]:
    """The same by `units.comparison_units`; the number of a score travels as its person."""
    years = rules.alignment_years(YEAR)
    npis = [pack_unit(billed.npi) if billed.npi else None for billed, _ in scores]
    ends = [years[place].end for _, place in scores]
    rows = [
        (YEAR, number, ends[number], pack_unit(billed.unit), 1, 0, ends[number], None, 1, 0, npis[number], None)
        for number, (billed, _) in enumerate(scores)
    ]
    given_rows = {
        "unit bigint, aco_id string": [(pack_unit(unit), aco) for unit, aco in given.participants.items()],
        "aco_id string": [(aco,) for aco in sorted(set(given.participants.values()))],
        CCN_TINS: [(pack_unit(row.ccn), pack_unit(row.tin), row.start, row.end) for row in given.ccn_tins],
        OTHER_TINS: [(pack_unit(r.tin), r.model, r.entity, r.start, r.end) for r in given.other_tins],
    }
    scored = spark.createDataFrame(rows, CONTRACTS["calc__unit_score"].schema)
    lists = [spark.createDataFrame(rows, columns) for columns, rows in given_rows.items()]
    weighted = rank.weighted(scored, rules).where(f"aligned_year = {YEAR}")
    told = comparison_units(weighted, *lists, rules).select("bene_key", "unit").collect()
    units = {row["bene_key"]: unpack_unit(row["unit"]) for row in told}
    assert len(told) == len(scores)
    return [units[number] for number in range(len(scores))]
