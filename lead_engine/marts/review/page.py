"""The page a reviewer signs: what a load brought and what to look at, from suppressed tables alone. One HTML file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2

import lead_engine
from lead_engine.lake.failures import spark_failures
from lead_engine.lake.store import Lake
from lead_engine.methodology.resolve import Resolved, ResolvedValue
from lead_engine.tables import CONTRACTS

from .compared import Role
from .decide import Flag

TABLES = ("mart__delivery", "mart__data_review", "mart__run_out", "mart__unknown_code")
HIDDEN = "–"
NEWEST_MONTHS = 24  # shown at once; older ones unfold
BAR_WIDTH, BAR_HEIGHT = 12, 60
MEANS = {
    Flag.GAP: "nothing in a month inside the span",
    Flag.RESTATED: "its run-out was over, and it changed since the previous delivery",
    Flag.SUDDEN_CHANGE: "far from the mean of the months around",
    Flag.NEW_MONTH: "nothing was known of it at the previous delivery",
}
FIELDS = {
    "HCPCS": "HCPCS code of a line",
    "SPECIALTY": "specialty of a line",
    "PLACE_OF_SERVICE": "place of service of a line",
    "DIAGNOSIS": "diagnosis of a claim",
    "COUNTY": "county of an enrolled month",
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Series:
    """The months of one claim type, or of enrolment, newest first, with its triangle."""

    claim_type: str
    name: str
    total: Row | None
    months: list[Row]
    triangle: list[tuple[date, list[Row]]]

    @property
    def is_shown(self) -> bool:
        """Whether any month may be shown."""
        return any(not month["is_suppressed"] for month in self.months)

    @property
    def withheld(self) -> int:
        """How many months are withheld."""
        return sum(month["is_suppressed"] for month in self.months)

    def bars(self, column: str) -> list[tuple[int, float, Row]]:
        """Place and height of a bar for every month, oldest first."""
        highest = max((month[column] or 0 for month in self.months), default=0) or 1
        return [
            (place * BAR_WIDTH, round(BAR_HEIGHT * max(month[column] or 0, 0) / highest, 1), month)
            for place, month in enumerate(reversed(self.months))
        ]

    def completed(self, last: int) -> list[Decimal | None]:
        """The triangle's summary: of months whose run-out is over, what share was known by each month of it.

        A month counts in a column only where both its sums are shown.
        """
        done = [{row["known_months"]: row["paid_usd"] for row in rows} for _, rows in self.triangle]
        over = [row for row in done if row.get(last) is not None]
        found = []
        for known_months in range(last + 1):
            both = [(row[known_months], row[last]) for row in over if row[known_months] is not None]
            whole = sum((paid for _, paid in both), Decimal(0))
            found.append(sum((paid for paid, _ in both), Decimal(0)) / whole if whole else None)
        return found


@dataclass(frozen=True)
class Review:
    """Everything the page shows: the rows of the four marts, and the parameters they rest on."""

    resolved: Resolved
    deliveries: list[Row]
    months: list[Row]
    run_out: list[Row]
    codes: list[Row]

    def summaries(self) -> list[Row]:
        """One row a delivery, newest first: its files, their records, and the people of its largest file of enrolment."""
        itself = sorted((row for row in self.deliveries if not row["reason"]), key=_delivery, reverse=True)
        found = []
        for (received, kind, role), group in groupby(itself, key=_delivery):
            rows = list(group)
            people = max((row["people"] for row in rows if row["people"]), default=None)
            records = sum(row["records"] or 0 for row in rows)
            found.append(
                {"received": received, "kind": kind, "role": role, "files": rows, "records": records, "people": people}
            )
        return found

    def refused(self) -> list[Row]:
        """Refused records by file, field and reason."""
        return [row for row in self.deliveries if row["reason"]]

    def compared(self, role: Role) -> date | None:
        """The day of the newest delivery, or of the one it is compared with."""
        return max((row["received_date"] for row in self.deliveries if row["role"] == role), default=None)

    def enrolment(self) -> Series:
        """People enrolled, by month."""
        return Series("", "People enrolled", None, self._of("ENROLMENT", ""), [])

    def claim_types(self) -> list[Series]:
        """Every claim type there is."""
        kinds = sorted({row["claim_type"] for row in self.months if row["subject"] == "CLAIMS"})
        totals = {row["claim_type"]: row for row in self.months if row["subject"] == "TOTAL"}
        return [
            Series(kind, self.name(kind), totals.get(kind), self._of("CLAIMS", kind), self._triangle(kind))
            for kind in kinds
        ]

    def flagged(self) -> list[Row]:
        """The months to look at, by what to look for."""
        found = [row | {"name": self.name(row["claim_type"])} for row in self.months if row["flag"]]
        order = list(MEANS)
        return sorted(found, key=lambda row: (order.index(Flag(row["flag"])), row["claim_type"], row["month"]))

    def name(self, claim_type: str) -> str:
        """What a claim type is called."""
        known = self.resolved.table("claims/expenditure_claim_types").records()
        names = {row["claim_type_code"]: row["name"] for row in known} | {"": "People enrolled"}
        return names.get(claim_type, "not in the list of claim types")

    def thresholds(self) -> list[ResolvedValue]:
        """The parameters of the review."""
        names = [name for name in sorted(self.resolved.values) if name.startswith("review/")]
        return [self.resolved[name] for name in (*names, "privacy/smallest_cell")]

    def total(self, column: str) -> Any:
        """Claims or payments of every claim type whose total may be shown."""
        return sum(row[column] or 0 for row in self.months if row["subject"] == "TOTAL")

    def _of(self, subject: str, claim_type: str) -> list[Row]:
        found = [row for row in self.months if (row["subject"], row["claim_type"]) == (subject, claim_type)]
        return sorted(found, key=lambda row: row["month"], reverse=True)

    def _triangle(self, claim_type: str) -> list[tuple[date, list[Row]]]:
        """The rows of a triangle, newest month first; months that are withheld whole are left out."""
        own = [row for row in self.run_out if row["claim_type"] == claim_type]
        ordered = sorted(own, key=lambda row: (-row["month"].toordinal(), row["known_months"]))
        by_month = ((month, list(rows)) for month, rows in groupby(ordered, key=lambda row: row["month"]))
        return [(month, rows) for month, rows in by_month if any(not row["is_suppressed"] for row in rows)]


def read_review(lake: Lake, resolved: Resolved) -> Review | None:
    """Read the marts of a lake; None where it does not have them yet."""
    with spark_failures("reading the data review"):
        if not all(lake.commits(table) for table in TABLES):
            return None
        return Review(resolved, *[list(_rows(lake, table)) for table in TABLES])


def write_review(review: Review, path: Path) -> Path:
    """Write the page and return where it is."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"count": _count, "money": _money, "percent": _percent, "times": _times, "change": _change}
    template = environment.from_string(files("lead_engine.marts.review").joinpath("page.html").read_text("utf-8"))
    shown = {"means": MEANS, "fields": FIELDS, "hidden": HIDDEN, "newest_months": NEWEST_MONTHS}
    small = f"<{review.resolved.value('privacy/smallest_cell')}"
    last = review.resolved.value("review/run_out_months")
    sizes = {"bar_width": BAR_WIDTH, "bar_height": BAR_HEIGHT, "last": last, "small": small}
    text = template.render(review=review, version=lead_engine.__version__, Role=Role, **shown, **sizes)
    path.write_text(text, "utf-8")
    return path


def page_path(config: Path, performance_year: int) -> Path:
    """The page stands beside the configuration, named after it."""
    return config.with_name(f"{config.stem}-review-{performance_year}.html").absolute()


def _rows(lake: Lake, table: str) -> Iterable[Row]:
    contract = CONTRACTS[table]
    return (row.asDict() for row in lake.read(contract).orderBy(*contract.key).collect())


def _delivery(row: Row) -> tuple[date, str, str]:
    return row["received_date"], row["source_kind"], row["role"]


def _count(value: int | None) -> str:
    return HIDDEN if value is None else f"{value:,}"


def _money(value: Decimal | None) -> str:
    return HIDDEN if value is None else f"{value:,.2f}"


def _percent(value: Decimal | None) -> str:
    return HIDDEN if value is None else f"{100 * value:.1f}%"


def _times(value: Decimal | None) -> str:
    return HIDDEN if value is None else f"{value:.2f}"


def _change(now: Any, before: Any) -> str:
    """What a figure changed by since the previous delivery."""
    if now is None or before is None:
        return HIDDEN
    if now == before:
        return "0.0%"
    return f"{100 * (now - before) / before:+.1f}%" if before else "new"
