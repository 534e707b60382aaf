"""People, claims and dollars by month and claim type, against the previous delivery and the months around (DL 10.1)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from lead_engine.foundation.months import add_months
from lead_engine.lake.accounts import account, balance
from lead_engine.marts.suppress import is_small
from lead_engine.tables.review import DATA_REVIEW

from .compared import ENROLLED
from .decide import NOT_SHOWN, Figures, Month, told
from .hide import Shown, withheld
from .money import rounded, usd
from .rules import ReviewRules
from .run_out import CLAIM_MONTH, ClaimMonth, last_known, may_show, months_of

CLAIMS, TOTAL, ENROLMENT, NO_TYPE = "CLAIMS", "TOTAL", "ENROLMENT", ""
SMALL_CELL = "SMALL_CELL"
NOTHING, NOBODY = Figures(0, 0, 0), Figures(0, None, None)


class Counted(NamedTuple):
    """A month of a claim type, or of enrolment, with what may be shown of it."""

    claim_type: str
    month: Month


def published(cells: DataFrame, enrolment: DataFrame, rules: ReviewRules) -> DataFrame:
    """`mart__data_review` from `calc__run_out` and `core__enrolment_month`: small months empty, the rest with its flag.

    Enrolment is told from the first month that has claims to show.
    """
    by_month = months_of(cells.collect())
    may = may_show(by_month, rules)
    newest = last_known(by_month, may)
    claims = [_claim_month(*key, parts, may[key]) for key, parts in by_month.items()]
    first = min((each.month.month for each in claims if _is_shown(each)), default=date.min)
    people = _with_gaps((each for each in _enrolled(enrolment, rules) if each.month.month >= first), NOBODY)
    rows = [
        *_totals(by_month, rules),
        *_rows(CLAIMS, _with_gaps(claims, NOTHING), newest, rules),
        *_rows(ENROLMENT, people, newest, rules),
    ]
    return cells.sparkSession.createDataFrame(rows, DATA_REVIEW.schema)


def accounts(cells: DataFrame, enrolment: DataFrame, rules: ReviewRules, written: DataFrame) -> DataFrame:
    """Claims and their payments are shown, or withheld because few people had them."""
    name = "claims and payments of the months reviewed"
    of_claims = written.where(F.col("subject") == CLAIMS)
    hidden = cells.join(of_claims.where("is_suppressed").select(*CLAIM_MONTH), CLAIM_MONTH)
    return balance(
        account(name, "in", cells, rows=F.col("claims"), cents=F.col("paid_cents")),
        account(name, "out", of_claims, rows=F.col("claims"), cents=(F.col("paid_usd") * 100).cast("bigint")),
        account(name, "excluded", hidden, F.lit(SMALL_CELL), rows=F.col("claims"), cents=F.col("paid_cents")),
    )


def _totals(by_month: dict[ClaimMonth, list[Row]], rules: ReviewRules) -> Iterator[tuple[Any, ...]]:
    """All months of a claim type together, where at least one of them is on enough people."""
    for claim_type, group in groupby(by_month.items(), key=lambda item: item[0][0]):
        months = [parts for _, parts in group]
        most = max(_sum(parts).people or 0 for parts in months)
        is_hidden = is_small(most, rules.smallest_cell)
        whole = NOT_SHOWN if is_hidden else _sum([part for parts in months for part in parts])._replace(people=None)
        nothing = [None] * (len(Figures._fields) * 2 + 1)  # previous figures, ratios, flag
        yield TOTAL, claim_type, None, *_written(whole), *nothing, is_hidden


def _claim_month(claim_type: str, month: date, parts: Sequence[Row], may: Shown) -> Counted:
    """A month of claims now and at the previous delivery, as far as it may be shown."""
    now = _sum(parts) if may.now else NOT_SHOWN
    before = _sum([part for part in parts if not part["is_since_previous"]]) if may.previous else NOT_SHOWN
    previous = before if may.previous_people else before._replace(people=None)
    return Counted(claim_type, Month(month, now, previous))


def _sum(parts: Sequence[Row]) -> Figures:
    return Figures(*(sum(part[column] for part in parts) for column in ("first_people", "claims", "paid_cents")))


def _with_gaps(found: Iterable[Counted], nothing: Figures) -> Iterator[Counted]:
    """The months, and the empty ones from the first a claim type shows to the last that any shows.

    A claim type that has never enough people to be shown has no such span: its empty months are no news.
    """
    months = sorted(found)
    last = max((each.month.month for each in months if _is_shown(each)), default=date.min)
    for claim_type, group in groupby(months, key=lambda each: each.claim_type):
        of_type = list(group)
        yield from of_type
        month = min((each.month.month for each in of_type if _is_shown(each)), default=date.max)
        has_previous = any(each.month.previous != NOT_SHOWN for each in of_type)
        there = {each.month.month for each in of_type}
        while month <= last:
            if month not in there:
                yield Counted(claim_type, Month(month, nothing, nothing if has_previous else NOT_SHOWN))
            month = add_months(month, 1)


def _is_shown(counted: Counted) -> bool:
    return bool(counted.month.now.people)


def _enrolled(enrolment: DataFrame, rules: ReviewRules) -> Iterator[Counted]:
    """People with Part A or B in each month."""
    enrolled = enrolment.where(ENROLLED)
    counted = {
        row["month"]: row["people"]
        for row in enrolled.groupBy("month").agg(F.count(F.lit(1)).alias("people")).collect()
    }
    hidden = withheld(counted, rules.smallest_cell)
    for month, people in counted.items():
        yield Counted(
            NO_TYPE, Month(month, NOT_SHOWN if month in hidden else NOBODY._replace(people=people), NOT_SHOWN)
        )


def _rows(subject: str, found: Iterable[Counted], newest: date, rules: ReviewRules) -> Iterator[tuple[Any, ...]]:
    """Rows of the mart: figures, ratios, flag."""
    for claim_type, group in groupby(sorted(found), key=lambda each: each.claim_type):
        months = [each.month for each in group]
        for month, answer in zip(months, told(months, newest, rules), strict=True):
            yield (
                subject,
                claim_type,
                month.month,
                *_written(month.now),
                *_written(month.previous),
                *map(rounded, answer.to_mean),
                answer.flag.value if answer.flag else None,
                month.now.leading is None,
            )


def _written(figures: Figures) -> tuple[Any, ...]:
    return figures.people, figures.claims, usd(figures.paid_cents)
