"""The risk ratio of a finished run: tied to the people it rests on, unwritten where something is missing, small cells kept."""

import csv
import json
from decimal import Decimal

import pytest
from pyspark.sql import functions as F

from lead_engine.cli.main import app
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.plan import Choice
from lead_engine.pipeline.run import Run
from lead_engine.tables import CONTRACTS

BENCHMARK = ("core__external_risk_score", "calc__aco_risk", "calc__benchmark_line", "mart__risk_ratio")
UNKNOWN = "1S999999999"


BY_CLAIMS = "aco_id = 'L0001' and category = 'AD' and route in ('C', 'B')"


def rows(lake, table, where="true"):
    return lake.read(CONTRACTS[table]).where(where).collect()


def cell_lines(lake, aco="L0001", category="AD"):
    found = rows(lake, "calc__benchmark_line", f"aco_id = '{aco}' and category = '{category}' and route = 'C'")
    return {row["line"]: row for row in found}


def test_months_and_scores_are_those_of_the_aligned_people(lake):
    """The sums of `calc__aco_year`, which are made another way."""
    same = ["aco_id", "year", "category"]
    by_year = lake.read(CONTRACTS["calc__aco_year"]).where("category != 'ALL'").select(*same, "months")
    no_history = "(route = 'C' or year = 2027)"  # base years of people on other routes are no aligned months
    risk = lake.read(CONTRACTS["calc__aco_risk"]).where(f"kind = 'HCC' and {no_history}")
    by_risk = risk.groupBy(*same).agg(F.sum("months"))
    assert sorted(by_year.collect()) == sorted(by_risk.collect()) != []
    aged = lake.read(CONTRACTS["calc__aco_year"]).where("category = 'AD'")
    told = (
        risk.where("category = 'AD'")
        .groupBy("aco_id", "year")
        .agg(F.sum("scored_months").alias("scored_months"), F.sum("score_millionths").alias("score_millionths"))
    )
    sums = {(r["aco_id"], r["year"]): (r["scored_months"], r["score_sum"] * 1_000_000) for r in aged.collect()}
    found = {(r["aco_id"], r["year"]): (r["scored_months"], r["score_millionths"]) for r in told.collect()}
    assert found == sums


def test_the_chain_from_people_to_ratio(lake, finished):
    """The ratio of one ACO by plain Python from its people."""
    months = rows(lake, "calc__alignment_month", BY_CLAIMS)
    score = {(r["bene_key"], r["year"]): r["raw_score"] for r in rows(lake, "calc__risk_score", "model = 'V28'")}
    with finished.path.with_name("reference_risk_scores.csv").open(encoding="utf-8") as file:
        means = {(r["score_year"], r["category"]): float(r["mean_score"]) for r in csv.DictReader(file)}
    renormalised = {}
    for year in (2026, 2027):
        scores = [
            score[r["bene_key"], year] for r in months if r["aligned_year"] == year and (r["bene_key"], year) in score
        ]
        renormalised[year] = float(sum(scores) / Decimal(len(scores))) / means[str(year), "AD"]
    told = cell_lines(lake)
    assert told["R_HCC_PY"]["value"] == pytest.approx(renormalised[2027], rel=1e-12)
    growth = renormalised[2027] / renormalised[2026]
    assert told["RR_RAW"]["value"] == pytest.approx(growth, rel=1e-12)
    assert told["RR"]["value"] == pytest.approx(min(max(growth, 0.97), 1.03), rel=1e-12)


def test_every_line_says_its_value_or_what_it_lacks(lake):
    found = rows(lake, "calc__benchmark_line")
    assert [row for row in found if (row["value"] is None) == (row["unwritten_because"] is None)] == []
    assert all(row["rule"] for row in found)
    told = cell_lines(lake)
    assert told["RISK_CAP"]["parameter"] == "benchmark/risk_cap_ad" and told["RISK_CAP"]["status"] == "reported"
    assert told["RR_CEILING"]["parameter"] == "benchmark/cap_demographic_adjusted, benchmark/risk_cap_ad"
    assert {"PART_YEAR", "REFERENCE_GIVEN", "SUBSTITUTE_MODEL"} <= set(told["RR"]["flags"].split(","))
    unscored = [row for row in found if row["line"].startswith("UNSCORED_MONTHS") and row["value"]]
    for row in unscored:
        same = [each for each in found if all(each[name] == row[name] for name in ("aco_id", "category", "route"))]
        by_line = {each["line"]: each for each in same}
        mean = by_line[row["line"].replace("UNSCORED_MONTHS", "RAW_MEAN")]
        assert mean["value"] is None or "UNSCORED_MONTHS" in mean["flags"]


def test_the_mart_shows_nothing_of_few_people(lake):
    people = {}
    for row in rows(lake, "calc__benchmark_line", "line in ('SCORED_PEOPLE_BY3', 'SCORED_PEOPLE_PY')"):
        people.setdefault((row["aco_id"], row["category"]), []).append(row["value"] or 0)
    shown = rows(lake, "mart__risk_ratio")
    few = {cell for cell, counts in people.items() if any(0 < count < 11 for count in counts)}
    assert {(row["aco_id"], row["category"]) for row in shown if row["is_suppressed"]} == few != set()
    figures = ("raw_mean_score", "base_score", "year_score", "raw_ratio", "capped_ratio", "unwritten_because", "flags")
    assert all(row[name] is None for row in shown if row["is_suppressed"] for name in figures)
    assert any(row["capped_ratio"] is not None for row in shown)


OF_PEOPLE = ("attestations", "other_model_people", "institutional_periods", "kidney_transplants")  # stay as they are


@pytest.fixture
def rerun(spark, own_lake):
    """The finished lake with other lists of scores and rules: brings the benchmark up to date."""

    def go(inputs: dict[str, str], scenario: str = ""):
        from lead_engine.lake.store import Lake

        head = own_lake.read_text("utf-8").partition("inputs:")[0]
        if scenario:
            own_lake.with_name("more.yaml").write_text(scenario, "utf-8")
            head = head.replace("[no_service_area.yaml]", "[no_service_area.yaml, more.yaml]")
        for name, text in inputs.items():
            own_lake.with_name(f"{name}.csv").write_text(text, "utf-8")
        lines = [f"  {name}: {name}.csv" for name in (*OF_PEOPLE, *inputs)]
        own_lake.write_text(head + "\n".join(["inputs:", *lines, ""]), "utf-8")
        config = read_config(own_lake)
        done = {step.table: step for step in Run(config, spark).go(Choice())}
        return Lake(spark, config.lake), done

    return go


def test_without_reference_means_the_ratio_stays_unwritten(rerun):
    lake, done = rerun({})
    assert {table for table, step in done.items() if step.seconds} == {"calc__benchmark_line", "mart__risk_ratio"}
    told = cell_lines(lake)
    assert told["RAW_MEAN_PY"]["value"] and told["RR"]["value"] is None
    assert "reference_risk_scores has no mean of V28, AD, 2027" in told["RR"]["unwritten_because"]
    shown = rows(lake, "mart__risk_ratio", "category = 'AD' and not is_suppressed")
    assert any(row["raw_mean_score"] is not None for row in shown)  # an ACO of nobody with a score has no mean either
    assert all(row["capped_ratio"] is None and "REFERENCE_MEAN_PY" in row["unwritten_because"] for row in shown)


def test_scores_from_outside_are_blended_with_their_lineage(rerun, lake, finished):
    keys = [row["bene_key"] for row in rows(lake, "calc__alignment_month", BY_CLAIMS)]
    mbis = [
        r["id_value"]
        for r in rows(lake, "core__beneficiary_identity", "id_kind = 'mbi' and is_current")
        if r["bene_key"] in keys
    ]
    head = "mbi,score_year,category,raw_score,model_name,model_version,computed_by,computed_date,data_through_date,data_sha256"
    last = "AI-inferred,0.9,Some office,2027-08-01,2026-12-31,"
    listed = [f"{mbi},{year},AD,{score},{last}" for mbi in mbis for year, score in ((2026, "0.5"), (2027, "0.550001"))]
    text = "\n".join([head, *listed, f"{UNKNOWN},2027,AD,9,{last}", ""])
    means = finished.path.with_name("reference_risk_scores.csv").read_text("utf-8")
    means += "".join(f"{year},AD,AI-inferred,0.5,some office,2027-08-01\n" for year in (2026, 2027))
    given = {"reference_risk_scores": means, "external_risk_scores": text}

    shadow, done = rerun(given)
    assert done["core__external_risk_score"].excluded == {"UNKNOWN_PERSON": "<11"}
    told = cell_lines(shadow)
    assert told["R_AI_PY"]["value"] == pytest.approx(1.100002) and told["R_PY"]["value"] == told["R_HCC_PY"]["value"]
    assert "run by Some office on 2027-08-01, data through 2026-12-31" in told["AI_SCORE_SUM_PY"]["source"]

    blended, _ = rerun(given, "description: as in 2029\nbenchmark/ai_weight: 1/3\n")
    told = cell_lines(blended)
    expected = 2 / 3 * told["R_HCC_PY"]["value"] + 1 / 3 * told["R_AI_PY"]["value"]
    assert told["R_PY"]["value"] == pytest.approx(expected)
    assert told["R_BY3"]["value"] == pytest.approx(2 / 3 * told["R_HCC_BY3"]["value"] + 1 / 3)
    assert told["R_PY"]["status"] == "scenario" and "EXTERNAL_MODEL" in told["RR"]["flags"]


def test_means_of_a_lake_that_holds_the_nation(spark, own_lake):
    """Whoever is eligible makes the mean, which is one over everybody: the ratio rests on no list then."""
    from lead_engine.lake.store import Lake

    head = own_lake.read_text("utf-8").replace("  reference_risk_scores: reference_risk_scores.csv\n", "")
    own_lake.write_text(head + "reference_population: lake\n", "utf-8")
    config = read_config(own_lake)
    Run(config, spark).go(Choice())
    lake = Lake(spark, config.lake)
    told = cell_lines(lake)
    months = rows(lake, "calc__beneficiary_month", "is_eligible and category = 'AD' and year = 2026")
    scores = {
        (row["bene_key"], number): row["raw_score"]
        for row in rows(lake, "calc__risk_score", "model = 'V28' and year = 2026")
        for number in range(1, 13)
        if row["month_set"] >> number - 1 & 1
    }
    scored = [scores[key] for key in ((row["bene_key"], row["month"].month) for row in months) if key in scores]
    assert told["REFERENCE_MEAN_BY3"]["value"] == pytest.approx(float(sum(scored) / len(scored)), rel=1e-12)
    assert "calc__reference_risk" in told["REFERENCE_MEAN_BY3"]["source"]
    assert "REFERENCE_OF_LAKE" in told["RR"]["flags"] and "REFERENCE_GIVEN" not in told["RR"]["flags"]
    assert told["RR"]["value"] is not None


def test_the_waterfall_of_an_aco(spark, finished, monkeypatch):
    from typer.testing import CliRunner

    monkeypatch.setattr("lead_engine.lake.session.start", lambda *given: spark)
    shown = CliRunner().invoke(app, ["explain", "benchmark", "L0001", "--config", str(finished.path), "--json"])
    (page, *_) = json.loads(shown.output)
    assert page["title"].startswith("ACO L0001, AD, aligned by claims, performance year 2027: risk ratio ")
    assert [line["line"] for line in page["lines"]][-2:] == ["RR", "R_USED"]


def test_drift_of_an_aco(spark, finished, lake, monkeypatch):
    """The terms shown and those told together are the change of the mean that the ledger has."""
    from typer.testing import CliRunner

    monkeypatch.setattr("lead_engine.lake.session.start", lambda *given: spark)
    words = ["drift", "L0001", "--from", "2026", "--to", "2027", "--config", str(finished.path)]
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).output)
    lines = cell_lines(lake)
    assert told["mean_before"] == pytest.approx(lines["RAW_MEAN_BY3"]["value"])
    assert told["mean_after"] == pytest.approx(lines["RAW_MEAN_PY"]["value"])
    change = sum(term["change"] for term in told["terms"]) + told["together"]["change"]
    assert change == pytest.approx(told["mean_after"] - told["mean_before"])
    shown = CliRunner().invoke(app, [*words, "--top", "3"]).output
    assert shown.startswith("\nACO L0001, AD, V28, 2026 to 2027: ") and "told together" in shown
    refused = CliRunner().invoke(app, [*words, "--category", "XX"])
    assert "is no benchmark category" in str(refused.exception)
