"""The command as people use it: what it prints, what it refuses, and how it ends (docs/reference/exit-codes.md)."""

import csv
import gzip
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from pyspark.sql import functions as F

from lead_engine.foundation import errors, guard
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.plan import steps_of
from lead_engine.pipeline.steps import STEPS
from lead_engine.synthetic.damage import RIF

MART = "mart__aco_year"
PLANTED = {(each.file, each.field, each.reason) for each in RIF if each.field}


def changed(config: Path, old: str, new: str) -> Path:
    text = config.read_text("utf-8")
    assert old in text
    config.write_text(text.replace(old, new), "utf-8")
    return config


def test_run_tells_what_it_did_and_writes_a_page(cli, own_lake):
    code, out, err = cli("run", own_lake)
    assert code == 0
    assert (
        f"0 of {len(steps_of(read_config(own_lake)))} steps computed" in out
        and "240 people" in out
        and "North Shore Physicians" in out
        and "High Needs" in out
    )
    assert "calc__alignment " in err
    review, page = (Path(line.partition(": ")[2]) for line in out.strip().splitlines()[-2:])
    assert "North Shore Physicians" in page.read_text("utf-8")
    assert review.name == "run-review-2027.html" and "Data review" in review.read_text("utf-8")
    code, out, _ = cli("run", own_lake, "--json", "--only", MART)
    assert code == 0 and [step["table"] for step in json.loads(out)["steps"]] == [MART]


def test_a_dry_run_and_a_plan_write_nothing(cli, own_network):
    code, out, _ = cli("run", own_network, "--dry-run", "--json", "--to", "core__claim")
    assert code == 0 and {step["state"] for step in json.loads(out)} == {"absent"}
    assert cli("plan", own_network)[0] == 0
    assert not own_network.with_name("lake").exists()
    assert len(json.loads(cli("plan", "--json")[1])) == len(STEPS)


def test_the_data_review(cli, own_lake):
    code, out, _ = cli("review", "--config", own_lake)
    assert code == 0 and f"{len(PLANTED)} kinds of records were refused" in out
    page = Path(out.strip().splitlines()[-1].removeprefix("Review: "))
    assert page == own_lake.with_name("run-review-2027.html").absolute() and "Reviewed by" in page.read_text("utf-8")


def test_a_data_review_of_a_lake_that_has_none(cli, own_network):
    code, _, err = cli("review", "--config", own_network)
    assert code == errors.LakeError.exit_code and "lead-engine run" in err


def test_status(cli, finished):
    code, out, _ = cli("status", "--config", finished.path, "--json")
    tables = {row["table"]: row for row in json.loads(out)}
    assert code == 0 and {row["verified"] for row in tables.values()} == {"yes"}
    assert tables["core__beneficiary"]["people"] == 240
    code, out, _ = cli("status", "--config", finished.path, "--quarantine", "--json")
    assert {(row["source_file"], row["field"], row["reason"]) for row in json.loads(out)} == PLANTED


def test_explanations(cli, finished, lake):
    from lead_engine.tables import CONTRACTS

    held = lake.read(CONTRACTS["calc__alignment"]).where("effective_month is not null and aligned_year = 2027")
    who = held.orderBy("bene_key").first()["bene_key"]
    code, out, _ = cli("explain", "alignment", who, "--year", 2027, "--config", finished.path)
    assert code == 0 and "ALN-33" in out and "ALN-32" in out and "reported" in out
    code, out, _ = cli("explain", "risk", who, "--config", finished.path)
    assert code == 0 and "RM 3.4" in out and "coefficient" in out
    facts = json.loads(cli("explain", "alignment", who, "--year", 2027, "--config", finished.path, "--json")[1])
    counted = Counter()
    for line in facts[0]["lines"]:
        counted[line["alignment_year_end"]] += line["cents"]
    scores = lake.read(CONTRACTS["calc__unit_score"]).where(F.col("bene_key") == who).collect()
    stored = Counter()
    for row in scores:
        stored[str(row["alignment_year_end"])] += row["pcs_cents"] + row["sps_cents"]
    assert counted == {end: stored[end] for end in counted} != {}
    for nobody in ("1EG4TE5MK73", "²", "9" * 19, "9" * 20):
        code, _, err = cli("explain", "alignment", nobody, "--config", finished.path)
        assert code == errors.ConfigurationError.exit_code and "knows nobody" in err and nobody not in err


def test_lines_of_substance_use_are_not_listed(cli, finished, lake):
    """A person with such a claim among those that count: it stays in the scores and out of the list."""
    from lead_engine.tables import CONTRACTS

    told = lake.read(CONTRACTS["core__claim_diagnosis"]).where("icd10_code = 'F1020'").select("claim_id")
    visits = lake.read(CONTRACTS["core__claim_line"]).join(told, "claim_id", "left_semi")
    visits = visits.where(
        "hcpcs_code in ('99213', '99214') and service_date between '2024-07-01' and '2025-06-30' and not is_denied and sign > 0"
    )
    scores = lake.read(CONTRACTS["calc__unit_score"]).where("alignment_year_end = '2025-06-30'")
    found = scores.join(visits.select("bene_key", F.col("tin").alias("unit")), ["bene_key", "unit"], "left_semi")
    row = found.orderBy("bene_key", "unit").first()
    who, unit, counted = row["bene_key"], row["unit"], row["pcs_lines"] + row["sps_lines"]
    pages = json.loads(cli("explain", "alignment", who, "--year", 2027, "--config", finished.path, "--json")[1])
    lines = [line for line in pages[0]["lines"] if line["unit"] == unit and line["alignment_year_end"] == "2025-06-30"]
    hidden = visits.where((F.col("bene_key") == who) & (F.col("tin") == unit)).count()
    assert len(lines) <= counted - hidden < counted


def test_why_a_person_is_high_needs(cli, finished, lake):
    from lead_engine.tables import CONTRACTS

    told = lake.read(CONTRACTS["calc__high_needs"])
    who = told.where("criteria = 16").orderBy("bene_key").first()["bene_key"]
    code, out, _ = cli("explain", "high-needs", who, "--config", finished.path)
    assert code == 0 and "ALN-50" in out and "days of skilled nursing, needs 45" in out and "High Needs since" in out
    nobody = told.where("hn_first_check_date is null").orderBy("bene_key").first()["bene_key"]
    code, out, _ = cli("explain", "high-needs", nobody, "--config", finished.path)
    assert code == 0 and "not High Needs" in out and "no criterion met" in out
    facts = json.loads(cli("explain", "high-needs", who, "--config", finished.path, "--json")[1])
    assert facts[0]["status"]["criteria"] == 16 and facts[0]["checks"]


def test_exports_are_the_same_bytes_every_time(cli, finished, tmp_path):
    for folder in ("one", "two"):
        assert cli("export", MART, "core__aco", "--config", finished.path, "--out", tmp_path / folder)[0] == 0
    for name in (f"{MART}.csv", "core__aco.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["core__aco.csv", f"{MART}.csv"]


def test_tables_about_people_need_to_be_asked_for(cli, finished, tmp_path):
    wanted = ("export", "calc__unit_score", "core__beneficiary_identity", "--config", finished.path, "--out", tmp_path)
    code, _, err = cli(*wanted)
    assert code == errors.ConfigurationError.exit_code
    assert "rows about people" in err and "Medicare identifiers" in err and not list(tmp_path.iterdir())
    assert cli(*wanted, "--restricted")[0] == 0
    with (tmp_path / "calc__unit_score.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert row["unit"][:4] in ("TIN:", "CCN:") and {"pcs_cents", "last_sps_date", "pcs_lines"} <= set(row)
    code, _, _ = cli(*wanted, "--restricted", "--format", "parquet")
    assert code == 0 and (tmp_path / "calc__unit_score.parquet").is_file()
    code, _, err = cli("export", "calc__nothing", "--config", finished.path, "--out", tmp_path)
    assert code == errors.ConfigurationError.exit_code and "is no table" in err


def test_the_methodology(cli):
    code, out, _ = cli("methodology", "show", "primary_care_threshold")
    assert code == 0 and "1/10" in out and "ALN-32" in out
    assert cli("methodology", "check")[0] == 0
    assert {row["status"] for row in json.loads(cli("methodology", "coverage", "--json")[1])} >= {"built", "planned"}
    assert "has a name that begins so" in cli("methodology", "show", "nothing")[2]
    assert cli("methodology", "show", "--year", 2026)[0] == errors.MethodologyError.exit_code


def test_doctor(cli, own_network):
    code, out, _ = cli("doctor", own_network)
    assert code == 0 and "4 ACOs" in out
    (own_network.parent / "rif" / "carrier.csv").write_text("", "utf-8")
    code, out, _ = cli("doctor", own_network)
    assert code == errors.InputRefusedError.exit_code and "carrier.csv: is empty" in out


def test_three_mistakes_are_told_together(cli, own_network):
    text = own_network.read_text("utf-8").replace("participants.csv", "nobody.csv").replace("2026-09-30", "autumn")
    own_network.write_text(text + "colour: blue\n", "utf-8")
    code, _, err = cli("run", own_network)
    assert code == errors.ConfigurationError.exit_code
    assert "colour" in err and "nobody.csv" in err and "alignment_claims_cutoff" in err
    assert not own_network.with_name("lake").exists()


def test_a_year_before_the_programme(cli, own_network):
    code, _, err = cli("run", changed(own_network, "performance_year: 2027", "performance_year: 2026"))
    assert code == errors.MethodologyError.exit_code and "2026" in err and "2027" in err


def test_a_ccn_in_two_acos(cli, own_network, sample_data):
    """ALN-8, on the given list that breaks it: every CCN and its ACOs are named."""
    given = sample_data / "aco_setup" / "aco_participants.csv"
    changed(own_network, "participants.csv", str(given))
    code, _, err = cli("run", own_network)
    assert code == errors.ConfigurationError.exit_code and "ALN-8" in err and err.count("is a Participant of") >= 2


def test_an_empty_folder(cli, own_network):
    (own_network.parent / "empty").mkdir()
    code, _, err = cli("run", changed(own_network, "path: rif", "path: empty"))
    assert code == errors.InputRefusedError.exit_code
    assert "has no beneficiary file" in err and "has no claim file" in err


def test_a_gzip_cut_short(cli, own_network):
    plain = own_network.parent / "rif" / "carrier.csv"
    whole = gzip.compress(plain.read_bytes())
    plain.with_suffix(".csv.gz").write_bytes(whole[: len(whole) // 2])
    plain.unlink()
    code, _, err = cli("run", own_network, "--to", "core__claim")
    assert code == errors.InputRefusedError.exit_code
    assert "carrier.csv.gz: is damaged or cut short" in err and "Traceback" not in err


def test_a_lake_where_a_file_stands(cli, own_network):
    own_network.with_name("lake").write_text("", "utf-8")
    code, _, err = cli("run", own_network)
    assert code == errors.LakeError.exit_code and "cannot be written to" in err


def test_an_unforeseen_error_shows_its_place_and_no_value(cli, finished, monkeypatch):
    def broken(*given):
        raise ValueError("1EG4TE5MK73")

    monkeypatch.setattr("lead_engine.pipeline.status.tables", broken)
    code, out, err = cli("status", "--config", finished.path)
    assert code == guard.INTERNAL and "ValueError at test_cli.py" in err and "1EG4TE5MK73" not in out + err


def test_the_exit_codes_of_the_page_are_those_of_the_errors():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "exit-codes.md").read_text("utf-8")
    told = {int(row.split("|")[1]) for row in page.splitlines() if row.startswith("|") and row[2].isdigit()}
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.LeadError)]
    assert told == {0, 2, guard.INTERNAL, guard.INTERRUPTED} | {kind.exit_code for kind in kinds}


def test_help_loads_nothing_heavy():
    asked = "import sys; sys.argv = ['lead-engine', '--help']\nfrom lead_engine.cli.main import main\n"
    heavy = "import atexit; atexit.register(lambda: print([m for m in ('pyspark', 'pandas', 'numpy') if m in sys.modules]))\n"
    done = subprocess.run(
        [sys.executable, "-c", asked.replace("\n", "\n" + heavy, 1) + "main()"], capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout.strip().endswith("[]")
