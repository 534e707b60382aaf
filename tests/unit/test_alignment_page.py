"""The page that explains alignment says by which route, which choice decided, and what became of the others."""

from datetime import date

import pytest

from lead_engine.alignment.explain import Stored, explain
from lead_engine.foundation.identifiers import pack_unit
from tests.rules import alignment_rules, resolved

ANSWER = {
    "performance_year": 2027, "aligned_year": 2027, "bene_key": 7, "stage": "NONE", "winning_unit": None, "score_cents": None,
    "runner_up_unit": None, "runner_up_score_cents": None, "tie_break": "none", "aco_id": "L1", "route": "V",
    "effective_month": date(2027, 4, 1), "end_month": date(2027, 12, 1), "end_reason": None, "excluded_by": None,
    "attestation_id": "b", "va_first_effective_month": date(2027, 4, 1), "list_version": "v", "run_id": "r",
}  # fmt: skip
CHOICE = {
    "channel": "SVA",
    "aco_id": "L1",
    "signature_date": date(2026, 8, 15),
    "known_date": None,
    "answer_month": None,
}


def page(choices=(), **facts):
    told = explain(Stored({**ANSWER, **facts}, [], "", list(choices)), resolved(), alignment_rules())
    labels = {sentence.about for sentence in told.sentences}
    return told.title, {label: [each.says for each in told.sentences if each.about == label] for label in labels}


def test_which_choice_decided_and_what_became_of_the_others():
    rows = [
        CHOICE | {"attestation_id": "a", "reason": "SAME_ACO", "response_code": "P0"},
        CHOICE | {"attestation_id": "b", "reason": None, "response_code": "A0", "signature_date": date(2027, 3, 10)},
        CHOICE | {"attestation_id": "c", "reason": "MA", "response_code": "E3", "signature_date": None},
    ]
    title, told = page(rows)
    assert title.endswith("aligned by choice to ACO L1")
    assert told["route"] == ["by choice b, whatever claims say; voluntarily aligned to the ACO since 2027-04"]
    assert told["choice"] == [
        "c (SVA) of ACO L1, not signed: the person was in Medicare Advantage or another Medicare health plan; answer E3",
        "a (SVA) of ACO L1, signed 2026-08-15: another attestation to the same ACO goes before it; answer P0",
        "b (SVA) of ACO L1, signed 2027-03-10: it decides from 2027-04; answer A0",
    ]


@pytest.mark.parametrize(
    ("reason", "facts", "said"),
    [
        ("MA", {"effective_month": None, "end_reason": "MA"}, "2026-08-15: the person was in Medicare Advantage or another"),
        ("DEAD", {"effective_month": None, "end_reason": "DEAD"}, "2026-08-15: the person died; answer"),
        ("MA", {}, "another Medicare health plan; it decides from 2027-04; answer"),
        (None, {"effective_month": None, "end_reason": "NO_CARE_FROM_ACO"}, "it decided until the person was removed"),
        (None, {"attestation_id": "b"}, "2026-08-15: it is accepted and changes nothing in the year"),
    ],
)  # fmt: skip
def test_a_choice_that_was_refused_is_not_said_to_decide(reason, facts, said):
    row = CHOICE | {"attestation_id": "a", "reason": reason, "response_code": "E3"}
    _, told = page([row], **{"attestation_id": "a", **facts})
    assert said in told["choice"][0]


@pytest.mark.parametrize(
    ("facts", "title", "route", "months"),
    [
        ({"route": "C"}, "aligned by claims to ACO L1", "by claims; no choice", "2027-04 to 2027-12"),
        ({"route": "M", "attestation_id": None}, "aligned by Medicaid to ACO", "by Medicaid from a partner", "2027-04 to"),
        ({"route": "B"}, "aligned by claims and by choice to", "claims point to the same", "2027-04 to 2027-12"),
        ({"route": "C", "effective_month": date(2027, 7, 1)}, "aligned by claims", "the mid-year run", "2027-07 to"),
        ({"effective_month": None, "end_reason": "NO_CARE_FROM_ACO"}, "removed after the year", "by choice", "no claim of"),
        ({"aco_id": None, "route": None, "effective_month": None, "end_reason": "OVERLAP", "excluded_by": "MSSP"},
         "not aligned to any ACO", None, "was in MSSP, which goes before LEAD"),
        ({"effective_month": None, "end_reason": "SERVICE_AREA"}, "is not aligned to it", "by choice", "outside the service"),
        ({"route": "B", "effective_month": date(2027, 7, 1)}, "by claims and by choice", "claims of the mid-year", "2027-07 to"),
    ],
)  # fmt: skip
def test_routes(facts, title, route, months):
    said, told = page(**facts)
    assert title in said
    assert (route in told["route"][0]) if route else "route" not in told
    assert months in told["months"][0]


CANDIDATE = {
    "rank": 1, "unit": pack_unit("TIN:000000009"), "pcs_score_cents": 100, "sps_score_cents": 0,
    "last_pcs_date": date(2026, 6, 30), "last_sps_date": None, "pcs_lines": 1, "sps_lines": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "is_said"),
    [
        ({"route": "C", "effective_month": date(2027, 7, 1)}, True),
        ({"route": "B", "effective_month": date(2027, 7, 1)}, True),
        ({"route": "C", "effective_month": date(2027, 1, 1)}, False),
        ({"route": "V", "effective_month": date(2027, 7, 1)}, False),
    ],
)
def test_after_a_mid_year_run_the_page_says_that_candidates_are_of_january(facts, is_said):
    answer = ANSWER | {"stage": "PRIMARY", "winning_unit": pack_unit("L1"), "score_cents": 900} | facts
    told = explain(Stored(answer, [CANDIDATE], ""), resolved(), alignment_rules())
    said = [each.says for each in told.sentences if each.about == "two runs"]
    assert bool(said) is is_said and all("winner and margin are of the mid-year run" in text for text in said)


@pytest.mark.parametrize(
    ("unit", "facts", "said"),
    [
        ("L1", {"route": "B"}, "L1, an ACO, by most charges"),
        ("L2", {"route": "V"}, "L2, an ACO, by most charges"),
        ("L1", {"route": None, "aco_id": None, "end_reason": "OVERLAP"}, "L1, an ACO, by most charges"),
        ("TIN:000000009", {"route": "V"}, "TIN:000000009, outside every ACO of the run, by most charges"),
        (
            "TIN:000000009",
            {"route": None, "aco_id": None},
            "TIN:000000009, outside every ACO of the run, by most charges",
        ),
    ],
)
def test_who_wins_by_claims_is_told_whatever_was_chosen(unit, facts, said):
    answer = ANSWER | {"stage": "PRIMARY", "winning_unit": pack_unit(unit), "score_cents": 900} | facts
    told = explain(Stored(answer, [CANDIDATE], ""), resolved(), alignment_rules())
    assert said in [each.says for each in told.sentences]
