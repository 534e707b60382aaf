"""What risk scores ask of a person in a payment year, from enrolment (RM 3.1 to RM 3.6)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance

from .rules import RiskRules

UNKNOWN_ENTITLEMENT = "0"
SEXES = ["1", "2"]


def profiles(enrolment: DataFrame, counted_years: DataFrame, beneficiaries: DataFrame, rules: RiskRules) -> DataFrame:
    """`calc__risk_profile`: one row per person and payment year with enrolment, also those who are not scored.

    In: `core__enrolment_month`, `core__enrolment_year`, `core__beneficiary`. Medicaid and ESRD are those of January,
    months of Part A and B those the source counts, else those of its months; one it cannot tell counts (DL 9). No input
    tells long-term institutional. Without any enrolment of the year before, nobody can be told from a new enrollee, and
    nobody is scored.
    """
    counted = _months_of_coverage(enrolment, counted_years, rules)
    before = counted.select(
        "bene_key", (F.col("year") + 1).alias("year"), F.col("part_b_months").alias("part_b_months_before")
    )
    now = counted.where(F.col("year").isin(list(rules.years)))
    covered = F.broadcast(before.select("year", F.lit(True).alias("is_year_before_known")).distinct())
    people = (
        now.join(before, ["bene_key", "year"], "left")
        .join(beneficiaries, "bene_key", "left")
        .join(covered, ["year"], "left")
    )
    classes = F.create_map(*[F.lit(part) for pair in rules.dual_classes for part in pair])
    told = people.select(
        "year",
        "bene_key",
        _age(rules).alias("age"),
        "sex_code",
        F.coalesce(classes[F.col("january_dual_code")], F.lit("NONE")).alias("dual_class"),
        F.coalesce("original_entitlement_code", F.lit(UNKNOWN_ENTITLEMENT)).alias("original_entitlement_code"),
        (F.coalesce("part_b_months_before", F.lit(0)) < rules.new_enrollee_part_b_months).alias("is_new_enrollee"),
        F.lit(False).alias("is_long_term_institutional"),
        (F.col("death_date") < F.make_date("year", F.lit(1), F.lit(1))).alias("is_dead"),
        ((F.col("part_a_months") >= 1) & (F.col("part_b_months") >= 1)).alias("has_both"),
        F.col("january_status_code").isin(list(rules.esrd_status_codes)).alias("is_esrd"),
        "is_year_before_known",
    )
    return told.withColumn("excluded", _excluded()).drop("is_dead", "has_both", "is_esrd", "is_year_before_known")


def accounts(
    enrolment: DataFrame, counted_years: DataFrame, beneficiaries: DataFrame, rules: RiskRules, told: DataFrame
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
    is_january = F.month("month") == 1
    by_year = (
        enrolment.where(F.col("year").isin(wanted))
        .groupBy("bene_key", "year")
        .agg(
            F.count_if(F.coalesce("has_part_a", F.lit(True))).alias("a"),
            F.count_if(F.coalesce("has_part_b", F.lit(True))).alias("b"),
            F.max(F.when(is_january, F.col("dual_code"))).alias("january_dual_code"),
            F.max(F.when(is_january, F.col("medicare_status_code"))).alias("january_status_code"),
        )
    )
    both = by_year.join(counted_years, ["bene_key", "year"], "left")
    return both.withColumn("part_a_months", F.coalesce("part_a_months", "a")).withColumn(
        "part_b_months", F.coalesce("part_b_months", "b")
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
        .when(F.col("is_esrd"), "ESRD")
        .when(~F.coalesce(known, F.lit(False)), "NO_AGE_OR_SEX")
    )
