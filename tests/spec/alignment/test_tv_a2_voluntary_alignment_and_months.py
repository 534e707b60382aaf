"""TV-A2: choices, elections, added TINs and months of the people of TV-A1, from claim lines to months, on both engines."""

from datetime import date

import pytest

from lead_engine.alignment import choices, midyear, months_aligned, rank, responses, services
from lead_engine.alignment.choice_rules import MidyearRules
from lead_engine.alignment.decide import (
    Charges,
    Counted,
    Month,
    Pointers,
    Stage,
    UnitScore,
    aligned_year,
    counts,
    deciding_stage,
    midyear_winner,
    ranked,
)
from lead_engine.alignment.designations import Choice, Listing, Seen, decider, response, standing
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.foundation.months import months_of
from tests.drawn import day, table
from tests.rules import FACTS, alignment_rules, resolved, service_rules
from tests.voluntary import acos_frame, as_table, choice_rules, rows_of

from .test_tv_a1_claims_based_alignment import LINES, TINS, line

BEGINNING = {TINS["T100"]: Listing("L1", None, None), TINS["T200"]: Listing("L1", None, None)}
ADDED = {TINS["T300"]: Listing("L1", date(2027, 5, 10), None)}
LISTED = BEGINNING | ADDED
PREFERRED = "000000400"  # of a Preferred Provider alone
NPI = "9000000001"
NUMBERS = {"B1": 1, "B2": 2, "B3": 3, "B4": 4, "B5": 5, "B5'": 6, "B5''": 7, "B9": 9}
LIKE = {6: 5, 7: 5}  # whose claims they have
CASES = table(
    """
    person | names | signed     | lost              | PROSPECTIVE | HYBRID
    -------|-------|------------|-------------------|-------------|------------
    B5     | T100  | 2026-08-15 |                   | V 01-12 A0  | V 01-12 A0
    B5'    | T100  | 2027-03-10 |                   | never A0    | V 04-12 A0
    B5''   | T100  | 2027-03-20 |                   | never A0    | V 05-12 A0
    B1     | T100  | 2027-08-10 | MA 05 to 07       | C 01-04 A2  | C 01-04 A2
    B2     |       |            | DEAD 04 to 12     | C 01-03     | C 01-03
    B4     |       |            |                   | never       | C 07-12
    B3     |       |            |                   | never       | C 07-12
    B9     | T400  | 2026-08-15 |                   | never V2    | never V2
    """,
    signed=day,
)
ROWS = {row["person"]: row for row in CASES}
TIN_OF = TINS | {"T400": PREFERRED}
SERVICES, RULES, CHOICES = service_rules(), alignment_rules(), choice_rules()


def expected(election: str) -> dict[str, tuple]:
    """Route, first and last month, and response code of every person."""
    found = {}
    for name, row in ROWS.items():
        first, _, last = row[election].partition(" ")
        if first == "never":
            found[name] = (None, [], last or None)
            continue
        span, _, code = last.partition(" ")
        since, until = map(int, span.split("-"))
        found[name] = (first, [date(2027, month, 1) for month in range(since, until + 1)], code or None)
    return found


def enrolment(name: str) -> list[Month]:
    lost = ROWS[name]["lost"]
    reason, since, _, until = lost.split() if lost else ("", "99", "", "0")
    return [Month(m, reason if int(since) <= m.month <= int(until) else None) for m in months_of(2027)]


def death(name: str) -> date | None:
    return date(2027, 3, 15) if name == "B2" else None


def choice(name: str) -> Choice | None:
    row = ROWS[name]
    if row["signed"] is None:
        return None
    return Choice(name, "SVA", True, "L1", TIN_OF[row["names"]], NPI, row["signed"], row["signed"])


def test_months_and_codes_in_plain_python():
    for election in ("PROSPECTIVE", "HYBRID"):
        assert {name: plain(name, election) for name in ROWS} == expected(election)


def plain(name: str, election: str) -> tuple:
    number = LIKE.get(NUMBERS[name], NUMBERS[name])
    hybrid = frozenset({"L1"} if election == "HYBRID" else ())
    before = scores(number, BEGINNING)
    best_first = ranked(before, deciding_stage(before, RULES))
    claims = best_first[0].unit if best_first and best_first[0].unit == "L1" else None
    added = scores(number, ADDED, of_list_alone=True)
    winner = midyear_winner(scores(number, LISTED), added, hybrid, True, RULES) if hybrid else None
    made = choice(name)
    standings = [standing(made, LISTED.get(made.tin), made.tin != PREFERRED, CHOICES)] if made else []
    deciding = {month: decider(standings, month, CHOICES) for month in CHOICES.run_months}
    chosen = {month: each.aco_id for month, each in deciding.items() if each}
    months = enrolment(name)
    told = aligned_year(2027, months, death(name), Pointers(claims, chosen, winner, hybrid), RULES)
    code = None
    if standings:
        (own,) = standings
        month = CHOICES.answer_month(own.known)
        of_month = next(each for each in months if each.month == month)
        lost = told.months[-1] if told.months and told.end_reason else None
        since = told.months[0] if told.months else None
        seen = Seen(True, of_month.fails("L1"), False, told.aco_id, since, lost, told.route in ("C", "B"))
        code, _ = response(own, standings, seen, month, CHOICES)
    return (told.route if told.months else None), told.months, code


def scores(person: int, listed: dict[str, Listing], of_list_alone: bool = False) -> list[UnitScore]:
    """Weighted charges of a person by unit, an ACO as the sum of its TINs."""
    first, second = (period.end for period in RULES.alignment_years(2027))
    sums: dict[str, dict[Stage, list]] = {}
    for row in (row for row in LINES if row["person"] == person):
        counted = counts(line(row), SERVICES)
        if not isinstance(counted, Counted) or counted.alignment_year_end not in (first, second):
            continue
        tin = counted.unit.removeprefix("TIN:")
        if of_list_alone and tin not in listed:
            continue
        unit = listed[tin].aco_id if tin in listed else counted.unit
        weight = 1 if counted.alignment_year_end == first else 2
        by_stage = sums.setdefault(unit, {Stage.PRIMARY: [], Stage.SPECIALIST: []})
        by_stage[counted.stage].append((weight * counted.cents, row["date"]))
    return [
        UnitScore(
            unit,
            *[
                Charges(sum(c for c, _ in of), max((d for _, d in of), default=None), len(of))
                for of in by_stage.values()
            ],
        )
        for unit, by_stage in sums.items()
    ]


@pytest.fixture(scope="module")
def claim_lines(spark):
    rows = []
    for person in NUMBERS.values():
        for row in LINES:
            if row["person"] == LIKE.get(person, person):
                given = line(row)._asdict() | {
                    "bene_key": person,
                    "source_kind": "RIF",
                    "claim_id": len(rows),
                    "line_number": 1,
                    "service_year": row["date"].year,
                    "tin": pack_unit(f"TIN:{TINS[row['tin']]}"),
                    "npi": pack_unit(f"NPI:{NPI}"),
                }
                rows.append(given)
    return rows_of(spark, "core__claim_line", rows)


@pytest.mark.parametrize("election", ["PROSPECTIVE", "HYBRID"])
def test_months_and_codes_on_spark(spark, claim_lines, election):
    members = [
        {"list_version": "v", "unit": pack_unit(f"TIN:{tin}"), "aco_id": at.aco_id, "start_date": at.start}
        for tin, at in LISTED.items()
    ]
    participants = rows_of(spark, "core__participant", members)
    acos = acos_frame(spark, {"L1": election})
    unit_scores = as_table(spark, "calc__unit_score", services.unit_scores(claim_lines, SERVICES))
    ranking = as_table(
        spark, "calc__alignment_candidate", rank.candidates(unit_scores, participants, acos, None, None, RULES)
    )
    made = [each for name in ROWS if (each := choice(name))]
    attested = rows_of(
        spark,
        "core__attestation",
        [
            {
                "attestation_id": each.number, "bene_key": NUMBERS[each.number], "channel": "SVA", "aco_id": "L1",
                "tin": pack_unit(f"TIN:{each.tin}"), "npi": pack_unit(f"NPI:{NPI}"), "signature_date": each.signed,
                "submission_date": each.submitted, "is_carried": False, "list_version": "v",
            }
            for each in made
        ],
    )  # fmt: skip
    judged = as_table(
        spark, "calc__designation", choices.designations(attested, participants, claim_lines, acos, None, CHOICES)
    )
    deciding = as_table(spark, "calc__voluntary_choice", choices.deciding(judged, CHOICES))
    mid = MidyearRules.from_methodology(resolved(), FACTS)
    winners = as_table(
        spark, "calc__midyear_alignment", midyear.winners(unit_scores, claim_lines, participants, acos, None, None, mid)
    )
    people = rows_of(
        spark, "core__beneficiary", [{"bene_key": NUMBERS[name], "death_date": death(name)} for name in ROWS]
    )
    months = rows_of(
        spark,
        "calc__beneficiary_month",
        [
            {"bene_key": NUMBERS[name], "month": month.month, "year": 2027, "reason": month.reason}
            | {"is_eligible": month.reason is None, "category": "AD"}
            for name in ROWS
            for month in enrolment(name)
        ],
    )
    answers = as_table(
        spark,
        "calc__alignment",
        months_aligned.alignment(
            ranking, people, months, acos, deciding, winners, None, None, None, None, RULES, "run"
        ),
    )
    told = {row["bene_key"]: row for row in answers.where("aligned_year = 2027").collect()}
    held_months: dict[int, list[date]] = {}
    for row in months_aligned.alignment_months(answers, months).orderBy("month").collect():
        held_months.setdefault(row["bene_key"], []).append(row["month"])
    codes = {
        row["attestation_id"]: row["response_code"]
        for row in responses.responses(judged, answers, months, people, None, None, CHOICES).collect()
    }
    found = {}
    for name in ROWS:
        row, mine = told[NUMBERS[name]], held_months.get(NUMBERS[name], [])
        found[name] = ((row["route"] if mine else None), mine, codes.get(name))
    assert found == expected(election)
    if election == "HYBRID":
        b4 = told[NUMBERS["B4"]]
        assert (b4["score_cents"], b4["winning_unit"], b4["stage"]) == (36_000, pack_unit("L1"), "PRIMARY")
