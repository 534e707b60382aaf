"""A registered model without its registry: factors from rows of `core__risk_model`, scores from factors.

Which terms apply is told by the risk engine, as in the fit; a score is the sum of their factors, in millionths.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.errors import ConfigurationError, MethodologyError, Problem, raise_all
from lead_engine.lake.accounts import account, balance
from lead_engine.risk.score import LTI_NOT_GIVEN, people_of, scored_statuses
from lead_engine.risk.vectors import People
from lead_engine.tables.risk_models import FACTOR_TYPE

from .design import Design, design
from .fit import ONE
from .report import COEFFICIENTS, FLAGS, MODEL
from .rules import CalibrationRules, Variant
from .sums import Whole, by_person

SCORES = "bene_key bigint, year int, first_month int, month_set int, is_institution_given boolean, millionths bigint"
KEPT = [part.split()[0] for part in SCORES.split(", ")[:-1]]


@dataclass(frozen=True)
class Registered:
    """Where a model comes from."""

    name: str
    version: int
    run_id: str

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


@dataclass(frozen=True)
class PromotedModel:
    """A model that scores people."""

    registered: Registered
    design: Design
    factors: Whole  # millionths, by column

    @classmethod
    def read(cls, rows: Iterable[Mapping[str, Any]], rules: CalibrationRules) -> Self:
        """From the rows of one model in `core__risk_model`.

        Raises MethodologyError naming each term that is missing, unknown or twice, or when the risk model it was made for
        has changed.
        """
        listed = list(rows)
        first = listed[0]
        registered = Registered(first["registry_name"], first["registry_version"], first["run_id"])
        variant: Variant = first["variant"]
        built = design(rules, variant)
        factors = _factors(f"core__risk_model, {registered}", [(row["term"], row["factor"]) for row in listed], built)
        _check_structure(f"core__risk_model, {registered}", first["structure_version"], built)
        return cls(registered, built, factors)

    def score(self, people: People) -> Whole:
        """Millionths of score of each person; nobody may be a new enrollee."""
        person, column = self.design.columns(people)
        return by_person(person, self.factors[column], len(people.age))


def rows_of(files: Mapping[str, str], registered: Registered) -> list[dict[str, Any]]:
    """The rows of `core__risk_model` from the files a run was registered with."""
    said = json.loads(files[MODEL])
    shared = {
        "registry_name": registered.name,
        "registry_version": registered.version,
        "run_id": registered.run_id,
        "variant": said["variant"],
        "diagnosis_year": said["diagnosis_year"],
        "cost_year": said["cost_year"],
        "structure": said["structure"],
        "structure_version": said["structure_version"],
        "mean_cost_cents": said["mean_cost_cents"],
    }
    return [
        shared
        | {
            "term": row["term"],
            "factor": Decimal(row["factor"]),
            "coefficient_cents": int(row["coefficient_cents"]),
            "shares_with": row["shares_with"],
            "held": row["held"] or None,
        }
        for row in csv.DictReader(io.StringIO(files[COEFFICIENTS]))
    ]


def substitute_scores(
    profiles: DataFrame, diagnoses: DataFrame, statuses: DataFrame, model: PromotedModel
) -> DataFrame:
    """`calc__substitute_score`: continuing enrollees' scores by kind of month, each with registry name, version and run.

    In: `calc__risk_profile`, diagnoses as in `calc__risk_diagnosis` of the years the model's variant rests on, of which
    those mapped by the risk model whose HCCs it has count, and `calc__risk_status`. People who are not scored, months of
    ESRD, and new enrollees, whom the model was not fitted on, have no row.
    """
    of_model = diagnoses.where((F.col("model") == model.design.model.name) & (F.col("hcc") > 0))
    found = of_model.groupBy("bene_key", "year").agg(F.collect_set("hcc").alias("hccs"))
    people = (
        _aged_disabled(profiles, statuses)
        .where("not is_new_enrollee")
        .join(found, ["bene_key", "year"], "left")
        .withColumn("hccs", F.coalesce("hccs", F.array().cast("array<int>")))
    )
    scored = people.mapInArrow(lambda batches: _scored(batches, model), SCORES)
    flags = [flag for flag in FLAGS[model.design.variant] if flag != LTI_NOT_GIVEN]
    return scored.select(
        "year",
        "bene_key",
        "first_month",
        "month_set",
        (F.col("millionths").cast("decimal(20,6)") / ONE).cast(FACTOR_TYPE).alias("score"),
        F.lit(model.registered.name).alias("registry_name"),
        F.lit(model.registered.version).alias("registry_version"),
        F.lit(model.registered.run_id).alias("registry_run"),
        F.concat_ws(",", F.lit(",".join(flags)), F.when(~F.col("is_institution_given"), LTI_NOT_GIVEN)).alias("flags"),
    )


def step(model: PromotedModel, profiles: DataFrame, diagnoses: DataFrame, statuses: DataFrame) -> DataFrame:
    """`calc__substitute_score` of a run.

    Raises ConfigurationError for a concurrent model: its scores rest on diagnoses that no stage has.
    """
    if model.design.variant != "prospective":
        what = (
            f"{model.registered} is a concurrent model, and no stage has concurrent diagnoses of High Needs people yet"
        )
        raise ConfigurationError(Problem("field risk_model", what, remedy="name a prospective model"))
    return substitute_scores(profiles, diagnoses, statuses, model)


def accounts(
    model: PromotedModel, profiles: DataFrame, diagnoses: DataFrame, statuses: DataFrame, scores: DataFrame
) -> DataFrame:
    """People and kinds of month scored by V28 are those the substitute scores, and those of new enrollees."""
    scored = _aged_disabled(profiles, statuses)
    name = "people, payment years and kinds of month"
    return balance(
        account(name, "in", scored),
        account(name, "out", scores),
        account(name, "excluded", scored.where("is_new_enrollee"), F.lit("NEW_ENROLLEE")),
    )


def _aged_disabled(profiles: DataFrame, statuses: DataFrame) -> DataFrame:
    """Who is scored for months without ESRD, as by V28, by kind of month."""
    return scored_statuses(profiles, statuses).where("not is_esrd")


def _scored(batches: Iterable[pa.RecordBatch], model: PromotedModel) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        found = model.score(people_of(batch, model.design.scorer))
        kept = [batch.column(name) for name in KEPT]
        yield pa.RecordBatch.from_arrays([*kept, pa.array(found, pa.int64())], names=[*KEPT, "millionths"])


def _factors(where: str, rows: list[tuple[str, Decimal]], built: Design) -> Whole:
    terms = [term for term, _ in rows]
    problems = [Problem(where, f"term {term} is missing") for term in built.names if term not in terms]
    problems += [Problem(where, f"term {term} has no meaning") for term in sorted(set(terms) - set(built.names))]
    problems += [Problem(where, f"term {term} stands twice") for term in sorted(set(terms)) if terms.count(term) > 1]
    raise_all(MethodologyError, problems)
    by_term = dict(rows)
    return np.array([int(by_term[term] * ONE) for term in built.names], dtype=np.int64)


def _check_structure(where: str, version: str, built: Design) -> None:
    if version != built.version:
        raise MethodologyError(
            Problem(
                where,
                "was fitted with other tables of the risk model than conf/reference has",
                "the same term could mean something else",
                "fit and promote it again, or use the configuration it was fitted with",
            )
        )
