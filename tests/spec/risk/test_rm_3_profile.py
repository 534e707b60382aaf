"""RM 3.1, RM 3.3, RM 3.5, RM 3.6: age on 1 February, Medicaid of the first month, new enrollees, and who is not scored."""

from dataclasses import replace
from datetime import date

import pytest

from lead_engine.risk.profile import profiles
from lead_engine.risk.status import statuses
from lead_engine.tables import CONTRACTS
from tests.drawn import day, table
from tests.rules import risk_rules

RULES = risk_rules(years=(2026,))
CASES = {
    row["case"]: row
    for row in table(
        """
    case                                   | birth      | death      | B before | B counted | dual | status | age  | class   | new | excluded
    ---------------------------------------|------------|------------|----------|-----------|------|--------|------|---------|-----|------------
    birthday on 1 February                 | 1956-02-01 | none       | 12       | none      | 02   | 10     | 70   | FULL    | no  | none
    birthday a day later                   | 1956-02-02 | none       | 12       | none      | 01   | 10     | 69   | PARTIAL | no  | none
    eleven months of Part B before         | 1950-06-06 | none       | 11       | none      | NA   | 10     | 75   | NONE    | yes | none
    the source counts twelve               | 1950-06-06 | none       | 11       | 12        | NA   | 10     | 75   | NONE    | no  | none
    nothing before                         | 1950-06-06 | none       | 0        | none      | none | 10     | 75   | NONE    | yes | none
    died the day before the year           | 1950-06-06 | 2025-12-31 | 12       | none      | NA   | 10     | 75   | NONE    | no  | DEAD
    died on its first day                  | 1950-06-06 | 2026-01-01 | 12       | none      | NA   | 10     | 75   | NONE    | no  | none
    ESRD all year                          | 1950-06-06 | none       | 12       | none      | NA   | 11     | 75   | NONE    | no  | none
    ESRD from July                         | 1950-06-06 | none       | 12       | none      | NA   | July   | 75   | NONE    | no  | none
    no date of birth                       | none       | none       | 12       | none      | NA   | 10     | none | NONE    | no  | NO_AGE_OR_SEX
    """,
        birth=day,
        death=day,
        age=int,
        **{"B before": int, "B counted": int},
    )
}


STAY = {
    "source_kind": "RIF", "claim_type": "60", "sign": 1, "is_denied": False, "from_year": 2025,
    "from_date": date(2025, 6, 30), "through_date": date(2025, 7, 9), "known_date": date(2025, 8, 1), "paid_cents": 0,
    "source_id_key": 0, "drg_code": "652",
}  # fmt: skip
STAYS = [
    {"bene_key": 0},
    {"bene_key": 1, "drg_code": "470"},
    {"bene_key": 2, "from_date": date(2020, 1, 5)},
    {"bene_key": 2, "from_date": date(2021, 1, 5)},
    {"bene_key": 3, "from_date": date(2026, 2, 1)},
    {"bene_key": 4, "sign": 0},
    {"bene_key": 5, "is_denied": True},
    {"bene_key": 6, "from_date": date(2025, 12, 31)},
    {"bene_key": 7, "from_date": date(2025, 10, 1)},
]


@pytest.fixture(scope="module")
def given(spark):
    months, years, people = [], [], []
    for number, row in enumerate(CASES.values()):
        people.append((number, row["birth"], row["death"], "2", "0"))
        for year in (2025, 2026):
            for month in range(1, 13):
                has_b = year == 2026 or month <= row["B before"]
                months.append(
                    (
                        number,
                        date(year, month, 1),
                        year,
                        True,
                        True,
                        has_b,
                        False,
                        None,
                        ("11" if month >= 7 else "10") if row["status"] == "July" else row["status"],
                        row["dual"],
                        None,
                        None,
                        False,
                    )
                )
        if row["B counted"] is not None:
            years.append((number, 2025, 12, row["B counted"]))
    frames = [
        spark.createDataFrame(rows, CONTRACTS[name].schema)
        for rows, name in (
            (months, "core__enrolment_month"),
            (years, "core__enrolment_year"),
            (people, "core__beneficiary"),
        )
    ]
    claims = spark.createDataFrame(
        [
            tuple((STAY | row | {"claim_id": place}).get(name) for name in CONTRACTS["core__claim"].schema.names)
            for place, row in enumerate(STAYS)
        ],
        CONTRACTS["core__claim"].schema,
    )
    return [*frames, claims]


@pytest.fixture(scope="module")
def told(given):
    return {row["bene_key"]: row for row in profiled(given, RULES)}


def profiled(given, rules):
    enrolment, years, people, claims = given
    kinds = statuses(enrolment, claims, None, None, rules)
    return profiles(enrolment, years, people, kinds, rules).collect()


@pytest.mark.parametrize("case", CASES)
def test_profile(told, case):
    row, found = CASES[case], told[list(CASES).index(case)]
    assert (found["age"], found["dual_class"], found["is_new_enrollee"], found["excluded"]) == (
        row["age"],
        row["class"],
        row["new"] == "yes",
        row["excluded"],
    )


def test_months_are_esrd_or_others(told):
    months = {case: (told[n]["esrd_months"], told[n]["other_months"]) for n, case in enumerate(CASES)}
    assert months["ESRD all year"] == (12, 0) and months["ESRD from July"] == (6, 6)
    assert months["birthday on 1 February"] == (0, 12)


def test_months_since_the_last_kidney_transplant_in_january(told):
    """RM 3.4: June to January is eight months, told as from the fourth; the last stay counts, later, superseded and denied
    ones do not; the second month of a transplant is one of the three that have a factor of their own.
    """
    assert [told[person]["graft_months"] for person in range(8)] == [4, 0, 10, 0, 0, 0, 2, 4]


def test_months_without_enrolment_data_are_nobodys(given):
    """A year of RIF has twelve months, also those that are still to come."""
    rules = replace(RULES, enrolment_through=date(2026, 6, 1))
    told = {row["bene_key"]: row for row in profiled(given, rules)}
    months = {case: (told[n]["esrd_months"], told[n]["other_months"]) for n, case in enumerate(CASES)}
    assert months["ESRD all year"] == (6, 0) and months["ESRD from July"] == (0, 6)
