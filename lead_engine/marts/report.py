"""The page: what a run found, for people, from suppressed tables alone. One HTML file without scripts or addresses."""

from dataclasses import dataclass, fields
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import jinja2

import lead_engine
from lead_engine.lake.failures import spark_failures
from lead_engine.lake.store import Lake
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.parameter import Status
from lead_engine.methodology.resolve import Resolved, ResolvedValue
from lead_engine.tables import CONTRACTS

from .rules import asked

HIDDEN = "–"
TOTAL, SCORED, HIGH_NEEDS = "ALL", "AD", "HN"
T = TypeVar("T", bound="Row | Ratio | Alignment")


@dataclass(frozen=True)
class Row:
    """A cell of `mart__aco_year`; what is withheld is None."""

    aco_id: str
    aco_name: str
    year: int
    category: str
    months_through: str
    people: int | None
    months: int | None
    paid_usd: Any
    pbpm_usd: Any
    mean_risk_score: Any
    is_suppressed: bool

    def as_text(self) -> tuple[str, ...]:
        """The row as a table shows it."""
        figures = (
            _count(self.people),
            _count(self.months),
            _money(self.paid_usd),
            _money(self.pbpm_usd),
            _score(self.mean_risk_score),
        )
        return self.aco_id, self.aco_name, str(self.year), self.months_through, *figures


@dataclass(frozen=True)
class Total(Row):
    """All categories of an ACO and year; the mean risk is that of aged and disabled months."""

    high_needs_months: int | None

    @property
    def high_needs_share(self) -> str:
        """Of its months, those of High Needs (ALN-57), in per cent."""
        return (
            "" if not self.months or self.high_needs_months is None else f"{self.high_needs_months / self.months:.0%}"
        )

    def as_text(self) -> tuple[str, ...]:
        """The row as a table shows it."""
        return *super().as_text(), self.high_needs_share or HIDDEN


@dataclass(frozen=True)
class Ratio:
    """A cell of `mart__risk_ratio`; what is withheld or not written is None."""

    aco_id: str
    category: str
    route: str
    raw_mean_score: Any
    base_score: Any
    year_score: Any
    raw_ratio: Any
    capped_ratio: Any
    unwritten_because: str | None
    is_suppressed: bool
    flags: str | None

    @property
    def told(self) -> str:
        """What stands beside the figures: what they rest on, or why there are none."""
        if self.is_suppressed:
            return "withheld: few people"
        return self.unwritten_because or (self.flags or "").replace(",", ", ")

    def as_text(self) -> tuple[str, ...]:
        """The row as a table shows it."""
        figures = (self.raw_mean_score, self.base_score, self.year_score, self.raw_ratio, self.capped_ratio)
        return self.aco_id, self.category, self.route, *(_ratio(value) for value in figures), self.told


@dataclass(frozen=True)
class Alignment:
    """A row of `mart__aco_alignment`; what is withheld or cannot be told is None."""

    aco_id: str
    people_by_claims: int | None
    people_by_choice: int | None
    people_by_both: int | None
    people_by_medicaid: int | None
    minimum_row: str
    minimum_aligned_people: int
    minimum_base_year_people: int
    below_minimum: bool | None
    reason: str

    @property
    def minimum(self) -> str:
        """What the ACO was held against."""
        return (
            f"{self.minimum_aligned_people:,}, base year {self.minimum_base_year_people:,} ({told(self.minimum_row)})"
        )

    @property
    def verdict(self) -> str:
        """The outcome in words."""
        return told(self.reason)

    def as_text(self) -> tuple[str, ...]:
        """The row as a table shows it."""
        people = (self.people_by_claims, self.people_by_choice, self.people_by_both, self.people_by_medicaid)
        return self.aco_id, *(_count(value) for value in people), self.minimum, self.verdict


@dataclass(frozen=True)
class Report:
    """Everything the page shows."""

    facts: RunFacts
    resolved: Resolved
    rows: list[Row]
    basis: str
    ratios: list[Ratio]
    alignment: list[Alignment]

    def totals(self) -> list[Total]:
        """One row for each ACO and year: all categories, with the risk and the share of some of them beside them."""
        years = groupby(self.rows, key=lambda row: (row.aco_id, row.year))
        return [_total({row.category: row for row in group}) for _, group in years]

    def in_order(self) -> list[Row]:
        """Every row, the total before the categories it is made of."""
        return sorted(self.rows, key=lambda row: (row.aco_id, row.year, row.category != TOTAL, row.category))

    def newest(self) -> list[Total]:
        """The totals of the latest year each ACO has figures for."""
        return [
            max(rows, key=lambda row: row.year)
            for rows in (list(group) for _, group in groupby(self.totals(), key=lambda row: row.aco_id))
        ]

    def unsettled(self) -> list[ResolvedValue]:
        """Parameters that CMS text does not settle."""
        return [value for value in asked(self.resolved) if value.status is not Status.CONFIRMED]


def _total(by_category: dict[str, Row]) -> Total:
    total, scored, high_needs = (by_category.get(each) for each in (TOTAL, SCORED, HIGH_NEEDS))
    risk = scored.mean_risk_score if scored else None
    months = high_needs.months if high_needs else 0
    return Total(**vars(total) | {"mean_risk_score": risk, "high_needs_months": months})


def read_report(lake: Lake, facts: RunFacts, resolved: Resolved) -> Report:
    """Read the marts of a lake."""
    found = _mart(lake, facts, "mart__aco_year", "aco_id", "year", "category")
    ratios = _mart(lake, facts, "mart__risk_ratio", "aco_id", "category", "route")
    alignment = _mart(lake, facts, "mart__aco_alignment", "aco_id")
    return Report(
        facts,
        resolved,
        _as(Row, found),
        found[0]["basis"] if found else "",
        _as(Ratio, ratios),
        _as(Alignment, alignment),
    )


def _as(shape: type[T], rows: list[Any]) -> list[T]:
    """Rows of a mart in the shape the page shows."""
    return [shape(**{each.name: row[each.name] for each in fields(shape)}) for row in rows]


def _mart(lake: Lake, facts: RunFacts, table: str, *order: str) -> list[Any]:
    """The rows of a mart for the year of the run; none of one that was never written."""
    with spark_failures("reading the mart"):
        if not lake.commits(table):
            return []
        frame = lake.read(CONTRACTS[table], part={"performance_year": facts.performance_year})
        return frame.drop("performance_year").orderBy(*order).collect()


def write_page(report: Report, path: Path) -> Path:
    """Write the page and return where it is."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"count": _count, "money": _money, "score": _score, "ratio": _ratio}
    template = environment.from_string(files("lead_engine.marts").joinpath("report.html").read_text("utf-8"))
    widest = max((float(row.pbpm_usd) for row in report.totals() if row.pbpm_usd is not None), default=1.0)
    path.write_text(
        template.render(report=report, version=lead_engine.__version__, widest=widest, hidden=HIDDEN), "utf-8"
    )
    return path


def told(code: str) -> str:
    """A code as words."""
    return code.lower().replace("_", " ")


def _count(value: int | None) -> str:
    return HIDDEN if value is None else f"{value:,}"


def _money(value: Any) -> str:
    return HIDDEN if value is None else f"{value:,.2f}"


def _score(value: Any) -> str:
    return HIDDEN if value is None else f"{value:.3f}"


def _ratio(value: Any) -> str:
    return HIDDEN if value is None else f"{value:.4f}"
