"""RM 3.3, RM 3.4, RM 3.6: which months of a year are institutional, since when a graft is, and which months are alike."""

from datetime import date
from itertools import pairwise

import pytest

from lead_engine.foundation.months import LATEST, Period
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.risk.decide import Graft, graft_months, is_institutional, told_apart
from lead_engine.risk.score import raw_scores, terms
from lead_engine.risk.status import statuses
from lead_engine.tables import CONTRACTS
from tests.drawn import day, table
from tests.rules import risk_rules

RULES = risk_rules(years=(2026,), enrolment_through=date(2026, 6, 1))
YEAR = 2026
CASES = table(
    """
    case                                         | from       | to         | transplant | failure    | month   | institution | months | told as
    ---------------------------------------------|------------|------------|------------|------------|---------|-------------|--------|--------
    nothing is given                             | none       | none       | none       | none       | 2026-01 | no          | 0      | 0
    the period begins on the first               | 2026-02-01 | none       | none       | none       | 2026-02 | yes         | 0      | 0
    the month before it                          | 2026-02-01 | none       | none       | none       | 2026-01 | no          | 0      | 0
    a day after the first: the month after       | 2026-02-02 | none       | none       | none       | 2026-02 | no          | 0      | 0
    it goes on                                   | 2020-05-05 | none       | none       | none       | 2026-06 | yes         | 0      | 0
    it ends on the first                         | 2020-05-05 | 2026-03-01 | none       | none       | 2026-03 | yes         | 0      | 0
    it ended the day before                      | 2020-05-05 | 2026-02-28 | none       | none       | 2026-03 | no          | 0      | 0
    the month of a transplant, on its last day   | none       | none       | 2026-01-31 | none       | 2026-01 | no          | 1      | 1
    the month before a transplant                | none       | none       | 2026-02-01 | none       | 2026-01 | no          | 0      | 0
    the third month                              | none       | none       | 2026-01-31 | none       | 2026-03 | no          | 3      | 3
    the fourth: the graft functions              | none       | none       | 2026-01-31 | none       | 2026-04 | no          | 4      | 4
    the ninth                                    | none       | none       | 2025-05-10 | none       | 2026-01 | no          | 9      | 4
    the tenth                                    | none       | none       | 2025-05-10 | none       | 2026-02 | no          | 10     | 10
    six years                                    | none       | none       | 2020-01-05 | none       | 2026-01 | no          | 73     | 10
    the month in which it fails                  | none       | none       | 2020-01-05 | 2026-02-15 | 2026-02 | no          | 74     | 10
    it fails on the first                        | none       | none       | 2020-01-05 | 2026-02-01 | 2026-02 | no          | 74     | 10
    the month after it failed                    | none       | none       | 2020-01-05 | 2026-02-15 | 2026-03 | no          | 0      | 0
    """,
    **dict.fromkeys(["from", "to", "transplant", "failure"], day),
    month=lambda text: date.fromisoformat(f"{text}-01"),
    **{"months": int, "told as": int},
)


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["case"])
def test_a_month_in_plain_python(row):
    periods = [Period(row["from"], row["to"] or LATEST)] if row["from"] else []
    grafts = [Graft(row["transplant"], row["failure"])] if row["transplant"] else []
    assert is_institutional(row["month"], periods) is (row["institution"] == "yes")
    months = graft_months(row["month"], grafts)
    assert (months, told_apart(months, RULES.graft_months_told_apart)) == (row["months"], row["told as"])


def test_the_models_say_which_months_they_tell_apart():
    assert RULES.graft_months_told_apart == (1, 2, 3, 4, 10)


def enrolled(spark, *people):
    """Half a year of enrolment: person, and dual and Medicare status code by month."""
    rows = []
    for person, duals, codes in people:
        for number in range(1, 13):
            fixed = (person, date(YEAR, number, 1), YEAR, True, True, True, False, None)
            rows.append((*fixed, codes.get(number, codes[0]), duals.get(number, duals[0]), None, None, False))
    return spark.createDataFrame(rows, CONTRACTS["core__enrolment_month"].schema)


def listed(spark, name, *rows):
    return spark.createDataFrame([(*row, "v") for row in rows], CONTRACTS[name].schema)


def no_claims(spark):
    return spark.createDataFrame([], CONTRACTS["core__claim"].schema)


def test_the_same_on_spark(spark):
    people = [(place, {0: "NA"}, {0: "10"}) for place in range(len(CASES))]
    periods = [(place, row["from"], row["to"]) for place, row in enumerate(CASES) if row["from"]]
    grafts = [(place, row["transplant"], row["failure"]) for place, row in enumerate(CASES) if row["transplant"]]
    given = [
        enrolled(spark, *people),
        no_claims(spark),
        listed(spark, "core__institutional_period", *periods),
        listed(spark, "core__kidney_transplant", *grafts),
    ]
    told = statuses(*given, RULES).collect()
    for place, row in enumerate(CASES):
        (of_month,) = [
            each for each in told if each["bene_key"] == place and each["month_set"] >> row["month"].month - 1 & 1
        ]
        assert of_month["is_long_term_institutional"] is (row["institution"] == "yes"), row["case"]
        assert of_month["graft_months"] == row["told as"], row["case"]
        assert of_month["is_institution_given"] and of_month["is_graft_given"]


def test_months_alike_are_one_row_and_every_month_is_in_one(spark):
    """Medicaid from March, ESRD from May; months after the data are nobody's."""
    duals, codes = {0: "NA", **dict.fromkeys(range(3, 13), "02")}, {0: "10", **dict.fromkeys(range(5, 13), "11")}
    enrolment = enrolled(spark, (1, duals, codes), (2, {0: "NA", 2: "01", 4: "01"}, {0: "10"}))
    given = (enrolment, no_claims(spark), None, None, RULES)
    told = statuses(*given)
    found = {(row["bene_key"], row["first_month"]): row for row in told.collect()}
    kinds = {key: (row["is_esrd"], row["dual_class"], f"{row['month_set']:012b}") for key, row in found.items()}
    assert kinds == {
        (1, 1): (False, "NONE", "000000000011"),
        (1, 3): (False, "FULL", "000000001100"),
        (1, 5): (True, "FULL", "000000110000"),
        (2, 1): (False, "NONE", "000000110101"),
        (2, 2): (False, "PARTIAL", "000000001010"),
    }
    assert not any(row["is_institution_given"] or row["is_graft_given"] for row in found.values())
    from lead_engine.risk.status import accounts

    assert unbalanced("x", entries(accounts(*given, told))) == []


def test_a_list_of_transplants_takes_the_place_of_the_stays(spark):
    stay = {
        "source_kind": "RIF", "claim_type": "60", "sign": 1, "is_denied": False, "from_year": 2025, "claim_id": 1,
        "from_date": date(2026, 1, 9), "through_date": date(2026, 1, 20), "known_date": date(2026, 3, 1), "paid_cents": 0,
        "source_id_key": 0, "drg_code": "652", "bene_key": 1,
    }  # fmt: skip
    schema = CONTRACTS["core__claim"].schema
    claims = spark.createDataFrame([tuple(stay.get(name) for name in schema.names)], schema)
    enrolment = enrolled(spark, (1, {0: "NA"}, {0: "11"}))
    by_drg = statuses(enrolment, claims, None, None, RULES).collect()
    assert sorted((row["first_month"], row["graft_months"]) for row in by_drg) == [(1, 1), (2, 2), (3, 3), (4, 4)]
    nobody = listed(spark, "core__kidney_transplant")
    (by_list,) = statuses(enrolment, claims, None, nobody, RULES).collect()
    assert (by_list["graft_months"], by_list["is_graft_given"]) == (0, True)


def test_a_year_of_transplant_and_medicaid_is_scored_month_by_month(spark):
    """RM 3.4: the transplant factors of its three months, then the graft; the community, then the institution."""
    enrolment = enrolled(spark, (1, {0: "NA"}, {0: "11"}), (2, {0: "NA", 6: "02"}, {0: "10"}))
    transplants = listed(spark, "core__kidney_transplant", (1, date(2026, 2, 9), None))
    periods = listed(spark, "core__institutional_period", (2, date(2026, 3, 1), date(2026, 5, 31)))
    told = statuses(enrolment, no_claims(spark), periods, transplants, RULES)
    rows = [
        (2027, YEAR, person, 70, "2", "NONE", entitlement, False, False, 0, 6 * is_esrd, 6 - 6 * is_esrd, None)
        for person, entitlement, is_esrd in ((1, "2", 1), (2, "0", 0))
    ]
    profiles = spark.createDataFrame(rows, CONTRACTS["calc__risk_profile"].schema)
    nothing = spark.createDataFrame([], CONTRACTS["calc__risk_diagnosis"].schema)
    scored = terms(profiles, nothing, told, RULES)
    found = raw_scores(scored, told, RULES).collect()
    scores = {
        (row["bene_key"], row["first_month"]): (row["segment"], float(row["raw_score"]), row["months"])
        for row in found
        if row["model"] in ("ESRDV24", "V28")
    }
    model = {model.name: model for model in RULES.models}
    graft = model["ESRDV24"].factors["GNPA"]
    functioning = float(graft["F70_74"] + graft["FGC_GE65_DUR4_9_ND_PBD"])
    assert scores[1, 2] == ("TRANSPLANT", 5.985, 1)
    assert scores[1, 3] == scores[1, 4] == ("TRANSPLANT", 0.941, 1)
    assert scores[1, 5][0] == "GNPA" and scores[1, 5][1] == pytest.approx(functioning) and scores[1, 5][2] == 2
    assert scores[1, 1][0] == "DI"
    v28 = model["V28"].factors
    of_person = {first: scores[2, first] for first in (1, 3, 6)}
    assert of_person == {
        1: ("CNA", float(v28["CNA"]["F70_74"]), 2),
        3: ("INS", float(v28["INS"]["F70_74"]), 3),
        6: ("CFA", float(v28["CFA"]["F70_74"]), 1),
    }
    sets = [row["month_set"] for row in found if row["bene_key"] == 2 and row["model"] == "V28"]
    assert sum(sets) == 0b111111 and all(one & other == 0 for one, other in pairwise(sets))
    assert {row["flags"] for row in found if row["model"] == "ESRDV24"} == {""}
