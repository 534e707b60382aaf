"""Whom another Participant list touches, and which steps of a run give their answer under it.

Unit scores are not grouped to ACOs, so any list can be tried on them. Only who has charges at a TIN or CCN that changes can
be aligned otherwise; everybody else keeps the stored answer. Months, choices and other models stay as they are.
"""

from collections.abc import Iterable

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import pack_unit

REPLAYED = (
    "calc__alignment_candidate",
    "calc__midyear_alignment",
    "calc__alignment",
    "calc__alignment_month",
)  # ALN-30 to ALN-33, ALN-43, ALN-19 to ALN-23


def touched(unit_scores: DataFrame, units: Iterable[str]) -> pa.Table:
    """Who has qualifying charges at which of some units: `bene_key`, `unit`. One scan of one column."""
    packed = [pack_unit(unit) for unit in units]
    return unit_scores.where(F.col("unit").isin(packed)).select("bene_key", "unit").distinct().toArrow()


def of_people(frame: DataFrame, people: DataFrame) -> DataFrame:
    """The rows of some people, where the table is about people."""
    return frame.join(people, "bene_key", "left_semi") if "bene_key" in frame.columns else frame
