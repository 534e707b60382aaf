"""The spine: one row per person and month, eligible or not and why."""

import pandera.pyspark as pa

from .contract import DATE, FLAG, INTEGER, LONG, TEXT, Phi, column, contract, optional, performance_year, person

REASONS = ["DEAD", "NOT_A_AND_B", "MA", "MSP", "NON_US", "SERVICE_AREA", "OVERLAP"]
CATEGORIES = ["AD", "ESRD", "HN"]


@contract(
    "calc__beneficiary_month",
    grain="person and month with enrolment data",
    key=("performance_year", "bene_key", "month"),
    phi=Phi.PERSON,
    rules=("ALN-18", "ALN-21", "ALN-22", "ALN-56", "ALN-57"),
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
    category: TEXT = column("Benchmark category of the month; HN is not evaluated yet", "code", isin=CATEGORIES)
    county_code: TEXT = optional("County of residence, SSA", "code")
    not_tested: TEXT = column("Conditions the inputs cannot tell, treated as met", "code")
