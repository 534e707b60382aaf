"""Choices of whole tables, held against list and rules, and the one that decides a month: `designations.py` on Spark."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.foundation.months import EARLIEST, LATEST
from lead_engine.lake.accounts import account, balance

from .choice_rules import ChoiceRules
from .designations import MVA, Void
from .units import with_tin_of_the_day

HYBRID = "HYBRID"


def designations(
    attestations: DataFrame,
    participants: DataFrame,
    lines: DataFrame,
    acos: DataFrame,
    ccn_tins: DataFrame | None,
    rules: ChoiceRules,
) -> DataFrame:
    """`calc__designation`: every choice with why it never holds, or between which days it does (ALN-36, ALN-37, ALN-40).

    In: `core__attestation`, `core__participant`, `core__claim_line`, `core__aco` and, where the list was given,
    `core__ccn_tin`. Choices are few; claim lines are read for the TINs and clinicians they name alone.
    """
    placed = attestations.join(F.broadcast(_listed(participants)), "tin", "left")
    placed = placed.select("*", _listing().alias("listing")).select("*", "listing.*").drop("periods", "listing")
    is_of_aco = F.coalesce(F.col("listed_aco") == F.col("aco_id"), F.lit(False))
    if rules.clinician_must_bill:
        placed = placed.join(_billing(attestations, lines, ccn_tins), ["tin", "npi"], "left")
    else:
        placed = placed.withColumn("is_billing", F.lit(True))
    is_outside = F.col("aco_id").isNull() | ((F.col("channel") == MVA) & F.col("tin").isNotNull() & ~is_of_aco)
    start, end = (F.when(is_of_aco & ~is_outside, F.col(name)) for name in ("start_date", "end_date"))
    judged = placed.select(
        "attestation_id",
        "bene_key",
        "channel",
        F.when(~is_outside, F.col("aco_id")).alias("aco_id"),
        "signature_date",
        _known(rules).alias("known_date"),
        _void(is_of_aco, rules).alias("void"),
        F.least("revoked_date", "opt_out_date").alias("withdrawn_date"),
        F.coalesce(start, F.lit(EARLIEST)).alias("listed_from"),
        F.coalesce(end, F.lit(LATEST)).alias("listed_to"),
        "is_carried",
    )
    return _with_tenure(judged, acos, rules)


def _listed(participants: DataFrame) -> DataFrame:
    """`tin` of every Participant, with its ACO and its periods by start; one without a first day comes first."""
    periods = F.sort_array(F.collect_list(F.struct("start_date", "end_date"))).alias("periods")
    return participants.groupBy(F.col("unit").alias("tin"), F.col("aco_id").alias("listed_aco")).agg(periods)


def _listing() -> Column:
    """The period by which a choice is judged: `designations.listing_of`."""
    signed = F.when(F.col("is_carried"), F.lit(LATEST)).otherwise(F.coalesce("signature_date", F.lit(EARLIEST)))
    begun = F.filter("periods", lambda each: F.coalesce(each["start_date"], F.lit(EARLIEST)) <= signed)
    return F.coalesce(F.try_element_at(begun, F.lit(-1)), F.try_element_at("periods", F.lit(1)))


def _billing(attestations: DataFrame, lines: DataFrame, ccn_tins: DataFrame | None) -> DataFrame:
    """The pairs of TIN and clinician that are named and stand on a claim line, an institution's too (ALN-7, ALN-9, ALN-36)."""
    named = attestations.select("tin", "npi").where("tin is not null and npi is not null").distinct()
    billed = with_tin_of_the_day(lines.select("tin", "ccn", "npi", "service_date"), ccn_tins)
    found = billed.select("tin", "npi").join(F.broadcast(named), ["tin", "npi"], "left_semi").distinct()
    return F.broadcast(found.withColumn("is_billing", F.lit(True)))


def _known(rules: ChoiceRules) -> Column:
    """The day a choice is known by (ALN-42)."""
    if rules.is_known_by_submission:
        return F.greatest("signature_date", "submission_date")
    return F.coalesce("signature_date", "submission_date")


def _void(is_of_aco: Column, rules: ChoiceRules) -> Column:
    """Why a choice never holds, in the order of `Void` (ALN-36)."""
    signed = F.col("signature_date")
    early = F.when(~F.col("is_carried"), signed < F.col("start_date")) if rules.window_has_start else F.lit(False)
    return (
        F.when(F.col("bene_key").isNull(), Void.UNKNOWN_PERSON)
        .when(signed.isNull(), Void.NO_SIGNATURE)
        .when(F.col("channel") == MVA, F.lit(None))
        .when(signed > F.col("submission_date"), Void.SIGNED_AFTER_SUBMISSION)
        .when(F.year(signed) + rules.sva_valid_years <= rules.performance_year, Void.EXPIRED)
        .when(F.col("tin").isNull() | F.col("npi").isNull(), Void.NO_CLINICIAN)
        .when(~is_of_aco, Void.NOT_LISTED)
        .when(F.col("is_billing").isNull(), Void.NOT_BILLING)
        .when(F.coalesce(early, F.lit(False)) | (signed > F.col("end_date")), Void.OUTSIDE_PARTICIPATION)
    )


def _with_tenure(judged: DataFrame, acos: DataFrame, rules: ChoiceRules) -> DataFrame:
    """From when the person has chosen the ACO, by all their choices of it (ALN-40)."""
    of_aco = F.broadcast(acos.select("aco_id", "first_performance_year", (F.col("election") == HYBRID).alias("hybrid")))
    known = F.col("known_date")
    later = F.when(F.dayofmonth(known) <= rules.cutoff_day, 1).otherwise(2)
    month = F.add_months(F.trunc(known, "month"), later)
    refreshed = F.make_date(F.year(month), F.greatest(F.month(month), F.lit(rules.first_refresh_month)), F.lit(1))
    next_january = F.make_date(F.year(month) + 1, F.lit(1), F.lit(1))
    run = F.when(F.month(month) == 1, month).when(F.col("hybrid"), refreshed).otherwise(next_january)
    first = F.greatest(run, F.make_date("first_performance_year", F.lit(1), F.lit(1)))
    if rules.tenure_counts_reach:
        under_reach = F.make_date(F.year("signature_date") + 1, F.lit(1), F.lit(1))
        first = F.when(F.col("is_carried"), under_reach).otherwise(first)
    counts = F.col("void").isNull() | (F.col("void") == Void.EXPIRED)
    own = Window.partitionBy("bene_key", "aco_id")
    is_aco = F.col("aco_id").isNotNull() & F.col("bene_key").isNotNull()
    tenure = F.when(is_aco, F.min(F.when(counts, first)).over(own))
    return (
        judged.join(of_aco, "aco_id", "left")
        .withColumn("va_first_month", tenure)
        .drop("first_performance_year", "hybrid")
    )


def deciding(judged: DataFrame, rules: ChoiceRules) -> DataFrame:
    """`calc__voluntary_choice`: the choice that decides each month of people who chose (ALN-38, ALN-42).

    In: `calc__designation`. Only choices that hold by the month's cut-off count; the latest wins, of whatever ACO.
    """
    held = holding(judged, rules)
    best = Window.partitionBy("bene_key", "month").orderBy(*order())
    first = held.withColumn("place", F.row_number().over(best)).where("place = 1")
    return first.select("bene_key", "month", "aco_id", "attestation_id", "va_first_month")


def holding(judged: DataFrame, rules: ChoiceRules) -> DataFrame:
    """Every choice once for each month it may decide, with `month` (ALN-36, ALN-42)."""
    open_months = judged.where("void is null").crossJoin(F.broadcast(runs(judged, rules)))
    is_known = F.col("known_date") <= F.col("cutoff")
    return open_months.where(is_known & stands()).drop("cutoff")


def stands() -> Column:
    """Whether a choice is not withdrawn by `cutoff` and its TIN is on the list on the first of `month`."""
    return ~is_withdrawn() & F.col("month").between(F.col("listed_from"), F.col("listed_to"))


def is_withdrawn() -> Column:
    """Whether a choice was taken back by `cutoff`."""
    return F.coalesce(F.col("withdrawn_date") <= F.col("cutoff"), F.lit(False))


def runs(frame: DataFrame, rules: ChoiceRules) -> DataFrame:
    """Every month with a run that looks at choices, and its cut-off (ALN-41, ALN-42)."""
    rows = [(month, rules.cutoff(month)) for month in rules.run_months]
    return frame.sparkSession.createDataFrame(rows, "month date, cutoff date")


def order() -> list[Column]:
    """Which choice goes before which: latest signature, then MVA, then known first, then lowest number (ALN-38)."""
    return [F.desc("signature_date"), F.desc(F.col("channel") == MVA), F.asc("known_date"), F.asc("attestation_id")]


def accounts(
    attestations: DataFrame,
    participants: DataFrame,
    lines: DataFrame,
    acos: DataFrame,
    ccn_tins: DataFrame | None,
    rules: ChoiceRules,
    told: DataFrame,
) -> DataFrame:
    """Choices are those that may hold and those that never do, by reason."""
    return balance(
        account("choices", "in", attestations),
        account("choices", "out", told.where("void is null")),
        account("choices", "excluded", told.where("void is not null"), F.col("void")),
    )
