"""Alignment: scores by unit, every ranked candidate, the answer, the aligned months, and what stands against them."""

import pandera.pyspark as pa

from .contract import DATE, FLAG, INTEGER, LONG, TEXT, Phi, column, contract, optional, performance_year, person
from .months import CATEGORIES, REASONS

STAGES = ["PRIMARY", "SPECIALIST", "NONE"]
ROUTES = ["C", "V", "B", "M"]


@contract(
    "calc__unit_score",
    grain="person, alignment year and unit",
    key=("performance_year", "bene_key", "alignment_year_end", "unit", "npi", "known_for_year"),
    phi=Phi.PERSON,
    rules=("ALN-4", "ALN-24", "ALN-26", "ALN-27", "ALN-28", "ALN-29", "ALN-31"),
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
    npi: LONG = optional("Clinician of professional lines; filled only where units compete by NPI (ALN-31)", "unit")
    known_for_year: INTEGER = optional(
        "Aligned year whose own known-by date holds; empty where the run has one date for all (ALN-4)", "year"
    )


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
    "calc__service_area",
    grain="ACO and county",
    key=("performance_year", "aco_id", "county_code"),
    phi=Phi.NONE,
    rules=("ALN-12", "ALN-22"),
    slice=("performance_year",),
)
class ServiceArea(pa.DataFrameModel):
    """Where people of an ACO may live. There is no such table in a run that does not test the service area."""

    performance_year: INTEGER = performance_year()
    aco_id: TEXT = column("ACO", "id")
    county_code: TEXT = column("County, SSA", "code")
    is_core: FLAG = column("Whether a Participant has an office there; else it touches such a county")


@contract(
    "calc__overlap_month",
    grain="person and month",
    key=("performance_year", "bene_key", "month"),
    phi=Phi.PERSON,
    rules=("ALN-18", "ALN-45"),
    cluster=("bene_key", "month"),
    slice=("performance_year",),
)
class OverlapMonth(pa.DataFrameModel):
    """Months of the performance year in which another model goes before LEAD; no others."""

    performance_year: INTEGER = performance_year()
    bene_key: LONG = person()
    month: DATE = column("First day of the month", "month")
    model: TEXT = column("Model the person belongs to, by its code in alignment/other_models", "code")
    excluded_by: TEXT = column("Entry of the order that holds, MODEL or MODEL:ASSIGNMENT", "code")


@contract(
    "calc__medicaid_month",
    grain="person and month",
    key=("performance_year", "bene_key", "month"),
    phi=Phi.PERSON,
    rules=("ALN-66",),
    cluster=("bene_key", "month"),
    slice=("performance_year",),
)
class MedicaidCandidateMonth(pa.DataFrameModel):
    """Months in which a person could be aligned by Medicaid (route M), were no other route to align them."""

    performance_year: INTEGER = performance_year()
    bene_key: LONG = person()
    month: DATE = column("First day of the month", "month")
    aco_id: TEXT = column("ACO whose partner the person has Medicaid from", "id")


class AgainstMinimum(pa.DataFrameModel):
    """What an ACO is held against, and the outcome."""

    performance_year: INTEGER = performance_year()
    aco_id: TEXT = column("ACO", "id")
    minimum_row: TEXT = column(
        "Row of minimums that is held against", "code", isin=["STANDARD", "NEWLY_ENTERING", "HIGH_NEEDS"]
    )
    minimum_aligned_people: INTEGER = column("Fewest aligned people of that row, buffer not taken off", "count", ge=0)
    minimum_base_year_people: INTEGER = column("Fewest people in the best base year, likewise", "count", ge=0)
    below_minimum: FLAG = optional("Whether no row that may be used is reached; empty where it cannot be told")
    reason: TEXT = column(
        "What is lacking, or why nothing can be told",
        "code",
        isin=[
            "ENOUGH",
            "TOO_FEW_ALIGNED",
            "TOO_FEW_IN_BASE_YEARS",
            "TOO_FEW_IN_BOTH",
            "HIGH_NEEDS_NOT_EVALUATED",
            "YEAR_NOT_EVALUATED",
        ],
    )


@contract(
    "calc__aco_minimum",
    grain="ACO",
    key=("performance_year", "aco_id"),
    phi=Phi.SMALL_CELLS,
    rules=("ALN-13", "ALN-14", "ALN-15", "ALN-16", "ALN-17"),
    slice=("performance_year",),
)
class AcoMinimum(AgainstMinimum):
    """Whether an ACO has as many people as it needs: a flag that changes neither alignment nor benchmark."""

    experience: TEXT = optional(
        "Class of the list of ACOs; empty where the list does not say", "code", isin=["RENEWING", "NEWLY_ENTERING"]
    )
    attests_high_needs_care: FLAG = column("Whether the list of ACOs says that the capabilities are attested")
    aligned_people: INTEGER = optional(
        "People aligned in January of the performance year; empty where it is not evaluated", "count", ge=0
    )
    best_base_year: INTEGER = optional("Base year with the most people aligned by claims, the latest of equals", "year")
    base_year_people: INTEGER = column("People aligned by claims in that year", "count", ge=0)
    high_needs_people: INTEGER = optional(
        "Of the aligned people, those with High Needs on 1 January; empty where not evaluated", "count", ge=0
    )
    high_needs_or_esrd_people: INTEGER = optional(
        "Of the aligned people, those with High Needs or ESRD; empty where not evaluated", "count", ge=0
    )
    is_high_needs_share: FLAG = optional("Whether the share passes the test of ALN-16; empty where not evaluated")


@contract(
    "mart__aco_alignment",
    grain="ACO",
    key=("performance_year", "aco_id"),
    phi=Phi.NONE,
    rules=("ALN-13", "ALN-14", "ALN-16", "ALN-64"),
    partition=("performance_year",),
    slice=("performance_year",),
)
class AcoAlignment(AgainstMinimum):
    """For people to see: by which route people came to the ACO, and the verdict on the minimums. Few people are withheld."""

    aco_name: TEXT = column("Name of the ACO")
    people_by_claims: LONG = optional("People with a month in the performance year by claims alone (C)", "count", ge=0)
    people_by_choice: LONG = optional("The same by their own choice alone (V)", "count", ge=0)
    people_by_both: LONG = optional("The same by claims and by choice (B)", "count", ge=0)
    people_by_medicaid: LONG = optional("The same through a Medicaid partner (M)", "count", ge=0)
    basis: TEXT = column("What the figures rest on: substitute models, seed lists, open rules, conditions not tested")
