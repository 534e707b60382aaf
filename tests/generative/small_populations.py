"""Thousands of small populations: each a list of Participants and a handful of people, from charges to categories of months.

Plain Python decides each population by itself; Spark gets them all as one frame, kept apart by person and by TIN.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, SparkSession

from lead_engine.alignment import decide
from lead_engine.alignment.decide import AlignedYear, Charges, Pointers, UnitScore, aligned_year, ranked
from lead_engine.alignment.rules import AlignmentRules
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.foundation.months import months_of
from lead_engine.months.decide import Category, Month, evaluate_year
from lead_engine.months.rules import MonthRules
from lead_engine.pipeline.replay import replayed
from tests.rules import FACTS, resolved
from tests.voluntary import YEAR, rows_of

ACOS = {"H1": "HYBRID", "H2": "HYBRID", "H3": "HYBRID", "P1": "PROSPECTIVE", "P2": "PROSPECTIVE", "P3": "PROSPECTIVE"}
HYBRID = frozenset(aco for aco, election in ACOS.items() if election == "HYBRID")
RESOLVED = resolved(alignment__base_year_count=0)
RULES = AlignmentRules.from_methodology(RESOLVED, FACTS)
MONTH_RULES = MonthRules.from_methodology(RESOLVED, FACTS)
ENDS = [year.end for year in RULES.alignment_years(YEAR)]
MONTHS = months_of(YEAR)
CHECKS = [date(year, month, 1) for year in (2025, 2026, 2027) for month in (1, 4, 7, 10)]
CENTS = (-300, 0, 100, 100, 200, 900)
NOTHING = Charges(0, None, 0)
STEPS = (
    "calc__beneficiary_month",
    "calc__alignment_candidate",
    "calc__alignment",
    "calc__alignment_month",
    "calc__aco_year",
)
ROOM = 10  # person keys of a population

Billed = Mapping[tuple[str, date], tuple[Charges, Charges]]  # by TIN and alignment year: primary care, specialists


class Resident(NamedTuple):
    """What claims, enrolment, checks and choices say of one person."""

    billed: Billed
    months: Sequence[Month]
    met: Sequence[date]  # High Needs checks that found a criterion met
    choices: Mapping[date, str | None]
    midyear: str | None
    death: date | None


class Population(NamedTuple):
    """A list of Participants, TIN by ACO, and its people."""

    listed: Mapping[str, str]
    preferred: Sequence[tuple[str, str]]  # ACO and TIN of Preferred Providers, Participants of any ACO among them
    people: Mapping[int, Resident]


class Told(NamedTuple):
    """The answer for one person, and the category of every aligned month."""

    year: AlignedYear
    categories: Mapping[date, str]


def populations(count: int, seed: int) -> list[Population]:
    """Small populations, the same for the same seed."""
    chance = random.Random(seed)
    return [_population(chance, number) for number in range(count)]


def _population(chance: random.Random, number: int) -> Population:
    tins = [f"TIN:{number:06d}{place:03d}" for place in range(6)]
    acos = chance.sample(sorted(ACOS), chance.randint(1, 3))
    listed = {tin: chance.choice(acos) for tin in tins[:4] if chance.random() < 0.8}
    preferred = [(aco, tin) for aco in acos for tin in tins if chance.random() < 0.3]
    keys = range(number * ROOM, number * ROOM + chance.randint(2, 6))
    return Population(listed, preferred, {key: _resident(chance, tins, acos) for key in keys})


def _resident(chance: random.Random, tins: Sequence[str], acos: Sequence[str]) -> Resident:
    at = [(tin, end) for tin in chance.sample(tins, chance.randint(0, 4)) for end in ENDS if chance.random() < 0.7]
    since, to = chance.choice([*MONTHS[:1] * 4, *MONTHS]), chance.choice([None, *acos, *acos])
    dies, lost = (chance.choice([*[None] * 30, *range(1, 13)]) for _ in range(2))
    ill = chance.choice([*[None] * 24, *range(1, 13)])
    return Resident(
        billed={place: (charges(chance, place[1]), charges(chance, place[1])) for place in at},
        months=[_month(month, dies, lost, ill) for month in MONTHS],
        met=chance.sample(CHECKS, chance.choice((0, 0, 1, 2))),
        choices={month: to for month in MONTHS if month >= since} if chance.random() < 0.5 else {},
        midyear=chance.choice([None, None, *sorted(HYBRID.intersection(acos))]),
        death=date(YEAR, dies, 15) if dies else None,
    )


def charges(chance: random.Random, end: date) -> Charges:
    """Of one alignment year: often nothing, often as much as another's."""
    if chance.random() < 0.4:
        return NOTHING
    return Charges(chance.choice(CENTS), chance.choice((end, end.replace(day=1))), chance.choice((1, 1, 2)))


def _month(month: date, dies: int | None, lost: int | None, ill: int | None) -> Month:
    """Alive through the month of death; in a plan for two months; ESRD for four."""
    is_in_plan = lost is not None and lost <= month.month < lost + 2
    is_esrd = ill is not None and ill <= month.month < ill + 4
    is_alive = dies is None or month.month <= dies
    return Month(month, is_alive, True, True, is_in_plan, None, "39035", "11" if is_esrd else "10")


def told_by_python(population: Population) -> dict[int, Told]:
    """Everybody of one population, by `decide`."""
    return {key: _decided(resident, population.listed) for key, resident in population.people.items()}


def _decided(resident: Resident, listed: Mapping[str, str]) -> Told:
    evaluated = evaluate_year(resident.months, MONTH_RULES, resident.met)
    months = [decide.Month(each.month, each.reason and each.reason.value) for each in evaluated]
    to = Pointers(winner(resident.billed, listed), resident.choices, resident.midyear, HYBRID)
    year = aligned_year(YEAR, months, resident.death, to, RULES)
    categories = {each.month: each.category.value for each in evaluated}
    return Told(year, {month: categories[month] for month in year.months})


def winner(billed: Billed, listed: Mapping[str, str]) -> str | None:
    """The ACO that wins by claims."""
    scores = unit_scores(billed, listed)
    best_first = ranked(scores, decide.deciding_stage(scores, RULES))
    return best_first[0].unit if best_first and best_first[0].unit in ACOS else None


def unit_scores(billed: Billed, listed: Mapping[str, str]) -> list[UnitScore]:
    """Charges weighted by alignment year, an ACO the sum of its Participants."""
    weights = dict(zip(ENDS, RULES.weights, strict=True))
    by_unit: dict[str, list[tuple[Charges, Charges]]] = {}
    for (tin, end), both in billed.items():
        weighted = [part._replace(cents=part.cents * weights[end]) for part in both]
        by_unit.setdefault(listed.get(tin, tin), []).append((weighted[0], weighted[1]))
    return [UnitScore(unit, *(reduce(added, of) for of in zip(*parts, strict=True))) for unit, parts in by_unit.items()]


def added(one: Charges, other: Charges) -> Charges:
    """Charges of both."""
    days = [day for day in (one.last_service, other.last_service) if day is not None]
    return Charges(one.cents + other.cents, max(days, default=None), one.lines + other.lines)


def tables_of(spark: SparkSession, drawn: Iterable[Population], listed: DataFrame) -> Callable[[str], DataFrame | None]:
    """The tables the steps read, all populations in one frame each; `listed`: `core__participant`."""
    people = {key: resident for population in drawn for key, resident in population.people.items()}
    rows: dict[str, list[dict[str, Any]]] = {
        "core__beneficiary": [{"bene_key": key, "death_date": each.death} for key, each in people.items()],
        "core__enrolment_month": [
            month._asdict() | {"bene_key": key, "year": YEAR} for key, each in people.items() for month in each.months
        ],
        "calc__high_needs_check": [
            {"bene_key": key, "check_date": check, "criteria": 1} for key, each in people.items() for check in each.met
        ],
        "calc__unit_score": [
            scored(key, tin, end, *both) for key, each in people.items() for (tin, end), both in each.billed.items()
        ],
        "calc__voluntary_choice": [
            {"bene_key": key, "month": month, "aco_id": aco, "attestation_id": f"{key}-{month}"}
            for key, each in people.items()
            for month, aco in each.choices.items()
        ],
        "calc__midyear_alignment": [
            {"bene_key": key, "stage": "PRIMARY", "winning_unit": pack_unit(each.midyear), "score_cents": 7}
            | {"tie_break": "none", "aco_id": each.midyear}
            for key, each in people.items()
            if each.midyear is not None
        ],
        "core__aco": [
            {"aco_id": aco, "aco_name": aco, "first_performance_year": YEAR, "election": election}
            for aco, election in ACOS.items()
        ],
        "calc__spend_month": [],
        "calc__risk_score": [],
    }
    made = {name: rows_of(spark, name, of_table) for name, of_table in rows.items()} | {"core__participant": listed}
    return made.get


def scored(key: int, tin: str, end: date, pcs: Charges, sps: Charges) -> dict[str, Any]:
    """A row of `calc__unit_score`."""
    told: dict[str, Any] = {"bene_key": key, "alignment_year_end": end, "unit": pack_unit(tin)}
    for name, part in (("pcs", pcs), ("sps", sps)):
        told |= {f"{name}_cents": part.cents, f"last_{name}_date": part.last_service, f"{name}_lines": part.lines}
    return told


def told_by_spark(made: Mapping[str, DataFrame]) -> dict[int, Told]:
    """Everybody of all populations, from the tables the steps of a run make."""
    categories: dict[int, dict[date, str]] = {}
    for row in made["calc__alignment_month"].orderBy("month").collect():
        assert row["month"] not in categories.setdefault(row["bene_key"], {})
        categories[row["bene_key"]][row["month"]] = Category(row["category"]).value
    found = {}
    for row in made["calc__alignment"].collect():
        of = categories.get(row["bene_key"], {})
        year = AlignedYear(row["aco_id"], row["route"], list(of), row["end_reason"], row["excluded_by"])
        found[row["bene_key"]] = Told(year, of)
    return found


def steps(read: Callable[[str], DataFrame | None]) -> dict[str, DataFrame]:
    """The steps of a run over these tables."""
    return replayed(STEPS, read, RESOLVED, FACTS)
