"""What moved an ACO's mean raw score between two years, or two deliveries of one: each term's share of the change (DL 10.5).

A mean score is the sum, over the terms of the model, of months with the term times its coefficient, over scored months.
So the change of the mean is the sum of the changes of its terms, exactly. Spark sums a side; plain Python compares two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.month_sets import as_set, months_in

from .aco_risk import millionths
from .risk_ratio import MILLIONTHS

DROPPED = "DROPPED"
PERSON_STATUS = ["bene_key", "first_month"]  # whose months, of which kind


class TermSum(NamedTuple):
    """A term among the scored people of one side."""

    term: str
    kind: str  # of `calc__hcc`; HCC also where every one was dropped
    people: int  # whose score has it
    months: int
    coded_people: int  # who have it in their claims, a hierarchy having dropped it or not
    coded_months: int
    millionths: int  # months times coefficient


class Band(NamedTuple):
    """Scored people by raw score; `start` is where the band begins."""

    start: Decimal
    people: int
    months: int


@dataclass(frozen=True)
class Side:
    """Scored people of an ACO and category in one year of one lake."""

    year: int
    people: int
    months: int
    millionths: int
    terms: tuple[TermSum, ...]
    bands: tuple[Band, ...]

    @property
    def mean(self) -> Fraction:
        """Mean raw score, weighted by month. Exact."""
        return Fraction(self.millionths, self.months * MILLIONTHS)


class Contribution(NamedTuple):
    """What one term did to the mean: `change` is `by_prevalence` and `by_weight` together, exactly."""

    term: str
    kind: str
    before: TermSum
    after: TermSum
    change: Fraction
    by_prevalence: Fraction  # more or fewer months with it, at the mean of both years' coefficients
    by_weight: Fraction  # another coefficient for those who have it: another segment, or another model


def side(months: DataFrame, scores: DataFrame, terms: DataFrame, year: int, starts: Sequence[Decimal]) -> Side:
    """Sum one side. In: aligned months of an ACO and category, scores and terms of one model; others years are left out."""
    held = months.where(F.col("aligned_year") == year).groupBy("bene_key").agg(as_set(F.col("month")).alias("held"))
    of_year = scores.where(F.col("year") == year).select(*PERSON_STATUS, "month_set", "raw_score")
    scored = (
        held.join(of_year, "bene_key")
        .withColumn("months", months_in(F.col("held"), F.col("month_set")).cast("bigint"))
        .where("months > 0")
    )
    own = terms.where(F.col("year") == year).join(scored.select(*PERSON_STATUS, "months"), PERSON_STATUS)
    weighted = F.coalesce(F.sum(millionths("raw_score") * F.col("months")), F.lit(0))
    total = scored.agg(
        F.count_distinct("bene_key").alias("people"),
        F.coalesce(F.sum("months"), F.lit(0)).alias("months"),
        weighted.alias("millionths"),
    ).collect()[0]
    return Side(year, total["people"], total["months"], total["millionths"], _terms(own), _bands(scored, starts))


def contributions(before: Side, after: Side) -> list[Contribution]:
    """Every term of either side, the largest change first. Their changes add up to the change of the mean.

    Raises ZeroDivisionError when a side has no scored month: the caller asks first.
    """
    first, second = ({each.term: each for each in of.terms} for of in (before, after))
    found = [
        _contribution(first.get(term) or _none(second[term]), second.get(term) or _none(first[term]), before, after)
        for term in sorted({*first, *second})
    ]
    return sorted(found, key=lambda each: (-abs(each.change), each.term))


def _contribution(before: TermSum, after: TermSum, earlier: Side, later: Side) -> Contribution:
    prevalence = [Fraction(term.months, of.months) for term, of in ((before, earlier), (after, later))]
    weight = [Fraction(term.millionths, term.months * MILLIONTHS) if term.months else None for term in (before, after)]
    # Where nobody has it in one year, there is no other coefficient: all of the change is prevalence.
    low, high = (own if own is not None else other for own, other in (weight, weight[::-1]))
    low, high = low or Fraction(0), high or Fraction(0)
    by_prevalence = (prevalence[1] - prevalence[0]) * (low + high) / 2
    by_weight = (high - low) * (prevalence[0] + prevalence[1]) / 2
    return Contribution(after.term, after.kind, before, after, by_prevalence + by_weight, by_prevalence, by_weight)


def _none(other: TermSum) -> TermSum:
    """The term on a side where nobody has it."""
    return TermSum(other.term, other.kind, 0, 0, 0, 0, 0)


def _terms(own: DataFrame) -> tuple[TermSum, ...]:
    counts = F.col("kind") != DROPPED
    summed = own.groupBy("term").agg(
        F.coalesce(F.max(F.when(counts, F.col("kind"))), F.lit("HCC")).alias("kind"),
        F.count_distinct(F.when(counts, F.col("bene_key"))).alias("people"),
        F.coalesce(F.sum(F.when(counts, F.col("months"))), F.lit(0)).alias("months"),
        F.count_distinct("bene_key").alias("coded_people"),
        F.sum("months").alias("coded_months"),
        F.coalesce(F.sum(millionths("coefficient") * F.col("months")), F.lit(0)).alias("millionths"),
    )
    return tuple(TermSum(**row.asDict()) for row in summed.orderBy("term").collect())


def _bands(scored: DataFrame, starts: Sequence[Decimal]) -> tuple[Band, ...]:
    """Every band, those without people too."""
    begins = F.greatest(*[F.when(F.col("raw_score") >= start, F.lit(start)) for start in (starts[0], *starts)])
    summed = scored.groupBy(begins.alias("start")).agg(
        F.count_distinct("bene_key").alias("people"), F.sum("months").alias("months")
    )
    found = {row["start"]: row for row in summed.collect()}
    return tuple(
        Band(start, found[start]["people"], found[start]["months"]) if start in found else Band(start, 0, 0)
        for start in starts
    )
