"""Eligible months of whole tables: `decide.py` as Spark expressions."""

from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance

from .decide import Category, Reason
from .rules import MonthRules

AFTER = "AFTER_ENROLMENT_THROUGH"
NOT_TOLD = {
    "A_AND_B": ("has_part_a", "has_part_b"),
    "MA": ("is_medicare_advantage",),
    "MSP": ("is_medicare_secondary",),
}


def evaluate(enrolment: DataFrame, checks: DataFrame, rules: MonthRules) -> DataFrame:
    """`calc__beneficiary_month`: one row for every month that can be evaluated (ALN-18), with its category (ALN-57).

    In: `core__enrolment_month`, `calc__high_needs_check`.
    """
    known = enrolment.where(F.col("month") <= F.lit(rules.enrolment_through))
    abroad = F.coalesce(~F.substring("county_fips_code", 1, 2).isin(list(rules.us_states)), F.lit(False))
    year = Window.partitionBy("bene_key", "year")
    abroad_this_year = F.max(F.col("is_alive") & abroad).over(year)
    reason = _reason(abroad_this_year if rules.non_us_removes_the_year else abroad)
    evaluated = known.withColumn("reason", reason).join(_high_needs(checks, rules), ["bene_key", "year"], "left")
    return evaluated.select(
        "bene_key",
        "month",
        "year",
        F.col("reason").isNull().alias("is_eligible"),
        "reason",
        _category(rules).alias("category"),
        "county_code",
        _not_tested(rules).alias("not_tested"),
    )


def accounts(enrolment: DataFrame, checks: DataFrame, rules: MonthRules, months: DataFrame) -> DataFrame:
    """Person-months delivered are person-months evaluated and those after the run's last month."""
    is_after = F.col("month") > F.lit(rules.enrolment_through)
    return balance(
        account("person-months", "in", enrolment),
        account("person-months", "out", months),
        account("person-months", "excluded", enrolment.where(is_after), F.lit(AFTER)),
    )


def _reason(abroad: Column) -> Column:
    """The first condition of ALN-18 that fails, in its order."""
    lacks = [~F.coalesce(part, F.lit(True)) for part in ("has_part_a", "has_part_b")]
    return (
        F.when(~F.col("is_alive"), Reason.DEAD)
        .when(lacks[0] | lacks[1], Reason.NOT_A_AND_B)
        .when(F.col("is_medicare_advantage"), Reason.MA)
        .when(F.col("is_medicare_secondary"), Reason.MSP)
        .when(abroad, Reason.NON_US)
    )


def _category(rules: MonthRules) -> Column:
    fits = {
        Category.ESRD: F.col("medicare_status_code").isin(list(rules.esrd_status_codes)),
        Category.HN: F.col("hn_month") <= F.col("month"),
        Category.AD: F.lit(True),
    }
    return F.coalesce(*[F.when(fits[Category(name)], name) for name in rules.category_order])


def _high_needs(checks: DataFrame, rules: MonthRules) -> DataFrame:
    """People and years with High Needs months, and the first of these months: the twin of `decide.is_high_needs`."""
    january = F.make_date(F.year("check_date"), F.lit(1), F.lit(1))
    began = {"CHECK_QUARTER": F.col("check_date"), "JAN1_OF_PY": january, "NEXT_PY": F.add_months(january, 12)}
    met = checks.where("criteria != 0").select("bene_key", began[rules.hn_effective].alias("hn_month"))
    own = F.year("hn_month")
    last = F.greatest(own, F.lit(rules.enrolment_through.year)) if rules.hn_is_forever else own
    by_year = met.select("bene_key", F.explode(F.sequence(own, last)).alias("year"), "hn_month")
    return by_year.groupBy("bene_key", "year").agg(F.min("hn_month").alias("hn_month"))


def _not_tested(rules: MonthRules) -> Column:
    """Conditions of ALN-18 that no input told of."""
    unknown = [
        F.when(reduce(or_, [F.col(column).isNull() for column in columns]), name) for name, columns in NOT_TOLD.items()
    ]
    no_area = F.col("county_code").isNull() if rules.tests_service_area else F.lit(True)
    no_models = F.lit(None if rules.tests_overlap else Reason.OVERLAP.value).cast("string")
    return F.concat_ws(",", *unknown, F.when(no_area, Reason.SERVICE_AREA), no_models)
