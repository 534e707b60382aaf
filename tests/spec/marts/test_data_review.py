"""DL 10.1 to DL 10.4: what is compared, which months are flagged, the run-out triangle, codes that are missing, what is withheld."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from lead_engine.foundation.identifiers import pack_unit
from lead_engine.foundation.months import add_months
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.lake.verify import verify
from lead_engine.marts.review import codes, deliveries, month_table, run_out
from lead_engine.marts.review.compared import newest_and_previous, role
from lead_engine.marts.review.decide import NOT_SHOWN, Figures, Month, told
from lead_engine.marts.review.hide import NOTHING_SHOWN, Part, shown, withheld
from lead_engine.marts.review.rules import PublishRules, RunOutRules
from lead_engine.tables import CONTRACTS
from tests.drawn import by_case, day, dollars, flag, table
from tests.held import held
from tests.rules import code_rules, review_rules

RULES = review_rules()
SMALLEST = 11

COMPARED = table(
    """
    case                              | received                          | newest     | previous
    ----------------------------------|-----------------------------------|------------|-----------
    the only one                      | 2027-05-10                        | 2027-05-10 | none
    the month before                  | 2027-05-10, 2027-04-12            | 2027-05-10 | 2027-04-12
    two ACOs in one month             | 2027-05-10, 2027-05-12            | 2027-05-12 | none
    the later one of the month before | 2027-05-10, 2027-04-12, 2027-04-2 | 2027-05-10 | 2027-04-12
    the last of a year                | 2027-01-08, 2026-12-31            | 2027-01-08 | 2026-12-31
    not the same month of a year ago  | 2027-05-10, 2026-05-10            | 2027-05-10 | 2026-05-10
    """.replace("2027-04-2 ", "2027-04-02"),
    newest=day,
    previous=day,
)


@pytest.mark.parametrize("row", COMPARED, ids=lambda row: row["case"])
def test_what_is_compared(row):
    received = [day(text.strip()) for text in row["received"].split(",")]
    assert newest_and_previous(received) == (row["newest"], row["previous"])


def test_the_part_each_delivery_plays():
    days = (date(2027, 5, 12), date(2027, 4, 12))
    played = {received: role(received, *days).value for received in (date(2027, 5, 2), days[1], date(2027, 3, 1))}
    assert list(played.values()) == ["NEWEST", "PREVIOUS", "EARLIER"]


# The last month anything is known of is 2027-06; half of the mean, 2% and 12 months are the shipped parameters.
FLAGS = by_case(
    table(
        """
    case                                      | month      | claims | paid    | before | paid before | flag
    ------------------------------------------|------------|--------|---------|--------|-------------|---------------
    nothing to say                            | 2026-01-01 | 100    | 1000    | 100    | 1000        | none
                                              | 2026-02-01 | 110    | 1100    | 110    | 1100        | none
    half as much again is not beyond          | 2026-01-01 | 100    | 1000    | 100    | 1000        | none
                                              | 2026-02-01 | 150    | 1500    | 150    | 1500        | none
                                              | 2026-03-01 | 100    | 1000    | 100    | 1000        | none
    one claim more is                         | 2026-01-01 | 100    | 1000    | 100    | 1000        | none
                                              | 2026-02-01 | 151    | 1000    | 151    | 1000        | SUDDEN_CHANGE
                                              | 2026-03-01 | 100    | 1000    | 100    | 1000        | none
    a cent less than half is                  | 2026-01-01 | 100    | 1000    | 100    | 1000        | none
                                              | 2026-02-01 | 100    | 499.99  | 100    | 499.99      | SUDDEN_CHANGE
                                              | 2026-03-01 | 100    | 1000    | 100    | 1000        | none
    a month four away is not around           | 2026-01-01 | 400    | 4000    | 400    | 4000        | none
                                              | 2026-05-01 | 100    | 1000    | 100    | 1000        | none
    a month three away is                     | 2026-01-01 | 400    | 4000    | 400    | 4000        | SUDDEN_CHANGE
                                              | 2026-04-01 | 100    | 1000    | 100    | 1000        | SUDDEN_CHANGE
    withheld months are not around            | 2026-01-01 | none   | none    | none   | none        | none
                                              | 2026-02-01 | 100    | 1000    | 100    | 1000        | none
    nothing in a month: it is no measure      | 2026-01-01 | 100    | 1000    | 100    | 1000        | none
                                              | 2026-02-01 | 0      | 0       | 0      | 0           | GAP
                                              | 2026-03-01 | 100    | 1000    | 100    | 1000        | none
    new since the previous delivery           | 2027-04-01 | 100    | 1000    | 100    | 1000        | none
                                              | 2027-05-01 | 100    | 1000    | 100    | 1000        | none
                                              | 2027-06-01 | 40     | 400     | 0      | 0           | NEW_MONTH
    no previous delivery: nothing is new      | 2027-05-01 | 100    | 1000    | none   | none        | none
                                              | 2027-06-01 | 90     | 900     | none   | none        | none
    run-out is over: two in a hundred may     | 2026-05-01 | 98     | 980     | 100    | 1000        | none
    run-out is over: more may not             | 2026-05-01 | 97     | 1000    | 100    | 1000        | RESTATED
    run-out is over: neither may dollars      | 2026-05-01 | 100    | 1020.01 | 100    | 1000        | RESTATED
    run-out is not over                       | 2026-06-01 | 97     | 970     | 100    | 1000        | none
    restated comes before sudden              | 2026-01-01 | 100    | 1000    | 100    | 1000        | SUDDEN_CHANGE
                                              | 2026-02-01 | 300    | 3000    | 100    | 1000        | RESTATED
    """,
        month=day,
        claims=int,
        paid=dollars,
        before=int,
        **{"paid before": dollars},
    )
)


@pytest.mark.parametrize("case", FLAGS)
def test_flags(case):
    months = [
        Month(
            row["month"],
            Figures(row["claims"], row["claims"], row["paid"]),
            Figures(row["before"], row["before"], row["paid before"]),
        )
        for row in FLAGS[case]
    ]
    found = told(months, date(2027, 6, 1), RULES)
    assert [each.flag for each in found] == [row["flag"] for row in FLAGS[case]]


def test_a_ratio_is_to_the_mean_of_the_others():
    values = {1: 30, 2: 60, 3: 90}
    months = [Month(date(2026, n, 1), Figures(people, None, None), NOT_SHOWN) for n, people in values.items()]
    ratios = [each.to_mean[0] for each in told(months, date(2027, 6, 1), RULES)]
    assert [str(ratio) for ratio in ratios] == ["2/5", "1", "2"]


PARTS = by_case(
    table(
        """
    case                                          | known | since | people | first | now | previous | previous people | shown
    ----------------------------------------------|-------|-------|--------|-------|-----|----------|-----------------|--------
    ten people                                    | 0     | none  | 10     | 10    | no  | no       | no              | none
    eleven people                                 | 0     | none  | 11     | 11    | yes | no       | no              | 0 1 2 3
    eleven people, known in two steps             | 0     | none  | 6      | 6     | yes | no       | no              | 1 2 3
                                                  | 1     | none  | 6      | 5     |     |          |                 |
    nothing known at first                        | 1     | none  | 20     | 20    | yes | no       | no              | 0 1 2 3
    a small last step takes the step before       | 0     | none  | 20     | 20    | yes | no       | no              | 0 2 3
                                                  | 1     | none  | 15     | 3     |     |          |                 |
                                                  | 2     | none  | 2      | 0     |     |          |                 |
    a small step is merged with the next          | 0     | none  | 20     | 20    | yes | no       | no              | 0 2 3
                                                  | 1     | none  | 5      | 5     |     |          |                 |
                                                  | 2     | none  | 12     | 12    |     |          |                 |
    two small steps of the same people stay small | 0     | none  | 20     | 20    | yes | no       | no              | 2 3
                                                  | 1     | none  | 6      | 0     |     |          |                 |
                                                  | 2     | none  | 6      | 0     |     |          |                 |
    two small steps of other people do not        | 0     | none  | 20     | 20    | yes | no       | no              | 0 2 3
                                                  | 1     | none  | 6      | 6     |     |          |                 |
                                                  | 2     | none  | 6      | 6     |     |          |                 |
    nothing since                                 | 0     | no    | 20     | 20    | yes | yes      | yes             | 0 1 2 3
    ten since: not even who they are              | 0     | no    | 20     | 20    | yes | no       | no              | 1 2 3
                                                  | 1     | yes   | 10     | 10    |     |          |                 |
    eleven since                                  | 0     | no    | 20     | 20    | yes | yes      | yes             | 0 1 2 3
                                                  | 1     | yes   | 11     | 11    |     |          |                 |
    eleven since, three of them new               | 0     | no    | 20     | 20    | yes | yes      | no              | 0 1 2 3
                                                  | 1     | yes   | 11     | 3     |     |          |                 |
    few before                                    | 0     | no    | 5      | 5     | yes | no       | no              | 1 2 3
                                                  | 1     | yes   | 20     | 15    |     |          |                 |
    nobody before: a new month                    | 1     | yes   | 20     | 20    | yes | yes      | yes             | 0 1 2 3
    the month is cut by the previous delivery     | 0     | no    | 20     | 20    | yes | yes      | yes             | 1 2 3
                                                  | 0     | yes   | 3      | 3     |     |          |                 |
                                                  | 1     | yes   | 30     | 30    |     |          |                 |
    """,
        known=int,
        since=flag,
        people=int,
        first=int,
        now=flag,
        previous=flag,
        **{"previous people": flag},
    )
)


@pytest.mark.parametrize("case", PARTS)
def test_what_may_be_shown(case):
    rows = PARTS[case]
    may = shown([Part(row["known"], row["since"], row["people"], row["first"]) for row in rows], 3, SMALLEST)
    assert tuple(may[:3]) == tuple(rows[0][column] for column in ("now", "previous", "previous people"))
    assert sorted(may.known_months) == [int(month) for month in (rows[0]["shown"] or "").split()]


def test_a_small_month_takes_the_smallest_large_one():
    people = dict(zip((date(2026, month, 1) for month in (1, 2, 3, 4)), (50, 10, 30, 0), strict=True))
    assert withheld(people, SMALLEST) == {date(2026, 2, 1), date(2026, 3, 1)}
    assert withheld(people | {date(2026, 2, 1): 11}, SMALLEST) == set()
    assert NOTHING_SHOWN.now is False


# Each row is a claim of so many people, all alike. The deliveries came on 10 April and 10 May 2027.
CLAIMS = table(
    """
    claim type | people | from       | known      | sign | paid
    -----------|--------|------------|------------|------|------
    71         | 20     | 2027-01-15 | 2027-01-20 | 1    | 10
    71         | 20     | 2027-01-15 | 2027-02-20 | 1    | 5
    71         | 20     | 2027-02-15 | 2027-02-20 | 1    | 10
    71         | 12     | 2027-02-15 | 2027-04-20 | 1    | 10
    71         | 12     | 2027-02-16 | 2027-04-20 | -1   | 10
    71         | 15     | 2027-04-15 | 2027-04-20 | 1    | 10
    71         | 3      | 2027-05-01 | 2027-05-05 | 1    | 10
    71         | 30     | 2027-02-01 | 2027-02-20 | 0    | 1000
    40         | 20     | 2027-05-02 | 2027-05-05 | 1    | 10
    50         | 4      | 2027-01-15 | 2027-01-20 | 1    | 70
    50         | 4      | 2027-03-15 | 2027-03-20 | 1    | 70
    """,
    people=int,
    known=day,
    sign=int,
    paid=dollars,
    **{"from": day},
)
RECEIVED = [SimpleNamespace(received=date(2027, month, 10)) for month in (4, 5)]


def claim_rows():
    for place, row in enumerate(CLAIMS):
        for person in range(row["people"]):
            given = {"bene_key": person, "source_kind": "RIF", "claim_id": place * 100 + person, "is_denied": False}
            given |= {"claim_type": row["claim type"], "sign": row["sign"], "known_date": row["known"]}
            given |= {"from_year": 2027, "from_date": row["from"], "through_date": row["from"]}
            yield given | {"paid_cents": row["paid"], "source_id_key": person}


def frame(spark, name, rows):
    schema = CONTRACTS[name].schema
    return spark.createDataFrame([tuple(row.get(column) for column in schema.names) for row in rows], schema)


def enrolled(month, person, county):
    """A month of a person with Part A and B."""
    told_of = {"bene_key": person, "month": month, "year": month.year, "is_alive": True, "is_carried": False}
    told_of |= {"has_part_a": True, "has_part_b": True}
    return told_of | ({"county_fips_code": county, "county_code": None if county == "99999" else county})


@pytest.fixture(scope="module")
def marts(spark):
    """The claims drawn, grouped and published, with the accounts of both steps."""
    claims = frame(spark, "core__claim", claim_rows())
    months = [add_months(date(2026, 12, 1), step) for step in range(6)]
    people = frame(spark, "core__enrolment_month", [enrolled(m, p, "39035") for m in months for p in range(30)])
    cells = held(run_out.exact(RECEIVED, claims, RunOutRules(RULES.run_out_months)))
    review = held(month_table.published(cells, people, RULES))
    accounts = [*entries(run_out.accounts(RECEIVED, claims, RunOutRules(12), cells))]
    accounts += entries(month_table.accounts(cells, people, RULES, review))
    found = {"calc__run_out": cells, "mart__data_review": review, "mart__run_out": run_out.published(cells, RULES)}
    assert {name: verify(made, CONTRACTS[name]).problems for name, made in found.items()} == dict.fromkeys(found, ())
    return {name: [row.asDict() for row in made.collect()] for name, made in found.items()} | {"accounts": accounts}


REVIEW = table(
    """
    claim type | month      | people | claims | paid | previous people | previous claims | previous paid | flag
    -----------|------------|--------|--------|------|-----------------|-----------------|---------------|----------
    71         | 2027-01-01 | 20     | 40     | 300  | 20              | 40              | 300           | SUDDEN_CHANGE
    71         | 2027-02-01 | 20     | 20     | 200  | 20              | 20              | 200           | none
    71         | 2027-03-01 | 0      | 0      | 0    | 0               | 0               | 0             | GAP
    40         | 2027-05-01 | 20     | 20     | 200  | 0               | 0               | 0             | NEW_MONTH
    """,
    month=day,
    people=int,
    claims=int,
    paid=dollars,
    flag=str,
    **{"previous people": int, "previous claims": int, "previous paid": dollars},
)


def test_months(marts):
    """Of type 71 April, the smallest large month, goes with the three people of May, for the total is shown.

    March is a gap, since type 40 shows that months went on until May.
    """
    found = {(row["claim_type"], row["month"]): row for row in marts["mart__data_review"] if row["subject"] == "CLAIMS"}
    for row in REVIEW:
        was = found[row["claim type"], row["month"]]
        assert [was["people"], was["claims"], int(was["paid_usd"] * 100)] == [row["people"], row["claims"], row["paid"]]
        previous = [was["previous_people"], was["previous_claims"], int(was["previous_paid_usd"] * 100)]
        assert previous == [row["previous people"], row["previous claims"], row["previous paid"]]
        assert was["flag"] == row["flag"]
    hidden = {key for key, row in found.items() if row["is_suppressed"]}
    assert hidden == {
        ("71", date(2027, 4, 1)),
        ("71", date(2027, 5, 1)),
        ("50", date(2027, 1, 1)),
        ("50", date(2027, 3, 1)),
    }
    figures = ("people", "claims", "paid_usd", "previous_claims", "people_to_mean_rate", "paid_to_mean_rate", "flag")
    assert {found[key][name] for key in hidden for name in figures} == {None}


def test_a_claim_type_of_few_people_has_no_total(marts):
    totals = {row["claim_type"]: row for row in marts["mart__data_review"] if row["subject"] == "TOTAL"}
    assert (totals["71"]["claims"], totals["71"]["paid_usd"]) == (78, Decimal("680.00"))
    assert (totals["50"]["claims"], totals["50"]["is_suppressed"]) == (None, True)


def test_enrolment_is_told_from_the_first_month_of_claims(marts):
    months = {row["month"]: row["people"] for row in marts["mart__data_review"] if row["subject"] == "ENROLMENT"}
    assert months == {date(2027, month, 1): 30 for month in range(1, 6)}


def test_claims_and_dollars_are_shown_or_withheld(marts):
    assert unbalanced("mart__data_review", marts["accounts"]) == []
    told_of = {(entry.side, entry.reason): (entry.rows, entry.cents) for entry in marts["accounts"]}
    assert told_of["excluded", "SMALL_CELL"] == (15 + 3 + 8, 15000 + 3000 + 56000)


def test_the_triangle(marts):
    """Of January's payments two thirds were known in January, all in February; in April nothing that a step would tell."""
    rates = {}
    for row in marts["mart__run_out"]:
        if row["claim_type"] == "71":
            rates.setdefault(row["month"], []).append(row["paid_rate"])
    assert rates[date(2027, 1, 1)] == [Decimal("0.6667"), *[Decimal("1.0000")] * 4]
    assert rates[date(2027, 2, 1)] == [Decimal("1.0000")] * 4
    assert set(rates.get(date(2027, 4, 1), [])) == {None}


LINES = table(
    """
    claim type | people | hcpcs | specialty | place | sign
    -----------|--------|-------|-----------|-------|-----
    71         | 40     | 99213 | 08        | 11    | 1
    71         | 11     | none  | 08        | 11    | 1
    71         | 10     | 99214 | none      | 11    | 1
    71         | 5      | none  | none      | none  | -1
    82         | 12     | E0100 | none      | 12    | 1
    40         | 30     | none  | none      | none  | 1
    60         | 3      | none  | none      | none  | 1
    """,
    people=int,
    sign=int,
)
CODES = table(
    """
    field            | claim type | records | empty | unlisted | unknown
    -----------------|------------|---------|-------|----------|--------
    HCPCS            | 71         | 61      | 11    | 0        | 0.1803
    HCPCS            | 82         | 12      | 0     | 0        | 0.0000
    SPECIALTY        | 71         | 61      | none  | none     | none
    PLACE_OF_SERVICE | 71         | 61      | 0     | 0        | 0.0000
    PLACE_OF_SERVICE | 82         | 12      | 0     | 0        | 0.0000
    DIAGNOSIS        | 71         | 61      | 21    | 0        | 0.3443
    DIAGNOSIS        | 40         | 30      | 30    | 0        | 1.0000
    DIAGNOSIS        | 60         | none    | none  | none     | none
    COUNTY           |            | 50      | none  | none     | 0.2600
    """,
    records=int,
    empty=int,
    unlisted=int,
    unknown=Decimal,
)


def test_unknown_codes(spark):
    """The first forty claims have a diagnosis. Nine months are of a county nobody lists, four of none: apart they are few."""
    lines, claims = [], []
    for place, row in enumerate(LINES):
        for person in range(row["people"]):
            shared = {"bene_key": person, "source_kind": "RIF", "claim_id": place * 100 + person, "is_denied": False}
            shared |= {"claim_type": row["claim type"], "sign": row["sign"], "known_date": date(2027, 1, 1)}
            claims.append(shared | {"from_year": 2027, "from_date": date(2027, 1, 1), "through_date": date(2027, 1, 1)})
            claims[-1] |= {"paid_cents": 0, "source_id_key": person}
            coded = {
                "hcpcs_code": row["hcpcs"],
                "specialty_code": row["specialty"],
                "place_of_service_code": row["place"],
            }
            lines.append(shared | coded | {"line_number": 1, "service_year": 2027, "service_date": date(2027, 1, 1)})
            lines[-1] |= {"npi": pack_unit("NPI:1000000004")}
    diagnosed = [row | {"through_year": 2027, "icd10_code": "E119", "is_principal": True} for row in claims[:40]]
    counties = ["39035"] * 37 + ["99999"] * 9 + [None] * 4
    months = [enrolled(date(2027, 1, 1), person, county) for person, county in enumerate(counties)]
    found = codes.published(
        frame(spark, "core__claim", claims),
        frame(spark, "core__claim_line", lines),
        frame(spark, "core__claim_diagnosis", diagnosed),
        frame(spark, "core__enrolment_month", months),
        code_rules(),
    )
    assert verify(found, CONTRACTS["mart__unknown_code"]).problems == ()
    assert {
        (row["field"], row["claim_type"]): (
            row["records"],
            row["empty_records"],
            row["unlisted_records"],
            row["unknown_rate"],
        )
        for row in found.collect()
    } == {
        (row["field"], row["claim type"] or ""): (row["records"], row["empty"], row["unlisted"], row["unknown"])
        for row in CODES
    }


def test_deliveries_and_what_was_refused(spark):
    """Three refused records are told as few; a kind that was not delivered has no table."""
    received, file = date(2027, 5, 10), "carrier.csv"
    lines = frame(
        spark,
        "stage__rif_line",
        [{"source_file": file, "received_date": received, "problems": [], "person_id_key": 1}] * 40,
    )
    people = frame(
        spark,
        "stage__rif_beneficiary",
        [
            {"source_file": "beneficiary_2027.csv", "received_date": received, "problems": [], "person_id_key": person}
            for person in range(12)
        ],
    )
    refused = {"source_file": file, "received_date": received, "field": "CLM_THRU_DT"}
    quarantine = frame(
        spark,
        "ops__quarantine",
        [
            refused | {"record_hash": 1, "reason": "NOT_A_DATE", "records": 3},
            refused | {"record_hash": 2, "reason": "EMPTY", "records": 11},
        ],
    )
    found = deliveries.published(RECEIVED, people, lines, None, None, None, None, quarantine, PublishRules(SMALLEST))
    assert verify(found, CONTRACTS["mart__delivery"]).problems == ()
    assert {
        (row["source_file"], row["reason"], row["role"]): (row["records"], row["people"]) for row in found.collect()
    } == {
        ("beneficiary_2027.csv", "", "NEWEST"): (12, 12),
        (file, "", "NEWEST"): (40, None),
        (file, "NOT_A_DATE", "NEWEST"): (None, None),
        (file, "EMPTY", "NEWEST"): (11, None),
    }
