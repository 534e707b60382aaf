"""`lead-engine score` on files: CSV or Parquet in, CSV out, batch by batch."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet

from lead_engine.foundation.errors import InputRefusedError, Problem

from .flat import models_for, score_batches
from .flat_scoring import SCORES, TERMS, TRACE, Counts

CODES = pa.schema({"model": pa.string(), "icd10": pa.string(), "reason": pa.string(), "diagnoses": pa.int64()})
NOT_USED = pa.schema({"profile_id": pa.string(), "reason": pa.string(), "diagnoses": pa.int64()})
NO_PROFILE = "NO_PROFILE"


@dataclass(frozen=True)
class Summary:
    """What was written, in numbers alone."""

    models: dict[str, str]  # version by model
    scored: dict[str, int]  # people by model
    not_scored: dict[str, int]  # people by reason
    unmapped: dict[str, int]  # diagnoses by reason, over all models
    files: tuple[Path, ...]


def score_files(
    profiles: Path, diagnoses: Path, models: Iterable[str], year: int, out: Path, *, trace: bool = False
) -> Summary:
    """Raw scores of a file of profiles, written into a folder.

    In: the columns of `flat.score_tables`, as CSV or Parquet. Out: `scores.csv` (profile_id, model, segment, risk_score,
    hccs), `terms.csv` (profile_id, model, term, coefficient), `not_used.csv` (people not scored, and diagnoses of unknown
    people, with the reason), `codes.csv` (diagnoses that map to no HCC, by model, code and reason), and `trace.csv` when
    asked for. Raises what `score_tables` raises, and InputRefusedError for a file that cannot be read.
    """
    chosen, counts = models_for(models, year), Counts()
    people, told = _read(profiles), _read(diagnoses)
    out.mkdir(parents=True, exist_ok=True)
    schemas = {"scores": SCORES, "terms": TERMS} | ({"trace": TRACE} if trace else {})
    with ExitStack() as open_files:
        writers: dict[str, csv.CSVWriter] = {}
        for part in score_batches(people, told, chosen, year, counts, trace=trace):
            writers = writers or {n: open_files.enter_context(_writer(out, n, s)) for n, s in schemas.items()}
            for name, writer in writers.items():
                writer.write_table(getattr(part, name))
        for name, schema in schemas.items() if not writers else ():
            open_files.enter_context(_writer(out, name, schema))
    lost = sorted((*key, count) for key, count in counts.codes.items())
    codes = pa.table([*map(list, zip(*lost, strict=True))] or [[]] * len(CODES), schema=CODES)
    not_used = _not_used(counts)
    for name, table in (("codes", codes), ("not_used", not_used)):
        with _writer(out, name, table.schema) as writer:
            writer.write_table(table)
    return Summary(
        models={model.name: model.version for model in chosen},
        scored=counts.scored,
        not_scored=_by_reason(not_used, [], "count_all"),
        unmapped=_by_reason(codes, "diagnoses", "sum"),
        files=tuple(out / f"{name}.csv" for name in (*schemas, "not_used", "codes")),
    )


def _read(path: Path) -> pa.Table:
    """All columns as text; the reader of CSV counts lines and says nothing of their content."""
    try:
        if path.suffix == ".parquet":
            return parquet.read_table(path)
        with csv.open_csv(path) as reader:
            names = reader.schema.names
        as_text = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
        return csv.read_csv(path, convert_options=as_text)
    except OSError:
        raise InputRefusedError(Problem(path.name, "cannot be read", remedy="name a CSV or Parquet file")) from None
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        what = "is no CSV in UTF-8 with one header and as many fields in every line, and no Parquet"
        raise InputRefusedError(Problem(path.name, what, remedy="write it again")) from None


def _writer(out: Path, name: str, schema: pa.Schema) -> csv.CSVWriter:
    return csv.CSVWriter(out / f"{name}.csv", schema)


def _not_used(counts: Counts) -> pa.Table:
    people, unknown = counts.not_scored, counts.unknown_people
    rows = [
        pa.table([people["profile_id"], people["reason"], pa.nulls(len(people), pa.int64())], schema=NOT_USED),
        pa.table([unknown["profile_id"], pa.array([NO_PROFILE] * len(unknown)), unknown["diagnoses"]], schema=NOT_USED),
    ]
    return pa.concat_tables(rows)


def _by_reason(table: pa.Table, column: str | list[str], how: str) -> dict[str, int]:
    told = table.group_by("reason").aggregate([(column, how)]).sort_by("reason")
    return dict(zip(told["reason"].to_pylist(), told.drop(["reason"]).column(0).to_pylist(), strict=True))
