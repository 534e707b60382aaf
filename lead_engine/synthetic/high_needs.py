"""The answer key of High Needs: a person for every criterion, and one just short of it (ALN-47 to ALN-51).

What counts for January 2027 ends in October 2026 and begins a year earlier, of equipment five years earlier (ALN-52).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from .cases import AY2, EVERYWHERE, WITH_PLANS, Answer, Case, Service, aligned
from .practices import Kind, World

MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)
JULY = "2026-07-01"  # the first check whose window holds February and March 2026
NEITHER = (None, 0)
BEDS = (date(2023, 5, 1), date(2025, 5, 1))
PALSY, ILL = ("G809",), ("C3490", "L97419")


def cases(world: World) -> Iterator[Case]:
    """Every criterion."""
    visit = Service(AY2, world.marked)
    stay = Service(MARCH, world.first(Kind.HOSPITAL), "9000.00", file="inpatient")
    yield from _mobility(visit, stay)
    yield from _scores(visit, stay)
    yield from _beds(visit, world)
    yield from _nursing(visit, world)


def _mobility(visit: Service, stay: Service) -> Iterator[Case]:
    once = replace(visit, diagnoses=PALSY)
    yield _case("mobility_twice", "cerebral palsy on two days (ALN-47)", (JULY, 1), once, replace(once, day=MARCH))
    yield _case("mobility_once", "cerebral palsy on one day only (ALN-47)", NEITHER, once)
    why = "cerebral palsy on one stay is enough (ALN-47)"
    yield _case("mobility_in_hospital", why, (JULY, 1), visit, replace(stay, diagnoses=PALSY))


def _scores(visit: Service, stay: Service) -> Iterator[Case]:
    very = replace(visit, diagnoses=(*ILL, "G35D", "F200"))
    why = "F75_79 0.465, HCC20 1.136, HCC383 0.646, HCC198 0.647, HCC151 0.511: at least 3.0 (ALN-48)"
    yield _case("high_score", why, (JULY, 2), very, score="3.4050")
    moderate, again = replace(visit, diagnoses=ILL), replace(stay, day=MAY)
    why = "F75_79 0.465, HCC20 1.136, HCC383 0.646: at least 2.0, with two unplanned stays (ALN-49)"
    yield _case("moderate_score_two_stays", why, ("2026-10-01", 4), moderate, stay, again, score="2.2470")
    yield _case("moderate_score_one_stay", "the same with one stay (ALN-49)", NEITHER, moderate, stay, score="2.2470")


def _beds(visit: Service, world: World) -> Iterator[Case]:
    supplier = world.first(Kind.SUPPLIER)
    beds = [Service(day, supplier, file="dme", code="E0260", specialty="54", place="12") for day in BEDS]
    yield _case("two_beds", "a hospital bed on two days of sixty months (ALN-51)", ("2025-10-01", 8), visit, *beds)
    yield _case("one_bed", "a hospital bed on one day (ALN-51)", NEITHER, visit, beds[0])


def _nursing(visit: Service, world: World) -> Iterator[Case]:
    stay = Service(MARCH, world.first(Kind.NURSING), "20000.00", date(2026, 4, 14), file="snf")
    why = "45 days of skilled nursing, first and last counted (ALN-50)"
    yield _case("nursing_45_days", why, (JULY, 16), visit, stay)
    why = "44 days of skilled nursing (ALN-50)"
    yield _case("nursing_44_days", why, NEITHER, visit, replace(stay, through=date(2026, 4, 13)))
    at_home = Service(MARCH, world.first(Kind.AGENCY), "6000.00", date(2026, 5, 29), file="hha")
    why = "90 days of home health, which LEAD does not count by default (ALN-50)"
    yield _case("home_health_90_days", why, NEITHER, visit, at_home)


def _case(name: str, why: str, status: tuple[str | None, int], *care: Service, score: str | None = None) -> Case:
    """Aligned to the answer-key ACO; High Needs from the first check on, by this criterion: its bit of ALN-62."""
    first, criterion = status
    january = {"aligned_year": 2027, "month": "2027-01-01"}
    sources = WITH_PLANS if score else EVERYWHERE
    answers = [
        aligned(aco_id="L0009"),
        Answer("calc__high_needs", {}, {"hn_first_check_date": first, "criteria": criterion}, sources),
        Answer("calc__alignment_month", january, {"category": "HN" if first else "AD"}, sources),
    ]
    if score:
        answers.append(Answer("calc__risk_score", {"model": "V28", "year": 2027}, {"raw_score": score}, WITH_PLANS))
    return Case(name, why, care, tuple(answers), aligned_months=6)
