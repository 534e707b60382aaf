"""ALN-4: claims known by the run's date count; by choice, each aligned year has a date of its own."""

from datetime import date

import pytest

from lead_engine.alignment import rank, services
from lead_engine.alignment.decide import Counted, counts
from lead_engine.alignment.rules import ServiceRules
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.tables import CONTRACTS
from tests.drawn import day, table
from tests.engines import line_row
from tests.rules import FACTS, alignment_rules, resolved, service_rules
from tests.spec.alignment.test_aln_24_to_29_services import VISIT

OWN = ServiceRules.from_methodology(resolved(alignment__claims_cutoff_mode="PER_ALIGNED_YEAR"), FACTS)
CASES = table(
    """
    case                                | service    | known      | one date   | own dates
    ------------------------------------|------------|------------|------------|-----------
    in time for both its years          | 2023-08-01 | 2024-09-30 | 2025, 2026 | 2025, 2026
    a day too late for the first        | 2023-08-01 | 2024-10-01 | 2025, 2026 | 2026
    on the last day for the second      | 2023-08-01 | 2025-09-30 | 2025, 2026 | 2026
    too late for both                   | 2023-08-01 | 2025-10-01 | 2025, 2026 | none
    known after the run's date          | 2023-08-01 | 2026-10-01 | none       | none
    of the performance year alone       | 2026-02-01 | 2026-09-30 | 2027       | 2027
    """,
    service=day,
    known=day,
)
LINES = {
    number: VISIT._replace(service_date=row["service"], known_date=row["known"]) for number, row in enumerate(CASES)
}
COLUMNS = {"one date": service_rules(), "own dates": OWN}


def years(text):
    return {int(year) for year in (text or "").split(", ") if year}


def by_plain(line, rules):
    """The aligned years whose scores a line is in."""
    aligned = alignment_rules()
    if rules.own_cutoffs:
        return {own.aligned_year for own in rules.own_cutoffs if isinstance(counts(line, rules.of_year(own)), Counted)}
    told = counts(line, rules)
    ends = {year: [period.end for period in aligned.alignment_years(year)] for year in aligned.aligned_years}
    return {year for year, held in ends.items() if isinstance(told, Counted) and told.alignment_year_end in held}


def test_each_year_has_the_30_september_before_it_and_none_is_after_the_date_of_the_run():
    assert {own.aligned_year: own.claims_cutoff for own in OWN.own_cutoffs} == {
        2024: date(2023, 9, 30), 2025: date(2024, 9, 30), 2026: date(2025, 9, 30), 2027: date(2026, 9, 30)
    }  # fmt: skip
    from dataclasses import replace

    early = ServiceRules.from_methodology(
        resolved(alignment__claims_cutoff_mode="PER_ALIGNED_YEAR"),
        replace(FACTS, alignment_claims_cutoff=date(2026, 8, 31)),
    )
    assert early.own_cutoffs[-1].claims_cutoff == date(2026, 8, 31)
    assert service_rules().own_cutoffs == ()


@pytest.mark.parametrize("choice", COLUMNS)
@pytest.mark.parametrize("number", LINES, ids=lambda number: CASES[number]["case"])
def test_plain(choice, number):
    assert by_plain(LINES[number], COLUMNS[choice]) == years(CASES[number][choice])


@pytest.mark.parametrize("choice", COLUMNS)
def test_spark(spark, choice):
    schema = CONTRACTS["core__claim_line"].schema
    frame = spark.createDataFrame([line_row(n, line, schema.names) for n, line in LINES.items()], schema)
    rules = COLUMNS[choice]
    scores = services.unit_scores(frame, rules)
    found: dict[int, set[int]] = {number: set() for number in LINES}
    for row in rank.weighted(scores, alignment_rules()).collect():
        assert row["aligned_year"] not in found[row["bene_key"]], "a line counts once for a year"
        found[row["bene_key"]].add(row["aligned_year"])
    assert found == {number: years(CASES[number][choice]) for number in LINES}
    assert unbalanced("x", entries(services.accounts(frame, rules, scores))) == []
