"""What the rules of a run ask of its inputs: everything that is missing, or cannot stand together, before anything runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from lead_engine.alignment.overlap.decide import ModelTin, ParticipantTin, barred_tins
from lead_engine.alignment.overlap.rules import OverlapRules
from lead_engine.benchmark.rules import BY_CATEGORY
from lead_engine.foundation.errors import ConfigurationError, Problem, raise_all
from lead_engine.methodology.resolve import Resolved
from lead_engine.risk.model import ESRD
from lead_engine.risk.rules import is_promoted
from lead_engine.sources.acos import Aco
from lead_engine.sources.inputs import Inputs
from lead_engine.sources.participants import Participant


@dataclass(frozen=True)
class Wish:
    """A choice of the methodology that needs lists."""

    parameter: str
    none: object  # the value that asks for nothing
    lists: tuple[str, ...]
    what: str
    why: str
    remedy: str
    steps: str = ""  # what its steps are known by, where it has any of its own


WISHES = (
    Wish(
        "alignment/service_area_mode",
        "NONE",
        ("county_adjacency", "participant_offices"),
        "the service area is to be tested",
        "residence in the ACO's service area cannot be tested without a county adjacency and the counties of Participants' "
        "offices, and is never assumed (ALN-12)",
        "give the lists, or list a scenario under `overrides` that says `alignment/service_area_mode: NONE` "
        "(conf/runs/no_service_area.yaml)",
        "service_area",
    ),
    Wish(
        "alignment/group_other_acos",
        False,
        ("other_model_tins",),
        "other ACOs are to be compared as groups",
        "no other input says which TINs make one (ALN-31)",
        "give the list, or leave alignment/group_other_acos false",
    ),
    Wish(
        "alignment/medicaid_alignment",
        False,
        ("medicaid_partners", "medicaid_enrolment"),
        "people are to be aligned by Medicaid",
        "no other input says who has Medicaid from a partner of an ACO (ALN-66)",
        "give the lists, or leave alignment/medicaid_alignment false",
        "medicaid_alignment",
    ),
)
WORDS = {"county_adjacency": "county adjacency", "participant_offices": "list of participant offices"}


@dataclass(frozen=True)
class Asked:
    """What a run asks, and what it has; a list that is wrong itself has no rows, and is named all the same."""

    resolved: Resolved
    acos: tuple[Aco, ...]
    participants: tuple[Participant, ...]
    inputs: Inputs
    named: set[str]  # the lists the configuration names
    risk_model: str | None  # the promoted model the run scores with


def check_asked(asked: Asked, where: str) -> None:
    """Check that the run has what its choices need, and that its Participants may be such.

    Raises ConfigurationError with every list that a choice needs and that is not named, every ACO without an office where
    the service area is tested (ALN-12), every Participant TIN that a model bars (ALN-44), and every promoted model the
    benchmark is to count with and the run does not score; MethodologyError for an order of models that is none (ALN-45).
    """
    rules = OverlapRules.of_year(asked.resolved)
    problems = [*_lacking(asked, where), *_without_office(asked), *_barred(asked, rules), *_not_promoted(asked, where)]
    raise_all(ConfigurationError, problems)


def steps_of_choices(resolved: Resolved) -> set[str]:
    """What the steps of a choice are known by (`Step.source`); only a run that makes it has them."""
    return {wish.steps for wish in WISHES if wish.steps and resolved.value(wish.parameter) != wish.none}


def _lacking(asked: Asked, where: str) -> Iterator[Problem]:
    """Lists that a choice needs and nobody gave."""
    for wish in WISHES:
        for name in wish.lists if asked.resolved.value(wish.parameter) != wish.none else ():
            if name not in asked.named:
                what = f"{wish.what} and no {WORDS.get(name, f'list {name}')} is given"
                yield Problem(f"{where}, field overrides", what, wish.why, wish.remedy)


def _without_office(asked: Asked) -> Iterator[Problem]:
    """ACOs in whose service area nobody could live."""
    offices = asked.inputs.participant_offices
    if asked.resolved.value("alignment/service_area_mode") == "NONE" or offices is None:
        return
    placed = {row.aco_id for row in offices.rows}
    for aco in asked.acos:
        if aco.aco_id not in placed:
            what = f"has no office of ACO {aco.aco_id}"
            yield Problem(
                offices.file, what, "nobody could live in its service area (ALN-12)", "give it one row or more"
            )


def _barred(asked: Asked, rules: OverlapRules) -> Iterator[Problem]:
    """Participant TINs in a model that bars them (ALN-44)."""
    given = asked.inputs.other_model_tins
    if given is None:
        return
    others = [ModelTin(row.tin, row.model, row.effective_date, row.termination_date) for row in given.rows]
    ours = [
        ParticipantTin(row.aco_id, row.tin, row.effective_date, row.termination_date)
        for row in asked.participants
        if row.tin
    ]
    yield from barred(given.file, ours, others, rules)


def barred(file: str, ours: list[ParticipantTin], others: list[ModelTin], rules: OverlapRules) -> Iterator[Problem]:
    """Every Participant TIN in a model that bars it, with the days, as a mistake of a file (ALN-44)."""
    why = "a Participant TIN takes part in none of these models at the same time (ALN-44); the engine never splits one"
    remedy = "end one of the two by its last day, take the row out, or say otherwise in `alignment/barred_models`"
    told = {
        (each.participant.tin, each.other.model, each.days.start, each.days.end, each.participant.aco_id)
        for each in barred_tins(ours, others, rules)
    }
    for tin, model, start, end, aco_id in sorted(told):
        yield Problem(file, f"TIN:{tin} is in {model} and a Participant of {aco_id} from {start} to {end}", why, remedy)


def _not_promoted(asked: Asked, where: str) -> Iterator[Problem]:
    """Promoted models that the benchmark counts with and the run does not score, or cannot."""
    for category, parameter in BY_CATEGORY["model"].items():
        named = asked.resolved.value(parameter)
        if not is_promoted(named):
            continue
        if category == ESRD:
            what, remedy = f"{parameter} names {named}, a model of months without ESRD", "name an ESRD model"
            yield Problem(f"{where}, field overrides", what, "no ESRD month would have a score", remedy)
        elif named != asked.risk_model:
            what, remedy = f"{parameter} names {named}, which the run does not score", f"write `risk_model: {named}`"
            yield Problem(f"{where}, field risk_model", what, "no month would have a score", remedy)
