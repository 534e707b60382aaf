"""A risk model read from its tables: terms by segment, hierarchies, groups, edits, mapping. Adding a model adds files.

`catalogue.py` finds and checks them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from lead_engine.foundation.errors import MethodologyError, Problem, raise_all
from lead_engine.foundation.months import EARLIEST, LATEST
from lead_engine.methodology.reference import ReferenceTable

from .terms import LONGEST, OLDEST, Cell, Interaction, Term, term_named

AGED_DISABLED, ESRD = "AGED_DISABLED", "ESRD"
CONCURRENT = "CONCURRENT"


class Edit(NamedTuple):
    """An age or sex edit of one diagnosis (RM 2.5)."""

    sex_code: str  # empty: either
    age_min: int
    age_max: int
    hcc: int | None  # None: the diagnosis maps to nothing

    def applies(self, age: int, sex_code: str) -> bool:
        """Whether the person is inside the edit's range; `age_min` above `age_max` means outside it."""
        if self.sex_code and self.sex_code != sex_code:
            return False
        if self.age_min > self.age_max:
            return age >= self.age_min or age <= self.age_max
        return self.age_min <= age <= self.age_max


class MapsTo(NamedTuple):
    """An HCC a diagnosis maps to, while the row is valid."""

    hcc: int
    valid_from: date
    valid_to: date


class Segment(NamedTuple):
    """A segment and whom it takes; None and the empty text ask nothing."""

    name: str
    is_new_enrollee: bool | None
    is_long_term_institutional: bool | None
    dual_class: str
    is_aged: bool | None
    graft_from: int
    graft_to: int


@dataclass(frozen=True)
class RiskModel:
    """One model. Two models are the same when name and tables are."""

    name: str
    version: str  # first digits of a checksum over the tables
    tables: Mapping[str, ReferenceTable] = field(repr=False, compare=False)

    @cached_property
    def about(self) -> dict[str, str]:
        """Whom it scores, from which year's diagnoses, for which payment years."""
        return next(self.tables["model"].records())

    @property
    def population(self) -> str:
        """Whose months it is for: AGED_DISABLED or ESRD (RM 1.1)."""
        return self.about["population"]

    @property
    def is_concurrent(self) -> bool:
        """Whether diagnoses of the payment year itself count, not those of the year before (RM 2.1)."""
        return self.about["window"] == CONCURRENT

    @property
    def payment_years(self) -> range:
        """The years its tables were published for."""
        return range(int(self.about["first_payment_year"]), int(self.about["last_payment_year"]) + 1)

    def diagnosis_year(self, payment_year: int) -> int:
        """The calendar year whose diagnoses a score of the payment year rests on (RM 2.1)."""
        return payment_year if self.is_concurrent else payment_year - 1

    @cached_property
    def coefficients(self) -> dict[tuple[str, str], Decimal]:
        """Relative factor by segment and term."""
        return {
            (row["segment"], row["term"]): Decimal(row["coefficient"]) for row in self.tables["coefficients"].records()
        }

    @cached_property
    def factors(self) -> dict[str, dict[str, Decimal]]:
        """Relative factor by term, of each segment."""
        found: dict[str, dict[str, Decimal]] = {}
        for (segment, term), factor in self.coefficients.items():
            found.setdefault(segment, {})[term] = factor
        return found

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Segments with whom they take, the first that fits decides (RM 3.4)."""
        return tuple(
            Segment(
                row["segment"],
                _flag(row["is_new_enrollee"]),
                _flag(row["is_long_term_institutional"]),
                row["dual_class"],
                _flag(row["is_aged"]),
                int(row["graft_months_from"] or 0),
                int(row["graft_months_to"] or LONGEST),
            )
            for row in self.tables["segments"].records()
        )

    @cached_property
    def interactions(self) -> dict[str, Interaction]:
        """Interactions by name (RM 5.1, RM 5.2)."""
        return {row["term"]: Interaction(row["left"], row["right"]) for row in self.tables["interactions"].records()}

    @cached_property
    def terms(self) -> dict[str, Term]:
        """What each term of the coefficient table means. Raises MethodologyError naming every term nothing understands."""
        names = sorted({term for _, term in self.coefficients})
        read = {name: self.interactions.get(name) or term_named(name) for name in names}
        where = self.tables["coefficients"].name
        raise_all(
            MethodologyError,
            [
                Problem(f"conf/reference/{where}.csv", f"term {name} has no meaning")
                for name, term in read.items()
                if term is None
            ],
        )
        return {name: term for name, term in read.items() if term is not None}

    @property
    def asks_long_term_institutional(self) -> bool:
        """Whether a segment or a term asks for people in long-term institutions."""
        of_segments = any(segment.is_long_term_institutional for segment in self.segments)
        return of_segments or any(cell.is_long_term_institutional for cell in self._cells)

    @property
    def asks_graft(self) -> bool:
        """Whether a segment or a term asks for the months since a kidney transplant."""
        return any(segment.graft_from for segment in self.segments) or any(cell.asks_graft for cell in self._cells)

    @property
    def graft_starts(self) -> frozenset[int]:
        """Months since a transplant, its own counted as 1, from which a segment or a term says something else (RM 3.4)."""
        spans = [(segment.graft_from, segment.graft_to) for segment in self.segments if segment.graft_from]
        spans += [(cell.graft_from, cell.graft_to) for cell in self._cells if cell.asks_graft]
        return frozenset({start for first, last in spans for start in (first, last + 1) if start <= LONGEST})

    @property
    def _cells(self) -> list[Cell]:
        return [term for term in self.terms.values() if isinstance(term, Cell)]

    @cached_property
    def hccs(self) -> tuple[int, ...]:
        """The payment HCCs, ascending."""
        return tuple(sorted(int(hcc) for hcc in self.tables["labels"].column("hcc")))

    @cached_property
    def labels(self) -> dict[int, str]:
        """Names of the HCCs."""
        return {int(row["hcc"]): row["label"] for row in self.tables["labels"].records()}

    @cached_property
    def hierarchies(self) -> dict[int, tuple[int, ...]]:
        """What each HCC drops, in ascending order of the dominant HCC (RM 4.1)."""
        drops: dict[int, list[int]] = {}
        for row in self.tables["hierarchies"].records():
            drops.setdefault(int(row["dominant_hcc"]), []).append(int(row["dropped_hcc"]))
        return {hcc: tuple(drops[hcc]) for hcc in sorted(drops)}

    @cached_property
    def conditions(self) -> dict[int, tuple[int, ...]]:
        """HCCs that stand only beside one of others, or never, asked before the hierarchies (RM 4.2, RM 4.3)."""
        return {
            int(row["hcc"]): tuple(int(hcc) for hcc in row["needs_one_of"].split())
            for row in self.tables["conditions"].records()
        }

    @cached_property
    def groups(self) -> dict[str, tuple[int, ...]]:
        """Groups of HCCs that interactions speak of (RM 5.1, RM 5.2); each HCC is a group of its own."""
        groups: dict[str, list[int]] = {}
        for row in self.tables["groups"].records():
            groups.setdefault(row["group"], []).append(int(row["hcc"]))
        return {f"HCC{hcc}": (hcc,) for hcc in self.hccs} | {name: tuple(hccs) for name, hccs in groups.items()}

    @cached_property
    def mappings(self) -> dict[str, tuple[MapsTo, ...]]:
        """The HCCs of each diagnosis, with their validity (RM 2.4, RM 2.6)."""
        found: dict[str, list[MapsTo]] = {}
        for row in self.tables["icd10"].records():
            found.setdefault(row["icd10_code"], []).append(
                MapsTo(int(row["hcc"]), _day(row["valid_from"], EARLIEST), _day(row["valid_to"], LATEST))
            )
        return {code: tuple(rows) for code, rows in found.items()}

    @cached_property
    def edits(self) -> dict[str, tuple[Edit, ...]]:
        """The edits of each diagnosis (RM 2.5)."""
        found: dict[str, list[Edit]] = {}
        for row in self.tables["edits"].records():
            hcc = int(row["hcc"]) if row["action"] == "override" else None
            edit = Edit(row["sex_code"], int(row["age_min"] or 0), int(row["age_max"] or OLDEST), hcc)
            found.setdefault(row["icd10_code"], []).append(edit)
        return {code: tuple(rows) for code, rows in found.items()}


def _flag(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def _day(text: str, empty: date) -> date:
    return date.fromisoformat(text) if text else empty
