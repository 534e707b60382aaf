"""Alignment: scores by unit, every ranked candidate, the answer, the aligned months, and what stands against them."""

import pandera.pyspark as pa

from .contract import DATE, FLAG, INTEGER, LONG, TEXT, Phi, column, contract, optional, performance_year, person
from .months import CATEGORIES, REASONS

STAGES = ["PRIMARY", "SPECIALIST", "NONE"]
ROUTES = ["C", "V", "B", "M"]


@contract(
    "calc__unit_score",
    grain="person, alignment year and unit",
    key=("performance_year", "bene_key", "alignment_year_end", "unit"),
    phi=Phi.PERSON,
    rules=("ALN-24", "ALN-26", "ALN-27", "ALN-28", "ALN-29", "ALN-31"),
    partition=("performance_year",),
    cluster=("bene_key", "alignment_year_end", "unit"),
    slice=("performance_year",),
)
class UnitScore(pa.DataFrameModel):
    """Unweighted allowed charges of qualifying services, before units are grouped to ACOs: what re-alignment reads."""

    performance_year: INTEGER = performance_year()
    bene_key: LONG = person()
    alignment_year_end: DATE = column("Last day of the alignment year")
    unit: LONG = column("Billing TIN, or CCN of an institutional line", "unit")
    pcs_cents: LONG = column("Allowed charges of primary care specialists", "cents")
    sps_cents: LONG = column("Allowed charges of selected specialists", "cents")
    last_pcs_date: DATE = optional("Latest primary care service")
    last_sps_date: DATE = optional("Latest selected specialist service")
    pcs_lines: INTEGER = column("Primary care lines", "count", ge=0)
    sps_lines: INTEGER = column("Selected specialist lines", "count", ge=0)


class Alignable(pa.DataFrameModel):
    """A person in a year that is being aligned."""

    performance_year: INTEGER = performance_year()
    aligned_year: INTEGER = column("Year being aligned: a base year or the performance year", "year")
    bene_key: LONG = person()


@contract(
    "calc__alignment_candidate",
    grain="person, aligned year and unit",
    key=("performance_year", "aligned_year", "bene_key", "unit"),
    phi=Phi.PERSON,
    rules=("ALN-30", "ALN-31", "ALN-32", "ALN-33"),
    partition=("performance_year", "aligned_year"),
    cluster=("bene_key", "unit"),
    slice=("performance_year",),
)
class AlignmentCandidate(Alignable):
    """Every unit with qualifying charges, ACOs grouped, with its weighted score and its rank in the deciding stage."""

    unit: LONG = column("ACO, or TIN or CCN outside every ACO", "unit")
    stage: TEXT = column("Stage that decides for the person", "code", isin=STAGES)
    rank: INTEGER = optional("Place in the deciding stage, 1 wins; empty for a score of zero or less", "count", ge=1)
    pcs_score_cents: LONG = column("Weighted primary care score", "cents")
    sps_score_cents: LONG = column("Weighted selected specialist score", "cents")
    last_pcs_date: DATE = optional("Latest primary care service")
    last_sps_date: DATE = optional("Latest selected specialist service")
    pcs_lines: INTEGER = column("Primary care lines", "count", ge=0)
    sps_lines: INTEGER = column("Selected specialist lines", "count", ge=0)


@contract(
    "calc__alignment",
    grain="person and aligned year",
    key=("performance_year", "aligned_year", "bene_key"),
    phi=Phi.PERSON,
    rules=(
        "ALN-19",
        "ALN-20",
        "ALN-32",
        "ALN-33",
        "ALN-39",
        "ALN-41",
        "ALN-43",
        "ALN-59",
        "ALN-60",
        "ALN-62",
        "ALN-67",
    ),
    partition=("performance_year", "aligned_year"),
    cluster=("bene_key",),
    slice=("performance_year",),
)
class Alignment(Alignable):
    """The answer for every person and aligned year, also for those nobody is aligned to."""

    stage: TEXT = column("Stage that decides", "code", isin=STAGES)
    winning_unit: LONG = optional("Unit with the highest score in the deciding stage", "unit")
    score_cents: LONG = optional("Its weighted score", "cents")
    runner_up_unit: LONG = optional("Second unit", "unit")
    runner_up_score_cents: LONG = optional("Its weighted score", "cents")
    tie_break: TEXT = column("What parted first and second", "code", isin=["none", "date", "lines", "key"])
    aco_id: TEXT = optional("ACO aligned to, or pointed to and never eligible; empty where it is none", "id")
    route: TEXT = optional("C claims, V voluntary, B both", "code", isin=ROUTES)
    effective_month: DATE = optional("First aligned month; empty when never eligible", "month")
    end_month: DATE = optional("Last aligned month known", "month")
    end_reason: TEXT = optional(
        "Why alignment ended or never began",
        "code",
        isin=[*REASONS, "NO_ENROLMENT", "NOT_EVALUATED", "NO_CARE_FROM_ACO"],
    )
    excluded_by: TEXT = optional(
        "Model that goes before LEAD, where that ended alignment or kept it from beginning", "code"
    )
    attestation_id: TEXT = optional("Choice that decided, on routes V and B", "id")
    va_first_effective_month: DATE = optional(
        "First month of voluntary alignment to the ACO, of whatever year", "month"
    )
    list_version: TEXT = column("Participant list the answer rests on", "id")
    run_id: TEXT = column("First digits of the identity of the step that wrote the row; see ops__step", "id")


@contract(
    "calc__alignment_month",
    grain="person, aligned year and month",
    key=("performance_year", "bene_key", "month"),
    phi=Phi.PERSON,
    rules=("ALN-20", "ALN-21", "ALN-23", "ALN-56", "ALN-65"),
    partition=("performance_year", "aligned_year"),
    cluster=("bene_key", "month"),
    slice=("performance_year",),
)
class AlignmentMonth(Alignable):
    """The months a person is aligned to an ACO."""

    month: DATE = column("First day of the month", "month")
    aco_id: TEXT = column("ACO", "id")
    route: TEXT = column("C claims, V voluntary, B both", "code", isin=ROUTES)
    is_newly_voluntary: FLAG = optional("In the first year of voluntary alignment to the ACO; empty on route C")
    category: TEXT = column("Benchmark category of the month", "code", isin=CATEGORIES)
    county_code: TEXT = optional("County of residence, SSA", "code")


@contract(
    "calc__overlap_month",
    grain="person and month in which another model goes before LEAD",
    key=("performance_year", "bene_key", "month"),
    phi=Phi.PERSON,
    rules=("ALN-18", "ALN-45"),
    partition=("performance_year",),
    cluster=("bene_key", "month"),
    slice=("performance_year",),
)
class OverlapMonth(pa.DataFrameModel):
    """Months of people in models that go before LEAD. No row: nothing stands against LEAD."""

    performance_year: INTEGER = performance_year()
    bene_key: LONG = person()
    month: DATE = column("First day of the month", "month")
    model: TEXT = column("Model the person is in", "id")
    excluded_by: TEXT = column("What of the precedence excludes the month", "code")


@contract(
    "calc__service_area",
    grain="ACO and county",
    key=("performance_year", "aco_id", "county_code"),
    phi=Phi.NONE,
    rules=("ALN-12", "ALN-22"),
    partition=("performance_year",),
    slice=("performance_year",),
)
class ServiceArea(pa.DataFrameModel):
    """The counties of an ACO's service area, its core and what borders on it."""

    performance_year: INTEGER = performance_year()
    aco_id: TEXT = column("ACO", "id")
    county_code: TEXT = column("County, SSA", "code")
    is_core: FLAG = column("Whether a Participant has an office there")
