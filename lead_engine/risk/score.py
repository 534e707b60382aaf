"""Raw scores of whole tables: one row a person and model goes through `vectors.Scorer`, batch by batch."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance
from lead_engine.tables.contract import SCORE_TYPE

from .diagnoses import MONTHS_OF, models_of_person
from .model import AGED_DISABLED, RiskModel
from .rules import RiskRules
from .vectors import SCALE, People, Scorer

PERSON = ["bene_key", "year"]
ROW = ["model", *PERSON]
TERMS = (
    "model string, bene_key bigint, year int, segment string, term string, kind string, dropped_by string,"
    " coefficient bigint"
)


def terms(profiles: DataFrame, diagnoses: DataFrame, rules: RiskRules) -> DataFrame:
    """`calc__hcc`: every term of every scored person and model, and every HCC that was dropped (RM 4.1 to RM 6.1).

    In: `calc__risk_profile`, `calc__risk_diagnosis`.
    """
    hccs = diagnoses.where("hcc > 0").groupBy(*ROW).agg(F.collect_set("hcc").alias("hccs"))
    names = F.transform(models_of_person(rules), lambda model: model["name"])
    people = (
        profiles.where("excluded is null")
        .withColumn("model", F.explode(names))
        .join(hccs, ROW, "left")
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


def raw_scores(hccs: DataFrame, profiles: DataFrame, rules: RiskRules) -> DataFrame:
    """`calc__risk_score`: the sum of a person's terms (RM 5.5), and the months it is for.

    In: `calc__hcc`, `calc__risk_profile`.
    """
    summed = hccs.groupBy(*ROW).agg(
        F.max("segment").alias("segment"), F.sum("coefficient").cast(SCORE_TYPE).alias("raw_score")
    )
    return summed.join(profiles.select(*PERSON, *MONTHS_OF.values()), PERSON).select(
        *ROW,
        "segment",
        "raw_score",
        _of_model(rules, lambda model: F.col(MONTHS_OF[model.population])).alias("months"),
        _of_model(rules, lambda model: F.lit(model.version)).alias("model_version"),
        _of_model(rules, _flags).alias("flags"),
    )


def accounts(hccs: DataFrame, profiles: DataFrame, rules: RiskRules, scores: DataFrame) -> DataFrame:
    """People with terms are people with a score; the ten-thousandths of the terms are those of the scores."""
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
        F.lit("LTI_NOT_GIVEN" if model.asks_long_term_institutional else None),
        F.lit("GRAFT_FROM_DRG" if model.asks_graft else None),
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
