"""The answer key: each marked person, what was planted on them and what every stage must say, with the reason.

Planted by hand: nothing here is computed by the engine.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from . import high_needs
from .cases import AY1, AY2, WITH_PLANS, Answer, Case, Service, aligned
from .plan import CALENDAR, NEVER
from .practices import Kind, World

NOBODY = {"aco_id": None, "stage": "NONE"}
NOBODYS, THEIRS = {"aco_id": None}, {"aco_id": "L0001", "route": "V"}


def cases(world: World) -> list[Case]:
    """Every marked person, in order of their numbers."""
    return [
        *_sums(world),
        *_thresholds(world),
        *_years(world),
        *_lines_that_do_not_count(world),
        *_months(world),
        *_people(world),
        *_risk(world),
        *_spending(world),
        *high_needs.cases(world),
        *_lists(world),
        *_choices(world),
        *_choices_of_the_year(world),
    ]


def to_ours(score_dollars: str, **says: Any) -> Answer:
    """Aligned to the answer-key ACO from January; the score is twice the second year's charges (ALN-30)."""
    told = {
        "aco_id": "L0009",
        "stage": "PRIMARY",
        "score_cents": int(score_dollars.replace(".", "")),
        "tie_break": "none",
    }
    return aligned(**told | {"effective_month": "2027-01-01"} | says)


def _sums(world: World) -> Iterator[Case]:
    ours, other = world.marked, world.outside
    yield Case(
        "plurality",
        "120 dollars of primary care at the ACO, 100 elsewhere: the larger sum wins (ALN-33), weighted 1 and 2 by year",
        (Service(AY2, ours, "120.00"), Service(AY2, other), Service(date(2027, 2, 3), ours, "50.00")),
        (to_ours("240.00", runner_up_score_cents=200_00),),
        aligned_months=6,
    )
    yield Case(
        "tie_by_date",
        "equal sums: the later service wins (ALN-33, tie 1), and it was elsewhere",
        (Service(date(2026, 3, 1), ours), Service(date(2026, 3, 5), other)),
        (aligned(aco_id=None, tie_break="date", stage="PRIMARY"),),
    )
    yield Case(
        "tie_by_lines",
        "equal sums on the same day: two lines win against one (ALN-33, tie 2)",
        (Service(AY2, ours, "50.00", lines=2), Service(AY2, other)),
        (to_ours("200.00", tie_break="lines"),),
        aligned_months=6,
    )
    yield Case(
        "tie_by_key",
        "all equal: the smaller key wins (ALN-33, tie 3), and L0009 comes before TIN",
        (Service(AY2, ours), Service(AY2, other)),
        (to_ours("200.00", tie_break="key"),),
        aligned_months=6,
    )


def _thresholds(world: World) -> Iterator[Case]:
    ours, other = world.marked, world.outside
    yield Case(
        "exactly_a_tenth",
        "10 dollars of primary care of 100 in all: exactly a tenth is enough (ALN-32)",
        (Service(AY2, ours, "10.00"), Service(AY2, other, "90.00", specialty="06")),
        (to_ours("20.00"),),
        aligned_months=6,
    )
    yield Case(
        "just_below_a_tenth",
        "9.99 dollars of primary care of 100: specialists decide (ALN-32), and theirs was elsewhere",
        (Service(AY2, ours, "9.99"), Service(AY2, other, "90.01", specialty="06")),
        (aligned(aco_id=None, stage="SPECIALIST"),),
    )
    yield Case(
        "specialist_alone",
        "no primary care at all: a selected specialist decides (ALN-32)",
        (Service(AY2, ours, specialty="06"),),
        (to_ours("200.00", stage="SPECIALIST"),),
        aligned_months=6,
    )


def _years(world: World) -> Iterator[Case]:
    ours, other = world.marked, world.outside
    yield Case(
        "first_year_counts_once",
        "50 dollars in the first year here are 50, 30 in the second elsewhere are 60 (ALN-30)",
        (Service(AY1, ours, "50.00"), Service(AY2, other, "30.00")),
        (aligned(aco_id=None, score_cents=60_00, runner_up_score_cents=50_00),),
    )
    clinic = world.first(Kind.FQHC)
    yield Case(
        "clinic_by_ccn",
        "a visit to a federally qualified health centre counts by its CCN (ALN-29), paid part and coinsurance together",
        (Service(AY2, clinic, "175.00", code="G0467", file="outpatient"),),
        (aligned(aco_id="L0002", stage="PRIMARY"),),
    )
    yield Case(
        "base_year_only",
        "the only visit was on 30 June 2024: too early for 2027, in time for base year 2026 (ALN-3)",
        (Service(date(2024, 6, 30), ours),),
        (Answer("calc__alignment", {"aligned_year": 2026}, {"aco_id": "L0009"}), aligned(**NOBODY)),
    )


def _lines_that_do_not_count(world: World) -> Iterator[Case]:
    ours = world.marked
    nothing = (aligned(**NOBODY),)
    unscored = Answer("calc__unit_score", {}, {})
    told = {
        "other_specialty": (
            "pathology is neither primary care nor a selected specialty (ALN-27, ALN-28)",
            {"specialty": "22"},
        ),
        "denied_line": ("a denied line is no service (DL 3.8)", {"is_denied": True}),
        "denied_claim": ("a denied claim is no service (DL 3.8)", {"is_claim_denied": True}),
        "cancelled_claim": ("a cancelled claim is no service (DL 3.4)", {"cancelled": date(2026, 4, 10)}),
        "known_too_late": ("it became known after 30 September 2026 (ALN-4)", {"known": date(2026, 11, 6)}),
        "skilled_nursing": ("a nursing visit at place 31 is excluded (ALN-26)", {"code": "99309", "place": "31"}),
    }
    for name, (why, facts) in told.items():
        yield Case(name, why, (Service(AY2, ours, **facts),), (*nothing, unscored))  # type: ignore[arg-type]
    yield Case(
        "nursing_facility",
        "the same visit at place 32 counts (ALN-26)",
        (Service(AY2, ours, code="99309", place="32"),),
        (to_ours("200.00"),),
        aligned_months=6,
    )
    yield Case(
        "billed_again_for_less",
        "cancelled and billed again for nine tenths: the second claim counts (DL 3.4)",
        (Service(AY2, ours, cancelled=date(2026, 4, 10), is_adjusted=True),),
        (to_ours("180.00"),),
        aligned_months=6,
    )


def _months(world: World) -> Iterator[Case]:
    ours = world.marked
    visit = (Service(AY2, ours),)
    yield Case(
        "part_a_only",
        "without Part B no month is eligible (ALN-18)",
        visit,
        (aligned(aco_id="L0009", effective_month=None),),
        {"has_part_b": False},
    )
    yield Case(
        "dies_in_march",
        "dead on 15 March 2027: alive on the first of three months (ALN-19)",
        visit,
        (to_ours("200.00", end_month="2027-03-01", end_reason="DEAD"),),
        {"death": np.datetime64("2027-03-15", "D")},
        aligned_months=3,
    )
    yield Case(
        "joins_a_plan",
        "in Medicare Advantage from April 2027: three months (ALN-18, ALN-20)",
        visit,
        (
            Answer(
                "calc__alignment",
                {"aligned_year": 2027},
                {"aco_id": "L0009", "end_month": "2027-03-01", "end_reason": "MA"},
                WITH_PLANS,
            ),
        ),
        {"advantage_from": _month(2027, 4), "advantage_to": NEVER},
        aligned_months=3,
        sources=WITH_PLANS,
    )


def _people(world: World) -> Iterator[Case]:
    ours = world.marked
    yield Case(
        "new_number",
        "visits under the old and the new Medicare number are one person's (DL 2.1)",
        (Service(date(2025, 9, 2), ours), Service(date(2026, 3, 3), ours)),
        (to_ours("400.00"), Answer("core__beneficiary_identity", {"id_kind": "mbi"}, {"rows": 2}, "rif cclf")),
        {"changes_mbi": _month(2026, 1)},
        aligned_months=6,
    )
    yield Case(
        "kidney_failure",
        "ESRD status makes the month's category ESRD (ALN-47), and ESRD V24 the model: dialysis, F75_79 0.617 (RM 3.6)",
        (Service(AY2, ours),),
        (
            to_ours("200.00"),
            Answer("calc__alignment_month", {"aligned_year": 2027}, {"rows": 6, "category": "ESRD"}),
            Answer(
                "calc__risk_score",
                {"model": "ESRDV24", "year": 2027},
                {"segment": "DI", "raw_score": "0.6170", "months": 6},
                WITH_PLANS,
            ),
            Answer("calc__risk_score", {"model": "V28", "year": 2027}, {}, WITH_PLANS),
        ),
        {"esrd": _month(2026, 12)},
        aligned_months=6,
    )


def _risk(world: World) -> Iterator[Case]:
    ours = world.marked
    sick = (Service(AY2, ours, diagnoses=("E1122", "I5022", "E119")),)
    v28 = {"model": "V28", "year": 2027}
    concurrent = {"model": "CMMI_CONCURRENT_V1", "year": 2026}
    yield Case(
        "diabetes_and_heart_failure",
        "F75_79 0.465, HCC37 0.166, HCC226 0.360 and both together 0.112; HCC38 gives way to HCC37 (RM 4.2, RM 5.1). By V24 "
        "0.451, 0.302, 0.331, 0.121; by the concurrent model in the year of the care 0.1949, 0.0555, 0.3126 (RM 2.1, RM 6.1)",
        sick,
        (
            to_ours("200.00"),
            Answer("calc__risk_score", v28, {"segment": "CNA", "raw_score": "1.1030"}, WITH_PLANS),
            Answer("calc__hcc", v28 | {"term": "HCC38"}, {"kind": "DROPPED", "dropped_by": "HCC37"}, WITH_PLANS),
            Answer("calc__risk_score", v28 | {"model": "V24"}, {"raw_score": "1.2050"}, WITH_PLANS),
            Answer("calc__risk_score", concurrent, {"segment": "ALL", "raw_score": "0.5630"}, WITH_PLANS),
        ),
        aligned_months=6,
    )
    yield Case(
        "disabled",
        "the same at 50 and disabled, by that segment: F45_54 0.340, HCC37 0.191, HCC226 0.442, both together 0.023 (RM 3.4)",
        sick,
        (to_ours("200.00"), Answer("calc__risk_score", v28, {"segment": "CND", "raw_score": "0.9960"}, WITH_PLANS)),
        {"birth": np.datetime64("1977-01-05", "D"), "is_disabled": True},
        aligned_months=6,
    )
    yield Case(
        "new_to_medicare",
        "65 in June 2026, so fewer than twelve months of Part B in the year before: scored as a new enrollee (RM 3.5)",
        (Service(date(2026, 6, 20), ours),),
        (to_ours("200.00"), Answer("calc__risk_profile", {"year": 2027}, {"is_new_enrollee": True}, WITH_PLANS)),
        {"birth": np.datetime64("1961-06-09", "D"), "entitled": _month(2026, 6)},
        aligned_months=6,
    )


def _spending(world: World) -> Iterator[Case]:
    ours = world.marked
    hospital = world.first(Kind.HOSPITAL)
    yield Case(
        "stay_counts_once",
        "a stay of four lines is paid once, in the month it began (BMK-3)",
        (Service(AY2, ours), Service(date(2027, 1, 30), hospital, "12345.67", file="inpatient", lines=4)),
        (
            to_ours("200.00"),
            Answer(
                "calc__spend_month", {"month": "2027-01-01", "claim_type": "60"}, {"paid_cents": 1234567, "claims": 1}
            ),
        ),
        aligned_months=6,
    )
    yield Case(
        "cancelled_nets_to_nothing",
        "a cancelled claim leaves no dollar behind (BMK-4)",
        (Service(date(2027, 1, 5), ours, cancelled=date(2027, 2, 26)),),
        (Answer("calc__spend_month", {"month": "2027-01-01"}, {"paid_cents": 0, "claims": 0}),),
    )


def _lists(world: World) -> Iterator[Case]:
    joins, leaves = world.joins_and_leaves
    nobody = aligned(stage="PRIMARY", aco_id=None)
    yield Case(
        "joins_in_april",
        "the only practice becomes a Participant of a hybrid ACO on 1 April 2027: not aligned in January (ALN-11), and the "
        "mid-year run aligns from July, after the data end (ALN-43)",
        (Service(AY2, joins),),
        (nobody,),
    )
    yield Case(
        "left_in_december",
        "the only practice stopped being a Participant on 31 December 2026 (ALN-11)",
        (Service(AY2, leaves),),
        (nobody,),
    )


def _choices(world: World) -> Iterator[Case]:
    """People who chose, beside those whose choice claims bear out; what CMS answers them stands in choices.py."""
    other, theirs = world.outside, world.first_of(world.acos[0])
    by_choice = aligned(
        aco_id="L0009", route="V", stage="PRIMARY", effective_month="2027-01-01", end_month="2027-06-01"
    )
    barred = replace(by_choice, says=NOBODYS | {"end_reason": "OVERLAP"})
    for name, why, answer in (
        ("signs", "a signed attestation goes before claims (ALN-39)", by_choice),
        ("signs_twice", "the same ACO twice: the first stands (ALN-35, P0)", by_choice),
        ("designates", "a designation on Medicare.gov goes before claims (ALN-39)", by_choice),
        ("signed_long_ago", "a signature of 2024 holds to the end of 2026 (ALN-36)", replace(by_choice, says=NOBODYS)),
        ("opted_out", "carried over from REACH and opted out of (ALN-37)", replace(by_choice, says=NOBODYS)),
        ("in_another_model", "prospectively assigned in MSSP (ALN-45, P2)", barred),
    ):
        months = 6 if answer is by_choice else 0
        yield Case(name, why, (Service(AY2, other),), (answer,), aligned_months=months)
    visit = Service(date(2027, 2, 3), theirs)  # after the alignment period: it tells that the clinician bills there
    yield Case(
        "signs_elsewhere_later",
        "the later signature decides (ALN-38, P1)",
        (Service(AY2, other), visit),
        (replace(by_choice, says=THEIRS),),
    )
    yield Case(
        "in_a_plan",
        "in Medicare Advantage since December 2026: no month, and a signature is answered E3 (ALN-18, ALN-35)",
        (Service(AY2, world.marked),),
        (Answer("calc__alignment", {"aligned_year": 2027}, {"effective_month": None}, WITH_PLANS),),
        {"advantage_from": _month(2026, 12), "advantage_to": NEVER},
        sources=WITH_PLANS,
    )


def _choices_of_the_year(world: World) -> Iterator[Case]:
    """TV-A2 in a hybrid ACO, and somebody chosen outside every ACO."""
    other, theirs = world.outside, world.first_of(world.acos[0])
    services = (Service(AY2, other), Service(date(2027, 2, 3), theirs))
    since = {"signs_in_march": ("15", "April", "2027-04-01"), "signs_late_in_march": ("16", "May", "2027-05-01")}
    for name, (day, month, first) in since.items():
        yield Case(
            name,
            f"signed in March 2027 and submitted on the {day}th, the cut-off being the 15th: from {month} on (ALN-42)",
            services,
            (aligned(**THEIRS, stage="PRIMARY", effective_month=first, end_month="2027-06-01"),),
        )
    yield Case(
        "designates_elsewhere",
        "a designation of somebody outside every ACO voids the attestation of the day before (ALN-38)",
        (Service(AY2, other),),
        (aligned(aco_id=None, stage="PRIMARY"),),
    )


def _month(year: int, month: int) -> int:
    return CALENDAR.index(date(year, month, 1))
