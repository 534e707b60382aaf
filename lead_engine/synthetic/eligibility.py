"""The answer key of eligible months: death, health plans, other payers, residence, and which of two reasons is told (ALN-18)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from .cases import AY2, WITH_PLANS, Answer, Case, Service, aligned, calendar_month, eligible, to_ours
from .plan import ABROAD, NEVER
from .practices import World

JANUARY, MARCH, APRIL = (date(2027, month, 1) for month in (1, 3, 4))


def cases(world: World) -> Iterator[Case]:
    """Every reason against a month that the network can have."""
    yield from _months(world)
    yield from _payers(world)
    yield from _residence(Service(AY2, world.marked))


def _months(world: World) -> Iterator[Case]:
    ours = world.marked
    visit = (Service(AY2, ours),)
    yield Case(
        "part_a_only",
        "without Part B no month is eligible (ALN-18)",
        visit,
        (aligned(aco_id="L0009", effective_month=None), eligible(JANUARY, "NOT_A_AND_B")),
        {"has_part_b": False},
    )
    yield Case(
        "part_a_only_in_a_plan",
        "of two reasons against a month the first of ALN-18 is told: Part B, not the health plan",
        visit,
        (aligned(aco_id="L0009", effective_month=None), eligible(JANUARY, "NOT_A_AND_B")),
        {"has_part_b": False, "advantage_from": calendar_month(2026, 12), "advantage_to": NEVER},
    )
    yield Case(
        "dies_in_march",
        "dead on 15 March 2027: alive on the first of three months (ALN-19)",
        visit,
        (
            to_ours("200.00", end_month="2027-03-01", end_reason="DEAD"),
            eligible(MARCH),
            eligible(APRIL, "DEAD"),
        ),
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
            eligible(MARCH),
            eligible(APRIL, "MA", WITH_PLANS),
        ),
        {"advantage_from": calendar_month(2027, 4), "advantage_to": NEVER},
        aligned_months=3,
    )


def _payers(world: World) -> Iterator[Case]:
    told = {"aco_id": "L0002", "effective_month": "2027-01-01"}
    leaves, stays = aligned(**told, end_month="2027-03-01", end_reason="MSP"), aligned(**told, end_month="2027-06-01")
    yield Case(
        "another_payer_from_april",
        "another payer before Medicare from April 2027 on: three months; files do not tell of it, and she stays (ALN-18, ALN-20)",
        (Service(AY2, world.first_of(world.acos[1])),),
        (
            replace(leaves, sources="core"),
            eligible(MARCH),
            eligible(APRIL, "MSP", "core"),
            replace(stays, sources="rif cclf"),
            eligible(APRIL, sources="rif cclf"),
        ),
        {"secondary_from": calendar_month(2027, 4)},
    )


def _residence(visit: Service) -> Iterator[Case]:
    yield Case(
        "lives_abroad",
        "no resident of the United States: no month is eligible, and a signature is answered E5 (ALN-18, ALN-35)",
        (visit,),
        (aligned(aco_id="L0009", effective_month=None), eligible(JANUARY, "NON_US", category="AD", county_code=None)),
        {"county": ABROAD},
    )
    yield Case(
        "moves_in_april",
        "from Cuyahoga to Carroll County: each month has its own county, and without service areas nobody leaves (ALN-22)",
        (visit,),
        (
            to_ours("200.00", end_month="2027-06-01", end_reason=None),
            *(_lives_in(month, code) for month, code in ((1, "36170"), (3, "36170"), (4, "16130"), (6, "16130"))),
        ),
        {"county": 0, "next_county": 1, "relocates": calendar_month(2027, 4)},
        aligned_months=6,
    )


def _lives_in(month: int, county_code: str) -> Answer:
    """The county of a month; CCLF tells that of the day it was made alone."""
    where = {"month": date(2027, month, 1).isoformat()}
    return Answer("calc__alignment_month", where, {"aco_id": "L0009", "county_code": county_code}, WITH_PLANS)
