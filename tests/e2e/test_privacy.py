"""Canaries: values that must never be seen are put into every field where they could slip through (DL 7.2)."""

import csv
import io
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from lead_engine.cli.run import summary
from lead_engine.lake.store import Lake
from lead_engine.marts.report import read_report, write_page
from lead_engine.marts.review.page import read_review, write_review
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.job import tell
from lead_engine.pipeline.plan import steps_of
from lead_engine.pipeline.run import Run
from lead_engine.tables import CONTRACTS, Phi

CANARY_MBI, CANARY_ID = "1EG4TE5MK73", "-77770000777"


@pytest.fixture(scope="module")
def poisoned(network, tmp_path_factory, spark):
    """A run over the network with a canary as a person, and as the value of amounts, dates and codes; what it said."""
    import shutil

    folder = tmp_path_factory.mktemp("canaries") / "own"
    shutil.copytree(network.parent, folder, ignore=shutil.ignore_patterns("lake"))
    records = {
        "carrier": {"LINE_ALOWD_CHRG_AMT": CANARY_MBI, "CLM_THRU_DT": CANARY_MBI, "PRVDR_SPCLTY": CANARY_MBI},
        "inpatient": {"CLM_PMT_AMT": CANARY_MBI, "ICD_DGNS_CD1": CANARY_MBI},
        "beneficiary_2025": {"BENE_BIRTH_DT": CANARY_MBI, "BENE_SEX_IDENT_CD": CANARY_MBI},
    }
    for name in records:
        add_record(folder / "rif" / f"{name}.csv", {})
    for name, bad in records.items():
        for column, value in bad.items():
            add_record(folder / "rif" / f"{name}.csv", {column: value})
    config = read_config(folder / network.name)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        run = Run(config, spark, tell)
        done = run.go()
        report = read_report(run.lake, config.facts, config.resolved)
        pages = [write_page(report, folder / "page.html")]
        pages += [write_review(read_review(run.lake, config.resolved), folder / "review.html")]
        summary(done, report)
    return config, out.getvalue() + err.getvalue(), pages


def add_record(path: Path, changes: dict[str, str]) -> None:
    """The file's first record once more, of the canary person, with some fields changed."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="|")
        columns, row = reader.fieldnames, next(reader)
    person = {"BENE_ID": CANARY_ID} | ({"MBI_NUM": CANARY_MBI} if "MBI_NUM" in row else {})
    claim = {"CLM_ID": "-77"} if "CLM_ID" in row else {}
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, delimiter="|", lineterminator="\n").writerow(row | person | claim | changes)


def canaries(text: str) -> list[str]:
    return re.findall(f"{CANARY_MBI}|{CANARY_ID.strip('-')}", text)


def test_bad_records_are_counted_by_field(poisoned, spark):
    config, _, _ = poisoned
    rows = Lake(spark, config.lake).read(CONTRACTS["ops__quarantine"]).collect()
    fields = {row["field"] for row in rows}
    assert {"LINE_ALOWD_CHRG_AMT", "CLM_THRU_DT", "CLM_PMT_AMT", "BENE_BIRTH_DT"} <= fields


def test_identifiers_stand_in_one_table(poisoned, spark):
    config, _, _ = poisoned
    lake = Lake(spark, config.lake)
    written = {step.table for step in steps_of(config)} | {"ops__run", "ops__step", "ops__quality"}
    for name in sorted(written):
        contract = CONTRACTS[name]
        rows = lake.read(contract).selectExpr("to_json(struct(*)) AS text").collect()
        found = [row for row in rows if canaries(row["text"])]
        assert bool(found) is (contract.phi is Phi.IDENTIFIER), name


def test_nothing_in_commits_tells_a_person(poisoned):
    config, _, _ = poisoned
    logs = [
        path for path in Path(config.lake).rglob("_delta_log/*.json") if "core__beneficiary_identity" not in path.parts
    ]
    assert logs and [path for path in logs if canaries(path.read_text("utf-8"))] == []


def test_nothing_that_is_printed_tells_a_person(poisoned):
    _, said, _ = poisoned
    assert "calc__alignment " in said and canaries(said) == []


@pytest.mark.parametrize("place", [0, 1], ids=["figures", "data review"])
def test_the_page_tells_nobody_and_loads_nothing(poisoned, place):
    _, _, pages = poisoned
    text = pages[place].read_text("utf-8")
    assert canaries(text) == [] and "<script" not in text.lower()
    assert re.findall(r"""(?:src|href)\s*=\s*["']?(?!#)|url\(|@import""", text) == []


def test_the_data_review_tells_refused_records_as_few(poisoned):
    _, _, pages = poisoned
    text = pages[1].read_text("utf-8")
    refused = text.split("<h2>Refused records</h2>")[1].split("<h2>")[0]
    assert "LINE_ALOWD_CHRG_AMT" in refused and set(re.findall(r'<td class="n">([^<]*)</td>', refused)) == {"&lt;11"}


def test_no_log_shows_a_small_count(poisoned):
    _, said, _ = poisoned
    counts = re.findall(r"\b[A-Z_]{2,}=(\S+)", said)
    assert counts and [count for count in counts if count[0] != "<" and int(count.replace(",", "")) < 11] == []
