"""A finished run small enough to draw, and a change of its Participant list, as what-ifs read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructField, StructType

from lead_engine.foundation.identifiers import pack_unit
from lead_engine.lake.month_sets import WHOLE_YEAR
from lead_engine.methodology.resolve import Resolved
from lead_engine.pipeline.replay import replayed
from lead_engine.scenario.compare import changes, moved_people
from lead_engine.scenario.realign import REPLAYED, billed_as, of_people, touched
from lead_engine.tables import CONTRACTS
from tests.rules import FACTS, risk_ratio_rules

MODEL = "V28"
List = Mapping[str, str]  # Participant units and their ACO


@dataclass(frozen=True)
class Drawn:
    """What a run left of some people: tables by name."""

    spark: SparkSession
    tables: Mapping[str, DataFrame]
    resolved: Resolved

    def months(self, listed: List, people: DataFrame | None = None) -> DataFrame:
        """`calc__alignment_month` of everybody, or of some people, under a list, by the steps of a run."""
        given = {**self.tables, "core__participant": members(self.spark, listed)}
        own = given if people is None else {name: of_people(frame, people) for name, frame in given.items()}
        return replayed(REPLAYED, own.get, self.resolved, FACTS)[REPLAYED[-1]]

    def moved(self, before: DataFrame, listed: List, units: Iterable[str]) -> DataFrame:
        """Who moves when a list changes at some units: only people touched are aligned again."""
        billed = billed_as([pack_unit(unit) for unit in units], self.tables.get("core__ccn_tin"))
        seen = touched(self.tables["calc__unit_score"], billed)
        people = self.spark.createDataFrame(seen.select(["bene_key"])).distinct()
        after, given = self.months(listed, people), self.tables
        return moved_people(
            of_people(before, people),
            after,
            given["calc__spend_month"],
            given["calc__risk_score"],
            None,
            given["core__aco"],
            risk_ratio_rules(),
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
    told |= {"first_month": 1, "month_set": WHOLE_YEAR}
    return {"bene_key": person, "year": year} | told


def drawn(
    spark: SparkSession,
    resolved: Resolved,
    unit_scores: Iterable[Mapping[str, Any]],
    months: Iterable[Mapping[str, Any]],
    spend: Iterable[Mapping[str, Any]],
    scores: Iterable[Mapping[str, Any]],
    acos: Iterable[str],
) -> Drawn:
    """A finished run of the ACOs, all in their first year."""
    known = list(months)
    people = sorted({row["bene_key"] for row in known})
    rows = {
        "calc__unit_score": unit_scores,
        "core__beneficiary": [{"bene_key": person} for person in people],
        "calc__beneficiary_month": known,
        "core__aco": [
            {"aco_id": aco, "aco_name": aco, "first_performance_year": 2027, "election": "PROSPECTIVE"} for aco in acos
        ],
        "calc__spend_month": spend,
        "calc__risk_score": scores,
    }
    return Drawn(spark, {name: table(spark, name, of_table) for name, of_table in rows.items()}, resolved)
