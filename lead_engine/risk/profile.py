"""What risk scores ask of a person in a payment year, whatever the month (RM 3.1 to RM 3.6)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance
from lead_engine.lake.month_sets import months_in

from .rules import RiskRules

UNKNOWN_ENTITLEMENT = "0"
SEXES = ["1", "2"]
PERSON = ["bene_key", "year"]


def profiles(
    enrolment: DataFrame, counted_years: DataFrame, beneficiaries: DataFrame, statuses: DataFrame, rules: RiskRules
) -> DataFrame:
    """`calc__risk_profile`: one row per person and payment year with enrolment, also those who are not scored.

    In: `core__enrolment_month`, `core__enrolment_year`, `core__beneficiary`, `calc__risk_status`. Medicaid, institution and
    graft are those of the year's first month; what holds in each month stands in `calc__risk_status`. Months of Part A
    and B are those the source counts, else those of its months; one it cannot tell counts (DL 9). Without any enrolment of
    the year before, nobody can be told from a new enrollee, and nobody is scored.
    """
    counted = _months_of_coverage(enrolment, counted_years, rules)
    before = counted.select(
        "bene_key", (F.col("year") + 1).alias("year"), F.col("part_b_months").alias("part_b_months_before")
    )
    now = counted.where(F.col("year").isin(list(rules.years)))
    covered = F.broadcast(before.select("year", F.lit(True).alias("is_year_before_known")).distinct())
    people = (
        now.join(before, PERSON, "left")
        .join(beneficiaries, "bene_key", "left")
        .join(_first_status(statuses), PERSON, "left")
        .join(covered, ["year"], "left")
    )
    told = people.select(
        "year",
        "bene_key",
        _age(rules).alias("age"),
        "sex_code",
        F.coalesce("dual_class", F.lit("NONE")).alias("dual_class"),
        F.coalesce("original_entitlement_code", F.lit(UNKNOWN_ENTITLEMENT)).alias("original_entitlement_code"),
        (F.coalesce("part_b_months_before", F.lit(0)) < rules.new_enrollee_part_b_months).alias("is_new_enrollee"),
        F.coalesce("is_long_term_institutional", F.lit(False)).alias("is_long_term_institutional"),
        *[F.coalesce(name, F.lit(0)).alias(name) for name in ("graft_months", "esrd_months", "other_months")],
        (F.col("death_date") < F.make_date("year", F.lit(1), F.lit(1))).alias("is_dead"),
        ((F.col("part_a_months") >= 1) & (F.col("part_b_months") >= 1)).alias("has_both"),
        "is_year_before_known",
    )
    return told.withColumn("excluded", _excluded()).drop("is_dead", "has_both", "is_year_before_known")


def accounts(
    enrolment: DataFrame,
    counted_years: DataFrame,
    beneficiaries: DataFrame,
    statuses: DataFrame,
    rules: RiskRules,
    told: DataFrame,
) -> DataFrame:
    """People with enrolment in a scored year are those scored and those excluded, by reason."""
    enrolled = enrolment.where(F.col("year").isin(list(rules.years))).select("bene_key", "year").distinct()
    return balance(
        account("people and payment years", "in", enrolled),
        account("people and payment years", "out", told.where("excluded is null")),
        account("people and payment years", "excluded", told.where("excluded is not null"), F.col("excluded")),
    )


def _months_of_coverage(enrolment: DataFrame, counted_years: DataFrame, rules: RiskRules) -> DataFrame:
    wanted = sorted({*rules.years, *(year - 1 for year in rules.years)})
    by_year = (
        enrolment.where(F.col("year").isin(wanted))
        .groupBy("bene_key", "year")
        .agg(
            F.count_if(F.coalesce("has_part_a", F.lit(True))).alias("a"),
            F.count_if(F.coalesce("has_part_b", F.lit(True))).alias("b"),
        )
    )
    both = by_year.join(counted_years, ["bene_key", "year"], "left")
    return both.withColumn("part_a_months", F.coalesce("part_a_months", "a")).withColumn(
        "part_b_months", F.coalesce("part_b_months", "b")
    )


def _first_status(statuses: DataFrame) -> DataFrame:
    """What holds in the first of a person's months, and how many of them are of which kind."""
    first = [F.min_by(name, "first_month").alias(name) for name in ("dual_class", "is_long_term_institutional")]
    months = months_in(F.col("month_set"))
    return statuses.groupBy(*PERSON).agg(
        *first,
        F.min_by("graft_months", "first_month").alias("graft_months"),
        F.sum(F.when(F.col("is_esrd"), months).otherwise(0)).cast("int").alias("esrd_months"),
        F.sum(F.when(~F.col("is_esrd"), months).otherwise(0)).cast("int").alias("other_months"),
    )


def _age(rules: RiskRules) -> Column:
    """Whole years on the reference day of the payment year (RM 3.1)."""
    reference = rules.age_on(rules.years[0]) if rules.years else None
    had_birthday = (F.month("birth_date") * 100 + F.dayofmonth("birth_date")) <= (
        reference.month * 100 + reference.day if reference else 0
    )
    return F.col("year") - F.year("birth_date") - F.when(had_birthday, 0).otherwise(1)


def _excluded() -> Column:
    known = F.col("age").isNotNull() & (F.col("age") >= 0) & F.col("sex_code").isin(SEXES)
    return (
        F.when(F.col("is_dead"), "DEAD")
        .when(F.col("is_year_before_known").isNull(), "NO_YEAR_BEFORE")
        .when(~F.col("has_both"), "NOT_A_AND_B")
        .when(~F.coalesce(known, F.lit(False)), "NO_AGE_OR_SEX")
    )
