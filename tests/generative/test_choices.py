"""Choices and aligned years: plain Python and Spark agree on thousands of invented people, sent as one frame."""

from dataclasses import replace

import pytest

from lead_engine.alignment import choices
from tests.generative import choosers
from tests.rules import alignment_rules
from tests.voluntary import (
    as_table,
    choice_rules,
    plain_deciding,
    plain_responses,
    plain_standings,
    plain_tenure,
    plain_years,
    spark_designations,
    spark_responses,
    spark_years,
)

SIZES = [pytest.param(10_000, id="ten thousand"), pytest.param(60_000, id="many", marks=pytest.mark.long)]
READINGS = {
    "default": {},
    "others": {"sva_valid_years": 1, "va_signature_window": "UP_TO_END", "va_clinician_must_bill": "false",
               "va_cutoff_by": "SIGNATURE", "va_cutoff_day": 31, "va_first_refresh_month": 4,
               "va_tenure_counts_reach": "true"},
}  # fmt: skip


@pytest.mark.parametrize("count", SIZES)
def test_aligned_years(spark, count):
    people = choosers.people(count, seed=21)
    rules = alignment_rules()
    plain = plain_years(people, rules)
    assert spark_years(spark, people, rules) == plain
    assert {year.route for year in plain.values()} == {None, "C", "V", "B", "M"}
    assert {year.end_reason for year in plain.values()} == {
        None, "DEAD", "MA", "NOT_A_AND_B", "MSP", "NON_US", "SERVICE_AREA", "OVERLAP", "NO_ENROLMENT",
    }  # fmt: skip
    assert {len(year.months) for year in plain.values()} == set(range(13))


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("count", SIZES)
def test_choices(spark, count, reading):
    rules = choice_rules(**READINGS[reading])
    given = choosers.choices(count, seed=22)
    standings = plain_standings(given, rules)
    made = spark_designations(spark, given, rules).collect()
    found = {row["attestation_id"]: row for row in made}
    assert {
        number: (row["aco_id"], row["known_date"], row["void"], row["withdrawn_date"]) for number, row in found.items()
    } == {each.number: (each.aco_id, each.known, each.void, each.withdrawn) for each in standings.values()}
    assert {number: (row["listed_from"], row["listed_to"]) for number, row in found.items()} == {
        each.number: (each.listed_from, each.listed_to) for each in standings.values()
    }
    assert {number: row["va_first_month"] for number, row in found.items()} == plain_tenure(given, rules)
    judged = as_table(spark, "calc__designation", spark_designations(spark, given, rules))
    deciding = choices.deciding(judged, rules).collect()
    assert {(row["bene_key"], row["month"]): row["attestation_id"] for row in deciding} == plain_deciding(given, rules)
    assert len({each.void for each in standings.values()}) == (9 if reading == "default" else 8)


@pytest.mark.parametrize("count", SIZES)
def test_responses(spark, count):
    """From choices over the aligned year to the answer."""
    rules, of_year = choice_rules(), replace(alignment_rules())
    given = choosers.choices(count, seed=23)
    people = choosers.without_choices(count, seed=24)
    standings = plain_standings(given, rules)
    chosen: dict[int, dict] = {}
    for (person, month), number in plain_deciding(given, rules).items():
        chosen.setdefault(person, {})[month] = standings[number].aco_id
    pointed = {
        key: person._replace(pointers=person.pointers._replace(choices=chosen.get(key, {})))
        for key, person in people.items()
    }
    years = plain_years(pointed, of_year)
    told, found = spark_responses(spark, given, people, rules, of_year)
    assert found == years
    plain = plain_responses(given, pointed, years, rules)
    assert told == plain
    assert {code for code, _ in plain.values()} == {
        None, "A0", "A1", "A2", "V0", "V1", "V2", "P0", "P1", "P2", "E0", "E2", "E3", "E4", "E5",
    }  # fmt: skip
