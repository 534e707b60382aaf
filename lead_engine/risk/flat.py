"""Raw scores of flat tables of profiles and diagnoses, without a lake and without Spark: `lead-engine score`.

The same models and the same `Scorer` as in a run, over Arrow columns in batches of people. Nothing is dropped in
silence: who is not scored and which diagnosis maps to no HCC is told with a reason.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lead_engine.foundation.errors import MethodologyError, Problem, raise_all
from lead_engine.methodology.load import load
from lead_engine.methodology.resolve import resolve

from .catalogue import risk_model_in, risk_model_named
from .flat_profiles import Profiles, check_diagnoses, codes_of, read_profiles, text_of
from .flat_scoring import BATCH, SCORES, TERMS, TRACE, Counts, Diagnoses, ModelOverCodes, Scored
from .model import ESRD, RiskModel

NO_MODEL = "NO_MODEL"


def models_for(names: Iterable[str], year: int) -> list[RiskModel]:
    """The models asked for, and the run's ESRD model beside them where it has tables for the year, for people with ESRD.

    Raises ConfigurationError for a name that is none, MethodologyError for a payment year one of them has no tables for.
    """
    asked = list(dict.fromkeys(risk_model_named(name) for name in names))
    raise_all(
        MethodologyError,
        [
            Problem(
                f"conf/reference/{model.tables['model'].name}.csv",
                f"{model.name} has no tables for payment year {year}",
                "a score of another year's tables would be none of CMS's",
                f"choose a year from {model.payment_years[0]} to {model.payment_years[-1]}",
            )
            for model in asked
            if year not in model.payment_years
        ],
    )
    if not any(model.population == ESRD for model in asked):
        run = map(risk_model_in, resolve(load().programme.first_year).value("risk/scored_models"))
        asked += [model for model in run if model.population == ESRD and year in model.payment_years]
    return asked


def score_tables(
    profiles: pa.Table, diagnoses: pa.Table, models: Iterable[str], year: int, *, trace: bool = False
) -> tuple[Scored, Counts]:
    """Raw scores of everybody in `profiles` at once, and what was not used.

    In: `profiles` with one row a person: `profile_id`, `age` (years on 1 February of `year`), `sex` (M, F, 1, 2),
    `dual_elgbl_cd`, `orec`, and, when they are there, `crec` (2 and 3 are ESRD), `new_enrollee`, `lti`, `graft_months`
    (1 in the month of a transplant; empty: none). `diagnoses`: `profile_id`, `icd10`. Out: the columns of `SCORES`,
    `TERMS` and `TRACE`. Raises InputRefusedError for a missing column and a profile that stands twice (RM 2.4 to RM 6.4).
    """
    counts = Counts()
    parts = list(score_batches(profiles, diagnoses, models_for(models, year), year, counts, trace=trace))
    empty = Scored(SCORES.empty_table(), TERMS.empty_table(), TRACE.empty_table() if trace else None)
    told = [empty, *parts]
    traces = [part.trace for part in told if part.trace is not None]
    joined = pa.concat_tables(traces) if trace else None
    return (
        Scored(pa.concat_tables([p.scores for p in told]), pa.concat_tables([p.terms for p in told]), joined),
        counts,
    )


def score_batches(
    profiles: pa.Table,
    diagnoses: pa.Table,
    models: Iterable[RiskModel],
    year: int,
    counts: Counts,
    *,
    trace: bool = False,
) -> Iterator[Scored]:
    """The same, batch by batch of people and model by model; `counts` is filled on the way."""
    methodology = resolve(load().programme.first_year)  # constants of the CMS software, the same in every year
    classes = {row["dual_code"]: row["dual_class"] for row in methodology.table("risk/dual_status").records()}
    check_diagnoses(diagnoses)
    people = read_profiles(profiles, classes)
    found, chosen = _diagnoses(diagnoses, people, counts), list(models)
    counts.not_scored = pa.concat_tables([people.not_scored, _of_no_model(people, chosen)])
    for model in chosen:
        one = ModelOverCodes(
            model, year, methodology.value("risk/aged_from"), found.codes, people.is_esrd, counts, trace
        )
        counts.scored.setdefault(model.name, 0)
        for first in range(0, len(people), BATCH):
            yield from one.scored(people, found, first)


def _of_no_model(people: Profiles, models: list[RiskModel]) -> pa.Table:
    """People of a kind that none of the models is for."""
    kinds = {model.population == ESRD for model in models}
    rows = np.flatnonzero(people.is_usable & ~np.isin(people.is_esrd, list(kinds)))
    reason = pa.array([NO_MODEL] * len(rows), pa.string())
    return pa.table({"profile_id": people.ids.take(pa.array(rows)), "reason": reason})


def _diagnoses(table: pa.Table, people: Profiles, counts: Counts) -> Diagnoses:
    """Rows of known people by person; the others are counted by identifier."""
    ids = text_of(table, "profile_id")
    person = pc.index_in(ids, people.ids)
    unknown = (
        pa.table({"profile_id": ids.filter(pc.is_null(person))}).group_by("profile_id").aggregate([([], "count_all")])
    )
    counts.unknown_people = unknown.rename_columns(["profile_id", "diagnoses"]).sort_by("profile_id")
    known = pc.is_valid(person)
    codes, code = codes_of(table, "icd10")
    rows = np.flatnonzero(known.to_numpy(zero_copy_only=False))
    places = np.asarray(person.take(pa.array(rows)), dtype=np.int64)
    order = np.argsort(places, kind="stable")
    return Diagnoses(codes, code[rows[order]], places[order])
