"""Files of the Tuva input layer for tests: a span, a line, whole deliveries as CSV or Parquet."""

import csv
import gzip
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet as pq

from lead_engine.sources.tuva.delivery import CLAIMS, ELIGIBILITY, layout

Row = dict[str, str]
EXTENSION = "claim_provider_specialty_code"
SPAN: Row = {
    "person_id": "person-1", "member_id": "1S00A00AA01", "gender": "female", "birth_date": "1950-01-01",
    "enrollment_start_date": "2024-11-01", "enrollment_end_date": "2025-12-31", "payer": "Medicare", "payer_type": "medicare",
    "plan": "Medicare", "original_reason_entitlement_code": "0", "dual_status_code": "02", "medicare_status_code": "10",
    "address": '1 "Quoted" Street, Upper Floor',
}  # fmt: skip
LINE: Row = {
    "claim_id": "A-1", "claim_line_number": "1", "claim_type": "professional", "person_id": "person-1", "payer": "medicare",
    "plan": "medicare", "claim_start_date": "2025-03-03", "claim_end_date": "2025-03-04", "claim_line_start_date": "2025-03-03",
    "place_of_service_code": "11", "hcpcs_code": "99213", "rendering_npi": "9000000001", "rendering_tin": "000000002",
    "billing_tin": "000000001", "paid_date": "2025-03-17", "paid_amount": "80.00", "allowed_amount": "100.5",
    "diagnosis_code_type": "icd-10-cm", "diagnosis_code_1": "E11.22", "diagnosis_code_2": "I10", "data_source": "cms",
}  # fmt: skip
STAY: Row = {
    "claim_id": "H-1", "claim_line_number": "1", "claim_type": "institutional", "person_id": "person-1", "payer": "medicare",
    "claim_start_date": "2025-02-03", "claim_end_date": "2025-02-05", "admission_date": "2025-02-03", "admit_type_code": "3",
    "bill_type_code": "111", "drg_code": "291", "drg_code_type": "ms-drg", "revenue_center_code": "0120",
    "billing_tin": "000000001", "paid_amount": "1200", "diagnosis_code_type": "icd-10-cm", "diagnosis_code_1": "I50.9",
    "data_source": "cms",
}  # fmt: skip
OTHERS = {ELIGIBILITY: ["plan", "first_name", "address", "data_source"], CLAIMS: ["plan", "charge_amount"]}


def columns(table: str) -> list[str]:
    """The columns a delivery must have, and some that nobody reads."""
    needed = [name for field in layout(table) if field.must_have != "no" for name in field.names]
    return list(dict.fromkeys([*needed, "drg_code", "drg_code_type", *OTHERS[table]]))


def text(table: str, rows: Sequence[Row], names: Sequence[str] | None = None, end: str = "\n") -> str:
    """A table as CSV; a field is quoted where it must be."""
    file, header = io.StringIO(), list(names or columns(table))
    writer = csv.DictWriter(file, header, restval="", extrasaction="ignore", lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def arrow(table: str, rows: Sequence[Row], names: Sequence[str] | None = None) -> pa.Table:
    """A table with the types a warehouse gives: days, whole numbers, decimals and doubles."""
    made = {}
    for name in names or columns(table):
        values = [row.get(name) or None for row in rows]
        if name.endswith("_date"):
            made[name] = pa.array([value and date.fromisoformat(value) for value in values], pa.date32())
        elif name == "claim_line_number":
            made[name] = pa.array([value and int(value) for value in values], pa.int32())
        elif name == "paid_amount":
            made[name] = pa.array([value and Decimal(value) for value in values], pa.decimal128(38, 4))
        elif name.endswith("_amount"):
            made[name] = pa.array([value and float(value) for value in values], pa.float64())
        else:
            made[name] = pa.array(values, pa.string())
    return pa.table(made)


def deliver(
    folder: Path, spans: Sequence[Row] = (SPAN,), lines: Sequence[Row] = (LINE,), form: str = "csv", **options
) -> Path:
    """A delivery of the given records: csv, csv.gz, parquet, or parts (a Parquet folder of one part a record)."""
    folder.mkdir(parents=True, exist_ok=True)
    names = options.pop("names", {})
    for table, rows in ((ELIGIBILITY, spans), (CLAIMS, lines)):
        named = names.get(table)
        if form == "csv":
            (folder / f"{table}.csv").write_text(text(table, rows, named, **options), "utf-8", newline="")
        elif form == "csv.gz":
            (folder / f"{table}.csv.gz").write_bytes(gzip.compress(text(table, rows, named, **options).encode()))
        elif form == "parquet":
            pq.write_table(arrow(table, rows, named), folder / f"{table}.parquet")
        else:
            parts = folder / f"{table}.parquet"
            parts.mkdir()
            (parts / "_SUCCESS").touch()
            for number, row in enumerate(rows):
                pq.write_table(arrow(table, [row], named), parts / f"part-{number:05d}.snappy.parquet")
    return folder
