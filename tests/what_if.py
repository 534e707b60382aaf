"""A finished run small enough to draw, and a change of its Participant list, as what-ifs read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructField, StructType

from lead_engine.alignment.rules import AlignmentRules
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.scenario.compare import changes, moved_people
from lead_engine.scenario.realign import Scored, aligned_months, of_people, touched
from lead_engine.tables import CONTRACTS
from tests.held import held
from tests.rules import risk_ratio_rules

MODEL = "V28"
List = Mapping[str, str]  # Participant units and their ACO


@dataclass(frozen=True)
class Drawn:
    """What a run left of some people."""

    spark: SparkSession
    scored: Scored
    spend: DataFrame
    scores: DataFrame
    rules: AlignmentRules

    def months(self, listed: List) -> DataFrame:
        """`calc__alignment_month` of everybody under a list."""
        return held(aligned_months(self.scored, members(self.spark, listed), self.rules))

    def moved(self, before: DataFrame, listed: List, units: Iterable[str]) -> DataFrame:
        """Who moves when a list changes at some units: only people touched are aligned again."""
        seen = touched(self.scored.unit_scores, units)
        people = self.spark.createDataFrame(seen.select(["bene_key"])).distinct()
        after = aligned_months(self.scored.of(people), members(self.spark, listed), self.rules)
        return moved_people(
            of_people(before, people), after, self.spend, self.scores, self.scored.acos, risk_ratio_rules()
        )

    def changes(self, before: DataFrame, listed: List, units: Iterable[str]) -> dict[tuple, dict[str, int]]:
        """The sums of it by ACO, year, route and category."""
        rows = [row.asDict() for row in changes(self.moved(before, listed, units)).collect()]
        return {(row["aco_id"], row["year"], row["route"], row["category"]): row for row in rows}


def table(spark: SparkSession, name: str, rows: Iterable[Mapping[str, Any]]) -> DataFrame:
    """Rows as a table of the contract: what a row does not say is empty, nobody asks it."""
    schema = StructType([StructField(field.name, field.dataType) for field in CONTRACTS[name].schema])
    return spark.createDataFrame([tuple(row.get(column) for column in schema.names) for row in rows], schema)


def members(spark: SparkSession, listed: List) -> DataFrame:
    """`core__participant`."""
    rows = [{"list_version": "list", "unit": pack_unit(unit), "aco_id": aco} for unit, aco in listed.items()]
    return table(spark, "core__participant", rows)


def unit_score(person: int, end: date, unit: str, pcs: int, sps: int = 0) -> dict[str, Any]:
    """A row of `calc__unit_score`; charges of an alignment year, the last one on its last day."""
    charges = {"pcs_cents": pcs, "sps_cents": sps, "pcs_lines": int(pcs != 0), "sps_lines": int(sps != 0)}
    last = {"last_pcs_date": end if pcs else None, "last_sps_date": end if sps else None}
    return {"bene_key": person, "alignment_year_end": end, "unit": pack_unit(unit)} | charges | last


def month(person: int, day: date, reason: str | None = None, category: str = "AD") -> dict[str, Any]:
    """A row of `calc__beneficiary_month`."""
    told = {"is_eligible": reason is None, "reason": reason, "category": category}
    return {"bene_key": person, "month": day, "year": day.year} | told


def paid(person: int, day: date, cents: int) -> dict[str, Any]:
    """A row of `calc__spend_month`."""
    return {"bene_key": person, "month": day, "year": day.year, "claim_type": "71", "paid_cents": cents, "claims": 1}


def score(person: int, year: int, raw: str) -> dict[str, Any]:
    """A row of `calc__risk_score`."""
    told = {"model": MODEL, "raw_score": Decimal(raw), "model_version": "1", "flags": "", "months": 12}
    return {"bene_key": person, "year": year} | told


def drawn(
    spark: SparkSession,
    rules: AlignmentRules,
    unit_scores: Iterable[Mapping[str, Any]],
    months: Iterable[Mapping[str, Any]],
    spend: Iterable[Mapping[str, Any]],
    scores: Iterable[Mapping[str, Any]],
    acos: Iterable[str],
) -> Drawn:
    """A finished run of the ACOs, all in their first year."""
    known = list(months)
    people = sorted({row["bene_key"] for row in known})
    scored = Scored(
        table(spark, "calc__unit_score", unit_scores),
        table(spark, "core__beneficiary", ({"bene_key": person} for person in people)),
        table(spark, "calc__beneficiary_month", known),
        table(spark, "core__aco", ({"aco_id": a, "aco_name": a, "first_performance_year": 2027} for a in acos)),
    )
    return Drawn(
        spark, scored, table(spark, "calc__spend_month", spend), table(spark, "calc__risk_score", scores), rules
    )
