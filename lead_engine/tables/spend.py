"""Spending by person and month, independent of any ACO."""

import pandera.pyspark as pa

from .contract import DATE, INTEGER, LONG, TEXT, Phi, column, contract, person


@contract(
    "calc__spend_month",
    grain="person, month of the claim's from-date and claim type",
    key=("bene_key", "month", "claim_type"),
    phi=Phi.PERSON,
    rules=("BMK-3", "BMK-4"),
    partition=("year",),
    cluster=("bene_key", "month", "claim_type"),
    money="paid_cents",
)
class SpendMonth(pa.DataFrameModel):
    """Medicare payments incurred in a month. Institutional claims once a claim, professional ones from their lines."""

    bene_key: LONG = person()
    month: DATE = column("Month of the claim's from-date", "month")
    year: INTEGER = column("Calendar year of the month", "year")
    claim_type: TEXT = column("NCH claim type", "code")
    paid_cents: LONG = column("Medicare payment, cancellations subtracted", "cents")
    claims: INTEGER = column("Claims counted, cancellations subtracted", "count")
