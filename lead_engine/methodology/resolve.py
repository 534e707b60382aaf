"""What every parameter is in one performance year, with the run's scenario applied, and the fingerprint of it all."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lead_engine.foundation.errors import MethodologyError, Problem, raise_all
from lead_engine.foundation.yaml import Document

from .load import Methodology, load
from .parameter import Parameter, Status, Value
from .reference import ReferenceTable, reference_table, tables_named


@dataclass(frozen=True)
class ResolvedValue:
    """A parameter in one year: the value with everything a ledger line or a page must say about it."""

    name: str
    value: Value
    unit: str
    status: Status
    source: str
    cite: str
    rules: tuple[str, ...]
    inclusive: bool | None = None

    @property
    def shown(self) -> str:
        """The value as people read it."""
        if isinstance(self.value, tuple):
            return ", ".join(str(part) for part in self.value) or "none"
        passes = "" if self.inclusive is None else (", itself included" if self.inclusive else ", itself excluded")
        return f"{str(self.value).lower() if isinstance(self.value, bool) else self.value}{passes}"

    def canonical(self) -> str:
        """Text that differs when the value differs; a reference table counts with its content."""
        tables = [reference_table(name).sha256 for name in tables_named(self.unit, self.value)]
        return json.dumps([self.name, _plain(self.value), self.inclusive, tables])


@dataclass(frozen=True)
class Resolved:
    """All parameters of one performance year."""

    performance_year: int
    values: dict[str, ResolvedValue]

    def __getitem__(self, name: str) -> ResolvedValue:
        """One parameter. Raises MethodologyError naming the file that should hold it."""
        if name not in self.values:
            raise MethodologyError(Problem(f"conf/methodology/{name}.yaml", "is missing", "a rule asks for it"))
        return self.values[name]

    def value(self, name: str) -> Any:
        """The bare value of a parameter."""
        return self[name].value

    def table(self, name: str) -> ReferenceTable:
        """The reference table a parameter names."""
        return reference_table(str(self.value(name)))

    def tables(self, name: str) -> dict[str, ReferenceTable]:
        """The reference tables below the folder a parameter names, by their last name."""
        found = tables_named("tables", self.value(name))
        return {table.split("/")[-1]: reference_table(table) for table in found}

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all values, whatever order they were read in."""
        lines = sorted(value.canonical() for value in self.values.values())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def resolve(performance_year: int, scenarios: Iterable[Document] = ()) -> Resolved:
    """Every parameter as it stands in a performance year, later scenarios winning over earlier ones.

    A value holds from its year until the next one. Raises MethodologyError for a year outside the programme's coverage,
    a parameter silent for the year, and every mistake in a scenario, all at once.
    """
    methodology = load()
    programme = methodology.programme
    if not programme.first_year <= performance_year <= programme.last_year:
        raise MethodologyError(
            Problem(
                "conf/methodology/programme.yaml",
                f"{programme.name} covers performance years {programme.years}, not {performance_year}",
                remedy="choose a performance year it covers, or give a methodology for the other programme in LEAD_CONF",
            )
        )
    problems: list[Problem] = []
    values = dict(_of_year(methodology, performance_year, problems))
    for scenario in scenarios:
        values.update(_overridden(methodology, values, scenario, problems))
    raise_all(MethodologyError, problems)
    return Resolved(performance_year, values)


def _of_year(methodology: Methodology, year: int, problems: list[Problem]) -> Iterator[tuple[str, ResolvedValue]]:
    for name, parameter in methodology.parameters.items():
        known = [first for first in parameter.values if first <= year]
        if not known:
            earliest = min(parameter.values)
            problems.append(
                Problem(
                    methodology.file(name),
                    f"says nothing for {year}; its first value is of {earliest}",
                    remedy=f"add a value for {year} with its source, or override {name} in a scenario",
                )
            )
            continue
        dated = parameter.values[max(known)]
        yield (
            name,
            ResolvedValue(
                name,
                parameter.read(dated.value),
                parameter.unit,
                dated.status,
                dated.source,
                dated.cite,
                parameter.rules,
                dated.inclusive,
            ),
        )


def _overridden(
    methodology: Methodology, values: dict[str, ResolvedValue], scenario: Document, problems: list[Problem]
) -> Iterator[tuple[str, ResolvedValue]]:
    """A scenario file: `description`, then parameter names with a new value (or `{value: …, inclusive: …}`)."""
    if not isinstance(scenario.data, dict):
        problems.append(Problem(scenario.name, "is not a scenario", remedy="write `area/parameter: value` lines"))
        return
    for written, given in scenario.data.items():
        if written == "description":
            continue
        names = [n for n in methodology.parameters if written in (n, n.split("/")[-1])]
        if len(names) != 1:
            said = "is no parameter" if not names else f"could be {' or '.join(names)}"
            remedy = "`lead-engine methodology show` lists the names"
            problems.append(Problem(scenario.where((written,)), f"{written} {said}", remedy=remedy))
        elif names[0] in values:
            try:
                yield names[0], _changed(methodology.parameters[names[0]], values[names[0]], given, scenario.name)
            except ValueError as error:
                problems.append(Problem(scenario.where((written,)), str(error)))


def _changed(parameter: Parameter, before: ResolvedValue, given: Any, scenario: str) -> ResolvedValue:
    wanted = given if isinstance(given, dict) else {"value": given}
    unknown = set(wanted) - {"value", "inclusive"}
    if unknown:
        raise ValueError(f"unknown key {', '.join(sorted(unknown))}; an override has `value` and `inclusive`")
    value = parameter.read(wanted["value"]) if "value" in wanted else before.value
    inclusive = wanted.get("inclusive", before.inclusive)
    cite = f"set by {scenario}"
    return ResolvedValue(before.name, value, before.unit, Status.SCENARIO, "scenario", cite, before.rules, inclusive)


def _plain(value: Value) -> Any:
    return str(value) if isinstance(value, Fraction | Decimal) else value
