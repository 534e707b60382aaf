"""The answer key of spending: each claim paid once, in the month it began, by its type (BMK-3, BMK-4)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from .cases import AY2, Case, Service, eligible, spent, to_ours
from .practices import Kind, World

JANUARY, FEBRUARY, MARCH = (date(2027, month, 1) for month in (1, 2, 3))


def cases(world: World) -> Iterator[Case]:
    """Every kind of claim that is paid whole, and one that was cancelled."""
    visit = Service(AY2, world.marked)
    yield from _stays(visit, [each for each in world.practices if each.kind is Kind.HOSPITAL])
    yield from _at_home(visit, world)
    yield Case(
        "cancelled_nets_to_nothing",
        "a cancelled claim leaves no dollar behind (BMK-4)",
        (Service(date(2027, 1, 5), world.marked, cancelled=date(2027, 2, 26)),),
        (spent(JANUARY, "71", "0.00", claims=0),),
    )


def _stays(visit: Service, hospitals: list) -> Iterator[Case]:
    first, second = hospitals[:2]
    stay = Service(date(2027, 1, 30), first, "12345.67", file="inpatient", lines=4)
    yield Case(
        "stay_counts_once",
        "a stay of four lines is paid once, in the month it began (BMK-3)",
        (visit, stay),
        (to_ours("200.00"), spent(JANUARY, "60", "12345.67")),
        aligned_months=6,
        paid="12345.67",
    )
    before = Service(date(2027, 2, 3), first, "8000.00", date(2027, 2, 6), file="inpatient")
    after = Service(date(2027, 2, 6), second, "15000.00", date(2027, 3, 2), file="inpatient")
    yield Case(
        "moved_to_another_hospital",
        "both hospitals are paid for a stay in two of them: 8,000 and 15,000 dollars, each once (BMK-3)",
        (visit, before, after),
        (to_ours("200.00"), spent(FEBRUARY, "60", "23000.00", claims=2)),
        aligned_months=6,
        paid="23000.00",
    )
    part = Service(date(2027, 1, 20), first, "10000.00", date(2027, 2, 18), file="inpatient", lines=2)
    rest = replace(part, day=date(2027, 2, 19), through=date(2027, 3, 4), admitted=part.day, dollars="5000.00")
    yield Case(
        "stay_billed_in_parts",
        "an interim bill and the rest of the stay are paid once each, in the month each began (BMK-3)",
        (visit, part, rest),
        (to_ours("200.00"), spent(JANUARY, "60", "10000.00"), spent(FEBRUARY, "60", "5000.00")),
        aligned_months=6,
        paid="15000.00",
    )


def _at_home(visit: Service, world: World) -> Iterator[Case]:
    agency = world.first(Kind.AGENCY)
    yield Case(
        "home_health",
        "thirty days of home health are paid in the month they began, as type 10 (BMK-3)",
        (visit, Service(date(2027, 2, 24), agency, "2400.00", date(2027, 3, 25), file="hha")),
        (to_ours("200.00"), spent(FEBRUARY, "10", "2400.00")),
        aligned_months=6,
        paid="2400.00",
    )
    yield Case(
        "hospice_until_death",
        "hospice is spending, and no reason to leave: aligned to the month of death, April (ALN-18, ALN-21, BMK-3)",
        (visit, Service(date(2027, 3, 9), agency, "6100.00", date(2027, 4, 20), file="hospice")),
        (
            to_ours("200.00", end_month="2027-04-01", end_reason="DEAD"),
            spent(MARCH, "50", "6100.00"),
            eligible(date(2027, 4, 1)),
            eligible(date(2027, 5, 1), "DEAD"),
        ),
        {"death": np.datetime64("2027-04-20", "D")},
        aligned_months=4,
        paid="6100.00",
    )
