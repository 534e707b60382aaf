"""High Needs status of whole tables: `criteria.py` as Spark expressions (ALN-47 to ALN-55)."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.claims.known import as_known, stands
from lead_engine.foundation.months import Period
from lead_engine.lake.accounts import account, balance

from .criteria import BY_SCORE, NONE_MET, Criterion
from .rules import HighNeedsRules

CHECK = ["bene_key", "check_date"]
MOBILITY_STAY, MOBILITY_DATE, ADMISSION, FRAILTY = "mobility_stays", "mobility_dates", "admissions", "frailty_dates"
SNF, HOME_HEALTH = "snf_days", "home_health_days"
COUNTED = (MOBILITY_STAY, MOBILITY_DATE, ADMISSION, FRAILTY, SNF, HOME_HEALTH)


def checked(
    claims: DataFrame, lines: DataFrame, diagnoses: DataFrame, scores: DataFrame, rules: HighNeedsRules
) -> DataFrame:
    """`calc__high_needs_check`: each person and check with care that a criterion counts, or a score from the moderate one on.

    In: `core__claim`, `core__claim_line`, `core__claim_diagnosis`, `calc__window_score`. Whoever is left out meets nothing.
    """
    of_checks = _best(scores, rules)
    near = F.col("score") >= _threshold("moderate", rules)
    told = (
        _counts(claims, lines, diagnoses, rules)
        .withColumn("has_care", F.lit(True))
        .join(of_checks, CHECK, "full_outer")
        .where(F.coalesce("has_care", F.lit(False)) | F.coalesce(near, F.lit(False)))
        .fillna(0, subset=list(COUNTED))
    )
    unscored = F.col("score").isNull()
    home_health = F.col(HOME_HEALTH) if rules.home_health_days is not None else F.lit(None).cast("int")
    return told.select(
        *CHECK,
        *[F.col(name).cast("int").alias(name) for name in COUNTED if name != HOME_HEALTH],
        home_health.cast("int").alias(HOME_HEALTH),
        "score",
        "score_model",
        _met(rules).alias("criteria"),
        F.when(unscored, int(BY_SCORE)).otherwise(int(NONE_MET)).alias("not_evaluated"),
    )


def status(beneficiaries: DataFrame, checks: DataFrame, scores: DataFrame, rules: HighNeedsRules) -> DataFrame:
    """`calc__high_needs`: everybody, aligned or not, with the first check that succeeded (ALN-53, ALN-55).

    In: `core__beneficiary`, `calc__high_needs_check`, `calc__window_score`. What was not evaluated is told of that check; of
    people no check found High Needs, what none of the checks could evaluate.
    """
    firsts = (
        checks.where("criteria != 0")
        .groupBy("bene_key")
        .agg(
            F.min("check_date").alias("hn_first_check_date"),
            F.min_by("criteria", "check_date").alias("criteria"),
            F.min_by("not_evaluated", "check_date").alias("left_out"),
        )
    )
    of_rules = scores.where(F.col("model").isin(list(rules.models)))
    scored = of_rules.groupBy("bene_key").agg(F.count_distinct("check_date").cast("int").alias("scored_checks"))
    never = F.when(F.coalesce("scored_checks", F.lit(0)) == 0, int(BY_SCORE)).otherwise(int(NONE_MET))
    return (
        beneficiaries.select("bene_key")
        .join(firsts, "bene_key", "left")
        .join(scored, "bene_key", "left")
        .select(
            "bene_key",
            "hn_first_check_date",
            F.coalesce("criteria", F.lit(int(NONE_MET))).alias("criteria"),
            F.coalesce("left_out", never).alias("not_evaluated"),
            F.coalesce("scored_checks", F.lit(0)).alias("scored_checks"),
            F.lit(len(rules.checks)).alias("checks"),
        )
    )


def accounts(
    beneficiaries: DataFrame, checks: DataFrame, scores: DataFrame, rules: HighNeedsRules, told: DataFrame
) -> DataFrame:
    """Everybody delivered is High Needs or not; people with a check that succeeded are the High Needs ones."""
    found = checks.where("criteria != 0").select("bene_key").distinct()
    strangers = found.join(beneficiaries, "bene_key", "left_anti")
    return balance(
        account("people", "in", beneficiaries),
        account("people", "out", told),
        account("people with a criterion met", "in", found),
        account("people with a criterion met", "out", told.where("hn_first_check_date is not null")),
        account("people with a criterion met", "excluded", strangers, F.lit("NO_BENEFICIARY")),
    )


def _counts(claims: DataFrame, lines: DataFrame, diagnoses: DataFrame, rules: HighNeedsRules) -> DataFrame:
    """Dates and days of each person and check, where there are any: one column a kind."""
    stays, windows = _standing(claims, rules), [check.window for check in rules.checks]
    frailties = [check.frailty for check in rules.checks]
    dates = [
        (_mobility(_standing(diagnoses, rules), rules), windows),
        (_admissions(stays, rules), windows),
        (_equipment(_standing(lines, rules), rules), frailties),
    ]
    each = [_in_windows(days.distinct(), periods, rules) for days, periods in dates]
    spans = {SNF: rules.snf_claim_types}
    if rules.home_health_days is not None:
        spans[HOME_HEALTH] = rules.home_health_claim_types
    each += [_in_windows(_spans(stays, kind, types), windows, rules) for kind, types in spans.items()]
    counted = reduce(DataFrame.unionByName, each)
    of_kind = [F.sum(F.when(F.col("kind") == kind, F.col("days")).otherwise(0)).alias(kind) for kind in COUNTED]
    return counted.groupBy(*CHECK).agg(*of_kind)


def _standing(records: DataFrame, rules: HighNeedsRules) -> DataFrame:
    return as_known(records, rules.claims_cutoff).where(stands())


def _mobility(diagnoses: DataFrame, rules: HighNeedsRules) -> DataFrame:
    """Days of claims with a diagnosis of criterion (a), inpatient ones apart (ALN-47)."""
    by_length: dict[int, list[str]] = {}
    for prefix in rules.mobility_prefixes:
        by_length.setdefault(len(prefix), []).append(prefix)
    tests = [F.substring("icd10_code", 1, length).isin(prefixes) for length, prefixes in sorted(by_length.items())]
    kind = F.when(_is_inpatient(rules), MOBILITY_STAY).otherwise(MOBILITY_DATE)
    return diagnoses.where(reduce(or_, tests)).select("bene_key", kind.alias("kind"), *_one_day("through_date"))


def _admissions(claims: DataFrame, rules: HighNeedsRules) -> DataFrame:
    """Days of unplanned admissions; a type nobody told is unplanned (ALN-49)."""
    planned = F.coalesce(F.col("admission_type_code").isin(list(rules.planned_admission_types)), F.lit(False))
    day = F.coalesce("admission_date", "from_date")
    admitted = claims.where(_is_inpatient(rules) & ~planned).withColumn("day", day)
    return admitted.select("bene_key", F.lit(ADMISSION).alias("kind"), *_one_day("day"))


def _equipment(lines: DataFrame, rules: HighNeedsRules) -> DataFrame:
    """Days of equipment on other than inpatient claims (ALN-51)."""
    listed = lines.where(F.col("hcpcs_code").isin(list(rules.frailty_codes)) & ~_is_inpatient(rules))
    return listed.select("bene_key", F.lit(FRAILTY).alias("kind"), *_one_day("service_date"))


def _one_day(column: str) -> list[Column]:
    return [F.col(column).alias("first"), F.col(column).alias("last")]


def _spans(claims: DataFrame, kind: str, claim_types: Iterable[str]) -> DataFrame:
    """Spans of claims of these types that hold no day twice: overlapping ones made one (ALN-50)."""
    of_type = claims.where(F.col("claim_type").isin(list(claim_types)) & (F.col("through_date") >= F.col("from_date")))
    by_day = Window.partitionBy("bene_key").orderBy("from_date", "through_date")
    before = by_day.rowsBetween(Window.unboundedPreceding, -1)
    is_new = F.coalesce(F.col("from_date") > F.max("through_date").over(before), F.lit(True))
    numbered = of_type.withColumn("is_new", is_new.cast("int")).withColumn("span", F.sum("is_new").over(by_day))
    spans = numbered.groupBy("bene_key", "span").agg(
        F.min("from_date").alias("first"), F.max("through_date").alias("last")
    )
    return spans.select("bene_key", F.lit(kind).alias("kind"), "first", "last")


def _in_windows(spans: DataFrame, windows: Iterable[Period], rules: HighNeedsRules) -> DataFrame:
    """Each span once for every check whose window it touches, with its days inside it."""
    of_checks = [
        F.struct(
            F.lit(check.on).alias("check_date"), F.lit(window.start).alias("start"), F.lit(window.end).alias("end")
        )
        for check, window in zip(rules.checks, windows, strict=True)
    ]
    touched = F.filter(
        F.array(*of_checks).cast("array<struct<check_date:date,start:date,end:date>>"),
        lambda window: (window["start"] <= F.col("last")) & (window["end"] >= F.col("first")),
    )
    inside = spans.select("bene_key", "kind", "first", "last", F.inline(touched))
    days = F.datediff(F.least("last", "end"), F.greatest("first", "start")) + 1
    return inside.select(*CHECK, "kind", days.alias("days"))


def _best(scores: DataFrame, rules: HighNeedsRules) -> DataFrame:
    """The highest score of each person and check, and its model: of equal ones the first of the list (ALN-48)."""
    by_model = [F.max(F.when(F.col("model") == model, F.col("raw_score"))).alias(model) for model in rules.models]
    scored = scores.where(F.col("model").isin(list(rules.models)))
    found = scored.groupBy(*CHECK).agg(*by_model, F.max("raw_score").alias("score"))
    model = F.coalesce(F.lit(None), *[F.when(F.col(model) == F.col("score"), model) for model in rules.models])
    return found.select(*CHECK, "score", model.cast("string").alias("score_model"))


def _threshold(which: str, rules: HighNeedsRules) -> Column:
    """A threshold on the scale of the row's model."""
    of_esrd = F.col("score_model").isin(list(rules.esrd_models))
    return F.when(of_esrd, F.lit(getattr(rules.esrd, which))).otherwise(F.lit(getattr(rules.aged_disabled, which)))


def _met(rules: HighNeedsRules) -> Column:
    """The bitmask of the criteria a row meets."""
    is_high = F.coalesce(F.col("score") >= _threshold("high", rules), F.lit(False))
    is_moderate = F.coalesce(F.col("score") >= _threshold("moderate", rules), F.lit(False)) & ~is_high
    long_care = F.col(SNF) >= rules.snf_days
    if rules.home_health_days is not None:
        long_care = long_care | (F.col(HOME_HEALTH) >= rules.home_health_days)
    tests = {
        Criterion.MOBILITY: (F.col(MOBILITY_STAY) >= rules.mobility_stays)
        | (F.col(MOBILITY_DATE) >= rules.mobility_dates),
        Criterion.HIGH_SCORE: is_high,
        Criterion.MODERATE_SCORE: is_moderate & (F.col(ADMISSION) >= rules.unplanned_admissions),
        Criterion.FRAILTY: F.col(FRAILTY) >= rules.frailty_dates,
        Criterion.LONG_CARE: long_care,
    }
    bits = [F.when(test, int(criterion)).otherwise(0) for criterion, test in tests.items()]
    return reduce(lambda left, right: left + right, bits)


def _is_inpatient(rules: HighNeedsRules) -> Column:
    return F.col("claim_type").isin(list(rules.inpatient_claim_types))
