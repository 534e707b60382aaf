"""ALN-67: after the year, a person aligned by choice alone leaves when no claim is of the ACO and one service is elsewhere."""

from dataclasses import replace
from datetime import date

import pytest

from lead_engine.alignment import care, months_aligned
from lead_engine.alignment.choice_rules import CareRules
from lead_engine.alignment.decide import NO_CARE, Month, Pointers, Route, is_removed_after_the_year
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.foundation.months import months_of
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.preferred_providers import PreferredProvider
from tests.drawn import day, table
from tests.rules import FACTS, alignment_rules, resolved
from tests.voluntary import Person, frames_of, rows_of

CASES = {
    row["case"]: row
    for row in table(
        """
    case                                          | route | tin | npi | date       | code  | has care | other care | removed
    ----------------------------------------------|-------|-----|-----|------------|-------|----------|------------|--------
    a visit elsewhere alone                       | V     | 999 | 9   | 2027-03-01 | 99213 | no       | yes        | yes
    aligned by claims too                         | B     | 999 | 9   | 2027-03-01 | 99213 | no       | yes        | no
    a visit to a Participant                      | V     | 100 | 1   | 2027-03-01 | 99213 | yes      | yes        | no
    any service of a Participant                  | V     | 100 | 1   | 2027-03-01 | 80053 | yes      | no         | no
    before the TIN joined                         | V     | 200 | 1   | 2027-03-31 | 99213 | no       | yes        | yes
    since the TIN joined                          | V     | 200 | 1   | 2027-04-01 | 99213 | yes      | yes        | no
    a Preferred Provider                          | V     | 300 | 5   | 2027-03-01 | 99213 | yes      | yes        | no
    a colleague of the Preferred Provider         | V     | 300 | 6   | 2027-03-01 | 99213 | no       | yes        | yes
    after the Preferred Provider left             | V     | 300 | 5   | 2027-07-01 | 99213 | no       | yes        | yes
    a Participant of another ACO                  | V     | 400 | 1   | 2027-03-01 | 99213 | no       | yes        | yes
    a clinic whose CCN bills as a Participant TIN | V     | C01 | 1   | 2027-03-31 | 99213 | yes      | yes        | no
    since its CCN bills as another TIN            | V     | C01 | 1   | 2027-04-01 | 99213 | no       | yes        | yes
    a CCN mapped to a TIN before that TIN joined  | V     | C02 | 1   | 2027-03-31 | 99213 | no       | yes        | yes
    a CCN mapped to a TIN since that TIN joined   | V     | C02 | 1   | 2027-04-01 | 99213 | yes      | yes        | no
    a listed CCN, whatever TIN it is mapped to    | V     | C03 | 1   | 2027-03-01 | 99213 | no       | yes        | yes
    a Preferred Provider by the CCN               | V     | C04 | 5   | 2027-03-01 | 99213 | yes      | yes        | no
    elsewhere, but no qualifying service          | V     | 999 | 9   | 2027-03-01 | 80053 | no       | no         | no
    last day of the year                          | V     | 999 | 9   | 2027-12-31 | 99213 | no       | yes        | yes
    the day before the year                       | V     | 999 | 9   | 2026-12-31 | 99213 | no       | no         | no
    the day after the year                        | V     | 999 | 9   | 2028-01-01 | 99213 | no       | no         | no
    """,
        date=day,
    )
}
DONE = replace(FACTS, claims_known_through=date(2028, 3, 31))
MEMBERS = {"100": ("L1", None), "200": ("L1", date(2027, 4, 1)), "400": ("L3", None), "C03": ("L3", None)}
MAPPED = [
    ("C01", "100", None, date(2027, 3, 31)),
    ("C01", "999", date(2027, 4, 1), None),
    ("C02", "200", None, None),
    ("C03", "100", None, None),
    ("C04", "300", None, None),
]
PREFERRED = Given(
    "preferred.csv",
    "v",
    (
        PreferredProvider(
            aco_id="L1", tin="000000300", npi="9000000005", effective_date="2027-01-01", termination_date="2027-06-30"
        ),
    ),
)


def care_rules(facts=DONE, **overrides) -> CareRules:
    return CareRules.from_methodology(resolved(**{f"alignment__{name}": to for name, to in overrides.items()}), facts)


def unit_of(name: str) -> int:
    return pack_unit(f"CCN:3618{name[1:]}" if name.startswith("C") else f"TIN:000000{name}")


def billed_by(name: str) -> dict[str, int | str]:
    """A line of an institution has a CCN and no TIN; here of professional services of a critical access hospital."""
    if name.startswith("C"):
        return {"claim_type": "40", "bill_type": "85", "revenue_center_code": "0960", "ccn": unit_of(name)}
    return {"claim_type": "71", "tin": unit_of(name)}


def people() -> dict[int, Person]:
    told = [Month(month, None, frozenset({"L1"})) for month in months_of(2027)]
    counties = {month.month: "36170" for month in told}
    return {
        number: Person(
            told,
            Pointers("L1" if row["route"] == "B" else None, {told[0].month: "L1"}, None, frozenset({"L1"})),
            None,
            counties,
        )
        for number, row in enumerate(CASES.values())
    }


@pytest.fixture(scope="module")
def tables(spark):
    lines = [
        {
            "bene_key": number, "source_kind": "RIF", "claim_id": number, "sign": 1,
            "known_date": row["date"], "is_denied": False, "line_number": 1, "service_year": row["date"].year,
            "service_date": row["date"], "hcpcs_code": row["code"], "specialty_code": "08", "allowed_cents": 100,
            "place_of_service_code": "11", **billed_by(row["tin"]),
            "npi": pack_unit(f"NPI:900000000{row['npi']}"),
        }
        for number, row in enumerate(CASES.values())
    ]  # fmt: skip
    members = [
        {"list_version": "v", "unit": unit_of(name), "aco_id": aco, "start_date": start}
        for name, (aco, start) in MEMBERS.items()
    ]
    mapped = [
        {"list_version": "v", "unit": unit_of(ccn), "tin": unit_of(tin), "start_date": start, "end_date": end}
        for ccn, tin, start, end in MAPPED
    ]
    frames = frames_of(spark, people())
    given = {"core__claim_line": lines, "core__participant": members, "core__ccn_tin": mapped}
    return frames, *[rows_of(spark, name, rows) for name, rows in given.items()]


def found(spark, tables, rules, preferred=PREFERRED):
    frames, *given = tables
    return care.care(spark, preferred, frames["choice"], *given, rules)


def test_care(spark, tables):
    told = {
        row["bene_key"]: (row["has_care"], row["has_other_care"])
        for row in found(spark, tables, care_rules()).collect()
    }
    assert told == {
        number: (row["has care"] == "yes", row["other care"] == "yes") for number, row in enumerate(CASES.values())
    }


def test_who_is_removed(spark, tables):
    frames = tables[0]
    rows = [row.asDict() for row in found(spark, tables, care_rules()).collect()]
    told = rows_of(spark, "calc__voluntary_care", rows)
    given = [frames[name] for name in ("candidate", "person", "month", "aco", "choice", "midyear")]
    made = months_aligned.alignment(
        *given, told, frames["area"], frames["other"], None, alignment_rules(), "run"
    ).where("aligned_year = 2027")
    answers = {row["bene_key"]: row for row in made.collect()}
    by_key = {row["bene_key"]: row for row in rows}
    for number, (case, row) in enumerate(CASES.items()):
        is_removed = row["removed"] == "yes"
        answer = answers[number]
        assert (answer["route"], answer["effective_month"] is None) == (row["route"], is_removed), case
        assert answer["end_reason"] == (NO_CARE if is_removed else None), case
        own = by_key[number]
        assert is_removed_after_the_year(Route(row["route"]), own["has_care"], own["has_other_care"]) == is_removed


def test_before_the_claims_of_the_year_are_there_nothing_is_evaluated(spark, tables):
    """Enrolment through December, and deliveries through the run-out after it."""
    for facts in (
        FACTS,
        replace(DONE, claims_known_through=date(2028, 3, 30)),
        replace(DONE, enrolment_through=date(2027, 11, 1)),
    ):
        assert not care_rules(facts).is_evaluated
        assert found(spark, tables, care_rules(facts)).collect() == []
    assert care_rules().is_evaluated
    assert care_rules(replace(DONE, claims_known_through=date(2027, 12, 31)), va_retro_removal_run_out=0).is_evaluated
    assert is_removed_after_the_year(Route.VOLUNTARY, None, None) is False


def test_the_removal_can_be_turned_off(spark, tables):
    assert found(spark, tables, care_rules(va_retro_removal="false")).collect() == []


def test_without_the_list_of_ccns_a_ccn_is_of_no_tin(spark, tables):
    frames, lines, members, _ = tables
    told = care.care(spark, PREFERRED, frames["choice"], lines, members, None, care_rules()).collect()
    by_ccn = [number for number, row in enumerate(CASES.values()) if row["tin"].startswith("C")]
    assert {row["has_care"] for row in told if row["bene_key"] in by_ccn} == {False}


def test_without_the_list_nobody_is_a_preferred_provider(spark, tables):
    told = {row["bene_key"]: row["has_care"] for row in found(spark, tables, care_rules(), None).collect()}
    assert told[list(CASES).index("a Preferred Provider")] is False
