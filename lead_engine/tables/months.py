"""The spine: one row per person and month, eligible or not and why; and who is High Needs since when."""

import pandera.pyspark as pa

from .contract import DATE, FLAG, INTEGER, LONG, SCORE, TEXT, Phi, column, contract, optional, performance_year, person

REASONS = ["DEAD", "NOT_A_AND_B", "MA", "MSP", "NON_US", "SERVICE_AREA", "OVERLAP"]
CATEGORIES = ["AD", "ESRD", "HN"]
BITS = "sum of 1 (a) mobility, 2 (b) high score, 4 (c) moderate score and admissions, 8 (d) frailty, 16 (e) long care"


@contract(
    "calc__high_needs_check",
    grain="person and High Needs check with care a criterion counts, or a score from the moderate one on",
    key=("performance_year", "bene_key", "check_date"),
    phi=Phi.PERSON,
    rules=("ALN-47", "ALN-48", "ALN-49", "ALN-50", "ALN-51", "ALN-52", "ALN-54"),
    partition=("performance_year",),
    cluster=("bene_key", "check_date"),
    slice=("performance_year",),
)
class HighNeedsCheck(pa.DataFrameModel):
    """What the windows of a check hold of a person, and which criteria it meets. Who is left out meets none."""

    performance_year: INTEGER = performance_year()
    bene_key: LONG = person()
    check_date: DATE = column("Day on which status is assessed; its windows end the months before")
    mobility_stays: INTEGER = column("Dates of inpatient claims with a diagnosis of criterion (a)", "count", ge=0)
    mobility_dates: INTEGER = column("Dates of other claims with one", "count", ge=0)
    admissions: INTEGER = column("Dates of unplanned inpatient admissions", "count", ge=0)
    frailty_dates: INTEGER = column("Dates of equipment of criterion (d), in its longer window", "count", ge=0)
    snf_days: INTEGER = column("Days in a skilled nursing facility", "days", ge=0)
    home_health_days: INTEGER = optional("Days of home health; empty where they do not count", "days", ge=0)
    score: SCORE = optional("Highest raw score of the window; empty where no model could score it", "score")
    score_model: TEXT = optional("The risk model it is of", "id")
    criteria: INTEGER = column(f"Criteria met: {BITS}", "code", ge=0, le=31)
    not_evaluated: INTEGER = column("Criteria nobody could evaluate, in the same bits", "code", ge=0, le=31)


@contract(
    "calc__high_needs",
    grain="person",
    key=("performance_year", "bene_key"),
    phi=Phi.PERSON,
    rules=("ALN-53", "ALN-55", "ALN-62"),
    partition=("performance_year",),
    cluster=("bene_key",),
    slice=("performance_year",),
)
class HighNeeds(pa.DataFrameModel):
    """Everybody, aligned or not: High Needs since when, by which criteria."""

    performance_year: INTEGER = performance_year()
    bene_key: LONG = person()
    hn_first_check_date: DATE = optional("First check that found a criterion met; empty when none did")
    criteria: INTEGER = column(f"Criteria met at that check: {BITS}", "code", ge=0, le=31)
    not_evaluated: INTEGER = column(
        "Criteria that check could not evaluate; without one, those no check could, in the same bits",
        "code",
        ge=0,
        le=31,
    )
    scored_checks: INTEGER = column("Checks at which a model scored the person", "count", ge=0)
    checks: INTEGER = column("Checks of the run", "count", ge=0)


@contract(
    "calc__beneficiary_month",
    grain="person and month with enrolment data",
    key=("performance_year", "bene_key", "month"),
    phi=Phi.PERSON,
    rules=("ALN-18", "ALN-21", "ALN-22", "ALN-53", "ALN-56", "ALN-57", "ALN-58"),
    partition=("performance_year", "year"),
    cluster=("bene_key", "month"),
    slice=("performance_year",),
)
class BeneficiaryMonth(pa.DataFrameModel):
    """Alignment eligibility, first failing reason, county and category. A month without enrolment data has no row."""

    performance_year: INTEGER = performance_year()
    bene_key: LONG = person()
    month: DATE = column("First day of the month", "month")
    year: INTEGER = column("Calendar year of the month", "year")
    is_eligible: FLAG = column("Alignment-eligible")
    reason: TEXT = optional("First condition of ALN-18 that fails; empty when eligible", "code", isin=REASONS)
    category: TEXT = column("Benchmark category of the month", "code", isin=CATEGORIES)
    county_code: TEXT = optional("County of residence, SSA", "code")
    not_tested: TEXT = column("Conditions the inputs cannot tell, treated as met", "code")
