"""Raw scores of whole tables: one row a person goes through `vectors.Scorer`, batch by batch."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance
from lead_engine.tables.contract import SCORE_TYPE

from .rules import RiskRules
from .vectors import SCALE, People, Scorer

PERSON = ["bene_key", "year"]
TERMS = "bene_key bigint, year int, segment string, term string, kind string, dropped_by string, coefficient bigint"
FLAGS = "SUBSTITUTE_MODEL,LTI_NOT_GIVEN"  # LEAD's own model is not published; no input tells long-term institutional


def terms(profiles: DataFrame, diagnoses: DataFrame, rules: RiskRules) -> DataFrame:
    """`calc__hcc`: every term of every scored person, and every HCC that was dropped (RM 4.1 to RM 5.5).

    In: `calc__risk_profile`, `calc__risk_diagnosis`.
    """
    hccs = diagnoses.where("hcc > 0").groupBy(*PERSON).agg(F.collect_set("hcc").alias("hccs"))
    people = (
        profiles.where("excluded is null")
        .join(hccs, PERSON, "left")
        .withColumn("hccs", F.coalesce("hccs", F.array().cast("array<int>")))
    )
    scorer = Scorer(rules.model, rules.aged_from)
    scored = people.mapInArrow(lambda batches: _scored(batches, scorer), TERMS)
    return scored.select(
        F.lit(rules.model.name).alias("model"),
        *PERSON,
        "segment",
        "term",
        "kind",
        "dropped_by",
        (F.col("coefficient").cast("decimal(20,4)") / SCALE).cast(SCORE_TYPE).alias("coefficient"),
    )


def raw_scores(hccs: DataFrame, rules: RiskRules) -> DataFrame:
    """`calc__risk_score`: the sum of a person's terms (RM 5.5). In: `calc__hcc`."""
    return hccs.groupBy("model", *PERSON).agg(
        F.max("segment").alias("segment"),
        F.sum("coefficient").cast(SCORE_TYPE).alias("raw_score"),
        F.lit(rules.model.version).alias("model_version"),
        F.lit(FLAGS).alias("flags"),
    )


def accounts(hccs: DataFrame, rules: RiskRules, scores: DataFrame) -> DataFrame:
    """People with terms are people with a score; the ten-thousandths of the terms are those of the scores."""
    people = hccs.groupBy(*PERSON).agg(F.sum("coefficient").alias("coefficient"))
    return balance(
        account("scored people and ten-thousandths of score", "in", people, cents=F.col("coefficient") * SCALE),
        account("scored people and ten-thousandths of score", "out", scores, cents=F.col("raw_score") * SCALE),
    )


def _scored(batches: Iterable[pa.RecordBatch], scorer: Scorer) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        column = {name: batch.column(name) for name in ("bene_key", "year")}
        found = scorer.score(people_of(batch, scorer))
        of_person = pa.array(found.person)
        yield pa.RecordBatch.from_arrays(
            [
                column["bene_key"].take(of_person),
                column["year"].take(of_person),
                *(pa.array(texts, pa.string()) for texts in (found.segment, found.term, found.kind, found.dropped_by)),
                pa.array(found.coefficient, pa.int64()),
            ],
            names=["bene_key", "year", "segment", "term", "kind", "dropped_by", "coefficient"],
        )


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
    )


def _texts(values: pa.Array) -> np.ndarray:
    return np.asarray(values.to_pylist(), dtype=object)


def _truths(values: pa.Array) -> np.ndarray:
    return np.asarray(values.to_pylist(), dtype=bool)
