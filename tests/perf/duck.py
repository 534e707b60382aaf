"""The same work as a DuckDB program: `python -m tests.perf.duck FOLDER TABLE`; prints figures as JSON.

Written from the rules, not from the Spark code, over the same Parquet files with as many cores. What it finds is
compared with the table Spark wrote: rows and a sum of hashes over every column.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from lead_engine.alignment.rules import ServiceRules
from lead_engine.claims.rules import SpendRules
from lead_engine.risk.model import ESRD
from lead_engine.risk.rules import RiskRules
from tests.perf.facts import rules_of
from tests.perf.one import CORES

Sql = duckdb.DuckDBPyConnection


def spend_month(db: Sql, rules: SpendRules) -> str:
    """Payments by person, month of the from-date and claim type."""
    given(db, "types", "claim_type", [(each,) for each in rules.claim_types])
    return """
        SELECT bene_key, date_trunc('month', from_date)::DATE AS month, from_year AS year, claim_type,
               sum(sign * paid_cents)::BIGINT AS paid_cents, sum(sign)::INTEGER AS claims
        FROM core__claim WHERE claim_type IN (FROM types) GROUP BY ALL"""


def unit_score(db: Sql, rules: ServiceRules) -> str:
    """Charges of qualifying services by person, alignment year and unit."""
    places = [(c.hcpcs_code, c.excluded_place_of_service) for c in rules.codes if c.excluded_place_of_service]
    kept = [each[:4] for each in rules.facilities if not each.needs_eta_hospital]  # no hospital is listed
    given(db, "years", "first last", [(year.start, year.end) for year in rules.alignment_years])
    given(db, "valid", "code since until", [each[:3] for each in rules.codes])
    given(db, "barred", "code place", places)
    given(db, "primary_care", "specialty", [(each,) for each in rules.primary_care_specialties])
    given(db, "selected", "specialty", [(each,) for each in rules.selected_specialties])
    given(db, "professional", "claim_type", [(each,) for each in rules.professional_claim_types])
    given(db, "facility", "bill center condition stage", kept)
    cutoff = rules.claims_cutoff
    return f"""
        WITH lines AS (
            SELECT *, claim_type IN (FROM professional) AS is_professional,
                   EXISTS (FROM valid WHERE code = hcpcs_code AND service_date BETWEEN since AND until) AS is_listed
            FROM core__claim_line
            WHERE sign > 0 AND NOT is_denied AND known_date <= DATE '{cutoff}'
              AND (cancelled_known_date IS NULL OR cancelled_known_date > DATE '{cutoff}')),
        counted AS (
            SELECT bene_key, service_date, tin AS unit, coalesce(allowed_cents, 0) AS cents,
                   CASE WHEN specialty_code IN (FROM primary_care) THEN 'PRIMARY'
                        WHEN specialty_code IN (FROM selected) THEN 'SPECIALIST' END AS stage
            FROM lines WHERE is_professional AND is_listed
              AND NOT EXISTS (FROM barred WHERE code = hcpcs_code AND place = place_of_service_code)
            UNION ALL BY NAME
            SELECT bene_key, service_date, ccn AS unit,
                   coalesce(paid_cents, 0) + coalesce(deductible_cents, 0) + coalesce(coinsurance_cents, 0) AS cents,
                   (SELECT any_value(facility.stage) FROM facility WHERE bill = bill_type
                      AND starts_with(coalesce(revenue_center_code, ''), center)
                      AND (condition = '' OR (condition = 'LIST' AND is_listed) OR condition = hcpcs_code)) AS stage
            FROM lines WHERE NOT is_professional)
        SELECT 2027 AS performance_year, bene_key, last AS alignment_year_end, unit,
               coalesce(sum(cents) FILTER (stage = 'PRIMARY'), 0)::BIGINT AS pcs_cents,
               coalesce(sum(cents) FILTER (stage = 'SPECIALIST'), 0)::BIGINT AS sps_cents,
               max(service_date) FILTER (stage = 'PRIMARY') AS last_pcs_date,
               max(service_date) FILTER (stage = 'SPECIALIST') AS last_sps_date,
               count(*) FILTER (stage = 'PRIMARY')::INTEGER AS pcs_lines,
               count(*) FILTER (stage = 'SPECIALIST')::INTEGER AS sps_lines,
               NULL::BIGINT AS npi, NULL::INTEGER AS known_for_year
        FROM counted JOIN years ON service_date BETWEEN first AND last
        WHERE stage IS NOT NULL AND unit IS NOT NULL GROUP BY ALL"""


def risk_diagnosis(db: Sql, rules: RiskRules) -> str:
    """Eligible diagnoses of scored people with their HCCs by model; an edit by age and sex comes before the mapping."""
    asked = [(model, model.diagnosis_year(year), year) for model in rules.models for year in rules.years_of(model)]
    years = sorted({year for _, year, _ in asked})
    listed = [
        (row["hcpcs_code"], year)
        for row in rules.eligible_hcpcs.records()
        for year in years
        if int(row["first_service_year"]) <= year <= int(row["last_service_year"])
    ]
    given(db, "eligible", "code year", listed)
    given(db, "kinds", "type bill needs", list(rules.eligible_claims))
    given(db, "asked", "model is_esrd service_year year", [(m.name, m.population == ESRD, s, y) for m, s, y in asked])
    mapped = [(m.name, code, *row) for m in rules.models for code, found in m.mappings.items() for row in found]
    edits = [
        (m.name, code, place, *row)
        for m in rules.models
        for code, found in m.edits.items()
        for place, row in enumerate(found)
    ]
    given(db, "edits", "model code place sex youngest oldest hcc", edits)
    given(db, "mapping", "model code hcc since until", mapped)
    return f"""
        WITH codes AS (
            SELECT DISTINCT bene_key, claim_id, year FROM core__claim_line JOIN eligible ON code = hcpcs_code
            WHERE service_year BETWEEN {years[0] - 1} AND {years[-1] + 1} AND NOT is_denied),
        told AS (
            SELECT d.* FROM core__claim_diagnosis d
            WHERE through_year IN ({", ".join(map(str, years))}) AND sign > 0 AND cancelled_known_date IS NULL AND NOT is_denied
              AND EXISTS (FROM kinds WHERE type = claim_type AND (bill = '' OR bill = bill_type) AND (NOT needs OR EXISTS (
                    FROM codes c WHERE c.bene_key = d.bene_key AND c.claim_id = d.claim_id AND c.year = d.through_year)))),
        by_code AS (
            SELECT bene_key, through_year, icd10_code, count(DISTINCT claim_id)::INTEGER AS claims,
                   arg_min(claim_id, (through_date, claim_id)) AS claim_id,
                   min(through_date) AS since_day, max(through_date) AS until_day
            FROM told GROUP BY ALL)
        SELECT 2027 AS performance_year, a.model, a.year::INTEGER AS year, b.bene_key, b.icd10_code,
               coalesce(e.hcc, m.hcc, 0)::INTEGER AS hcc, b.claim_id, b.claims, b.since_day AS first_date
        FROM by_code b JOIN asked a ON a.service_year = b.through_year
        JOIN calc__risk_profile p ON p.bene_key = b.bene_key AND p.year = a.year AND p.excluded IS NULL
          AND CASE WHEN a.is_esrd THEN p.esrd_months ELSE p.other_months END > 0
        LEFT JOIN LATERAL (
            SELECT arg_min(hcc, place) AS hcc, count(*) AS found FROM edits
            WHERE model = a.model AND code = b.icd10_code AND (sex = '' OR sex = p.sex_code)
              AND CASE WHEN youngest > oldest THEN p.age >= youngest OR p.age <= oldest ELSE p.age BETWEEN youngest AND oldest END
        ) e ON true
        LEFT JOIN mapping m ON e.found = 0 AND m.model = a.model AND m.code = b.icd10_code
          AND m.since <= b.until_day AND m.until >= b.since_day"""


PROGRAMS: dict[str, tuple[Callable[[Sql, Any], str], type, tuple[str, ...]]] = {
    "calc__spend_month": (spend_month, SpendRules, ("core__claim",)),
    "calc__unit_score": (unit_score, ServiceRules, ("core__claim_line",)),
    "calc__risk_diagnosis": (
        risk_diagnosis,
        RiskRules,
        ("core__claim_line", "core__claim_diagnosis", "calc__risk_profile"),
    ),
}


def given(db: Sql, name: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    """A small table."""
    held = pa.table([pa.array(list(values)) for values in zip(*rows, strict=True)], columns.split())
    db.register(f"{name}_given", held)
    db.execute(f"CREATE TEMP TABLE {name} AS FROM {name}_given")


def main(folder: Path, table: str) -> dict[str, Any]:
    """Compute into a table in memory; then compare with what Spark wrote."""
    program, kind, reads = PROGRAMS[table]
    db = duckdb.connect(config={"threads": CORES, "memory_limit": "8GB", "temp_directory": str(folder / ".duckdb")})
    for name in (*reads, table):
        db.execute(
            f"CREATE VIEW {name} AS FROM read_parquet('{folder}/lake/{name}/**/*.parquet', hive_partitioning = true)"
        )
    sql = program(db, rules_of(folder, kind))
    began, cpu = time.monotonic(), time.process_time()
    db.execute(f"CREATE TEMP TABLE found AS {sql}")
    told = {"seconds": time.monotonic() - began, "cpu_seconds": time.process_time() - cpu}
    columns = [row[0] for row in db.execute("DESCRIBE found").fetchall()]
    hashed = ", ".join(f"{name}::VARCHAR" for name in columns)
    sums = [
        db.execute(f"SELECT count(*), sum(hash({hashed})::HUGEINT) FROM {name}").fetchone() for name in ("found", table)
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return told | {"rows": sums[0][0], "is_equal": sums[0] == sums[1], "peak_bytes": peak}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
