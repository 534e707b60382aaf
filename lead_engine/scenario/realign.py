"""Whom another Participant list touches, and which steps of a run give their answer under it.

Unit scores are not grouped to ACOs, so any list can be tried on them. Only who has charges at a TIN or CCN that changes can
be aligned otherwise; everybody else keeps the stored answer. Months, choices and other models stay as they are.
"""

from collections.abc import Collection
from functools import reduce
from operator import and_

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

ANSWER, MONTHS = "calc__alignment", "calc__alignment_month"
# The steps of an answer (ALN-30 to ALN-33, ALN-43, ALN-19 to ALN-23), and with them that of its months.
ANSWERED = ("calc__alignment_candidate", "calc__midyear_alignment", ANSWER)
REPLAYED = (*ANSWERED, MONTHS)
SAYS = ("aco_id", "route", "effective_month", "end_month")  # what the months of an answer follow from


def billed_as(units: Collection[int], ccn_tins: DataFrame | None) -> dict[int, set[int]]:
    """Under which units charges of some Participants are stored: their own, and the CCNs that bill as a TIN (ALN-9).

    In: packed TINs and CCNs, `core__ccn_tin` where the list was given. Out: by unit of the scores, whose it is.
    """
    found = {unit: {unit} for unit in units}
    if ccn_tins is not None:
        for row in ccn_tins.where(F.col("tin").isin(list(units))).select("unit", "tin").distinct().collect():
            found.setdefault(row["unit"], set()).add(row["tin"])
    return found


def touched(unit_scores: DataFrame, units: Collection[int]) -> pa.Table:
    """Who has qualifying charges at which of some packed units: `bene_key`, `unit`. One scan of one column."""
    return unit_scores.where(F.col("unit").isin(list(units))).select("bene_key", "unit").distinct().toArrow()


def of_people(frame: DataFrame, people: DataFrame) -> DataFrame:
    """The rows of some people, where the table is about people."""
    return frame.join(people, "bene_key", "left_semi") if "bene_key" in frame.columns else frame


def answered_otherwise(before: DataFrame, after: DataFrame) -> DataFrame:
    """The answers after a change that are not those before it. In and out: rows of `calc__alignment`."""
    known = before.select("bene_key", "aligned_year", *[F.col(name).alias(f"before_{name}") for name in SAYS])
    same = [F.col(name).eqNullSafe(F.col(f"before_{name}")) for name in SAYS]
    joined = after.join(known, ["bene_key", "aligned_year"], "left")
    return joined.where(~reduce(and_, same)).select(*after.columns)
