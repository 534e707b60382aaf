"""What the lists of a network say of its people: periods in institutions and kidney transplants (RM 3.4)."""

from collections.abc import Iterable, Iterator

import numpy as np

from . import identifiers
from .people import People
from .plan import CALENDAR, FIRST_CARE, FIRST_DAY, FIRST_YEAR, MONTHS, NEVER, NO_DAY, Days, Flags, later
from .stays import graft_days

LONG_TERM_AFTER = 90  # days in the facility
COLUMNS = {
    "institutional_periods.csv": ("mbi", "effective_date", "termination_date"),
    "kidney_transplants.csv": ("mbi", "transplant_date", "failure_date"),
}


def heads() -> dict[str, bytes]:
    """Every list, and how it begins."""
    return {name: (",".join(columns) + "\n").encode() for name, columns in COLUMNS.items()}


def block(people: People) -> Iterator[tuple[str, bytes]]:
    """The rows of a block of people in each list: the same in every form, as a registry knows more than claims do."""
    yield "institutional_periods.csv", _rows(people, *_institutional(people))
    yield "kidney_transplants.csv", _rows(people, *_transplanted(people))


def _institutional(people: People) -> tuple[Flags, Days, Days]:
    """Who lives in a facility, from the day ninety days are over since their visits there could begin, until death."""
    since = later(FIRST_DAY[np.maximum(people.entitled, FIRST_CARE)], LONG_TERM_AFTER)
    return people.long_term & (since <= people.death) & (since < FIRST_DAY[MONTHS]), since, people.death


def _transplanted(people: People) -> tuple[Flags, Days, Days]:
    """Who got a kidney, on the day of the stay that brought it; none fails."""
    day = graft_days(people.graft)
    return (people.graft != NEVER) & (day <= people.death), day, np.full(len(people), NO_DAY)


def _rows(people: People, listed: Flags, first: Days, last: Days) -> bytes:
    """Rows of some people: their newest Medicare number that any delivery has, two days."""
    renewed = people.changes_mbi <= _last_month_told(people)
    numbers = np.where(renewed, 2, 1)
    told: Iterable[tuple[int, int, np.datetime64, np.datetime64]] = zip(
        people.number[listed].tolist(), numbers[listed].tolist(), first[listed], last[listed], strict=True
    )
    return "".join(
        f"{identifiers.mbi(person, number)},{since},{'' if until == NO_DAY else until}\n"
        for person, number, since, until in told
    ).encode()


def _last_month_told(people: People) -> np.ndarray:
    """The month whose Medicare number the last yearly record of each carries."""
    died = people.death.astype("datetime64[Y]").astype(np.int64) + 1970 - FIRST_YEAR
    return np.minimum(died * 12 + 11, len(CALENDAR) - 1)
