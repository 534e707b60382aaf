"""Other models, service area, clinics by TIN and minimums in whole runs of the invented network."""

import csv
import io

import pytest
from pyspark.sql import functions as F

from lead_engine.foundation.months import months_of
from lead_engine.lake.store import Lake
from lead_engine.methodology.reference import reference_table
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.plan import Choice
from lead_engine.pipeline.run import Run
from lead_engine.sources.counties import COUNTIES
from lead_engine.synthetic import identifiers
from lead_engine.synthetic.plan import counties
from lead_engine.synthetic.truth import FILE
from lead_engine.tables import CONTRACTS

SSA = dict(zip(*(reference_table(COUNTIES).column(f"{kind}_county_code") for kind in ("fips", "ssa")), strict=True))
CORE, NEXT, ELSEWHERE, FAR = (SSA[fips] for fips in counties()[:4])


def rows(lake, table, where="true"):
    return lake.read(CONTRACTS[table]).where(where).collect()


def listed(config, name):
    return list(csv.DictReader(io.StringIO(config.with_name(name).read_text("utf-8"))))


def key_of(lake, config, case):
    """The person of a case of the answer key."""
    names = list(dict.fromkeys(row["case"] for row in listed(config, FILE) if row["subject_kind"] == "person"))
    mbi = identifiers.mbi(names.index(case))
    return rows(lake, "core__beneficiary_identity", f"id_value = '{mbi}'")[0]["bene_key"]


def test_the_planted_person_belongs_to_another_model_all_year(lake, finished):
    who = key_of(lake, finished.path, "in_another_model")
    found = rows(lake, "calc__overlap_month")
    assert sorted((row["bene_key"], row["month"]) for row in found) == [(who, month) for month in months_of(2027)]
    assert {(row["model"], row["excluded_by"]) for row in found} == {("MSSP", "MSSP:PROSPECTIVE")}
    assert [row["bene_key"] for row in rows(lake, "core__other_model_person")] == [who]


def test_months_say_what_the_run_has_no_list_for(lake):
    untold = {
        row["not_tested"] for row in lake.read(CONTRACTS["calc__beneficiary_month"]).select("not_tested").collect()
    }
    assert all("SERVICE_AREA" in told and "OVERLAP" not in told for told in untold)


def test_every_aco_is_held_against_its_minimum(lake, finished):
    found = {row["aco_id"]: row for row in rows(lake, "calc__aco_minimum")}
    assert set(found) == {aco.aco_id for aco in finished.acos}
    january = lake.read(CONTRACTS["calc__alignment_month"]).where(F.month("month") == 1)
    people = {
        (r["aco_id"], r["aligned_year"]): r["count"]
        for r in january.groupBy("aco_id", "aligned_year").count().collect()
    }
    for aco_id, row in found.items():
        assert row["aligned_people"] == people.get((aco_id, 2027), 0)
        assert row["base_year_people"] == max(people.get((aco_id, year), 0) for year in (2024, 2025, 2026))
        assert (row["minimum_row"], row["below_minimum"], row["reason"]) == ("STANDARD", True, "TOO_FEW_IN_BOTH")


@pytest.fixture(scope="module")
def other(spark, finished, tmp_path_factory):
    """The finished network run again with the service area, and with a clinic known by a Participant TIN of another ACO."""
    import shutil

    folder = tmp_path_factory.mktemp("overlap") / "own"
    shutil.copytree(finished.path.parent, folder)
    config = folder / finished.path.name
    participants = listed(config, "participants.csv")
    clinic = next(row for row in participants if row["ccn"])
    kept = [row for row in participants if row["ccn"] != clinic["ccn"]]
    theirs = next(row["tin"] for row in kept if row["aco_id"] == "L0001" and row["provider_class"] == "Participant")
    offices = {(r["aco_id"], r["tin"], r["ccn"]) for r in kept if r["provider_class"].startswith("Participant")}
    texts = {
        "participants": [",".join(participants[0]), *(",".join(row.values()) for row in kept)],
        "ccn_to_tin": ["ccn,tin,effective_date,termination_date", f"{clinic['ccn']},{theirs},,"],
        "participant_offices": [
            "aco_id,tin,ccn,npi,county_code",
            *(f"{aco},{tin},{ccn},,{CORE if aco == 'L0001' else ELSEWHERE}" for aco, tin, ccn in sorted(offices)),
        ],
        "county_adjacency": ["county_code,neighbour_county_code", f"{CORE},{NEXT}", f"{NEXT},{CORE}", f"{FAR},{FAR}"],
    }
    for name, lines in texts.items():
        config.with_name(f"{name}.csv").write_text("\n".join([*lines, ""]), "utf-8")
    given = "".join(f"  {name}: {name}.csv\n" for name in texts if name != "participants")
    config.write_text(config.read_text("utf-8").replace("[no_service_area.yaml]", "[]") + given, "utf-8")
    run = read_config(config)
    Run(run, spark).go(Choice(last="calc__attestation_response"))
    return Lake(spark, run.lake), config


def test_a_clinic_counts_for_the_aco_of_its_tin(other, lake, finished):
    again, config = other
    who = key_of(lake, finished.path, "clinic_by_ccn")
    where = f"bene_key = {who} and aligned_year = 2027"
    before, after = (rows(each, "calc__alignment", where)[0] for each in (lake, again))
    assert (before["aco_id"], after["aco_id"]) == ("L0002", "L0001")
    assert before["score_cents"] == after["score_cents"] and key_of(again, config, "clinic_by_ccn") == who


def test_the_service_area_of_each_aco(other):
    found = {(row["aco_id"], row["county_code"]): row["is_core"] for row in rows(other[0], "calc__service_area")}
    assert found["L0001", CORE] and not found["L0001", NEXT] and ("L0001", ELSEWHERE) not in found
    assert {county for aco, county in found if aco == "L0002"} == {ELSEWHERE}


def test_months_name_the_service_area_only_where_no_county_is_known(other):
    months = other[0].read(CONTRACTS["calc__beneficiary_month"])
    is_named = F.col("not_tested").contains("SERVICE_AREA")
    assert months.where(is_named != F.col("county_code").isNull()).count() == 0
    assert months.where(~is_named).count() > 0


def test_who_signs_from_outside_the_service_area_is_answered_e4(other, lake):
    """Attestations that the run without a service area accepted: E4 where the ACO's area has not the county of the month."""
    areas = {(row["aco_id"], row["county_code"]) for row in rows(other[0], "calc__service_area")}
    home = {(row["bene_key"], row["month"]): row["county_code"] for row in rows(lake, "calc__beneficiary_month")}
    after = {row["attestation_id"]: row for row in rows(other[0], "calc__attestation_response")}
    told = {}
    for row in rows(lake, "calc__attestation_response", "response_code in ('A0', 'A1')"):
        is_inside = (row["aco_id"], home[row["bene_key"], row["answer_month"]]) in areas
        answer = after[row["attestation_id"]]
        told.setdefault(is_inside, set()).add((answer["response_code"], answer["reason"]))
    assert told[False] == {("E4", "SERVICE_AREA")}
    assert told[True] <= {("A0", None), ("A1", None)} and set(told) == {True, False}
