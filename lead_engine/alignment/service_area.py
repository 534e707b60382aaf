"""The service area of each ACO: counties with an office of a Participant, and those that touch them (ALN-12).

A list of some thousand counties: decided once, in plain Python, and made a table.
"""

from collections.abc import Iterable

from pyspark.sql import DataFrame, SparkSession

from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.county_adjacency import NeighbouringCounty
from lead_engine.sources.inputs.participant_offices import ParticipantOffice

AREA = "aco_id string, county_code string, is_core boolean"


def service_area(
    spark: SparkSession, offices: Given[ParticipantOffice], adjacency: Given[NeighbouringCounty]
) -> DataFrame:
    """`calc__service_area` from the lists `participant_offices` and `county_adjacency`; a row an ACO and county."""
    core: dict[str, set[str]] = {}
    for office in offices.rows:
        core.setdefault(office.aco_id, set()).add(office.county_code)
    pairs = [(row.county_code, row.neighbour_county_code) for row in adjacency.rows]
    rows = [
        (aco_id, county, county in counties)
        for aco_id, counties in sorted(core.items())
        for county in sorted(extended(counties, pairs))
    ]
    return spark.createDataFrame(rows, AREA)


def extended(core: Iterable[str], neighbours: Iterable[tuple[str, str]]) -> set[str]:
    """The core counties and every county that touches one; no further (ALN-12, RA 2.8)."""
    counties = set(core)
    return counties | {neighbour for county, neighbour in neighbours if county in counties}
