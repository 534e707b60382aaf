"""The given CCLF delivery of ACO A9001: final claims and net payments by person, file and year, and alignment as from RIF."""

import csv
from decimal import Decimal

import pytest
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import CCN, PAYLOAD_BITS
from lead_engine.pipeline.run import Run
from lead_engine.tables import CONTRACTS

pytestmark = pytest.mark.long

FILES = {
    "10": "hha", "20": "snf", "30": "snf", "40": "outpatient", "50": "hospice", "60": "inpatient",
    "71": "carrier", "72": "dme", "81": "dme", "82": "dme",
}  # fmt: skip


def test_final_claims_and_net_payments(cclf_run, sample_data):
    lake = cclf_run.lake
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


def test_nothing_is_quarantined(cclf_run):
    assert cclf_run.lake.read(CONTRACTS["ops__quarantine"]).count() == 0


def test_alignment_is_that_from_rif_where_both_tell_the_same(rif_run, cclf_run):
    """People without a correction (CCLF alone has them) and without institutional units (CCLF has no cost sharing)."""

    def of(run: Run, name: str):
        return run.lake.read(CONTRACTS[name])

    def answers(run: Run):
        people = (
            of(run, "core__beneficiary_identity").where("id_kind = 'mbi' and is_current").select("bene_key", "id_value")
        )
        columns = [name for name in CONTRACTS["calc__alignment"].columns if name not in ("bene_key", "run_id")]
        return of(run, "calc__alignment").join(people, "bene_key").select("id_value", *columns)

    corrected = of(cclf_run, "core__claim").where("sign < 0").select("bene_key")
    institutional = of(cclf_run, "calc__unit_score").where(F.shiftright("unit", PAYLOAD_BITS) == CCN).select("bene_key")
    mbis = of(cclf_run, "core__beneficiary_identity").select("bene_key", "id_value")
    plain = mbis.join(corrected.union(institutional), "bene_key", "left_anti").select("id_value")
    ours, theirs = (answers(run).join(plain, "id_value") for run in (cclf_run, rif_run))
    assert ours.count() > 1000
    assert ours.exceptAll(theirs).count() == 0 and theirs.exceptAll(ours).count() == 0
