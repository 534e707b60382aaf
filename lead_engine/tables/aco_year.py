"""ACO by year and category: exact inside the lake, suppressed in the mart."""

import pandera.pyspark as pa

from .contract import (
    FLAG,
    INTEGER,
    LONG,
    SCORE,
    SCORE_SUM,
    TEXT,
    USD,
    Phi,
    column,
    contract,
    optional,
    performance_year,
)

GRAIN = {"key": ("performance_year", "aco_id", "year", "category"), "slice": ("performance_year",)}
WITH_TOTAL = ["ALL", "AD", "ESRD", "HN"]


class AcoYear(pa.DataFrameModel):
    """An ACO in a year, by category."""

    performance_year: INTEGER = performance_year()
    aco_id: TEXT = column("ACO", "id")
    year: INTEGER = column("Aligned year", "year")
    category: TEXT = column("Benchmark category; ALL is every category", "code", isin=WITH_TOTAL)
    months_through: TEXT = column("Last month with enrolment data, YYYY-MM", "month")


@contract(
    "calc__aco_year",
    grain="ACO, aligned year and category",
    phi=Phi.SMALL_CELLS,
    rules=("ALN-23", "BMK-3"),
    partition=("performance_year",),
    **GRAIN,
)
class ExactAcoYear(AcoYear):
    """Sums over aligned months. Not suppressed: stays in the lake."""

    people: LONG = column("People with an aligned month", "count", ge=0)
    months: LONG = column("Aligned months", "months", ge=0)
    paid_cents: LONG = column("Payments in aligned months", "cents")
    scored_people: LONG = column("People with a raw score in an aligned month", "count", ge=0)
    scored_months: LONG = column("Aligned months of people with a raw score in the year", "months", ge=0)
    score_sum: SCORE_SUM = column("Sum over those months of the raw score", "score")


@contract(
    "mart__aco_year",
    grain="ACO, aligned year and category",
    phi=Phi.NONE,
    rules=("ALN-64", "DL 7.1"),
    partition=("performance_year",),
    **GRAIN,
)
class MartAcoYear(AcoYear):
    """For people to see. A cell on 1 to 10 people is empty; one that would reveal it by subtraction keeps its mean alone."""

    aco_name: TEXT = column("Name of the ACO")
    people: LONG = optional("People with an aligned month", "count", ge=0)
    months: LONG = optional("Aligned months", "months", ge=0)
    paid_usd: USD = optional("Payments in aligned months", "usd")
    pbpm_usd: USD = optional("Payments by aligned month", "pbpm_usd")
    mean_risk_score: SCORE = optional("Mean raw score, weighted by month", "score")
    is_suppressed: FLAG = column("Whether the figures are withheld for privacy")
    basis: TEXT = column("What the figures rest on: substitute models, seed lists, open rules, conditions not tested")
