"""What risk scores ask of a person in a payment year, from enrolment (RM 3.1 to RM 3.6)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.months import MONTHS_OF_A_YEAR
from lead_engine.lake.accounts import account, balance

from .rules import RiskRules

UNKNOWN_ENTITLEMENT = "0"
SEXES = ["1", "2"]
FUNCTIONING_FROM = 4  # month since the graft from which it is paid as functioning


def profiles(
    enrolment: DataFrame, counted_years: DataFrame, beneficiaries: DataFrame, claims: DataFrame, rules: RiskRules
) -> DataFrame:
    """`calc__risk_profile`: one row per person and payment year with enrolment, also those who are not scored.

    In: `core__enrolment_month`, `core__enrolment_year`, `core__beneficiary`, `core__claim`. Medicaid is that of January,
    ESRD that of each month (RM 3.6); months of Part A and B are those the source counts, else those of its months; one it
    cannot tell counts (DL 9). No input tells long-term institutional; a graft is told by the DRG of a stay. Without any
    enrolment of the year before, nobody can be told from a new enrollee, and nobody is scored.
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
        .join(_graft_months(claims, rules), ["bene_key", "year"], "left")
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
        F.coalesce("graft_months", F.lit(0)).alias("graft_months"),
        F.col("esrd_months").cast("int").alias("esrd_months"),
        F.col("other_months").cast("int").alias("other_months"),
        (F.col("death_date") < F.make_date("year", F.lit(1), F.lit(1))).alias("is_dead"),
        ((F.col("part_a_months") >= 1) & (F.col("part_b_months") >= 1)).alias("has_both"),
        "is_year_before_known",
    )
    return told.withColumn("excluded", _excluded()).drop("is_dead", "has_both", "is_year_before_known")


def accounts(
    enrolment: DataFrame,
    counted_years: DataFrame,
    beneficiaries: DataFrame,
    claims: DataFrame,
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
    is_january = F.month("month") == 1
    is_esrd = F.coalesce(F.col("medicare_status_code").isin(list(rules.esrd_status_codes)), F.lit(False))
    is_lived = F.col("is_alive") & (F.col("month") <= F.lit(rules.enrolment_through))
    by_year = (
        enrolment.where(F.col("year").isin(wanted))
        .groupBy("bene_key", "year")
        .agg(
            F.count_if(F.coalesce("has_part_a", F.lit(True))).alias("a"),
            F.count_if(F.coalesce("has_part_b", F.lit(True))).alias("b"),
            F.max(F.when(is_january, F.col("dual_code"))).alias("january_dual_code"),
            F.count_if(is_lived & is_esrd).alias("esrd_months"),
            F.count_if(is_lived & ~is_esrd).alias("other_months"),
        )
    )
    both = by_year.join(counted_years, ["bene_key", "year"], "left")
    return both.withColumn("part_a_months", F.coalesce("part_a_months", "a")).withColumn(
        "part_b_months", F.coalesce("part_b_months", "b")
    )


def _graft_months(claims: DataFrame, rules: RiskRules) -> DataFrame:
    """Months from the last kidney transplant to January, its own counted as 1, by person and payment year (RM 3.4).

    A score is of a whole year. The three months of a transplant are paid by a factor of their own, and no year is made
    of them: who is in them in January is taken as in the first months of a functioning graft, as for most of that year.
    """
    counts = (F.col("sign") > 0) & F.col("cancelled_known_date").isNull() & ~F.col("is_denied")
    stays = claims.where(F.col("drg_code").isin(list(rules.transplant_drgs)) & counts)
    years = F.explode(F.array(*[F.lit(year) for year in rules.years]) if rules.years else F.array().cast("array<int>"))
    month = (F.col("year") - F.year("from_date")) * MONTHS_OF_A_YEAR + 2 - F.month("from_date")
    by_year = stays.select("bene_key", "from_date", years.alias("year")).withColumn("since", month).where("since >= 1")
    latest = by_year.groupBy("bene_key", "year").agg(F.min("since").alias("since"))
    return latest.select(
        "bene_key", "year", F.greatest("since", F.lit(FUNCTIONING_FROM)).cast("int").alias("graft_months")
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
