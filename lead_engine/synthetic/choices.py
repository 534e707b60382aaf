"""What marked people chose: designations and signed attestations of every kind, and what CMS must answer (ALN-35 to ALN-39).

E1 is no answer of LEAD. E4 needs service areas, and so the neighbours of counties, which the network does not have: the
specification of ALN-35 holds it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from . import identifiers
from .cases import EVERYWHERE, WITH_PLANS, Case
from .practices import Practice, World

COLUMNS = (
    "attestation_id", "channel", "mbi", "aco_id", "tin", "npi", "signature_date", "submission_date", "response_code",
    "carried_from_reach", "opt_out_date", "revoked_date",
)  # fmt: skip
OTHER_MODEL = ("mbi", "model", "entity_id", "assignment", "effective_date", "termination_date")
SIGNED, SUBMITTED = date(2026, 8, 15), date(2026, 9, 1)
NOBODYS_MBI = identifiers.mbi(999_999_999)


@dataclass(frozen=True)
class Choice:
    """One row of the list of attestations, and the answer to it."""

    case: str  # the marked person; of none where no such person is
    answer: str  # response code; a designation has none
    at: Practice
    signed: date | None = SIGNED
    submitted: date | None = SUBMITTED
    channel: str = "SVA"
    aco_id: str = "L0009"
    opted_out: date | None = None
    is_carried: bool = False
    sources: str = EVERYWHERE  # that can tell the answer


def choices(world: World) -> list[Choice]:
    """Every choice, in the order of its number."""
    ours, theirs = world.marked, world.first_of(world.acos[0])
    return [
        Choice("signs", "A0", ours),
        Choice("plurality", "A1", ours),
        Choice("joins_a_plan", "A2", ours, date(2027, 4, 10), date(2027, 5, 3), sources=WITH_PLANS),
        Choice("", "V0", ours),
        Choice("base_year_only", "V1", ours, None),
        Choice("known_too_late", "V1", ours, date(2026, 9, 2)),
        Choice("other_specialty", "V2", world.outside),
        Choice("signs_twice", "A0", ours),
        Choice("signs_twice", "P0", ours),
        Choice("signs_elsewhere_later", "P1", ours, date(2026, 6, 1)),
        Choice("signs_elsewhere_later", "A0", theirs, aco_id="L0001"),
        Choice("in_another_model", "P2", ours),
        Choice("dies_in_march", "E0", ours, date(2027, 2, 20), date(2027, 4, 2)),
        Choice("part_a_only", "E2", ours),
        Choice("in_a_plan", "E3", ours, sources=WITH_PLANS),
        Choice("lives_abroad", "E5", ours),
        Choice("designates", "", ours, submitted=None, channel="MVA"),
        Choice("signed_long_ago", "V1", ours, date(2024, 5, 2), date(2024, 6, 3), is_carried=True),
        Choice("opted_out", "", ours, date(2025, 5, 2), date(2025, 6, 2), is_carried=True, opted_out=date(2026, 12, 1)),
        Choice("signs_in_march", "A0", theirs, date(2027, 3, 10), date(2027, 3, 15), aco_id="L0001"),
        Choice("signs_late_in_march", "A0", theirs, date(2027, 3, 10), date(2027, 3, 16), aco_id="L0001"),
        Choice("designates_elsewhere", "P1", ours),
        Choice("designates_elsewhere", "", world.outside, date(2026, 8, 16), None, channel="MVA", aco_id=""),
    ]


def number(place: int) -> str:
    """The number of the row."""
    return f"2027-{place + 1:06d}"


def attestations(world: World, planted: list[Case]) -> Iterator[tuple[str, ...]]:
    """The list of attestations; CMS has not answered yet."""
    people = {case.name: identifiers.mbi(place) for place, case in enumerate(planted)}
    for place, each in enumerate(choices(world)):
        yield (
            number(place), each.channel, people.get(each.case, NOBODYS_MBI), each.aco_id, each.at.tin, each.at.npi(1),
            _day(each.signed), _day(each.submitted), "", "yes" if each.is_carried else "no", _day(each.opted_out), "",
        )  # fmt: skip


def other_models(planted: list[Case]) -> Iterator[tuple[str, ...]]:
    """The list of people in other models."""
    for place, case in enumerate(planted):
        if case.name == "in_another_model":
            yield identifiers.mbi(place), "MSSP", "A0001", "PROSPECTIVE", "2027-01-01", "2027-12-31"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
