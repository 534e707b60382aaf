"""Spending by person, month and claim type (BMK-3, BMK-4)."""

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.months import MONTHS_OF_A_YEAR
from lead_engine.lake.accounts import account, balance

from .known import arrived
from .rules import SpendRules


def by_month(claims: DataFrame, rules: SpendRules) -> DataFrame:
    """`calc__spend_month`: Medicare payments in the month of the claim's from-date, cancellations subtracted.

    In: `core__claim`. Out: one row per person, month and claim type with cents and claims. Claim types that are not
    Part A or B spending, and records known after the cut-off, stay out and are accounted for.
    """
    slots = Slots(rules.claim_types)
    sums = [F.sum(_signed_cents()).alias("paid_cents"), F.sum("sign").cast("int").alias("claims")]
    by_slot = claims.where(_excluded(rules).isNull()).groupBy("bene_key", slots.of_claim().alias("slot")).agg(*sums)
    month, claim_type = slots.month(), slots.claim_type()
    return by_slot.select("bene_key", month, F.year(month).alias("year"), claim_type, "paid_cents", "claims")


@dataclass(frozen=True)
class Slots:
    """Month and claim type as one whole number: Spark adds up by a number faster than by a date and a text."""

    claim_types: tuple[str, ...]

    def of_claim(self) -> Column:
        """The slot of a claim."""
        month = F.year("from_date") * MONTHS_OF_A_YEAR + F.month("from_date") - 1
        place = F.array_position(F.array(*map(F.lit, self.claim_types)), F.col("claim_type")).cast("int") - 1
        return month * len(self.claim_types) + place

    def month(self) -> Column:
        """The month of a slot."""
        month = F.floor(F.col("slot") / len(self.claim_types)).cast("int")
        return F.make_date(F.floor(month / MONTHS_OF_A_YEAR).cast("int"), month % MONTHS_OF_A_YEAR + 1, F.lit(1)).alias(
            "month"
        )

    def claim_type(self) -> Column:
        """The claim type of a slot."""
        place = F.col("slot") % len(self.claim_types)
        return F.get(F.array(*map(F.lit, self.claim_types)), place).alias("claim_type")


def accounts(claims: DataFrame, rules: SpendRules, spend: DataFrame) -> DataFrame:
    """Claims and dollars delivered are those spent, those of claim types that are not spending and those known late."""
    signed = F.col("sign")
    others = claims.withColumn("reason", _excluded(rules)).where("reason is not null")
    name = "claims (cancellations subtracted) and their payments"
    return balance(
        account(name, "in", claims, rows=signed, cents=_signed_cents()),
        account(name, "out", spend, rows=F.col("claims"), cents=F.col("paid_cents")),
        account(name, "excluded", others, F.col("reason"), rows=signed, cents=_signed_cents()),
    )


def _excluded(rules: SpendRules) -> Column:
    """Why a record does not count, null where it does."""
    other = ~F.col("claim_type").isin(list(rules.claim_types))
    late = ~arrived(rules.claims_cutoff) if rules.claims_cutoff else F.lit(False)
    return F.when(other, F.concat(F.lit("CLAIM_TYPE_"), "claim_type")).when(late, F.lit("KNOWN_LATE"))


def _signed_cents() -> Column:
    return F.col("sign") * F.col("paid_cents")
