"""A change of the Participant list that somebody only thinks of: TINs and CCNs that join or leave an ACO (ALN-8, ALN-11)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from lead_engine.foundation.errors import ConfigurationError, Problem, raise_all
from lead_engine.foundation.identifiers import CCN_PATTERN, TIN_PATTERN

from .acos import AcoId
from .lists import Mistake, problems_of, scan_list
from .participants import PARTICIPANT, VERSION_DIGITS, Empty, known_class

Places = dict[str, dict[str, int]]  # of each unit, the ACOs that a file names with it, and on which line


class ChangedUnit(BaseModel):
    """A row of a file of changes: a TIN or CCN and its ACO. A Participant list serves as it is; its dates are not asked."""

    aco_id: AcoId
    tin: Annotated[Annotated[str, Field(pattern=f"^{TIN_PATTERN}$")] | None, Empty] = None
    ccn: Annotated[Annotated[str, Field(pattern=f"^{CCN_PATTERN}$")] | None, Empty] = None
    provider_class: Annotated[str, AfterValidator(known_class)] = PARTICIPANT

    @property
    def unit(self) -> str | None:
        """The billing unit the row names: its TIN, else its CCN (ALN-7)."""
        if self.tin:
            return f"TIN:{self.tin}"
        return f"CCN:{self.ccn}" if self.ccn else None


@dataclass(frozen=True)
class ListChange:
    """The Participant list as it would be, and what changes in it. Units and ACOs as text."""

    listed: Mapping[str, str]  # every Participant unit after the change, and its ACO
    added: Mapping[str, str]
    removed: Mapping[str, str]
    unchanged: tuple[str, ...] = ()  # units to be added that stand on the list already

    @property
    def units(self) -> tuple[str, ...]:
        """The units at which anything changes."""
        return tuple(sorted({*self.added, *self.removed}))

    @property
    def version(self) -> str:
        """The name that answers under the changed list carry: the first digits of the list's own checksum."""
        text = "\n".join(f"{unit},{aco}" for unit, aco in sorted(self.listed.items()))
        return hashlib.sha256(text.encode()).hexdigest()[:VERSION_DIGITS]


def read_change(add: Path | None, remove: Path | None, listed: Mapping[str, str], acos: set[str]) -> ListChange:
    """The list of a run with the units of two files added and removed. `listed`: its Participant units and their ACO.

    Rows of Preferred Providers drive no alignment (ALN-6) and are left alone. Raises ConfigurationError with every mistake
    of both files: a row without TIN and CCN, an ACO the run does not know, a unit to be removed that is not listed with
    the ACO, and every unit that two ACOs would have after the change (ALN-8).
    """
    problems: list[Problem] = []
    added, removed = (_read(path, acos, problems) if path else {} for path in (add, remove))
    if add is None and remove is None:
        problems.append(Problem("", "nothing is added and nothing removed", remedy="give --add FILE or --remove FILE"))
    leaving = {unit: aco for unit, aco in listed.items() if aco in removed.get(unit, {})}
    staying = {unit: aco for unit, aco in listed.items() if unit not in leaving}
    problems += _not_listed(remove, removed, listed)
    problems += _in_both(add, added, removed)
    problems += _shared(add, added, staying)
    raise_all(ConfigurationError, problems)
    joining = {unit: next(iter(by_aco)) for unit, by_aco in added.items()}
    new = {unit: aco for unit, aco in joining.items() if staying.get(unit) != aco}
    return ListChange({**staying, **joining}, new, leaving, tuple(sorted(set(joining) - set(new))))


def _read(path: Path, acos: set[str], problems: list[Problem]) -> Places:
    """The Participant units of a file; adds what is wrong with its rows to `problems`."""
    try:
        rows, mistakes = scan_list(path, ChangedUnit)
    except ConfigurationError as error:
        problems += error.problems
        return {}
    places: Places = {}
    for line, row in rows:
        if row.aco_id not in acos:
            remedy = f"the ACOs of the run are {', '.join(sorted(acos))}"
            mistakes.append(Mistake(line, "aco_id", "names an ACO that the run does not know", remedy=remedy))
        if row.unit is None:
            mistakes.append(Mistake(line, "tin", "names neither a TIN nor a CCN", "nothing could change by it"))
        elif row.provider_class.startswith(PARTICIPANT):
            places.setdefault(row.unit, {}).setdefault(row.aco_id, line)
    problems += problems_of(path, mistakes)
    return places


def _not_listed(path: Path | None, removed: Places, listed: Mapping[str, str]) -> Iterator[Problem]:
    for unit, by_aco in sorted(removed.items()):
        for aco, line in sorted(by_aco.items()):
            if path and listed.get(unit) != aco:
                other = f"; it is one of {listed[unit]}" if unit in listed else ""
                yield Problem(
                    f"{path.name} line {line}",
                    f"{unit} is no Participant of {aco}{other}",
                    "what is not on the list cannot be taken off it",
                    "correct the row; the list is that of the last run of the configuration",
                )


def _in_both(path: Path | None, added: Places, removed: Places) -> Iterator[Problem]:
    for unit, by_aco in sorted(added.items()):
        for aco in sorted(set(by_aco) & set(removed.get(unit, {}))):
            if path:
                what = f"{unit} is to be added to {aco} and removed from it"
                yield Problem(f"{path.name} line {by_aco[aco]}", what, remedy="leave it in one of the files")


def _shared(path: Path | None, added: Places, staying: Mapping[str, str]) -> Iterator[Problem]:
    """Every unit that two ACOs would have (ALN-8)."""
    for unit, by_aco in sorted(added.items()):
        named = {aco: f"line {line}" for aco, line in by_aco.items()}
        if unit in staying:
            named.setdefault(staying[unit], "the list of the run")
        if path and len(named) > 1:
            where = " and ".join(f"{aco} ({place})" for aco, place in sorted(named.items()))
            yield Problem(
                path.name,
                f"{unit} would be a Participant of {where}",
                "a TIN or CCN belongs to one ACO at a time (ALN-8); the engine never splits one",
                "remove it from the one with --remove, or leave it out",
            )
