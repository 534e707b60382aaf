"""Voluntary alignment and the mid-year run: choices held against the rules, what decides, what is answered, the history."""

import pandera.pyspark as pa

from .alignment import ROUTES, STAGES
from .contract import DATE, FLAG, INTEGER, LONG, TEXT, Phi, column, contract, optional, performance_year, person
from .inputs import CHANNELS
from .months import CATEGORIES


class Judged(pa.DataFrameModel):
    """A choice under a performance year."""

    performance_year: INTEGER = performance_year()
    attestation_id: TEXT = column("Number the sender gave the row", "id")
    bene_key: LONG = optional("Person: 60 bits of a keyed hash; empty where the Medicare number is unknown", "key")
    channel: TEXT = column("MVA designation on Medicare.gov, SVA signed attestation", "code", isin=CHANNELS)
    aco_id: TEXT = optional("ACO chosen; empty: someone outside every ACO, which voids earlier choices", "id")
    signature_date: DATE = optional("Day of the signature or designation")
    known_date: DATE = optional("Day held against the cut-offs")


@contract(
    "calc__designation",
    grain="designation or attestation",
    key=("performance_year", "attestation_id"),
    phi=Phi.PERSON,
    rules=("ALN-36", "ALN-37", "ALN-40"),
    partition=("performance_year",),
    slice=("performance_year",),
)
class Designation(Judged):
    """Every choice held against the Participant list and the rules: whether it ever holds, and between which days."""

    void: TEXT = optional("Why it never holds", "code")
    withdrawn_date: DATE = optional("First day it no longer stands: revoked or opted out")
    listed_from: DATE = column("First day of the named TIN on the list; 1900-01-01 where no day is given")
    listed_to: DATE = column("Last day of the named TIN on the list; 9999-12-31 where no day is given")
    is_carried: FLAG = column("Made under ACO REACH and carried over")
    va_first_month: DATE = optional("First month of a run of the ACO that saw any choice of it by the person", "month")


@contract(
    "calc__voluntary_choice",
    grain="person and month that a choice decides",
    key=("performance_year", "bene_key", "month"),
    phi=Phi.PERSON,
    rules=("ALN-38", "ALN-42"),
    partition=("performance_year",),
    cluster=("bene_key", "month"),
    slice=("performance_year",),
)
class VoluntaryChoice(pa.DataFrameModel):
    """The choice that decides at each month's cut-off, whatever eligibility and election make of it."""

    performance_year: INTEGER = performance_year()
    bene_key: LONG = person()
    month: DATE = column("First day of the month", "month")
    aco_id: TEXT = optional("ACO chosen; empty: someone outside every ACO", "id")
    attestation_id: TEXT = column("Choice that decides", "id")
    va_first_month: DATE = optional("First month of a run of the ACO that saw any choice of it by the person", "month")


@contract(
    "calc__midyear_alignment",
    grain="person whom the mid-year run points to an ACO",
    key=("performance_year", "bene_key"),
    phi=Phi.PERSON,
    rules=("ALN-43",),
    partition=("performance_year",),
    cluster=("bene_key",),
    slice=("performance_year",),
)
class MidyearAlignment(pa.DataFrameModel):
    """Winners of claims-based alignment on the list with the TINs added during the year, aligned already or not."""

    performance_year: INTEGER = performance_year()
    bene_key: LONG = person()
    stage: TEXT = column("Stage that decides", "code", isin=STAGES)
    winning_unit: LONG = column("The ACO", "unit")
    score_cents: LONG = column("Its weighted score", "cents")
    runner_up_unit: LONG = optional("Second unit", "unit")
    runner_up_score_cents: LONG = optional("Its weighted score", "cents")
    tie_break: TEXT = column("What parted first and second", "code", isin=["none", "date", "lines", "key"])
    aco_id: TEXT = column("ACO, under a hybrid election", "id")


@contract(
    "calc__voluntary_care",
    grain="person and ACO chosen in the performance year",
    key=("performance_year", "bene_key", "aco_id"),
    phi=Phi.PERSON,
    rules=("ALN-67",),
    partition=("performance_year",),
    cluster=("bene_key",),
    slice=("performance_year",),
)
class VoluntaryCare(pa.DataFrameModel):
    """Whether people who chose an ACO had care of it in the year. Empty until the claims of the whole year are there."""

    performance_year: INTEGER = performance_year()
    bene_key: LONG = person()
    aco_id: TEXT = column("ACO chosen", "id")
    has_care: FLAG = column("Has a claim line of a Participant or Preferred Provider of the ACO in the year")
    has_other_care: FLAG = column("Has a qualifying primary care line of anybody in the year")


@contract(
    "calc__attestation_response",
    grain="designation or attestation",
    key=("performance_year", "attestation_id"),
    phi=Phi.PERSON,
    rules=("ALN-35",),
    partition=("performance_year",),
    slice=("performance_year",),
)
class AttestationResponse(Judged):
    """What CMS answers to every signed attestation, and why; on designations, what became of them."""

    response_code: TEXT = optional("Response code; empty on MVA rows, and where no code says the reason", "code")
    reason: TEXT = optional("Why it has no effect; empty where it is accepted", "code")
    answer_month: DATE = optional("Month whose run sees it first; empty after the last of the year", "month")


@contract(
    "calc__voluntary_history",
    grain="person on route V or M and eligible month of a base year of their ACO",
    key=("performance_year", "bene_key", "month"),
    phi=Phi.PERSON,
    rules=("ALN-60",),
    partition=("performance_year", "year"),
    cluster=("bene_key", "month"),
    slice=("performance_year",),
)
class VoluntaryHistory(pa.DataFrameModel):
    """Base-year months of the people aligned by another route than claims in the performance year."""

    performance_year: INTEGER = performance_year()
    year: INTEGER = column("Base year", "year")
    bene_key: LONG = person()
    month: DATE = column("First day of the month", "month")
    aco_id: TEXT = column("ACO aligned to in the performance year", "id")
    route: TEXT = column("V voluntary, M Medicaid", "code", isin=ROUTES)
    category: TEXT = column("Benchmark category of the month", "code", isin=CATEGORIES)
    county_code: TEXT = optional("County of residence, SSA", "code")
