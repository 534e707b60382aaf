"""An ACO is handed its own aligned people: which, for which months, in whose layout, and who may read the files."""

import csv
import stat
from collections import Counter

import pytest
from pyspark.sql import functions as F

from lead_engine.foundation import errors
from lead_engine.methodology.reference import reference_table
from lead_engine.pipeline.hand_out import READS
from lead_engine.tables import CONTRACTS

YEAR, ACO = 2027, "L0001"


def table(lake, name):
    return lake.read(CONTRACTS[name])


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def answers(lake):
    held = table(lake, "calc__alignment").where(f"aligned_year = {YEAR} AND effective_month IS NOT NULL")
    return [row for row in held.collect() if row["aco_id"] == ACO]


@pytest.fixture
def mbis(lake, answers):
    """The current MBI of each aligned person, where one was delivered."""
    known = table(lake, "core__beneficiary_identity").where("is_current AND id_kind = 'mbi'").collect()
    of = {row["bene_key"]: row["id_value"] for row in known}
    return {row["bene_key"]: of.get(row["bene_key"], "") for row in answers}


def test_the_alignment_report(cli, finished, answers, mbis, tmp_path):
    code, out, err = cli(
        "export", "alignment", "--shape", "cms", "--aco", ACO, "--out", tmp_path, "--config", finished.path
    )
    assert code == 0 and "monthly_L0001.csv" in out and "Race-Ethnicity" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["monthly_L0001.csv", "overview_L0001.csv"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    overview, monthly = rows(tmp_path / "overview_L0001.csv"), rows(tmp_path / "monthly_L0001.csv")
    columns = [
        row["column"] for row in reference_table("layouts/alignment_report").records() if row["file"] == "overview"
    ]
    assert list(overview[0]) == columns
    assert Counter(row["Beneficiary MBI ID"] for row in overview) == Counter(mbis.values())
    assert len(answers) > 20 and len(set(mbis.values())) > 20
    by_mbi = {row["Beneficiary MBI ID"]: row for row in overview}
    for answer in answers:
        told = by_mbi[mbis[answer["bene_key"]]]
        assert told["Alignment Effective Start Date"] == f"{answer['effective_month']:%Y%m%d}"
        assert bool(told["Alignment Effective Termination Date"]) is (answer["end_reason"] is not None)
    assert {row["Newly Aligned Flag"] for row in overview} == {"Y"}
    months = Counter((row["Beneficiary MBI ID"], row["Alignment Status"] == "AL") for row in monthly)
    for answer in answers:
        held = (answer["end_month"].month - answer["effective_month"].month) + 1
        assert months[mbis[answer["bene_key"]], True] == held
        assert bool(months[mbis[answer["bene_key"]], False]) is (answer["end_reason"] is not None)
    assert {row["Alignment Status"] for row in monthly} <= {"AL", "DY", "AB", "MC", "MS", "OU"}


INDICATORS = {  # and the bit of each in `calc__high_needs`
    "Mobility Impairment Indicator": 1,
    "Frailty Indicator": 8,
    "High Risk Score Indicator": 2,
    "Medium Risk with Unplanned Admissions Indicator": 4,
}


def test_high_needs_indicators(cli, finished, lake, mbis, tmp_path):
    """Y or N by the criteria a check found met; not evaluated where it had no score, which is not N."""
    cli("export", "alignment", "--shape", "cms", "--aco", ACO, "--out", tmp_path, "--config", finished.path)
    told = {row["Beneficiary MBI ID"]: row for row in rows(tmp_path / "overview_L0001.csv")}
    seen = Counter()
    for person in table(lake, "calc__high_needs").collect():
        mbi = mbis.get(person["bene_key"])
        for name, bit in INDICATORS.items() if mbi else ():
            left_out = "not evaluated" if person["not_evaluated"] & bit else "N"
            expected = "Y" if person["criteria"] & bit else left_out
            assert told[mbi][name] == expected, name
            seen[name, expected] += 1
    assert {name for name, said in seen if said == "N"} == set(INDICATORS)
    assert {said for _, said in seen} >= {"Y", "N"}, seen


def test_provider_attribution(cli, finished, lake, mbis, tmp_path):
    asked = ("export", "alignment", "--shape", "tuva", "--aco", ACO, "--config", finished.path)
    for folder in ("one", "two"):
        assert cli(*asked, "--out", tmp_path / folder)[0] == 0
    files = [tmp_path / folder / "provider_attribution_L0001.csv" for folder in ("one", "two")]
    assert files[0].read_bytes() == files[1].read_bytes()
    found = rows(files[0])
    stored = table(lake, "calc__alignment_month").where((F.col("aco_id") == ACO) & (F.col("aligned_year") == YEAR))
    assert len(found) == stored.count() == len({(row["person_id"], row["year_month"]) for row in found})
    assert {row["payer_attributed_provider_organization"] for row in found} == {ACO}
    assert {row["payer_attributed_provider"] for row in found} == {""}
    assert {row["person_id"] for row in found} >= {mbi for mbi in mbis.values() if mbi}


def test_nothing_of_a_claim_can_be_in_it():
    """ALN-63, DL 5.1: what is not read cannot show a substance-use service."""
    assert [name for name in READS if "claim" in name or "line" in name or "diagnosis" in name or "score" in name] == []


def test_what_is_refused(cli, finished, tmp_path):
    code, _, err = cli("export", "alignment", "--out", tmp_path, "--config", finished.path)
    assert code == errors.ConfigurationError.exit_code and "--shape and --aco" in err
    code, _, err = cli("export", "mart__aco_year", "--aco", ACO, "--out", tmp_path, "--config", finished.path)
    assert code == errors.ConfigurationError.exit_code
    asked = ("export", "alignment", "--shape", "cms", "--aco", "L9999", "--out", tmp_path, "--config", finished.path)
    code, _, err = cli(*asked)
    assert code == errors.ConfigurationError.exit_code and "does not know" in err and not list(tmp_path.iterdir())
