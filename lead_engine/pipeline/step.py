"""What a step is: one table, what it is made of, and the function that makes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Function = Callable[..., Any]


@dataclass(frozen=True)
class Step:
    """One table and how it is made: `function(*needs, *frames read, rules)`."""

    table: str
    stage: str
    function: Function
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()  # inputs of the configuration, by name; see pipeline/inputs.py
    rules: Any = None
    accounts: Function | None = None  # called like `function`, with the written frame at the end
    gives: tuple[str, ...] = ()  # inputs handed over behind the rules
    source: str | tuple[str, ...] | None = (
        None  # without this delivery or list, or any of these, there is no such table
    )

    def is_of(self, kinds: set[str]) -> bool:
        """Whether a run with these kinds of delivery, and lists, has the step; readers of a table it has not are given None."""
        wanted = {self.source} if isinstance(self.source, str) else {*(self.source or ())}
        return self.source is None or bool(wanted & kinds)
