"""What an input list promises, and the checks that follow from the columns it has."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict

from lead_engine.foundation.errors import ConfigurationError, raise_all
from lead_engine.foundation.months import EARLIEST, LATEST
from lead_engine.sources.lists import Mistake, problems_of, scan_list
from lead_engine.sources.participants import Participant, list_version

START, END = "effective_date", "termination_date"


class InputRow(BaseModel):
    """A row of an input list: every column must be there, and a field without a value is empty."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


R = TypeVar("R", bound=InputRow)
Numbered: TypeAlias = Sequence[tuple[int, R]]


@dataclass(frozen=True)
class Known:
    """What the other inputs of the run say. None: that input is wrong itself, so nothing is held against it."""

    first_year: int  # of the programme
    last_year: int
    acos: dict[str, int] | None  # the ACOs and their first performance years
    participants: tuple[Participant, ...] | None
    preferred: frozenset[tuple[str, str, str]] | None = frozenset()  # ACO, TIN and NPI of Preferred Providers

    @property
    def unit_acos(self) -> dict[str, str]:
        """The ACO of every Participant unit (`TIN:…`, `CCN:…`)."""
        return {row.unit: row.aco_id for row in self.participants or ()}


@dataclass(frozen=True)
class Check(Generic[R]):
    """A rule about the rows of a list: its sentence for the guide, and what breaks it."""

    says: str
    find: Callable[[Numbered[R], Known], Iterable[Mistake]]
    needs_all: bool = False  # it misses rows: asked only when every row could be read, or it would miss the wrong ones


@dataclass(frozen=True)
class Given(Generic[R]):
    """A list that was given: its file, the first digits of its checksum, its rows."""

    file: str
    version: str
    rows: tuple[R, ...] = field(repr=False)


@dataclass(frozen=True)
class InputList(Generic[R]):
    """The contract of an input list. `example_rows` are the rows of a right file, shown in the guide."""

    name: str
    row: type[R]
    about: str
    key: tuple[str, ...]
    read_by: str
    example_rows: str
    rules: tuple[str, ...] = ()
    is_read: bool = False  # whether a step reads it yet
    own_checks: tuple[Check[R], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, in the order of the contract."""
        return tuple(self.row.model_fields)

    @property
    def example(self) -> str:
        """A right file."""
        return f"{','.join(self.columns)}\n{self.example_rows}"

    @property
    def holds_people(self) -> bool:
        """Whether rows name people."""
        return "mbi" in self.columns

    @property
    def is_dated(self) -> bool:
        """Whether a row holds for a period."""
        return START in self.columns

    @property
    def checks(self) -> tuple[Check[R], ...]:
        """Those that its columns ask for, then its own."""
        return (
            *((Check("`aco_id` is an ACO of the run", _unknown_acos),) if "aco_id" in self.columns else ()),
            *((_YEARS,) if "performance_year" in self.columns else ()),
            *((_PERIODS, self._no_overlap()) if self.is_dated else (self._no_repetition(),)),
            *self.own_checks,
        )

    def read(self, path: Path, known: Known) -> Given[R]:
        """The list in a file. Raises ConfigurationError with every mistake, those between rows that are right included."""
        rows, mistakes = scan_list(path, self.row)
        asked = [check for check in self.checks if not (check.needs_all and mistakes)]
        mistakes += [mistake for check in asked for mistake in check.find(rows, known)]
        raise_all(ConfigurationError, problems_of(path, mistakes))
        return Given(path.name, list_version(path), tuple(row for _, row in rows))

    def _no_repetition(self) -> Check[R]:
        def find(rows: Numbered[R], _: Known) -> Iterator[Mistake]:
            what = f"repeats the {', '.join(self.key)} of another line"
            why, remedy = "which of the two holds cannot be told", "leave one of them"
            for line, first in _repeated((line, _values(row, self.key)) for line, row in rows):
                yield Mistake(line, self.key[0] if len(self.key) == 1 else "", what, why, remedy, first)

        return Check(f"{_quoted(self.key)}: no two rows the same", find)

    def _no_overlap(self) -> Check[R]:
        def find(rows: Numbered[R], _: Known) -> Iterator[Mistake]:
            what = f"overlaps the period of another line with the same {', '.join(self.key)}"
            why, remedy = "both its days are included", f"end the earlier one the day before, by its {END}"
            for line, first in _overlapping(rows, self.key):
                yield Mistake(line, START, what, why, remedy, first)

        return Check(f"{_quoted(self.key)}: periods of the same do not overlap", find)


def filled(names: tuple[str, ...], when: str, applies: Callable[[R], bool]) -> Check[R]:
    """The fields `names` are filled on rows where `applies` holds; `when` says it in words."""

    def find(rows: Numbered[R], _: Known) -> Iterator[Mistake]:
        for line, row in rows:
            for name in names:
                if applies(row) and getattr(row, name) is None:
                    yield Mistake(line, name, "is empty", f"it is needed {when}", "fill it")

    return Check(f"{_quoted(names)}: filled {when}", find)


def one_for_each(
    names: tuple[str, ...], of: tuple[str, ...], why: str, group: str
) -> Check[Any]:  # Any: of whatever list has these columns
    """Rows that agree in `of` agree in `names` too; `group` says in words what they make up."""

    def find(rows: Numbered[InputRow], _: Known) -> Iterator[Mistake]:
        first: dict[Hashable, tuple[int, InputRow]] = {}
        what = f"differs from the first line of {group}"
        for line, row in rows:
            at, model = first.setdefault(_values(row, of), (line, row))
            differs = [name for name in names if getattr(row, name) != getattr(model, name)]
            if differs:
                yield Mistake(line, differs[0], what, why, "give the rows of one of them only", at)

    return Check(f"{_quoted(names)}: one for {group}", find)


def not_before(name: str, earlier: str) -> Check[Any]:  # Any: of whatever list has these columns
    """The day `name` is not before the day `earlier`, where both are given."""

    def find(rows: Numbered[InputRow], _: Known) -> Iterator[Mistake]:
        for line, row in rows:
            day, start = getattr(row, name), getattr(row, earlier)
            if day is not None and start is not None and day < start:
                yield Mistake(line, name, f"is before {earlier}", remedy="mend one of the two days")

    return Check(f"`{name}` is not before `{earlier}`", find)


def _unknown_acos(rows: Numbered[Any], known: Known) -> Iterator[Mistake]:
    what, why = "is no ACO of the run", "nothing could be made of the row"
    for line, row in rows:
        if known.acos is not None and row.aco_id is not None and row.aco_id not in known.acos:
            yield Mistake(line, "aco_id", what, why, "give the ACO a row in the list of ACOs, or leave this one out")


def _wrong_years(rows: Numbered[Any], known: Known) -> Iterator[Mistake]:
    covered = f"{known.first_year} to {known.last_year}"
    for line, row in rows:
        first = (known.acos or {}).get(getattr(row, "aco_id", ""), known.first_year)
        if not known.first_year <= row.performance_year <= known.last_year:
            yield Mistake(line, "performance_year", f"is not one of the programme's years {covered}")
        elif row.performance_year < first:
            yield Mistake(line, "performance_year", "is before the ACO's first performance year")


_YEARS = Check[Any](
    "`performance_year` is one of the programme, and not before the ACO's first where the row names an ACO",
    _wrong_years,
)
_PERIODS = replace(not_before(END, START), says=f"`{END}`, the last day, is not before `{START}`, the first")


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _values(row: InputRow, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def _repeated(keyed: Iterable[tuple[int, Hashable]]) -> Iterator[tuple[int, int]]:
    """The lines whose key an earlier line has, and that line."""
    seen: dict[Hashable, int] = {}
    for line, key in keyed:
        first = seen.setdefault(key, line)
        if first != line:
            yield line, first


def _overlapping(rows: Numbered[InputRow], key: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """The lines whose period begins before an earlier one with the same key has ended, and the line of that one."""
    last: dict[Hashable, tuple[date, int]] = {}
    spans = [
        (getattr(row, START) or EARLIEST, getattr(row, END) or LATEST, line, _values(row, key)) for line, row in rows
    ]
    for start, end, line, same in sorted(spans, key=lambda span: (span[0], span[2])):
        until, first = last.get(same, (None, line))
        if until is not None and start <= until:
            yield line, first
        if until is None or end > until:
            last[same] = (end, line)
