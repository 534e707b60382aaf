"""Raw scores, HCCs and terms of V24, V28 and ESRD V24: 1,493 profiles of every kind, 2,835 scores, 10,277 terms.

The same results stand in the files given with LEAD_SAMPLE_DATA, which are read when they are there.
"""

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from lead_engine.risk.catalogue import risk_model_named
from lead_engine.risk.decide import Profile, mapped, score, surviving
from lead_engine.risk.diagnoses import by_hcc
from lead_engine.risk.model import ESRD
from lead_engine.risk.score import terms
from lead_engine.tables import CONTRACTS
from tests.golden.files import rows
from tests.rules import risk_rules

RULES = risk_rules()
MODELS = {name: risk_model_named(name) for name in ("V24", "V28", "ESRDV24")}
SEEN = date(2025, 6, 1)
CLASSES = dict(RULES.dual_classes)


@pytest.fixture(scope="module")
def people() -> dict[str, Profile]:
    return {
        row["profile_id"]: Profile(
            int(row["age"]),
            {"M": "1", "F": "2"}[row["sex"]],
            CLASSES.get(row["dual_elgbl_cd"], "NONE"),
            row["orec"],
            row["new_enrollee"] == "1",
            row["lti"] == "1",
            int(row["graft_months"] or 0),
        )
        for row in rows("hcc/profiles")
    }


@pytest.fixture(scope="module")
def diagnoses() -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in rows("hcc/diagnoses"):
        found[row["profile_id"]].append(row["icd10"].upper().replace(".", ""))
    return found


@pytest.fixture(scope="module")
def expected_terms() -> dict[tuple[str, str], dict[str, Decimal]]:
    found = defaultdict(dict)
    for row in rows("hcc/expected_terms"):
        if row["model"] in MODELS:
            found[row["model"], row["profile_id"]][row["term"]] = Decimal(row["coefficient"])
    return found


def expected_scores() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["model"], row["profile_id"]): row for row in rows("hcc/expected_scores") if row["model"] in MODELS}


def test_every_kind_is_here(expected_terms):
    scored = {name for _, name in expected_scores()}
    kinds = {row["kind"] for row in rows("hcc/profiles") if row["profile_id"] in scored}
    assert kinds == {"aged", "disabled", "ne", "lti", "orec23", "edge", "esrd"}
    assert len(expected_scores()) == 2835 and sum(map(len, expected_terms.values())) == 10277


def test_the_given_files_are_these(sample_data):
    for name in ("profiles", "diagnoses", "expected_scores", "expected_terms"):
        with (sample_data / "golden_hcc" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.DictReader(file)) == rows(f"hcc/{name}")


def test_plain(people, diagnoses, expected_terms):
    for (model_name, name), expected in expected_scores().items():
        model, profile = MODELS[model_name], people[name]
        hccs = {hcc for code in diagnoses[name] for hcc in mapped(code, profile, model, SEEN, SEEN)}
        found = score(profile, hccs, model, RULES.aged_from)
        assert found.raw == Decimal(expected["risk_score"]), name
        assert sorted(surviving(hccs, model)[0]) == sorted(int(hcc) for hcc in expected["hccs"].split()), name
        own = {term.term: term.coefficient for term in found.terms if term.kind != "DROPPED"}
        assert own == expected_terms[model_name, name], name


def test_spark(spark, people, diagnoses, expected_terms):
    names = list(people)
    kinds = {row["profile_id"]: row["kind"] for row in rows("hcc/profiles")}
    profiles = [
        (2027, 2026, number, *person, 12 * (kinds[name] == "esrd"), 12 * (kinds[name] != "esrd"), None)
        for number, (name, person) in enumerate(people.items())
    ]
    alike = [
        (
            2027,
            2026,
            number,
            1,
            kinds[name] == "esrd",
            person.dual_class,
            person.is_long_term_institutional,
            person.graft_months,
            4095,
            True,
            True,
        )
        for number, (name, person) in enumerate(people.items())
    ]
    seen = [
        (model.name, number, code, people[name].age, people[name].sex_code, SEEN, SEEN)
        for number, name in enumerate(names)
        for code in diagnoses[name]
        for model in MODELS.values()
        if (model.population == ESRD) == (kinds[name] == "esrd")
    ]
    frame = spark.createDataFrame(
        seen,
        "model string, bene_key bigint, icd10_code string, age int, sex_code string, first_date date, last_date date",
    )
    hccs = by_hcc(frame, MODELS.values()).selectExpr(
        "2027", "model", "2026", "bene_key", "icd10_code", "hcc", "1L", "1", "first_date"
    )
    told = terms(
        spark.createDataFrame(profiles, CONTRACTS["calc__risk_profile"].schema),
        hccs.toDF(*CONTRACTS["calc__risk_diagnosis"].schema.names),
        spark.createDataFrame(alike, CONTRACTS["calc__risk_status"].schema),
        RULES,
    )
    found = defaultdict(dict)
    for row in told.where("kind <> 'DROPPED'").collect():
        found[row["model"], names[row["bene_key"]]][row["term"]] = row["coefficient"]
    assert {key: found[key] for key in expected_terms} == expected_terms
    assert {key: sum(found[key].values()) for key in expected_scores()} == {
        key: Decimal(row["risk_score"]) for key, row in expected_scores().items()
    }
