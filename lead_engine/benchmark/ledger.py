"""A ledger from pure functions: a line is a function, and its arguments name the lines and inputs it reads.

From the signatures follow the order of computation, what stays unwritten when an input is missing, and what the
explanation shows. The functions take scalars and NumPy arrays alike.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any

DATED = "_at"  # a name that ends so stands for one name for each period
PERIODS = ("by1", "by2", "by3", "py")


@dataclass(frozen=True)
class Line:
    """One line: what it is called, what it reads, how it is computed."""

    name: str
    reads: tuple[str, ...]
    compute: Callable[..., Any]
    unit: str
    rules: tuple[str, ...]
    switches: tuple[str, ...]  # parameters that chose this function; those it reads are among `reads`


@dataclass(frozen=True)
class Formula:
    """A pure function as the lines it stands for."""

    function: Callable[..., Any]
    name: str
    unit: str
    rules: tuple[str, ...]
    switches: tuple[str, ...]
    periods: tuple[str, ...]

    def __call__(self, *values: Any, **named: Any) -> Any:
        """The function itself."""
        return self.function(*values, **named)

    @property
    def lines(self) -> Iterator[Line]:
        """The line, or one for each period where the name ends in `_at`."""
        names = tuple(inspect.signature(self.function).parameters)
        for period in self.periods if self.name.endswith(DATED) else ("",):
            reads = tuple(_dated(name, period) for name in names)
            yield Line(_dated(self.name, period), reads, self.function, self.unit, self.rules, self.switches)


def line(
    unit: str, *rules: str, name: str = "", switches: tuple[str, ...] = (), periods: tuple[str, ...] = PERIODS
) -> Callable[[Callable[..., Any]], Formula]:
    """Make a function a formula. `name` where several functions are ways to the same line, `switches` what chooses them."""

    def made(function: Callable[..., Any]) -> Formula:
        return Formula(function, name or function.__name__, unit, rules, switches, periods)

    return made


@dataclass(frozen=True)
class Computed:
    """The values of all lines that could be computed, and for each other one the inputs it lacks."""

    values: dict[str, Any]
    lacking: dict[str, tuple[str, ...]]


class Ledger:
    """Formulas as lines in the order in which they are computed. Raises CycleError when lines read each other in a ring."""

    def __init__(self, formulas: Iterable[Formula]) -> None:
        by_name = {each.name: each for formula in formulas for each in formula.lines}
        graph = {name: [read for read in each.reads if read in by_name] for name, each in by_name.items()}
        self.lines: Sequence[Line] = [by_name[name] for name in _in_order(graph)]

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """What has to be given, each before the first line that reads it."""
        own = {each.name for each in self.lines}
        return tuple(dict.fromkeys(name for each in self.lines for name in each.reads if name not in own))

    def compute(self, given: Mapping[str, Any]) -> Computed:
        """Every line that the given inputs suffice for. None, like a name that is not there, is an input not given."""
        values = {name: given[name] for name in self.inputs if given.get(name) is not None}
        lacking: dict[str, tuple[str, ...]] = {name: (name,) for name in self.inputs if name not in values}
        for each in self.lines:
            missed = dict.fromkeys(root for name in each.reads for root in lacking.get(name, ()))
            if missed:
                lacking[each.name] = tuple(missed)
            else:
                values[each.name] = each.compute(*(values[name] for name in each.reads))
        return Computed(values, lacking)


def _in_order(graph: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Each name after those it reads; otherwise in the order of the graph."""
    places = {name: place for place, name in enumerate(graph)}
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()], key=places.__getitem__)
        yield ready[0]
        sorter.done(ready.pop(0))


def _dated(name: str, period: str) -> str:
    return f"{name.removesuffix(DATED)}_{period}" if period and name.endswith(DATED) else name
