"""The errors a person meets: what happened, where, why it matters, what to do. All problems of an input at once.

Nothing here ever carries a value from a record about a person: file, line and field say where to look.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, told so that the reader can mend it."""

    where: str  # file, line, field
    what: str
    why: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return "\n".join([head, *(f"   {line}" for line in (self.why, self.remedy) if line)])


class LeadError(Exception):
    """Base of every error raised on purpose. `exit_code` is what the command ends with."""

    exit_code = 1

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(p if isinstance(p, Problem) else Problem("", p) for p in problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        return "\n".join([f"{len(self.problems)} problems:", *(f"{n}. {p}" for n, p in enumerate(self.problems, 1))])


class ConfigurationError(LeadError):
    """The run's configuration, or an input list it names, is wrong: nothing was started."""

    exit_code = 3


class InputRefusedError(LeadError):
    """A delivery or list as a whole cannot be used: nothing of it was loaded."""

    exit_code = 4


class MethodologyError(LeadError):
    """A parameter, reference table or scenario is missing, wrong, or silent for the year asked for."""

    exit_code = 5


class LakeError(LeadError):
    """The lake cannot be read or written: permissions, space, or a table that is not there."""

    exit_code = 6


class ConflictError(LakeError):
    """Another run wrote the same table meanwhile; this run stopped and changed nothing."""

    exit_code = 7


class VerificationError(LeadError):
    """A table that was written broke its contract or lost people or dollars; the version was taken back."""

    exit_code = 8


class SetupError(LeadError):
    """The machine lacks something the engine needs: Java, the Delta jars, memory."""

    exit_code = 9


class RegistryError(LeadError):
    """The tracking server or model registry cannot be used, or a model in it does not pass; nothing was registered."""

    exit_code = 10


def raise_all(error: type[LeadError], problems: Iterable[Problem]) -> None:
    """Raise one error with every problem found, or return when there is none."""
    found = tuple(problems)
    if found:
        raise error(*found)
