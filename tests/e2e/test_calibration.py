"""From a finished run to a promoted model and back: calibrate, promote, export, score, with nobody in the registry."""

import csv
import json
import re
from pathlib import Path

import pytest
from pyspark.sql import functions as F

from lead_engine.calibration.promoted import substitute_scores
from lead_engine.foundation.errors import ConfigurationError, LakeError, RegistryError
from lead_engine.lake.store import Lake
from lead_engine.pipeline.calibrate import calibrate, promote, promoted_model, read_calibration
from lead_engine.pipeline.config import open_config, read_config
from lead_engine.pipeline.run import Run
from lead_engine.pipeline.steps import SCORED
from lead_engine.tables import CONTRACTS

FEW = """description: a coefficient may rest on few people
calibration/minimum_person_years: 1
"""
SMALL = """description: bars for a network of few people, and cells of anybody
privacy/smallest_cell: 1
calibration/least_decile_ratio: 0
calibration/greatest_decile_ratio: 100
calibration/hold_out_tolerance: 100000
"""
ALONE = """description: the concurrent model rests on High Needs alone
calibration/concurrent_population: HIGH_NEEDS
"""
CALIBRATION = """run: {run}
variant: {variant}
diagnosis_year: {diagnosis}
cost_year: 2025
registry_name: lead-{name}
shrinkage: [0, 100]
folds: 4
blocks: 8
bootstrap: 3
"""


@pytest.fixture(scope="module")
def home(finished, tmp_path_factory) -> Path:
    """A copy of the finished network, with scenarios and calibrations beside it."""
    import shutil

    folder = tmp_path_factory.mktemp("calibration") / "own"
    shutil.copytree(finished.path.parent, folder)
    run = folder / finished.path.name
    (folder / "few.yaml").write_text(FEW)
    (folder / "small.yaml").write_text(SMALL)
    (folder / "alone.yaml").write_text(ALONE)
    text = run.read_text()
    for name, scenarios in (
        ("own", "few.yaml, small.yaml"),
        ("high_needs", "few.yaml, small.yaml, alone.yaml"),
        ("strict", "few.yaml"),
    ):
        own = re.sub(r"overrides: \[(.*)\]", rf"overrides: [\1, {scenarios}]", text)
        assert own != text
        (folder / f"{name}.yaml").write_text(own)
    for name, run_name, variant, diagnosis in (
        ("prospective", "own", "prospective", 2024),
        ("concurrent", "own", "concurrent", 2025),
        ("high_needs", "high_needs", "concurrent", 2025),
        ("strict", "strict", "prospective", 2024),
    ):
        told = CALIBRATION.format(run=f"{run_name}.yaml", name=name, variant=variant, diagnosis=diagnosis)
        (folder / f"calibrate_{name}.yaml").write_text(told)
    return folder


@pytest.fixture(scope="module")
def fit(home, spark):
    return calibrate(read_calibration(home / "calibrate_prospective.yaml"), spark)


@pytest.fixture(scope="module")
def strict(home, spark):
    """Fitted with the bars and the smallest cell that are shipped."""
    read = read_calibration(home / "calibrate_strict.yaml")
    calibrate(read, spark)
    return read


@pytest.fixture(scope="module")
def promoted(home, fit, spark):
    return promote(read_calibration(home / "calibrate_prospective.yaml"), spark, None)


FULL_YEAR = """AND NOT is_new_enrollee)
              AND bene_key IN (SELECT bene_key FROM core__enrolment_month
                               WHERE year = 2024 AND coalesce(has_part_a, true) AND coalesce(has_part_b, true)
                               GROUP BY bene_key HAVING count(*) = 12"""


@pytest.mark.parametrize(
    ("name", "category", "more"),
    [("prospective", "AD", FULL_YEAR), ("high_needs", "HN", "")],
)
def test_a_fit_rests_on_the_people_of_rm_8_1(fit, home, spark, name, category, more):
    """Counted another way, in SQL: continuing enrollees with a full year before; or whoever has a month of High Needs."""
    config = open_config(home / "own.yaml")
    lake = Lake(spark, config.lake)
    for table in ("calc__beneficiary_month", "calc__risk_profile", "core__enrolment_month", "calc__spend_month"):
        lake.read(CONTRACTS[table], part=config.slice if CONTRACTS[table].slice else {}).createOrReplaceTempView(table)
    people, months, cents = spark.sql(
        f"""
        WITH exposed AS (
            SELECT bene_key, month FROM calc__beneficiary_month
            WHERE year = 2025 AND category = '{category}' AND (is_eligible OR reason IN ('SERVICE_AREA', 'OVERLAP'))
              AND bene_key IN (SELECT bene_key FROM calc__risk_profile
                               WHERE year = 2025 AND excluded IS NULL {more}))
        SELECT (SELECT count(DISTINCT bene_key) FROM exposed), (SELECT count(*) FROM exposed),
               (SELECT sum(paid_cents) FROM calc__spend_month JOIN exposed USING (bene_key, month))
        """
    ).collect()[0]
    made = fit if name == "prospective" else calibrate(read_calibration(home / f"calibrate_{name}.yaml"), spark)
    sums = made[1].fit.sums
    assert (sums.people, sums.total_months, sums.total_cents) == (people, months, cents) and people > 0


def test_a_bar_that_fails_is_named_and_nothing_is_promoted(home, strict, spark):
    with pytest.raises(RegistryError, match=r"predictive ratio of decile(.|\n)*wanted 0\.9 to 1\.1"):
        promote(strict, spark, None)
    assert "champion" not in strict.registry().client.get_registered_model("lead-strict").aliases
    assert Lake(spark, strict.run.lake).commits("core__risk_model") == []


def test_small_cells_are_not_in_the_registry(home, strict):
    registry = strict.registry()
    run = registry.known("lead-strict", None).registered.run_id
    file = registry.client.download_artifacts(run, "predictive_ratios.csv", str(home))
    rows = list(csv.DictReader(Path(file).read_text("utf-8").splitlines()))
    assert rows and min(int(row["people"]) for row in rows) >= 11
    kinds = {row["kind"] for row in rows}
    assert {"ALL", "HCC_COUNT"} <= kinds


def test_the_promoted_model_scores_in_a_run_that_names_it(home, promoted, spark):
    registered, bars = promoted
    assert all(bar.passed for bar in bars)
    text = (home / "own.yaml").read_text() + f"risk_model: {registered}\n"
    (home / "with_model.yaml").write_text(text)
    (home / "mlflow.db").rename(home / "away.db")  # scoring asks no registry
    try:
        config = read_config(home / "with_model.yaml")
        done = {step.table: step.was for step in Run(config, spark).go()}
        assert done["calc__substitute_score"] == "absent" and done["calc__hcc"] == "current"
        lake = Lake(spark, config.lake)
        scores = lake.read(CONTRACTS["calc__substitute_score"], part=config.slice)
        names = scores.select("registry_name", "registry_version", "registry_run", "flags").distinct().collect()
        flags = "SUBSTITUTE,PAYMENTS_AS_DELIVERED"
        assert [tuple(row) for row in names] == [(registered.name, registered.version, registered.run_id, flags)]
        model = promoted_model(lake, str(registered), config.resolved)
        tables = [lake.read(CONTRACTS[t], part=config.slice) for t in SCORED]
        again = substitute_scores(*tables, model).withColumn("performance_year", F.lit(2027))
        assert again.select(scores.columns).exceptAll(scores).isEmpty() and again.count() == scores.count() > 0
    finally:
        (home / "away.db").rename(home / "mlflow.db")


def test_the_benchmark_counts_with_the_model_that_a_parameter_names(home, promoted, spark):
    """Registered, promoted, exported, used: the ledger names it beside the scores, and the ratio is of its scores."""
    registered, _ = promoted
    (home / "promoted.yaml").write_text(
        f"description: the substitute in the benchmark\nbenchmark/risk_model_ad: {registered}\n"
    )
    text = re.sub(r"overrides: \[(.*)\]", r"overrides: [\1, promoted.yaml]", (home / "own.yaml").read_text())
    (home / "benchmark.yaml").write_text(text)
    with pytest.raises(ConfigurationError, match=f"names {registered}, which the run does not score"):
        read_config(home / "benchmark.yaml")
    (home / "benchmark.yaml").write_text(text + f"risk_model: {registered}\n")
    config = read_config(home / "benchmark.yaml")
    Run(config, spark).go()
    lake = Lake(spark, config.lake)
    held = {
        name: lake.read(CONTRACTS[name], part=config.slice) for name in ("calc__substitute_score", "calc__aco_risk")
    }
    (row, *_) = held["calc__aco_risk"].where("category = 'AD' and kind = 'HCC' and scored_months > 0").collect()
    assert row["model"] == str(registered) and registered.run_id.startswith(row["model_version"])
    assert "SUBSTITUTE" in row["flags"].split(",") and f"registry name {registered.name}" in row["lineage"]
    scores = {}
    for each in held["calc__substitute_score"].where(f"year = {row['year']}").collect():
        for number in range(1, 13):
            if each["month_set"] >> number - 1 & 1:
                scores[each["bene_key"], number] = each["score"]
    months = lake.read(CONTRACTS["calc__alignment_month"], part=config.slice).where(
        f"aco_id = '{row['aco_id']}' and category = 'AD' and aligned_year = {row['year']} and route in ('C', 'B')"
    )
    found = [scores.get((each["bene_key"], each["month"].month)) for each in months.collect()]
    scored = [score for score in found if score is not None]
    assert (row["months"], row["scored_months"]) == (len(found), len(scored))
    assert row["score_millionths"] == sum(scored) * 1_000_000
    lines = lake.read(CONTRACTS["calc__benchmark_line"], part=config.slice).where("category = 'AD'").collect()
    sums = [line for line in lines if line["line"].startswith("SCORE_SUM_") and line["value"] is not None]
    assert sums and all(f"{registered} " in line["source"] and "promoted substitute" in line["source"] for line in sums)
    assert {line["status"] for line in sums} == {"scenario"}
    esrd = (home / "promoted.yaml").read_text().replace("risk_model_ad", "risk_model_esrd")
    (home / "promoted.yaml").write_text(esrd)
    with pytest.raises(ConfigurationError, match="a model of months without ESRD"):
        read_config(home / "benchmark.yaml")


def test_promoting_again_writes_nothing_twice(home, promoted, spark):
    lake = Lake(spark, open_config(home / "own.yaml").lake)
    before = lake.commits("core__risk_model")
    promote(read_calibration(home / "calibrate_prospective.yaml"), spark, promoted[0].version)
    assert lake.commits("core__risk_model") == before


def test_a_concurrent_fit_knows_the_dead_and_all_counts(home, spark):
    registered, report, _ = calibrate(read_calibration(home / "calibrate_concurrent.yaml"), spark)
    assert registered.name == "lead-concurrent" and "D15P" in report.fit.design.names
    assert "ALL_AGED_AND_DISABLED" in report.flags
    assert report.fit.sums.people > 0


def test_what_cannot_be_is_refused(home, spark, promoted):
    told = (home / "calibrate_prospective.yaml").read_text()
    (home / "wrong.yaml").write_text(told.replace("2025", "2026").replace("folds: 4", "folds: 1\nwhat: 1"))
    with pytest.raises(ConfigurationError, match=r"unknown key(.|\n)*2 problems|2 problems(.|\n)*unknown key"):
        read_calibration(home / "wrong.yaml")
    early = told.replace("2025", "2019").replace("2024", "2018")
    (home / "early.yaml").write_text(early)
    with pytest.raises(LakeError, match="nobody to fit on in cost year 2019; payment years there are"):
        calibrate(read_calibration(home / "early.yaml"), spark)
    text = (home / "own.yaml").read_text() + "risk_model: lead-prospective/99\n"
    (home / "absent.yaml").write_text(text)
    config = read_config(home / "absent.yaml")
    with pytest.raises(LakeError, match="has no model lead-prospective/99"):
        Run(config, spark).go()


def test_the_two_verbs(home, promoted, strict, cli):
    code, out, _ = cli("calibrate", home / "calibrate_prospective.yaml", "--json")
    told = json.loads(out)
    assert code == 0 and told["metrics"]["people"] > 100
    code, out, _ = cli("promote", home / "calibrate_prospective.yaml")
    assert code == 0 and f"risk_model: {told['model']}" in out
    code, _, err = cli("promote", home / "calibrate_strict.yaml", "--version", 1)
    assert code == RegistryError.exit_code and "predictive ratio of decile" in err
    code, _, err = cli("calibrate", home / "own.yaml")
    assert code == 3 and "unknown key" in err


def test_nothing_in_the_registry_is_of_a_person(home, fit, promoted, spark):
    """Keys, Medicare numbers, BENE_IDs and birth dates of every person, looked for in every file MLflow holds."""
    config = open_config(home / "own.yaml")
    lake = Lake(spark, config.lake)
    identities = lake.read(CONTRACTS["core__beneficiary_identity"]).collect()
    canaries = {str(value) for row in identities for value in row.asDict().values() if len(str(value)) > 8}
    canaries |= {str(row["bene_key"]) for row in identities}
    assert len(canaries) > len(identities)
    held = [path for path in [home / "mlflow.db", *(home / "mlflow_artifacts").rglob("*")] if path.is_file()]
    assert len(held) > 10
    found = set()
    for path in held:
        text = path.read_bytes().decode("latin-1")
        words = set(re.findall(r"[A-Za-z0-9-]{9,}", text))
        found |= {(path.name) for _ in words & canaries}
    assert found == set()
