"""The answer for every person and aligned year, and the months it holds: `decide.aligned_year` as Spark expressions.

A person's year is one row with its months as sets, so that whoever is pointed to can be asked of each month without a
row a month.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import pack_unit
from lead_engine.lake.accounts import account, balance
from lead_engine.lake.month_sets import before_month, first_of, from_month, is_in, last_of, without

from .choices import HYBRID
from .decide import NO_CARE, OVERLAP, Route, Stage, TieBreak
from .months_known import months_known, open_to, why_not
from .rank import PERSON, first_and_second
from .rules import AlignmentRules

BY_CLAIMS = ["stage", "winning_unit", "score_cents", "runner_up_unit", "runner_up_score_cents", "tie_break"]
OFFER = "struct<month:date,is_by_claims:boolean,aco_id:string,route:string,attestation_id:string,first:date>"


def alignment(
    candidates: DataFrame,
    beneficiaries: DataFrame,
    months: DataFrame,
    acos: DataFrame,
    choices: DataFrame | None,
    midyear: DataFrame,
    care: DataFrame | None,
    service_area: DataFrame | None,
    overlap: DataFrame | None,
    medicaid: DataFrame | None,
    rules: AlignmentRules,
    run_id: str,
) -> DataFrame:
    """`calc__alignment`: one row for every person and aligned year, also where nobody is pointed to (ALN-62).

    In: `calc__alignment_candidate`, `core__beneficiary`, `calc__beneficiary_month`, `core__aco`, `calc__voluntary_choice`,
    `calc__midyear_alignment`, `calc__voluntary_care`, `calc__service_area`, `calc__overlap_month`,
    `calc__medicaid_month`; a table that the run does not have is None. Whom claims or choice point to stands whatever
    eligibility says; `effective_month` is empty for a person never eligible (ALN-19). Choices, the mid-year run and
    Medicaid concern the performance year alone (ALN-60, ALN-61, ALN-66).
    """
    years = F.explode(F.array(*[F.lit(year) for year in rules.aligned_years])).alias("aligned_year")
    everybody = beneficiaries.select("bene_key", "death_date", years)
    aco_ids = {pack_unit(row["aco_id"]): row["aco_id"] for row in acos.select("aco_id").collect()}
    aco_id = F.create_map(*[F.lit(part) for pair in sorted(aco_ids.items()) for part in pair])[F.col("winning_unit")]
    pointed = (
        everybody.join(first_and_second(candidates), PERSON, "left")
        .join(months_known(months, service_area, overlap, rules.aligned_years), PERSON, "left")
        .withColumn("claims_aco", aco_id)
    )
    offered = (
        pointed.withColumn("offers", _by_claims()) if choices is None else _with_choices(pointed, choices, acos, rules)
    )
    decided = _decided(_with_medicaid(_with_midyear(offered, midyear, rules), medicaid))
    return _answers(_without_care(decided, care), rules, run_id)


def _january() -> Column:
    return F.make_date("aligned_year", F.lit(1), F.lit(1))


def _offer(month: Column, by_claims: bool, aco: Column, route: Column, choice: Column, first: Column) -> Column:
    """An ACO that a month's runs point to; within a month choice comes before claims (ALN-39, ALN-46)."""
    values = (month, F.lit(by_claims), aco, route, choice, first)
    names = ("month", "is_by_claims", "aco_id", "route", "attestation_id", "first")
    return F.struct(*[value.alias(name) for name, value in zip(names, values, strict=True)]).cast(OFFER)


def _nothing() -> tuple[Column, Column]:
    return F.lit(None).cast("string"), F.lit(None).cast("date")


def _by_claims() -> Column:
    """The offer of the run before the year."""
    offer = _offer(_january(), True, F.col("claims_aco"), F.lit(Route.CLAIMS.value), *_nothing())
    return F.when(F.col("claims_aco").isNotNull(), F.array(offer)).otherwise(F.array().cast(f"array<{OFFER}>"))


def _with_choices(pointed: DataFrame, choices: DataFrame, acos: DataFrame, rules: AlignmentRules) -> DataFrame:
    """`offers` of choices beside those of claims: January for every ACO, later months for hybrid ones (ALN-41, ALN-42)."""
    elections = F.broadcast(acos.select("aco_id", (F.col("election") == HYBRID).alias("is_hybrid")))
    open_now = F.coalesce("is_hybrid", F.lit(False)) | (F.col("month") == F.lit(rules.january))
    chosen = F.struct(
        "month", "aco_id", "attestation_id", F.col("va_first_month").alias("first"), open_now.alias("open")
    )
    by_person = (
        choices.join(elections, "aco_id", "left")
        .groupBy("bene_key", F.col("performance_year").alias("aligned_year"))
        .agg(F.array_sort(F.collect_list(chosen)).alias("chosen"))
    )
    is_ours = F.filter("chosen", lambda each: each["aco_id"].isNotNull() & each["open"])

    def offer(each: Column) -> Column:
        is_both = (each["month"] == _january()) & (each["aco_id"] == F.col("claims_aco"))
        route = F.when(is_both, Route.BOTH.value).otherwise(Route.VOLUNTARY.value)
        return _offer(each["month"], False, each["aco_id"], route, each["attestation_id"], each["first"])

    offers = F.when(
        F.col("chosen").isNotNull(), F.array_sort(F.concat(F.transform(is_ours, offer), _by_claims()))
    ).otherwise(_by_claims())
    return pointed.join(by_person, PERSON, "left").withColumn("offers", offers)


def _with_midyear(offered: DataFrame, midyear: DataFrame, rules: AlignmentRules) -> DataFrame:
    """The offer of the mid-year run beside the others; it stands behind a choice that waits for the next year (ALN-43)."""
    month = F.lit(rules.midyear)
    winners = midyear.select(
        "bene_key",
        F.col("performance_year").alias("aligned_year"),
        F.col("aco_id").alias("midyear_aco"),
        *[F.col(name).alias(f"midyear_{name}") for name in BY_CLAIMS],
    )
    joined = offered.join(winners, PERSON, "left")
    aco = F.col("midyear_aco")
    claim = F.array(_offer(month, True, aco, F.lit(Route.CLAIMS.value), *_nothing()))
    if "chosen" not in offered.columns:
        return joined.withColumn("offers", F.when(aco.isNull(), F.col("offers")).otherwise(F.concat("offers", claim)))
    waits = F.exists("chosen", lambda each: (each["month"] == month) & each["aco_id"].isNotNull() & ~each["open"])

    def both(each: Column) -> Column:
        is_same = (each["month"] == month) & (each["aco_id"] == aco)
        return each.withField("route", F.when(is_same, Route.BOTH.value).otherwise(each["route"]))

    added = F.array_sort(F.concat(F.transform("offers", both), claim))
    is_open = aco.isNotNull() & ~F.coalesce(waits, F.lit(False))
    return joined.withColumn("offers", F.when(is_open, added).otherwise(F.col("offers")))


def _with_medicaid(offered: DataFrame, medicaid: DataFrame | None) -> DataFrame:
    """`last_offers`: by Medicaid, asked when nothing else gives the person a month (ALN-66)."""
    if medicaid is None:
        return offered.withColumn("last_offers", F.array().cast(f"array<{OFFER}>"))
    offer = _offer(F.col("month"), False, F.col("aco_id"), F.lit(Route.MEDICAID.value), *_nothing())
    by_person = medicaid.groupBy("bene_key", F.col("performance_year").alias("aligned_year")).agg(
        F.array_sort(F.collect_list(offer)).alias("last_offers")
    )
    return offered.join(by_person, PERSON, "left")


def _decided(offered: DataFrame) -> DataFrame:
    """Who takes the year, from when and until when (ALN-19, ALN-20, ALN-23)."""
    year = F.col("aligned_year")

    def fits(offer: Column) -> Column:
        return is_in(open_to(offer["aco_id"]), offer["month"])

    entry = F.coalesce(*[F.get(F.filter(name, fits), F.lit(0)) for name in ("offers", "last_offers")])
    first = F.get("offers", F.lit(0))
    entered = offered.withColumn("entry", entry).withColumn("pointed", F.when(first["month"] == _january(), first))
    aco, since = F.coalesce(F.col("entry")["aco_id"], F.col("pointed")["aco_id"]), F.col("entry")["month"]
    failing = from_month(without(F.col("known"), open_to(aco)), F.coalesce(since, _january()))
    ended = entered.withColumn("aco", aco).withColumn("failed", first_of(failing, year))
    held = from_month(F.col("known"), since)
    before = F.when(F.col("failed").isNull(), held).otherwise(before_month(held, F.col("failed")))
    return ended.withColumns(
        {
            "why": F.when(F.col("failed").isNotNull(), why_not(F.col("failed"), F.col("aco"))),
            "end_month": last_of(before, year),
            "has_january": is_in(F.col("known"), _january()),
        }
    )


def _without_care(decided: DataFrame, care: DataFrame | None) -> DataFrame:
    """`is_removed`: aligned by choice alone, and no claim of the ACO in the whole year (ALN-67)."""
    if care is None:
        return decided.withColumn("is_removed", F.lit(False))
    lacking = care.where(~F.col("has_care") & F.col("has_other_care"))
    told = lacking.groupBy("bene_key", F.col("performance_year").alias("aligned_year")).agg(
        F.collect_set("aco_id").alias("without_care")
    )
    is_alone = F.col("entry")["route"] == Route.VOLUNTARY.value
    removed = F.coalesce(is_alone & F.array_contains("without_care", F.col("aco")), F.lit(False))
    return decided.join(told, PERSON, "left").withColumn("is_removed", removed)


def _answers(decided: DataFrame, rules: AlignmentRules, run_id: str) -> DataFrame:
    """The columns of the answer. Where the mid-year run aligned, its scores are told."""
    entry, offer = F.col("entry"), F.coalesce("entry", "pointed")
    by_midyear = (entry["month"] == F.lit(rules.midyear)) & entry["route"].isin(Route.CLAIMS.value, Route.BOTH.value)
    barred = entry.isNull() & F.col("has_january") & (F.col("why") == OVERLAP)
    is_aligned = entry.isNotNull() & ~F.col("is_removed")
    is_told = F.col("aco").isNotNull() & ~F.coalesce(barred, F.lit(False))
    by_run = [F.when(by_midyear, F.col(f"midyear_{name}")).otherwise(F.col(name)).alias(name) for name in BY_CLAIMS]
    january_failed = F.col("failed") == _january()
    never = F.when(F.col("has_january"), F.when(january_failed, F.col("why"))).otherwise(_never_evaluated(rules))
    reason = F.when(F.col("is_removed"), NO_CARE).when(entry.isNotNull(), F.col("why")).otherwise(never)
    other = F.try_element_at("others", F.col("failed"))
    is_chosen = is_told & offer["attestation_id"].isNotNull()
    year_of_first = F.year(offer["first"])
    first = F.when(year_of_first < rules.performance_year, offer["first"]).otherwise(entry["month"])
    return decided.select(
        *PERSON,
        F.coalesce(by_run[0], F.lit(Stage.NONE)).alias("stage"),
        *by_run[1:5],
        F.coalesce(by_run[5], F.lit(TieBreak.NONE)).alias("tie_break"),
        F.when(is_told, F.col("aco")).alias("aco_id"),
        F.when(is_told, offer["route"]).alias("route"),
        F.when(is_aligned, entry["month"]).alias("effective_month"),
        F.when(is_aligned, F.col("end_month")).alias("end_month"),
        F.when(F.col("aco").isNotNull(), reason).alias("end_reason"),
        F.when(F.col("aco").isNotNull() & (reason == OVERLAP), other).alias("excluded_by"),
        F.when(is_chosen, offer["attestation_id"]).alias("attestation_id"),
        F.when(is_chosen & is_aligned, first).alias("va_first_effective_month"),
        F.lit(rules.list_version).alias("list_version"),
        F.lit(run_id).alias("run_id"),
    )


def alignment_months(alignments: DataFrame, months: DataFrame) -> DataFrame:
    """`calc__alignment_month`: the months each aligned person counts for the ACO (ALN-23, ALN-40, ALN-56)."""
    first_year = F.year("va_first_effective_month") == F.col("aligned_year")
    aligned = alignments.where("effective_month is not null").select(
        *PERSON, "aco_id", "route", "effective_month", "end_month", first_year.alias("is_newly_voluntary")
    )
    facts = months.select("bene_key", F.col("year").alias("aligned_year"), "month", "category", "county_code")
    held = aligned.join(facts, PERSON).where(F.col("month").between(F.col("effective_month"), F.col("end_month")))
    return held.select(*PERSON, "month", "aco_id", "route", "is_newly_voluntary", "category", "county_code")


def accounts(
    candidates: DataFrame,
    beneficiaries: DataFrame,
    months: DataFrame,
    acos: DataFrame,
    choices: DataFrame | None,
    midyear: DataFrame,
    care: DataFrame | None,
    service_area: DataFrame | None,
    overlap: DataFrame | None,
    medicaid: DataFrame | None,
    rules: AlignmentRules,
    run_id: str,
    answers: DataFrame,
) -> DataFrame:
    """People and aligned years are those aligned to an ACO and those who are not, by stage or reason; ties are counted."""
    people = beneficiaries.select(F.lit(len(rules.aligned_years)).alias("years"))
    outside = F.when(F.col("winning_unit").isNotNull(), "OUTSIDE_EVERY_ACO").otherwise("NO_QUALIFYING_SERVICE")
    is_held = F.col("effective_month").isNotNull()
    return balance(
        account("people and aligned years", "in", people, rows=F.col("years")),
        account("people and aligned years", "out", answers.where(is_held)),
        account("people and aligned years", "excluded", answers.where(~is_held), F.coalesce("end_reason", outside)),
        *ties(answers),
    )


def ties(answers: DataFrame) -> list[DataFrame]:
    """Winners are those that charges or the latest service tell, and those of tie 2 and of tie 3 (ALN-33)."""
    name, parted_by = "winners by charges or date", F.col("tie_break")
    won = answers.where("winning_unit is not null")
    reason = F.when(parted_by == TieBreak.LINES, "TIE_2_BY_LINES").when(parted_by == TieBreak.KEY, "TIE_3_BY_KEY")
    return [
        account(name, "in", won),
        account(name, "out", won.where(parted_by.isin(TieBreak.NONE.value, TieBreak.DATE.value))),
        account(name, "excluded", won.where(reason.isNotNull()), reason),
    ]


def _never_evaluated(rules: AlignmentRules) -> Column:
    return (
        F.when(F.col("death_date") < _january(), "DEAD")
        .when(_january() > F.lit(rules.enrolment_through), "NOT_EVALUATED")
        .otherwise("NO_ENROLMENT")
    )
