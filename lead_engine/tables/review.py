"""Data review: what was loaded, by delivery, month and claim type, so that an actuary can judge it (DL 10.1 to DL 10.4)."""

from typing import Annotated, TypeAlias

import pandera.pyspark as pa
from pyspark.sql import types as T

from .contract import CONTRACTS, DATE, FLAG, INTEGER, LONG, TEXT, USD, Phi, column, contract, optional

RATE: TypeAlias = Annotated[T.DecimalType, 12, 4]
SUBJECTS = ["CLAIMS", "TOTAL", "ENROLMENT"]
FLAGS = ["GAP", "NEW_MONTH", "RESTATED", "SUDDEN_CHANGE"]
FIELDS = ["HCPCS", "SPECIALTY", "PLACE_OF_SERVICE", "DIAGNOSIS", "COUNTY"]
ROLES = ["NEWEST", "PREVIOUS", "EARLIER"]


class ClaimMonth(pa.DataFrameModel):
    """A claim type in a month of from-dates."""

    claim_type: TEXT = column("NCH claim type", "code")
    month: DATE = column("Month of the from-date", "month")
    known_months: INTEGER = column(
        "Calendar months from there to the month in which the record became known; the last one counts all later ones",
        "months",
        ge=0,
    )


@contract(
    "calc__run_out",
    grain="claim type, month, months until known, side of the previous delivery",
    key=("claim_type", "month", "known_months", "is_since_previous"),
    phi=Phi.SMALL_CELLS,
    rules=("DL 10.1", "DL 10.2"),
    money="paid_cents",
)
class ExactRunOut(ClaimMonth):
    """When claims of a month became known: exact, the one grouping of claims behind the data review. Stays in the lake."""

    is_since_previous: FLAG = optional("Known after the previous delivery; empty when there is none")
    people: LONG = column("People with a record here", "count", ge=1)
    first_people: LONG = column("Those whose first record of the claim type and month is here", "count", ge=0)
    claims: LONG = column("Claims, cancellations subtracted", "count")
    paid_cents: LONG = column("Payments, cancellations subtracted", "cents")


@contract(
    "mart__run_out",
    grain="claim type, month and months until known",
    key=("claim_type", "month", "known_months"),
    phi=Phi.NONE,
    rules=("DL 10.2", "DL 10.4"),
)
class MartRunOut(ClaimMonth):
    """Run-out triangle: what was paid for a month by the time so many months had passed. Small steps are merged."""

    paid_usd: USD = optional("Payments known by then", "usd")
    paid_rate: RATE = optional("Share of all payments known now; empty where those are zero", "rate")
    is_suppressed: FLAG = column("Whether the figures are withheld for privacy")


@contract(
    "mart__data_review",
    grain="subject, claim type and month",
    key=("subject", "claim_type", "month"),
    phi=Phi.NONE,
    rules=("DL 10.1", "DL 10.4"),
)
class MartDataReview(pa.DataFrameModel):
    """Claims by claim type and month, and people enrolled, against the previous delivery and the months around."""

    subject: TEXT = column(
        "CLAIMS; TOTAL: all months of the claim type; ENROLMENT: people with Part A or B", "code", isin=SUBJECTS
    )
    claim_type: TEXT = column("NCH claim type; empty text for enrolment", "code")
    month: DATE = optional("Month of the from-date, or of enrolment; empty for a total", "month")
    people: LONG = optional("People with a claim record, or enrolled", "count", ge=0)
    claims: LONG = optional("Claims, cancellations subtracted", "count")
    paid_usd: USD = optional("Payments, cancellations subtracted", "usd")
    previous_people: LONG = optional(
        "People as known at the previous delivery; enrolment is not known so", "count", ge=0
    )
    previous_claims: LONG = optional("Claims as known then", "count")
    previous_paid_usd: USD = optional("Payments as known then", "usd")
    people_to_mean_rate: RATE = optional("People, divided by their mean in the months around", "rate")
    claims_to_mean_rate: RATE = optional("Claims, divided by their mean in the months around", "rate")
    paid_to_mean_rate: RATE = optional("Payments, divided by their mean in the months around", "rate")
    flag: TEXT = optional("What to look at", "code", isin=FLAGS)
    is_suppressed: FLAG = column("Whether the month's figures are withheld for privacy")


@contract(
    "mart__unknown_code",
    grain="field and claim type",
    key=("field", "claim_type"),
    phi=Phi.NONE,
    rules=("DL 10.3", "DL 10.4"),
)
class MartUnknownCode(pa.DataFrameModel):
    """Records that carry no code where they should, or one that is not in the reference table."""

    field: TEXT = column("Field", "code", isin=FIELDS)
    claim_type: TEXT = column("NCH claim type; empty text for enrolment", "code")
    records: LONG = optional("Lines, claims (diagnosis) or person-months (county)", "count", ge=0)
    empty_records: LONG = optional("Those without a code", "count", ge=0)
    unlisted_records: LONG = optional("Those whose code is not in the reference table", "count", ge=0)
    unknown_rate: RATE = optional("Share of records without a known code", "rate", ge=0, le=1)
    has_list: FLAG = column("Whether there is a reference table to look codes up in")
    is_suppressed: FLAG = column("Whether any figure is withheld for privacy")


@contract(
    "mart__delivery",
    grain="file of a delivery; with field and reason, its refused records",
    key=("received_date", "source_file", "field", "reason"),
    phi=Phi.NONE,
    rules=("DL 10.1", "DL 10.4"),
)
class MartDelivery(pa.DataFrameModel):
    """Files of every delivery, and the records of each that were refused, by field and reason."""

    source_kind: TEXT = column("Kind of delivery", isin=["RIF", "CCLF", "TUVA"])
    received_date: DATE = column("Day the delivery was received")
    role: TEXT = column("NEWEST, PREVIOUS (what the newest is compared with) or EARLIER", "code", isin=ROLES)
    source_file: TEXT = column("Name of the file")
    field: TEXT = column("Field that refused records break; empty text for the file itself")
    reason: TEXT = column("What is wrong with it; empty text for the file itself", "code")
    records: LONG = optional("Records of the file, or refused ones", "count", ge=0)
    people: LONG = optional("People in a file of enrolment", "count", ge=0)
    is_suppressed: FLAG = column("Whether the count is withheld for privacy")


RUN_OUT, DATA_REVIEW = CONTRACTS["mart__run_out"], CONTRACTS["mart__data_review"]
UNKNOWN_CODE, DELIVERY = CONTRACTS["mart__unknown_code"], CONTRACTS["mart__delivery"]
