"""Alignment under another Participant list: whom a change touches, and their aligned months under the list as it would be.

Unit scores are not grouped to ACOs, so any list can be tried on them. Only who has charges at a TIN or CCN that changes can
be aligned otherwise; everybody else keeps the stored answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.alignment import months_aligned, rank
from lead_engine.alignment.rules import AlignmentRules
from lead_engine.foundation.identifiers import pack_unit

WHAT_IF = "what-if"  # in the place of a run's id


@dataclass(frozen=True)
class Scored:
    """What re-alignment reads of a finished run. No claims."""

    unit_scores: DataFrame  # calc__unit_score
    beneficiaries: DataFrame  # core__beneficiary
    months: DataFrame  # calc__beneficiary_month
    acos: DataFrame  # core__aco

    def of(self, people: DataFrame) -> "Scored":
        """The same of some people."""
        chosen = {name: of_people(frame, people) for name, frame in vars(self).items() if name != "acos"}
        return replace(self, **chosen)


def touched(unit_scores: DataFrame, units: Iterable[str]) -> pa.Table:
    """Who has qualifying charges at which of some units: `bene_key`, `unit`. One scan of one column."""
    packed = [pack_unit(unit) for unit in units]
    return unit_scores.where(F.col("unit").isin(packed)).select("bene_key", "unit").distinct().toArrow()


def of_people(frame: DataFrame, people: DataFrame) -> DataFrame:
    """The rows of some people."""
    return frame.join(people.select("bene_key"), "bene_key", "left_semi")


def aligned_months(scored: Scored, participants: DataFrame, rules: AlignmentRules) -> DataFrame:
    """The rows of `calc__alignment_month` under a list, by the steps of a run (ALN-30 to ALN-33, ALN-19 to ALN-23)."""
    months = scored.months.where(F.col("year").isin(list(rules.aligned_years)))
    candidates = rank.candidates(scored.unit_scores, participants, scored.acos, rules)
    answers = months_aligned.alignment(candidates, scored.beneficiaries, months, scored.acos, rules, WHAT_IF)
    return months_aligned.alignment_months(answers, months)
