"""What a lake holds: its tables with ledger figures, and its quarantine by file, field and reason."""

from typing import Any

from pyspark.sql import functions as F

from lead_engine.lake.checksum import checksum
from lead_engine.lake.failures import spark_failures
from lead_engine.lake.ledger import Ledger
from lead_engine.lake.store import Lake, Slice, holding
from lead_engine.tables import CONTRACTS

from .plan import ordered


def tables(lake: Lake, performance_year: Slice, with_checksums: bool = False) -> list[dict[str, Any]]:
    """One row for every table there is: version, run, rows, people, dollars, whether verified."""
    found = []
    with spark_failures("reading the lake"):
        verified = Ledger(lake).verified()
        for step in ordered():
            contract = CONTRACTS[step.table]
            part = performance_year if contract.slice else {}
            commit = holding(lake.commits(step.table), part)
            if commit is None:
                continue
            row = verified.get(commit.said.get("identity", ""))
            told = {
                "table": step.table,
                "version": commit.version,
                "run id": commit.said.get("run_id", ""),
                "rows": row.rows if row else None,
                "people": row.people if row else None,
                "dollars": f"{row.cents / 100:,.2f}" if row and row.cents is not None else None,
                "verified": "yes" if row else "no",
            }
            if with_checksums:
                told["checksum"] = str(checksum(lake.read(contract, commit.version, part), list(contract.columns)))
            found.append(told)
    return found


def quarantined(lake: Lake) -> list[dict[str, Any]]:
    """Refused records by file, field and reason, with the first line each was seen on."""
    contract = CONTRACTS["ops__quarantine"]
    if not lake.commits(contract.name):
        return []
    with spark_failures("reading the quarantine"):
        counted = (
            lake.read(contract)
            .groupBy("source_file", "field", "reason")
            .agg(F.sum("records").alias("records"), F.min("record_number").alias("first line"))
        )
        return [row.asDict() for row in counted.orderBy("source_file", "field", "reason").collect()]
