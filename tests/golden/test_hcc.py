"""V28 raw scores, HCCs and terms of 1,342 profiles (aged, disabled, new enrollee, institutional, OREC 2 and 3, edges)."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from lead_engine.risk.decide import Profile, mapped, score, surviving
from lead_engine.risk.diagnoses import by_hcc
from lead_engine.risk.score import terms
from lead_engine.tables import CONTRACTS
from tests.golden.files import rows
from tests.rules import risk_rules

MODEL = "V28"
RULES = risk_rules()
SEEN = date(2025, 6, 1)
CLASSES = dict(RULES.dual_classes)


@pytest.fixture(scope="module")
def people() -> dict[str, Profile]:
    scored = {row["profile_id"] for row in rows("hcc/expected_scores") if row["model"] == MODEL}
    return {
        row["profile_id"]: Profile(
            int(row["age"]),
            {"M": "1", "F": "2"}[row["sex"]],
            CLASSES.get(row["dual_elgbl_cd"], "NONE"),
            row["orec"],
            row["new_enrollee"] == "1",
            row["lti"] == "1",
        )
        for row in rows("hcc/profiles")
        if row["profile_id"] in scored
    }


@pytest.fixture(scope="module")
def diagnoses() -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in rows("hcc/diagnoses"):
        found[row["profile_id"]].append(row["icd10"].upper().replace(".", ""))
    return found


@pytest.fixture(scope="module")
def expected_terms() -> dict[str, dict[str, Decimal]]:
    found = defaultdict(dict)
    for row in rows("hcc/expected_terms"):
        if row["model"] == MODEL:
            found[row["profile_id"]][row["term"]] = Decimal(row["coefficient"])
    return found


def expected_scores() -> dict[str, dict[str, str]]:
    return {row["profile_id"]: row for row in rows("hcc/expected_scores") if row["model"] == MODEL}


def test_every_kind_is_here(people):
    kinds = {row["kind"] for row in rows("hcc/profiles") if row["profile_id"] in people}
    assert kinds == {"aged", "disabled", "ne", "lti", "orec23", "edge"}
    assert len(people) == 1342


def test_plain(people, diagnoses, expected_terms):
    for name, expected in expected_scores().items():
        profile = people[name]
        hccs = {hcc for code in diagnoses[name] for hcc in mapped(code, profile, RULES.model, SEEN, SEEN)}
        found = score(profile, hccs, RULES.model, RULES.aged_from)
        assert found.raw == Decimal(expected["risk_score"]), name
        assert sorted(surviving(hccs, RULES.model)[0]) == sorted(int(hcc) for hcc in expected["hccs"].split()), name
        assert {term.term: term.coefficient for term in found.terms if term.kind != "DROPPED"} == expected_terms[
            name
        ], name


def test_spark(spark, people, diagnoses, expected_terms):
    names = list(people)
    profiles = [
        (
            2027,
            2026,
            number,
            p.age,
            p.sex_code,
            p.dual_class,
            p.original_entitlement_code,
            p.is_new_enrollee,
            p.is_long_term_institutional,
            None,
        )
        for number, p in enumerate(people.values())
    ]
    seen = [
        (number, code, people[name].age, people[name].sex_code, SEEN, SEEN)
        for number, name in enumerate(names)
        for code in diagnoses[name]
    ]
    frame = spark.createDataFrame(
        seen, "bene_key bigint, icd10_code string, age int, sex_code string, first_date date, last_date date"
    )
    hccs = by_hcc(frame, RULES.model).selectExpr("2027", "'V28'", "2026", "bene_key", "icd10_code", "hcc", "1L", "1")
    told = terms(
        spark.createDataFrame(profiles, CONTRACTS["calc__risk_profile"].schema),
        hccs.toDF(*CONTRACTS["calc__risk_diagnosis"].schema.names),
        RULES,
    )
    found = defaultdict(dict)
    for row in told.where("kind <> 'DROPPED'").collect():
        found[names[row["bene_key"]]][row["term"]] = row["coefficient"]
    assert found == {name: expected_terms[name] for name in found}
    assert {name: sum(of.values()) for name, of in found.items()} == {
        name: Decimal(row["risk_score"]) for name, row in expected_scores().items()
    }
