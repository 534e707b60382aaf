"""BMK-30, BMK-34, BMK-37: sums of raw scores over aligned months; months without a score are counted, never dropped."""

from datetime import date
from decimal import Decimal

import pytest
from pyspark.sql import functions as F
from pyspark.sql.types import StructField, StructType

from lead_engine.benchmark import aco_risk, reference
from lead_engine.benchmark.evidence import reference_means
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.tables import CONTRACTS
from tests.drawn import table
from tests.rules import risk_ratio_rules

MONTHS = table(
    """
    person | year | route | category | months
    -------|------|-------|----------|-------
    1      | 2026 | C     | AD       | 12
    1      | 2027 | C     | AD       | 6
    2      | 2026 | C     | AD       | 4
    2      | 2026 | C     | ESRD     | 8
    3      | 2027 | B     | AD       | 2
    4      | 2027 | V     | AD       | 3
    5      | 2026 | C     | AD       | 1
    6      | 2023 | C     | AD       | 5
    7      | 2027 | C     | HN       | 12
    """,
    person=int,
    year=int,
    months=int,
)
SCORES = table(
    """
    person | year | model              | score
    -------|------|--------------------|-------
    1      | 2026 | V28                | 1.0342
    1      | 2026 | V24                | 9.9999
    1      | 2027 | V28                | 1.1000
    2      | 2026 | V28                | 0.5000
    2      | 2026 | ESRDV24            | 2.0001
    3      | 2027 | V28                | 0.7000
    4      | 2027 | V28                | 0.9000
    4      | 2026 | V28                | 0.8000
    6      | 2023 | V28                | 5.0000
    7      | 2027 | V28                | 3.0000
    7      | 2027 | CMMI_CONCURRENT_V1 | 2.5000
    """,
    person=int,
    year=int,
    score=Decimal,
)
SUMS = table(
    """
    category | route | year | people | months | newly | scored | score sum
    ---------|-------|------|--------|--------|-------|--------|----------
    AD       | C     | 2026 | 3      | 17     | 0     | 16     | 14410400
    AD       | C     | 2027 | 2      | 8      | 0     | 8      | 8000000
    AD       | V     | 2026 | 1      | 11     | none  | 11     | 8800000
    AD       | V     | 2027 | 1      | 3      | 3     | 3      | 2700000
    ESRD     | C     | 2026 | 1      | 8      | 0     | 8      | 16000800
    HN       | C     | 2027 | 1      | 12     | 0     | 12     | 30000000
    """,
    **dict.fromkeys(["year", "people", "months", "newly", "scored", "score sum"], int),
)


def drawn(spark, name, rows):
    """Rows as a table of the contract: what a row does not say is empty, nobody asks it."""
    schema = StructType([StructField(field.name, field.dataType) for field in CONTRACTS[name].schema])
    return spark.createDataFrame([tuple(row.get(column) for column in schema.names) for row in rows], schema)


@pytest.fixture(scope="module")
def frames(spark):
    """The drawn tables; person 4 chose the ACO, and has eleven eligible months of the year before."""
    aligned = [
        {"bene_key": row["person"], "aligned_year": row["year"], "month": date(row["year"], month, 1), "aco_id": "L1"}
        | {"route": row["route"], "category": row["category"]}
        for row in MONTHS
        for month in _places(row)
    ]
    scores = [
        {"model": row["model"], "year": row["year"], "bene_key": row["person"], "raw_score": row["score"]}
        | {"first_month": 1, "month_set": 4095, "model_version": "v", "flags": "SUBSTITUTE_MODEL,LTI_NOT_GIVEN"}
        for row in SCORES
    ]
    history = [
        {"bene_key": 4, "month": date(2026, month, 1), "year": 2026, "aco_id": "L1", "route": "V", "category": "AD"}
        for month in range(1, 12)
    ]
    rows = {
        "calc__alignment_month": aligned,
        "calc__risk_score": scores,
        "calc__voluntary_history": history,
        "core__aco": [{"aco_id": "L1", "aco_name": "L1", "first_performance_year": 2027}],
    }
    return {name: drawn(spark, name, of) for name, of in rows.items()}


def _places(row):
    """Months of a person and year, one after another: ESRD months come after the others."""
    start = 5 if row["category"] == "ESRD" else 1
    return range(start, start + row["months"])


def summed(frames, external=None, promoted=None, **overrides):
    rules = risk_ratio_rules(**overrides)
    given = [
        frames[name] for name in ("calc__alignment_month", "calc__risk_score", "calc__voluntary_history", "core__aco")
    ]
    told = aco_risk.sums(*given, external, promoted, rules)
    return told, entries(aco_risk.accounts(*given, external, promoted, rules, told))


def test_sums(frames):
    told, _ = summed(frames)
    columns = ["category", "route", "year", "people", "months", "newly_voluntary_months", "scored_months"]
    found = [
        tuple(row) for row in told.orderBy("category", "route", "year").select(*columns, "score_millionths").collect()
    ]
    assert found == [tuple(row.values()) for row in SUMS]


def test_each_category_takes_its_own_model_and_says_what_it_rests_on(frames):
    told, _ = summed(frames)
    found = {row["category"]: (row["model"], row["model_version"], row["flags"]) for row in told.collect()}
    flags = "LTI_NOT_GIVEN,SUBSTITUTE_MODEL"
    assert found == {
        "AD": ("V28", "v", flags),
        "ESRD": ("ESRDV24", "v", flags),
        "HN": ("CMMI_CONCURRENT_V1", "v", flags),
    }


def test_months_in_are_months_out_and_excluded_by_reason(frames):
    _, account = summed(frames)
    assert unbalanced("calc__aco_risk", account) == []
    told = {(entry.side, entry.reason): entry.rows for entry in account if entry.rows}
    assert told == {
        ("in", ""): 53,
        ("out", ""): 47,
        ("excluded", "NO_SCORE_AD"): 1,
        ("excluded", "NOT_A_YEAR_OF_THE_ACO"): 5,
    }


def test_a_model_nobody_has_a_score_of_leaves_the_months(frames):
    told, account = summed(frames, risk_model_esrd="ESRDV28")
    (row,) = told.where("category = 'ESRD'").collect()
    assert (row["model"], row["months"], row["scored_months"], row["score_millionths"]) == ("ESRDV28", 8, 0, 0)
    assert {entry.reason: entry.rows for entry in account if entry.side == "excluded"}["NO_SCORE_ESRD"] == 8


def test_each_month_counts_with_the_score_that_is_for_it(frames, spark):
    """RM 3.4: who enters an institution in April has another score from then on; a month of neither score has none."""
    kinds = [
        {"model": "V28", "year": 2027, "bene_key": 1, "raw_score": Decimal(score), "first_month": first}
        | {"month_set": months, "model_version": "v", "flags": "F"}
        for first, months, score in ((1, 0b000111, "0.5000"), (4, 0b011000, "2.0000"))
    ]
    own = {**frames, "calc__risk_score": drawn(spark, "calc__risk_score", kinds)}
    told, account = summed(own)
    (row,) = told.where("category = 'AD' and year = 2027 and route = 'C'").collect()
    assert (row["people"], row["months"], row["scored_people"], row["scored_months"]) == (2, 8, 1, 5)
    assert row["score_millionths"] == 3 * 500_000 + 2 * 2_000_000
    assert unbalanced("calc__aco_risk", account) == []


def test_scores_from_outside_are_summed_beside(frames, spark):
    rows = [
        (2026, "AD", 1, Decimal("1.034211"), "AI", "0.9", "run by X", "v"),
        (2026, "AD", 99, Decimal(9), "AI", "0.9", "", "v"),
    ]
    external = spark.createDataFrame(rows, CONTRACTS["core__external_risk_score"].schema)
    told, account = summed(frames, external)
    (row,) = told.where("kind = 'EXTERNAL'").collect()
    assert (row["year"], row["months"], row["scored_months"], row["score_millionths"]) == (2026, 17, 12, 12_410_532)
    assert (row["model"], row["model_version"], row["flags"], row["lineage"]) == (
        "AI",
        "0.9",
        "EXTERNAL_MODEL",
        "run by X",
    )
    assert unbalanced("calc__aco_risk", account) == []


def test_demographic_scores_are_those_of_the_model_the_parameter_names(frames):
    told, _ = summed(frames, demographic_model="V24")
    (row,) = told.where("kind = 'DEMOGRAPHIC'").collect()
    assert (row["category"], row["year"], row["scored_months"], row["score_millionths"]) == (
        "AD",
        2026,
        12,
        119_998_800,
    )


def test_alignment_tells_which_months_are_newly_voluntary(frames):
    own = dict(frames)
    is_voluntary = F.col("route") == "V"
    own["calc__alignment_month"] = frames["calc__alignment_month"].withColumn(
        "is_newly_voluntary", F.when(is_voluntary, F.month("month") == 1)
    )
    told, _ = summed(own)
    (row,) = told.where("route = 'V' and year = 2027").collect()
    assert (row["months"], row["newly_voluntary_months"]) == (3, 1)


def test_later_years_do_not_guess_who_is_newly_voluntary(frames):
    """Where alignment says nothing, only in an ACO's first year is every such month new."""
    own = dict(frames)
    own["core__aco"] = frames["core__aco"].withColumn(
        "first_performance_year", frames["core__aco"].first_performance_year - 1
    )
    told, _ = summed(own)
    (row,) = told.where("route = 'V' and year = 2027").collect()
    assert row["newly_voluntary_months"] is None


def test_bmk_32_a_lake_that_holds_the_nation_gives_the_means(frames, spark):
    """Every eligible month, whoever it is aligned to, by the score that is for it; months without one are counted."""
    months = [(1, "AD", range(1, 13)), (2, "AD", range(1, 5)), (2, "ESRD", range(5, 13)), (9, "AD", range(1, 3))]
    eligible = [
        {
            "bene_key": person,
            "month": date(2026, month, 1),
            "year": 2026,
            "is_eligible": month != 12,
            "category": category,
        }
        for person, category, held in months
        for month in held
    ]
    given = [drawn(spark, "calc__beneficiary_month", eligible), frames["calc__risk_score"], None, None]
    rules = risk_ratio_rules()
    told = reference.sums(*given, rules)
    found = {row["category"]: row for row in told.collect()}
    sums = {name: (row["people"], row["months"], row["scored_months"]) for name, row in found.items()}
    assert sums == {"AD": (3, 17, 15), "ESRD": (1, 7, 7)}
    assert found["AD"]["score_millionths"] == 11 * 1_034_200 + 4 * 500_000
    assert (found["AD"]["model"], found["AD"]["kind"]) == ("V28", "HCC")
    account = entries(reference.accounts(*given, rules, told))
    assert unbalanced("calc__reference_risk", account) == []
    means = reference_means((), told.collect())
    mean = means[2026, "AD", "V28"]
    assert mean.score == pytest.approx((11 * 1.0342 + 4 * 0.5) / 15)
    assert (mean.flag, "15 eligible months of 3 people" in mean.source) == ("REFERENCE_OF_LAKE", True)


def test_bmk_32_the_lake_comes_before_the_list():
    from datetime import date as day

    from lead_engine.sources.inputs.reference_risk_scores import ReferenceRiskScore

    def listed(year):
        return ReferenceRiskScore.model_construct(
            score_year=year, category="AD", model="V28", mean_score=Decimal("1.07"), source="office",
            published_date=day(2027, 1, 1),
        )  # fmt: skip

    of_lake = {
        "year": 2026,
        "category": "AD",
        "model": "V28",
        "people": 2,
        "scored_months": 4,
        "score_millionths": 3_000_000,
    }
    nobody = of_lake | {"year": 2024, "scored_months": 0, "score_millionths": 0}
    means = reference_means([listed(2025), listed(2026)], [of_lake, nobody])
    assert means.keys() == {(2025, "AD", "V28"), (2026, "AD", "V28")}
    assert (means[2026, "AD", "V28"].score, means[2026, "AD", "V28"].flag) == (0.75, "REFERENCE_OF_LAKE")
    assert (means[2025, "AD", "V28"].score, means[2025, "AD", "V28"].flag) == (1.07, "REFERENCE_GIVEN")
