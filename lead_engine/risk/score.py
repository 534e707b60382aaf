"""Raw scores of whole tables: one row a person and model goes through `vectors.Scorer`, batch by batch."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance
from lead_engine.lake.month_sets import months_in
from lead_engine.tables.contract import SCORE_TYPE

from .diagnoses import models_of_person
from .model import AGED_DISABLED, RiskModel
from .rules import RiskRules
from .vectors import SCALE, People, Scorer

PERSON = ["bene_key", "year"]
STATUS = [*PERSON, "first_month"]
ROW = ["model", *STATUS]
GIVEN = ["is_institution_given", "is_graft_given"]
LTI_NOT_GIVEN = "LTI_NOT_GIVEN"
TERMS = (
    "model string, bene_key bigint, year int, first_month int, segment string, term string, kind string, dropped_by string,"
    " coefficient bigint"
)


def terms(profiles: DataFrame, diagnoses: DataFrame, statuses: DataFrame, rules: RiskRules) -> DataFrame:
    """`calc__hcc`: the terms of every scored person, kind of month and model, and the HCCs that were dropped.

    RM 4.1 to RM 6.1. In: `calc__risk_profile`, `calc__risk_diagnosis`, `calc__risk_status`.
    """
    hccs = diagnoses.where("hcc > 0").groupBy("model", *PERSON).agg(F.collect_set("hcc").alias("hccs"))
    names = F.transform(models_of_person(rules), lambda model: model["name"])
    people = (
        scored_statuses(profiles, statuses)
        .withColumn("model", F.explode(names))
        .join(hccs, ["model", *PERSON], "left")
        .withColumn("hccs", F.coalesce("hccs", F.array().cast("array<int>")))
    )
    scorers = {model.name: Scorer(model, rules.aged_from) for model in rules.models}
    scored = people.mapInArrow(lambda batches: _scored(batches, scorers), TERMS)
    return scored.select(
        *ROW,
        "segment",
        "term",
        "kind",
        "dropped_by",
        (F.col("coefficient").cast("decimal(20,4)") / SCALE).cast(SCORE_TYPE).alias("coefficient"),
    )


def scored_statuses(profiles: DataFrame, statuses: DataFrame) -> DataFrame:
    """The kinds of month of everybody who is scored, each as a row of `calc__risk_profile` of its own months alone.

    In: `calc__risk_profile`, `calc__risk_status`.
    """
    of_year = ["dual_class", "is_long_term_institutional", "graft_months", "esrd_months", "other_months", "excluded"]
    months = months_in(F.col("month_set"))
    return (
        profiles.where("excluded is null")
        .drop(*of_year)
        .join(statuses.drop("performance_year"), PERSON)
        .withColumn("esrd_months", F.when(F.col("is_esrd"), months).otherwise(0))
        .withColumn("other_months", F.when(~F.col("is_esrd"), months).otherwise(0))
    )


def raw_scores(hccs: DataFrame, statuses: DataFrame, rules: RiskRules) -> DataFrame:
    """`calc__risk_score`: the sum of the terms of a person and kind of month (RM 5.5), and the months it is for.

    In: `calc__hcc`, `calc__risk_status`.
    """
    summed = hccs.groupBy(*ROW).agg(
        F.max("segment").alias("segment"), F.sum("coefficient").cast(SCORE_TYPE).alias("raw_score")
    )
    return summed.join(statuses.select(*STATUS, "month_set", *GIVEN), STATUS).select(
        *ROW,
        "segment",
        "raw_score",
        months_in(F.col("month_set")).alias("months"),
        "month_set",
        _of_model(rules, lambda model: F.lit(model.version)).alias("model_version"),
        _of_model(rules, _flags).alias("flags"),
    )


def accounts(hccs: DataFrame, statuses: DataFrame, rules: RiskRules, scores: DataFrame) -> DataFrame:
    """People and kinds of month with terms are those with a score; the ten-thousandths of the terms are those of the scores."""
    people = hccs.groupBy(*ROW).agg(F.sum("coefficient").alias("coefficient"))
    return balance(
        account("scored people and ten-thousandths of score", "in", people, cents=F.col("coefficient") * SCALE),
        account("scored people and ten-thousandths of score", "out", scores, cents=F.col("raw_score") * SCALE),
    )


def _of_model(rules: RiskRules, told: Callable[[RiskModel], Column]) -> Column:
    """What a row's model says."""
    return F.coalesce(*[F.when(F.col("model") == model.name, told(model)) for model in rules.models])


def _flags(model: RiskModel) -> Column:
    """What a score rests on besides the model's tables."""
    years = [model.payment_years[0], model.payment_years[-1]]
    return F.concat_ws(
        ",",
        F.lit("SUBSTITUTE_MODEL" if model.population == AGED_DISABLED else None),
        F.when(~F.col("year").between(*years), "OUTSIDE_TABLE_YEARS"),
        F.when(~F.col("is_institution_given") & F.lit(model.asks_long_term_institutional), LTI_NOT_GIVEN),
        F.when(~F.col("is_graft_given") & F.lit(model.asks_graft), "GRAFT_FROM_DRG"),
    )


def _scored(batches: Iterable[pa.RecordBatch], scorers: Mapping[str, Scorer]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        models = _texts(batch.column("model"))
        for name, scorer in scorers.items():
            rows = np.flatnonzero(models == name)
            if len(rows):
                yield _scored_by(name, scorer, batch.take(pa.array(rows)))


def _scored_by(name: str, scorer: Scorer, batch: pa.RecordBatch) -> pa.RecordBatch:
    found = scorer.score(people_of(batch, scorer))
    of_person = pa.array(found.person)
    columns = [
        pa.array([name] * len(found.person), pa.string()),
        batch.column("bene_key").take(of_person),
        batch.column("year").take(of_person),
        batch.column("first_month").take(of_person),
        *(found.named[each].arrow for each in ("segment", "term", "kind", "dropped_by")),
        pa.array(found.coefficient, pa.int64()),
    ]
    return pa.RecordBatch.from_arrays(columns, names=[part.split()[0] for part in TERMS.split(",")])


def people_of(batch: pa.RecordBatch, scorer: Scorer) -> People:
    """The people of a batch: the columns of `calc__risk_profile`, and `hccs`, a list before hierarchies."""
    lists = batch.column("hccs")
    owners = np.repeat(np.arange(batch.num_rows), np.asarray(lists.value_lengths()))
    return People(
        age=np.asarray(batch.column("age"), dtype=np.int64),
        sex_code=_texts(batch.column("sex_code")),
        dual_class=_texts(batch.column("dual_class")),
        entitlement=_texts(batch.column("original_entitlement_code")),
        is_new_enrollee=_truths(batch.column("is_new_enrollee")),
        is_long_term_institutional=_truths(batch.column("is_long_term_institutional")),
        hccs=scorer.columns(np.asarray(lists.flatten(), dtype=np.int64), owners, batch.num_rows),
        graft_months=np.asarray(batch.column("graft_months"), dtype=np.int64),
    )


def _texts(values: pa.Array) -> np.ndarray:
    return np.asarray(values.to_pylist(), dtype=object)


def _truths(values: pa.Array) -> np.ndarray:
    return np.asarray(values.to_pylist(), dtype=bool)
