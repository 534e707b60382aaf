"""`lead-engine score`: the independent results from flat files, and every kind of bad input. No Spark, no lake."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from lead_engine.risk.flat import score_tables
from tests.golden.files import rows

MODELS = ("V24", "V28", "ESRDV24")
PEOPLE = "profile_id,age,sex,dual_elgbl_cd,orec,crec,new_enrollee,lti,graft_months"


@pytest.fixture
def score(tmp_path, command):
    """Runs the command on two texts or files; gives exit code, output, messages and the files it wrote."""

    def run(profiles, diagnoses, *words: str, year: int = 2026, models=("v28",)):
        files = {"profiles": profiles, "diagnoses": diagnoses}
        for name, given in files.items():
            if not isinstance(given, Path):
                files[name] = tmp_path / f"{name}.csv"
                files[name].write_text(given, "utf-8")
        options = [word for model in models for word in ("--model", model)]
        line = ["score", "--profiles", files["profiles"], "--diagnoses", files["diagnoses"], *options, "--year", year]
        return *command(*line, "--out", tmp_path / "out", *words), tmp_path / "out"

    return run


def read(out: Path, name: str) -> list[dict[str, str]]:
    with (out / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check_golden(out: Path) -> None:
    scores = {(row["model"], row["profile_id"]): row for row in read(out, "scores")}
    expected = {(row["model"], row["profile_id"]): row for row in rows("hcc/expected_scores") if row["model"] in MODELS}
    assert len(expected) == 2835
    for key, row in expected.items():
        assert Decimal(scores[key]["risk_score"]) == Decimal(row["risk_score"]), key
        assert scores[key]["hccs"] == " ".join(sorted(row["hccs"].split(), key=int)), key
    terms = Counter((r["profile_id"], r["model"], r["term"], Decimal(r["coefficient"])) for r in read(out, "terms"))
    told = [row for row in rows("hcc/expected_terms") if row["model"] in MODELS]
    wanted = Counter((r["profile_id"], r["model"], r["term"], Decimal(r["coefficient"])) for r in told)
    known = {(name, model) for model, name in expected}
    assert wanted == Counter({term: count for term, count in terms.items() if term[:2] in known})
    assert wanted.total() == 10277


def table(name: str) -> str:
    found = rows(f"hcc/{name}")
    return "\n".join([",".join(found[0]), *(",".join(row.values()) for row in found)]) + "\n"


def test_independent_results_from_csv(score):
    code, said, _, out = score(table("profiles"), table("diagnoses"), "--trace", models=("v28", "V24"))
    assert code == 0 and "ESRDV24" in said
    check_golden(out)


def test_independent_results_from_the_given_files(score, sample_data):
    given = sample_data / "golden_hcc"
    assert score(given / "profiles.csv", given / "diagnoses.csv", models=("V28", "v24", "esrdv24"))[0] == 0


def test_parquet_and_the_functions_say_the_same(score, tmp_path):
    files = []
    for name in ("profiles", "diagnoses"):
        files.append(tmp_path / f"{name}.parquet")
        parquet.write_table(pa.Table.from_pylist(rows(f"hcc/{name}")), files[-1])
    code, _, _, out = score(*files, models=("v28", "v24"))
    assert code == 0
    check_golden(out)
    told, counts = score_tables(*map(parquet.read_table, files), ["v28", "v24"], 2026)
    assert [str(each) for each in told.scores["risk_score"].to_pylist()] == [
        row["risk_score"] for row in read(out, "scores")
    ]
    assert counts.scored == {"V28": 1342, "V24": 1342, "ESRDV24": 158}


def test_numbers_of_a_parquet_file(score, tmp_path):
    """Ages and flags as numbers, a code without its zero."""
    people = {"profile_id": [7], "age": [70], "sex": ["F"], "dual_elgbl_cd": [2], "orec": [0], "lti": [False]}
    parquet.write_table(pa.table(people), tmp_path / "p.parquet")
    parquet.write_table(pa.table({"profile_id": [7], "icd10": ["e11.9"]}), tmp_path / "d.parquet")
    out = score(tmp_path / "p.parquet", tmp_path / "d.parquet")[3]
    assert [(row["segment"], row["hccs"]) for row in read(out, "scores")] == [("CFA", "38")]


def test_identifiers_stay_text(score):
    """Zeros in front, blanks, a comma in quotes, a mark of the byte order, quoted names of columns."""
    people = '\ufeff"profile_id",age,sex,dual_elgbl_cd,orec\n 007 ,70,F,00,0\n7,71,F,00,0\n"a,b",72,F,2,0\n'
    out = score(people, "profile_id,icd10\n007,E119\n 7,E1122\n")[3]
    assert {row["profile_id"]: row["hccs"] for row in read(out, "scores")} == {"007": "38", "7": "37", "a,b": ""}


BAD = f"""{PEOPLE}
dots,70,f,99,0,0,0,0,
born,0,M,00,1,0,0,0,
oldest,120,F,02,0,0,0,0,
nosex,70,,00,0,0,0,0,
odd,70,X,00,0,0,0,0,
noage,,F,00,0,0,0,0,
young,-1,F,00,0,0,0,0,
older,151,F,00,0,0,0,0,
half,70.5,F,00,0,0,0,0,
orec,70,F,00,9,0,0,0,
flag,70,F,00,0,0,maybe,0,
graft,50,F,00,2,2,0,0,soon
"""
CODES = """profile_id,icd10
dots, e11.22
dots,25000
dots,
dots,Z0000
born,J439
stranger,I10
stranger,E1122
dots,E1122
"""


def test_bad_values_are_told_and_nothing_of_them_is_printed(score):
    code, said, errors, out = score(BAD, CODES, "--trace")
    assert (code, errors) == (0, "")
    assert {row["profile_id"]: row["segment"] for row in read(out, "scores")} == {
        "dots": "CNA",
        "born": "CND",
        "oldest": "CFA",
    }
    assert {row["profile_id"]: row["hccs"] for row in read(out, "scores")}["dots"] == "37"
    not_used = {row["profile_id"]: (row["reason"], row["diagnoses"]) for row in read(out, "not_used")}
    assert not_used == {
        "nosex": ("BAD_SEX", ""),
        "odd": ("BAD_SEX", ""),
        "noage": ("BAD_AGE", ""),
        "young": ("BAD_AGE", ""),
        "older": ("BAD_AGE", ""),
        "half": ("BAD_AGE", ""),
        "orec": ("BAD_OREC", ""),
        "flag": ("BAD_NEW_ENROLLEE", ""),
        "graft": ("BAD_GRAFT_MONTHS", ""),
        "stranger": ("NO_PROFILE", "2"),
    }
    codes = {(row["icd10"], row["reason"]): row["diagnoses"] for row in read(out, "codes") if row["model"] == "V28"}
    assert codes == {
        ("25000", "NOT_ICD10"): "1",
        ("", "EMPTY"): "1",
        ("Z0000", "NOT_IN_MODEL"): "1",
        ("J439", "REMOVED_BY_EDIT"): "1",
    }
    assert "stranger" not in said and "E1122" not in said
    assert "NO_PROFILE: 1" in said and "BAD_AGE: 4" in said and "NOT_ICD10: 1" in said


def test_the_trace_says_what_became_of_a_diagnosis(score):
    diagnoses = "profile_id,icd10\na,E1122\na,E119\na,E08311\na,I5020\na,I501\na,C50011\n"
    out = score(f"{PEOPLE}\na,49,F,00,1,0,0,0,\n", diagnoses, "--trace")[3]
    traced = [(r["icd10"], r["outcome"], r["hcc"], r["dropped_by"], r["coefficient"]) for r in read(out, "trace")]
    assert ("E1122", "COUNTS", "37", "", "0.1910") in traced
    assert ("E119", "DROPPED", "38", "HCC37", "") in traced
    assert [t[2] for t in traced if t[0] == "E08311"] == ["37", "298"]
    assert [t[2] for t in traced if t[0] == "C50011"] == ["22"]  # an edit by age
    assert len(traced) == 7


def test_esrd_goes_to_the_esrd_model_and_the_others_to_none_when_it_is_asked_alone(score):
    people = f"{PEOPLE}\na,70,F,00,0,0,0,0,\nb,70,F,00,2,2,0,0,\n"
    out = score(people, "profile_id,icd10\n", models=("CMMI_concurrent_v1",))[3]
    assert [(r["profile_id"], r["model"], r["risk_score"]) for r in read(out, "scores")] == [
        ("a", "CMMI_CONCURRENT_V1", "0.1949"),
        ("b", "ESRDV24", "0.6000"),
    ]
    out = score(people, "profile_id,icd10\n", models=("esrdv24",))[3]
    assert [row["profile_id"] for row in read(out, "scores")] == ["b"]
    assert [(row["profile_id"], row["reason"]) for row in read(out, "not_used")] == [("a", "NO_MODEL")]


def test_an_empty_file_gives_empty_files(score):
    code, _, _, out = score(PEOPLE + "\n", "profile_id,icd10\n", "--trace")
    assert code == 0 and [read(out, name) for name in ("scores", "terms", "trace", "codes", "not_used")] == [[]] * 5


@pytest.mark.parametrize(
    ("people", "codes", "options", "exit_code", "said"),
    [
        (f"{PEOPLE}\na,70,F,00,0,0,0,0,\n" * 1, "profile_id,icd10\n", {"year": 2040}, 5, "no tables for payment year 2040"),
        (f"{PEOPLE}\n", "profile_id,icd10\n", {"models": ("v99",)}, 3, "there is no risk model v99"),
        (f"{PEOPLE}\nx9,70,F,00,0,,,,\nx9,71,F,00,0,,,,\n", "profile_id,icd10\n", {}, 4, "profiles, row 3, field profile_id"),
        (f"{PEOPLE}\n,70,F,00,0,,,,\n", "profile_id,icd10\n", {}, 4, "row 2, field profile_id: is empty"),
        ("profile_id,sex\na,F\n", "profile_id,icd10\n", {}, 4, "has no column age"),
        (f"{PEOPLE}\n", "profile_id,code\n", {}, 4, "diagnoses: has no column icd10"),
        (f"{PEOPLE}\na,70\n", "profile_id,icd10\n", {}, 4, "profiles.csv: is no CSV"),
        ("", "profile_id,icd10\n", {}, 4, "profiles.csv: is no CSV"),
    ],
)  # fmt: skip
def test_refused(score, people, codes, options, exit_code, said):
    code, out, errors, folder = score(people, codes, **options)
    assert (code, out) == (exit_code, "") and said in errors
    assert "x9" not in errors and not (folder / "scores.csv").exists()


def test_a_file_that_is_not_there(score, tmp_path):
    code, _, errors, _ = score(tmp_path / "none.csv", tmp_path / "none.parquet")
    assert code == 4 and "none.csv: cannot be read" in errors
