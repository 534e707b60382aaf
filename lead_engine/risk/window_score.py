"""Raw scores of every High Needs window of whole tables (ALN-48): `windows.window_score` on bit masks and NumPy arrays.

One pass over the diagnoses. A diagnosis becomes a bit for each check of a year whose window holds it, so a person has one
row a year and model however many checks there are, and is scored again only where a check finds other HCCs than the last.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.claims.known import as_known
from lead_engine.foundation.months import MONTHS_OF_A_YEAR, add_months, first_of_month
from lead_engine.lake.accounts import account, balance
from lead_engine.lake.join import checked_join
from lead_engine.tables.contract import SCORE_TYPE

from .diagnoses import NOT_IN_MODEL, by_hcc, on_eligible_claims
from .model import ESRD
from .score import people_of
from .vectors import SCALE, People, Scorer
from .windows import Check, WindowRules

PERSON = ["bene_key", "year"]
ASKED = "array<struct<model:string,checks:int>>"
HCCS = "array<struct<hcc:int,checks:int>>"
SCORED = "model string, bene_key bigint, year int, month int, raw bigint"
NO_LIST, NO_PROFILE, NO_MODEL = "NO_LIST_OF_ELIGIBLE_CODES", "NO_PROFILE", "NO_MODEL"


def window_scores(
    enrolment: DataFrame, profiles: DataFrame, lines: DataFrame, diagnoses: DataFrame, rules: WindowRules
) -> DataFrame:
    """`calc__window_score`: one row per person, check and model; no row where the check is not evaluated.

    In: `core__enrolment_month`, `calc__risk_profile`, `core__claim_line`, `core__claim_diagnosis`. Who is alive and enrolled
    at the check is scored, by ESRD models with ESRD status then, else by those of aged and disabled, with the profile of
    the check's year (RM 3.1 to RM 3.6) and the diagnoses of the window (RM 2.2 to RM 2.6), as known at the run.
    """
    people = _asked(_enrolled(enrolment, rules.scored, rules), rules).join(
        profiles.where("excluded is null").drop("excluded"), PERSON
    )
    rows = people.join(_hccs(people, lines, diagnoses, rules), ["model", *PERSON], "left").withColumn(
        "hccs", F.coalesce("hccs", F.array().cast(HCCS))
    )
    scorers = {model.name: Scorer(model, rules.risk.aged_from) for model in rules.models}
    scored = rows.mapInArrow(lambda batches: _scored(batches, scorers), SCORED)
    score = (F.col("raw").cast("decimal(20,4)") / SCALE).cast(SCORE_TYPE)
    return scored.select(
        "model", F.make_date("year", "month", F.lit(1)).alias("check_date"), "bene_key", score.alias("raw_score")
    )


def accounts(
    enrolment: DataFrame,
    profiles: DataFrame,
    lines: DataFrame,
    diagnoses: DataFrame,
    rules: WindowRules,
    scores: DataFrame,
) -> DataFrame:
    """People enrolled at a check are those scored and those who are not, by reason."""
    name, pair = "people and checks", ["bene_key", "check_date"]
    enrolled = _enrolled(enrolment, rules.checks, rules)
    listed = F.col("check_date").isin([check.on for check in rules.scored])
    told = profiles.select(*PERSON, F.coalesce("excluded", F.lit(NO_MODEL)).alias("why"))
    unscored = enrolled.join(scores.select(*pair), pair, "left_anti").join(told, PERSON, "left")
    why = F.when(~listed, NO_LIST).otherwise(F.coalesce("why", F.lit(NO_PROFILE)))
    return balance(
        account(name, "in", enrolled),
        account(name, "out", scores.select(*pair).distinct()),
        account(name, "excluded", unscored, why),
    )


def _enrolled(enrolment: DataFrame, checks: Iterable[Check], rules: WindowRules) -> DataFrame:
    """Who is alive and enrolled at each check: person, `check_date`, its `year` and `bit`, and `is_esrd`."""
    rows = [(rules.status_month(check), check.on, check.on.year, _bit(check)) for check in checks]
    at = enrolment.sparkSession.createDataFrame(rows, "month date, check_date date, check_year int, bit int")
    is_esrd = F.coalesce(F.col("medicare_status_code").isin(list(rules.risk.esrd_status_codes)), F.lit(False))
    alive = enrolment.where("is_alive").where(F.col("month").isin([month for month, *_ in rows]))
    return alive.join(F.broadcast(at), "month").select(
        "bene_key", "check_date", F.col("check_year").alias("year"), "bit", is_esrd.alias("is_esrd")
    )


def _asked(enrolled: DataFrame, rules: WindowRules) -> DataFrame:
    """One row per person, year and model that scores one of the year's checks, with those checks as bits."""
    by_year = enrolled.groupBy(*PERSON).agg(
        F.bit_or(F.when(F.col("is_esrd"), F.col("bit")).otherwise(0)).alias("esrd"),
        F.bit_or(F.when(F.col("is_esrd"), 0).otherwise(F.col("bit"))).alias("other"),
    )
    asked = [
        F.struct(
            F.lit(model.name).alias("model"), F.col("esrd" if model.population == ESRD else "other").alias("checks")
        )
        for model in rules.models
    ]
    some = F.filter(F.array(*asked).cast(ASKED), lambda model: model["checks"] != 0)
    return by_year.select(*PERSON, F.inline(some))


def _hccs(people: DataFrame, lines: DataFrame, diagnoses: DataFrame, rules: WindowRules) -> DataFrame:
    """The HCCs of each person, year and model, each with the checks whose window shows it, as bits."""
    seen = _seen(lines, diagnoses, rules)
    asked = people.select("model", *PERSON, "age", "sex_code", F.col("checks").alias("asked"))
    of_person = asked.join(seen, PERSON).withColumn("checks", F.col("checks").bitwiseAND(F.col("asked")))
    mapped = by_hcc(of_person.where("checks != 0"), rules.models).where("hcc > 0")
    by_person = mapped.groupBy("model", *PERSON)
    return by_person.agg(F.collect_list(F.struct("hcc", "checks")).cast(HCCS).alias("hccs"))


def _seen(lines: DataFrame, diagnoses: DataFrame, rules: WindowRules) -> DataFrame:
    """Each eligible diagnosis of a person and check year that a model maps: the checks that see it, its first and last day."""
    spark = diagnoses.sparkSession
    codes = sorted({code for model in rules.models for code in {*model.mappings, *model.edits}})
    known = checked_join(
        as_known(diagnoses, rules.claims_cutoff),
        spark.createDataFrame([(code,) for code in codes], "icd10_code string"),
        ["icd10_code"],
        NOT_IN_MODEL,
    ).where("excluded is null")
    of_lines = as_known(lines, rules.claims_cutoff)
    eligible = on_eligible_claims(of_lines, known, rules.risk, _service_years(rules))
    month = F.year("through_date") * MONTHS_OF_A_YEAR + F.month("through_date")
    return (
        eligible.select("bene_key", "icd10_code", "through_date", month.alias("through_month"))
        .join(F.broadcast(_months(spark, rules)), "through_month")
        .groupBy(*PERSON, "icd10_code")
        .agg(
            F.bit_or("checks").alias("checks"),
            F.min("through_date").alias("first_date"),
            F.max("through_date").alias("last_date"),
        )
    )


def _months(spark: SparkSession, rules: WindowRules) -> DataFrame:
    """For each month of care and check year, the checks of the year whose window holds it. Windows are whole months."""
    bits: dict[tuple[int, int], int] = {}
    for check in rules.scored:
        month = first_of_month(check.window.start)
        while month <= check.window.end:
            key = month.year * MONTHS_OF_A_YEAR + month.month, check.on.year
            bits[key] = bits.get(key, 0) | _bit(check)
            month = add_months(month, 1)
    rows = [(*key, checks) for key, checks in sorted(bits.items())]
    return spark.createDataFrame(rows, "through_month int, year int, checks int")


def _service_years(rules: WindowRules) -> list[int]:
    """The years of care of all windows; without any, one in which no check looks."""
    years = {year for check in rules.scored for year in (check.window.start.year, check.window.end.year)}
    return list(range(min(years), max(years) + 1)) if years else [rules.risk.enrolment_through.year]


def _bit(check: Check) -> int:
    """A check among those of its year."""
    return 1 << check.on.month - 1


def _scored(batches: Iterable[pa.RecordBatch], scorers: Mapping[str, Scorer]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        models = np.asarray(batch.column("model").to_pylist(), dtype=object)
        for name, scorer in scorers.items():
            rows = np.flatnonzero(models == name)
            if len(rows):
                yield from _scored_by(name, scorer, batch.take(pa.array(rows)))


def _scored_by(name: str, scorer: Scorer, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Check after check: a row whose HCCs are those of the check before keeps its score."""
    lists = batch.column("hccs")
    owners = np.repeat(np.arange(batch.num_rows), np.asarray(lists.value_lengths()))
    hccs, seen = (np.asarray(lists.flatten().field(place), dtype=np.int64) for place in (0, 1))
    asked = np.asarray(batch.column("checks"), dtype=np.int64)
    people = _without_hccs(batch, scorer)
    raw, before, has = np.zeros(batch.num_rows, np.int64), people.hccs, np.zeros(batch.num_rows, bool)
    for month in [month for month in range(MONTHS_OF_A_YEAR) if (asked >> month & 1).any()]:
        is_seen, is_asked = (seen >> month & 1) == 1, (asked >> month & 1) == 1
        present = scorer.columns(hccs[is_seen], owners[is_seen], batch.num_rows)
        other = np.flatnonzero(is_asked & ~(has & (present == before).all(axis=1)))
        raw[other] = _raw(scorer, replace(people.take(other), hccs=present[other]))
        before, has = np.where(is_asked[:, None], present, before), has | is_asked
        yield _told(name, batch, month + 1, np.flatnonzero(is_asked), raw)


def _without_hccs(batch: pa.RecordBatch, scorer: Scorer) -> People:
    nothing = pa.array([[]] * batch.num_rows, pa.list_(pa.int32()))
    return people_of(batch.set_column(batch.schema.get_field_index("hccs"), "hccs", nothing), scorer)


def _raw(scorer: Scorer, people: People) -> NDArray[np.int64]:
    """The sum of each person's coefficients, in ten-thousandths; whole numbers far below 2^53, so exact."""
    terms = scorer.score(people)
    return np.bincount(terms.person, weights=terms.coefficient, minlength=len(people.age)).astype(np.int64)


def _told(
    name: str, batch: pa.RecordBatch, month: int, rows: NDArray[np.int64], raw: NDArray[np.int64]
) -> pa.RecordBatch:
    of_row = pa.array(rows)
    columns = [
        pa.array([name] * len(rows), pa.string()),
        batch.column("bene_key").take(of_row),
        batch.column("year").take(of_row),
        pa.array(np.full(len(rows), month), pa.int32()),
        pa.array(raw[rows], pa.int64()),
    ]
    return pa.RecordBatch.from_arrays(columns, names=[part.split()[0] for part in SCORED.split(", ")])
