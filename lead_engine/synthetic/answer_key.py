"""The answer key: each marked person, what was planted on them and what every stage must say, with the reason.

Planted by hand: nothing here is computed by the engine.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from . import eligibility, high_needs, payments, scores
from .cases import (
    AY1,
    AY2,
    WITH_PLANS,
    Answer,
    Case,
    Service,
    aligned,
    calendar_month,
    eligible,
    in_cents,
    spent,
    to_ours,
)
from .plan import NEVER
from .practices import Kind, World

NOBODY = {"aco_id": None, "stage": "NONE"}
JANUARY = date(2027, 1, 1)
OVERLAPS = (
    Answer("calc__overlap_month", {"month": "2027-01-01"}, {"model": "MSSP", "excluded_by": "MSSP:PROSPECTIVE"}),
)
NOBODYS, THEIRS = {"aco_id": None}, {"aco_id": "L0001", "route": "V"}


def cases(world: World) -> list[Case]:
    """Every marked person, in order of their numbers."""
    return [
        *_sums(world),
        *_thresholds(world),
        *_years(world),
        *_clinics(world),
        *_lines_that_do_not_count(world),
        *eligibility.cases(world),
        *_people(world),
        *scores.cases(world),
        *payments.cases(world),
        *high_needs.cases(world),
        *_lists(world),
        *_choices(world),
        *_choices_of_the_year(world),
    ]


def _sums(world: World) -> Iterator[Case]:
    ours, other = world.marked, world.outside
    yield Case(
        "plurality",
        "120 dollars of primary care at the ACO, 100 elsewhere: the larger sum wins (ALN-33), weighted 1 and 2 by year; the "
        "first record of each delivery is hers, and one is delivered twice: it counts once (DL 3.12)",
        (Service(AY2, ours, "120.00"), Service(AY2, other), Service(date(2027, 2, 3), ours, "50.00")),
        (to_ours("240.00", runner_up_score_cents=200_00), spent(date(2027, 2, 1), "71", "40.00")),
        aligned_months=6,
        paid="40.00",
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
    yield Case(
        "base_year_only",
        "the only visit was on 30 June 2024: too early for 2027, in time for base year 2026 (ALN-3)",
        (Service(date(2024, 6, 30), ours),),
        (Answer("calc__alignment", {"aligned_year": 2026}, {"aco_id": "L0009"}), aligned(**NOBODY)),
    )


def _clinics(world: World) -> Iterator[Case]:
    """Institutions whose primary care counts by their CCN; CCLF tells what was paid alone, four fifths (ALN-29)."""

    def counts(charges: str, paid: str) -> tuple[Answer, ...]:
        told = {"aco_id": "L0002", "stage": "PRIMARY"}
        whole = aligned(**told, score_cents=2 * in_cents(charges))
        return replace(whole, sources=WITH_PLANS), replace(
            aligned(**told, score_cents=2 * in_cents(paid)), sources="cclf"
        )

    health_centre, rural, hospital = (world.first(kind) for kind in (Kind.FQHC, Kind.RHC, Kind.CAH))
    yield Case(
        "clinic_by_ccn",
        "a visit to a federally qualified health centre counts by its CCN (ALN-29), paid part and coinsurance together",
        (Service(AY2, health_centre, "175.00", code="G0467", file="outpatient"),),
        counts("175.00", "140.00"),
    )
    yield Case(
        "rural_clinic",
        "so does one to a rural health clinic, bill type 71 (ALN-26, ALN-28)",
        (Service(AY2, rural, "150.00", file="outpatient", bill_type="71"),),
        counts("150.00", "120.00"),
    )
    through_hospital = Service(AY2, hospital, "90.00", file="outpatient", bill_type="85", revenue_center="0960")
    yield Case(
        "critical_access_hospital",
        "a visit billed through a critical access hospital counts in revenue centres 096x to 098x (ALN-28)",
        (through_hospital,),
        counts("90.00", "72.00"),
    )
    yield Case(
        "critical_access_emergency",
        "the same visit in revenue centre 0450 does not (ALN-28)",
        (replace(through_hospital, revenue_center="0450"),),
        (aligned(**NOBODY), Answer("calc__unit_score", {}, {})),
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


def _people(world: World) -> Iterator[Case]:
    ours = world.marked
    yield Case(
        "new_number",
        "visits delivered under the old and the new Medicare number are one person's (DL 2.1)",
        (Service(date(2025, 9, 2), ours), Service(date(2026, 3, 3), ours)),
        (to_ours("400.00"), Answer("core__beneficiary_identity", {"id_kind": "mbi"}, {"rows": 2}, "rif cclf")),
        {"changes_mbi": calendar_month(2026, 3)},
        aligned_months=6,
    )


def _lists(world: World) -> Iterator[Case]:
    joins, leaves = world.joins_and_leaves
    nobody = aligned(stage="PRIMARY", aco_id=None)
    yield Case(
        "left_in_december",
        "the only practice stopped being a Participant on 31 December 2026 (ALN-11)",
        (Service(AY2, leaves),),
        (nobody,),
    )
    preferred, theirs = world.first(Kind.SPECIALISTS), world.first_of(world.acos[0])
    yield Case(
        "preferred_provider",
        "120 dollars of primary care at a Preferred Provider of the ACO, 100 at its Participant: the Preferred Provider stands "
        "for itself and wins (ALN-31)",
        (Service(AY2, preferred, "120.00"), Service(AY2, theirs)),
        (aligned(stage="PRIMARY", aco_id=None, score_cents=240_00, runner_up_score_cents=200_00),),
    )
    yield from _midyear(world, Service(AY2, joins, "50.00"), nobody)


def _midyear(world: World, visit: Service, nobody: Answer) -> Iterator[Case]:
    """The practice that becomes a Participant of a hybrid ACO on 1 April 2027: not aligned in January (ALN-11, ALN-43)."""
    pointed = Answer("calc__midyear_alignment", {}, {"aco_id": "L0001", "stage": "PRIMARY"})

    def scores_of(won: int, second: int | None) -> Answer:
        return replace(pointed, says=pointed.says | {"score_cents": won, "runner_up_score_cents": second})

    yield Case(
        "joins_in_april",
        "the only practice joined on 1 April: not aligned in January (ALN-11), and the mid-year run points to its ACO (ALN-43), "
        "from July on, after the data end",
        (visit,),
        (nobody, scores_of(100_00, None)),
    )
    theirs, other = world.first_of(world.acos[0]), world.outside
    yield Case(
        "joined_wins_together",
        "60 dollars at the hybrid ACO and 50 at the practice that joined it: less than 100 elsewhere in January, more in the "
        "mid-year run (ALN-43)",
        (visit, Service(AY2, theirs, "60.00"), Service(AY2, other)),
        (replace(nobody, says=nobody.says | {"score_cents": 200_00}), scores_of(220_00, 200_00)),
    )
    yield Case(
        "joined_wins_nothing",
        "50 dollars at the practice that joined, 60 at another ACO: the mid-year run points nowhere, and she stays (ALN-43)",
        (visit, Service(AY2, world.marked, "60.00")),
        (to_ours("120.00", runner_up_score_cents=100_00), replace(pointed, says={})),
        aligned_months=6,
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
        others = OVERLAPS if answer is barred else ()
        yield Case(name, why, (Service(AY2, other),), (answer, *others), aligned_months=months)
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
        (
            Answer("calc__alignment", {"aligned_year": 2027}, {"effective_month": None}, WITH_PLANS),
            eligible(JANUARY, "MA", WITH_PLANS),
        ),
        {"advantage_from": calendar_month(2026, 12), "advantage_to": NEVER},
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
