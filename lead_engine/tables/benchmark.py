"""The benchmark of an ACO: sums of risk over its aligned months, the ledger line by line, and what people see of it."""

import pandera.pyspark as pa

from .alignment import ROUTES
from .contract import DOUBLE, FLAG, INTEGER, LONG, SCORE, TEXT, Phi, column, contract, optional, performance_year
from .months import CATEGORIES

KINDS = ["HCC", "EXTERNAL", "DEMOGRAPHIC"]


class Cell(pa.DataFrameModel):
    """An ACO, a category and a route under a performance year."""

    performance_year: INTEGER = performance_year()
    aco_id: TEXT = column("ACO", "id")
    category: TEXT = column("Benchmark category", "code", isin=CATEGORIES)
    route: TEXT = column("C claims (both counts as claims), V voluntary, M Medicaid", "code", isin=ROUTES)


@contract(
    "calc__aco_risk",
    grain="ACO, category, route, year and kind of score",
    key=("performance_year", "aco_id", "category", "route", "year", "kind"),
    phi=Phi.SMALL_CELLS,
    rules=("BMK-30", "BMK-34", "BMK-37"),
    partition=("performance_year",),
    slice=("performance_year",),
)
class AcoRisk(Cell):
    """Whole sums of raw scores over aligned months of an ACO's base years and the performance year.

    Rows of a base year on route V or M are the history of the people on that route in the performance year.
    """

    year: INTEGER = column("Base year or performance year", "year")
    kind: TEXT = column("HCC, a model given from outside, or demographic", "code", isin=KINDS)
    model: TEXT = column("Risk model", "id")
    model_version: TEXT = optional("Version of the model; empty where nobody has a score", "id")
    people: LONG = column("People with such a month", "count", ge=0)
    months: LONG = column("Aligned months", "months", ge=0)
    newly_voluntary_months: LONG = optional(
        "Of these, in a first year of voluntary alignment; empty: unknown", "months"
    )
    scored_people: LONG = column("People with a score of the model in the year", "count", ge=0)
    scored_months: LONG = column("Their months", "months", ge=0)
    score_millionths: LONG = column("Sum over those months of the raw score, in millionths", "score x 1,000,000", ge=0)
    flags: TEXT = optional("What the scores rest on, such as SUBSTITUTE_MODEL", "code")
    lineage: TEXT = optional("Of scores given from outside, or of a promoted model: what they were made from")


@contract(
    "calc__reference_risk",
    grain="category, year and kind of score",
    key=("performance_year", "category", "year", "kind"),
    phi=Phi.SMALL_CELLS,
    rules=("BMK-32", "RM 7.1"),
    partition=("performance_year",),
    slice=("performance_year",),
)
class ReferenceRisk(pa.DataFrameModel):
    """Whole sums of raw scores over every eligible month of a lake that holds the nation; there when a run says it does."""

    performance_year: INTEGER = performance_year()
    category: TEXT = column("Benchmark category", "code", isin=CATEGORIES)
    year: INTEGER = column("Calendar year", "year")
    kind: TEXT = column("HCC, a model given from outside, or demographic", "code", isin=KINDS)
    model: TEXT = column("Risk model", "id")
    people: LONG = column("People with such a month", "count", ge=0)
    months: LONG = column("Eligible months", "months", ge=0)
    scored_months: LONG = column("Of these, with a score", "months", ge=0)
    score_millionths: LONG = column("Sum over those months of the raw score, in millionths", "score x 1,000,000", ge=0)


@contract(
    "calc__benchmark_line",
    grain="ACO, category, route and line",
    key=("performance_year", "aco_id", "category", "route", "line"),
    phi=Phi.SMALL_CELLS,
    rules=tuple(f"BMK-{number}" for number in range(30, 39)),
    partition=("performance_year",),
    slice=("performance_year",),
)
class BenchmarkLine(Cell):
    """The waterfall: every input and every line, with rule, parameter and status. Not rounded, not suppressed."""

    place: INTEGER = column("Place of the line in its cell's order of computation", "count", ge=1)
    line: TEXT = column("Name of the line; an input of lines is a line too", "id")
    value: DOUBLE = optional("Its value; empty where it stays unwritten")
    unit: TEXT = column("score, ratio, rate, months, count, flag, or score x 1,000,000")
    rule: TEXT = column("Rules it follows", "id")
    parameter: TEXT = optional("Parameters it is, reads, or was chosen by", "id")
    status: TEXT = optional("Least sure status of those parameters", "code")
    reads: TEXT = optional("Lines it is computed from", "id")
    source: TEXT = optional("Of an input: where it comes from")
    flags: TEXT = optional("What it rests on, its own and of every line before it", "code")
    unwritten_because: TEXT = optional("Why it has no value: what is missing")
    run_id: TEXT = column("Run that made it", "id")


@contract(
    "mart__risk_ratio",
    grain="ACO, category and route",
    key=("performance_year", "aco_id", "category", "route"),
    phi=Phi.NONE,
    rules=("ALN-64", "BMK-33"),
    partition=("performance_year",),
    slice=("performance_year",),
)
class RiskRatio(Cell):
    """For people to see: risk in the third base year and the performance year, its growth and what is left of it."""

    aco_name: TEXT = column("Name of the ACO")
    raw_mean_score: SCORE = optional("Mean raw score of the performance year", "score")
    base_score: SCORE = optional("Score of the third base year, renormalised and blended", "score")
    year_score: SCORE = optional("Score of the performance year, renormalised and blended", "score")
    raw_ratio: SCORE = optional("Growth of the score before the cap", "ratio")
    capped_ratio: SCORE = optional("The risk ratio of the benchmark: after cap and coding intensity factor", "ratio")
    unwritten_because: TEXT = optional("Why there is no ratio: what is missing")
    is_suppressed: FLAG = column("Whether the figures are withheld for privacy")
    flags: TEXT = optional("What the ratio rests on, such as SUBSTITUTE_MODEL", "code")
    basis: TEXT = column("What the figures rest on: substitute models, seed lists, open rules, conditions not tested")
