"""Tables as files for people and other programs: contract columns, providers as text, sorted by key, one file a table."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pyarrow import csv
from pyspark.sql import DataFrame

from lead_engine.foundation.errors import ConfigurationError, LakeError, Problem, raise_all
from lead_engine.tables import CONTRACTS, Contract, Phi

from .failures import spark_failures
from .keys import unit_text
from .store import Lake, Slice

OWNER_ALONE = 0o600


def check_allowed(tables: Iterable[str], restricted: bool) -> None:
    """Raise ConfigurationError for every table that does not exist or may not be handed out without `--restricted`."""
    problems = []
    for table in tables:
        contract = CONTRACTS.get(table)
        if contract is None:
            problems.append(Problem(table, "is no table", remedy="docs/reference/tables.md lists them"))
        elif contract.phi is not Phi.NONE and not restricted:
            remedy = "give --restricted if whoever receives it may see such data"
            problems.append(Problem(table, f"holds {_held(contract)}", "it is not handed out by default", remedy))
    raise_all(ConfigurationError, problems)


def export(lake: Lake, table: str, performance_year: Slice, folder: Path, kind: str) -> Path:
    """Write one table into a folder as `table.kind` and return the file.

    One task writes, sorted by key, so that the same rows are the same bytes. Raises LakeError when the lake has no such
    table yet.
    """
    contract = CONTRACTS[table]
    if not lake.commits(table):
        raise LakeError(Problem(table, "is not in the lake", remedy="run the configuration first"))
    frame = lake.read(contract, part=performance_year if contract.slice else None)
    parts = folder / f".{table}.parts"
    target = folder / f"{table}.{kind}"
    with spark_failures(f"exporting {table}"):
        folder.mkdir(parents=True, exist_ok=True)
        writer = (
            _shown(frame, contract)
            .repartition(1)
            .sortWithinPartitions(*(contract.key or contract.columns))
            .write.mode("overwrite")
        )
        if kind == "csv":
            writer.option("header", True).option("escape", '"').option("emptyValue", "").csv(
                f"file://{parts.absolute()}"
            )
        else:
            writer.parquet(f"file://{parts.absolute()}")
    next(parts.glob(f"part-*.{kind}*")).replace(target)
    shutil.rmtree(parts)
    return target


def write_private(rows: pa.Table, path: Path) -> Path:
    """Write rows about people as a CSV file that nobody but its owner may read, from its first byte on, sorted.

    For people of one ACO or of one question, who fit into memory. Raises LakeError when the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE)
        os.fchmod(file, OWNER_ALONE)
        with os.fdopen(file, "wb") as opened:
            csv.write_csv(rows.sort_by([(name, "ascending") for name in rows.column_names]), opened)
    except OSError as error:
        raise LakeError(Problem(str(path), f"cannot be written: {error.strerror or 'refused'}")) from None
    return path


def _shown(frame: DataFrame, contract: Contract) -> DataFrame:
    """Packed providers as text, under the same name; lists joined by a blank."""
    columns = []
    for field in contract.schema:
        if field.name in contract.packed:
            columns.append(f"{unit_text(field.name)} AS {field.name}")
        elif field.dataType.typeName() == "array":
            columns.append(f"to_json({field.name}) AS {field.name}")
        else:
            columns.append(field.name)
    return frame.selectExpr(*columns)


def _held(contract: Contract) -> str:
    return {
        Phi.SMALL_CELLS: "figures that may rest on few people",
        Phi.PERSON: "rows about people",
        Phi.IDENTIFIER: "Medicare identifiers",
    }[contract.phi]
