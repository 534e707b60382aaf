"""The given CCLF delivery of ACO A9001: final claims and net payments by person, file and year, and alignment as from RIF."""

import csv
from decimal import Decimal

import pytest
from pyspark.sql import functions as F

from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.run import Run
from lead_engine.tables import CONTRACTS

pytestmark = pytest.mark.long

CONFIG = """
lake: lake
performance_year: 2027
sources:
  - {{kind: cclf, path: {data}/cclf_synthea_ohio}}
participants: {data}/aco_setup/aco_participants_valid.csv
acos: acos.csv
alignment_claims_cutoff: 2026-09-30
enrolment_through: 2025-06
overrides: [no_service_area.yaml]
"""
FILES = {
    "10": "hha", "20": "snf", "30": "snf", "40": "outpatient", "50": "hospice", "60": "inpatient",
    "71": "carrier", "72": "dme", "81": "dme", "82": "dme",
}  # fmt: skip


@pytest.fixture(scope="module")
def run(spark, sample_data, tmp_path_factory) -> Run:
    folder = tmp_path_factory.mktemp("cclf")
    (folder / "run.yaml").write_text(CONFIG.format(data=sample_data))
    (folder / "no_service_area.yaml").write_text("alignment/service_area_mode: NONE\n")
    (folder / "acos.csv").write_text("aco_id,first_performance_year\nA9001,2027\nA9002,2027\nA9003,2027\n")
    made = Run(read_config(folder / "run.yaml"), spark)
    made.go()
    return made


def test_final_claims_and_net_payments(run, sample_data):
    lake = run.lake
    people = lake.read(CONTRACTS["core__beneficiary_identity"]).where("id_kind = 'mbi' and is_current")
    file = F.create_map(*[F.lit(part) for pair in FILES.items() for part in pair])[F.col("claim_type")]
    is_final = (F.col("sign") > 0) & F.col("cancelled_known_date").isNull()
    totals = (
        lake.read(CONTRACTS["core__claim"])
        .join(people.select("bene_key", "id_value"), "bene_key")
        .groupBy("id_value", file.alias("file"), "from_year")
        .agg(F.count_if(is_final).alias("claims"), F.sum(F.col("sign") * F.col("paid_cents")).alias("cents"))
        .where("claims != 0 or cents != 0")  # the recomputation lists nobody with nothing left
    )
    found = {(row[0], row[1], row[2]): (row[3], row[4]) for row in totals.collect()}
    with (sample_data / "golden_claims" / "cclf_expected_final_totals.csv").open(encoding="utf-8", newline="") as file:
        expected = {
            (row["bene_mbi"], row["claim_file"], int(row["from_year"])): (
                int(row["final_claims"]),
                int(Decimal(row["net_paid"]) * 100),
            )
            for row in csv.DictReader(file)
        }
    assert len(expected) == 8490
    assert found == expected


def test_nothing_is_quarantined(run):
    assert run.lake.read(CONTRACTS["ops__quarantine"]).count() == 0
