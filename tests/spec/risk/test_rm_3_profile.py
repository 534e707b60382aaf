"""RM 3.1, RM 3.3, RM 3.5, RM 3.6: age on 1 February, Medicaid and ESRD of January, new enrollees, and who is not scored."""

from datetime import date

import pytest

from lead_engine.risk.profile import profiles
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
    ESRD in January                        | 1950-06-06 | none       | 12       | none      | NA   | 11     | 75   | NONE    | no  | ESRD
    no date of birth                       | none       | none       | 12       | none      | NA   | 10     | none | NONE    | no  | NO_AGE_OR_SEX
    """,
        birth=day,
        death=day,
        age=int,
        **{"B before": int, "B counted": int},
    )
}


@pytest.fixture(scope="module")
def told(spark):
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
                        row["status"],
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
    return {row["bene_key"]: row for row in profiles(*frames, RULES).collect()}


@pytest.mark.parametrize("case", CASES)
def test_profile(told, case):
    row, found = CASES[case], told[list(CASES).index(case)]
    assert (found["age"], found["dual_class"], found["is_new_enrollee"], found["excluded"]) == (
        row["age"],
        row["class"],
        row["new"] == "yes",
        row["excluded"],
    )
