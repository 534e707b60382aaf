"""Tables of a lake: read a version, write a slice with its identity in the commit, take a version back.

A lake is a folder, an object-store URI or `catalog.schema`. The identity of what was written stands in the table's own
commit, so a lake tells by itself what is in it, whatever happened to the process that wrote it.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from lead_engine.foundation.errors import ConflictError, LakeError, Problem
from lead_engine.foundation.places import filesystem_of
from lead_engine.tables import Contract

from .failures import spark_failures

CATALOG_SCHEMA = re.compile(r"\w+\.\w+")
Slice = Mapping[str, int]


@dataclass(frozen=True)
class Commit:
    """A version of a table and what its commit says of it."""

    version: int
    said: dict[str, Any]
    restores: int | None = None  # the version it went back to


def holding(commits: list[Commit], part: Slice) -> Commit | None:
    """Of a table's commits, newest first, the one whose rows a slice holds now; what was taken back does not count."""
    newest_valid: int | None = None
    for commit in commits:
        if newest_valid is not None and commit.version > newest_valid:
            continue
        if commit.restores is not None:
            newest_valid = commit.restores
        elif commit.said.get("slice") == dict(part):
            return commit
    return None


class Lake:
    """The tables of one lake, through one session."""

    def __init__(self, spark: SparkSession, root: str) -> None:
        self.spark = spark
        self.root = root.rstrip("/")
        self.is_catalog = bool(CATALOG_SCHEMA.fullmatch(root))

    def name(self, table: str) -> str:
        """The table as SQL names it."""
        return f"{self.root}.{table}" if self.is_catalog else f"delta.`{self.root}/{table}`"

    def commits(self, table: str) -> list[Commit]:
        """The table's versions, newest first; none when there is no such table."""
        try:
            told = ("version", "userMetadata", "operation", "operationParameters")
            history = self.spark.sql(f"DESCRIBE HISTORY {self.name(table)}").select(*told).collect()
        except PySparkException as error:
            if error.getCondition() in (
                "DELTA_TABLE_ONLY_OPERATION",
                "DELTA_MISSING_DELTA_TABLE",
                "TABLE_OR_VIEW_NOT_FOUND",
                "DELTA_TABLE_NOT_FOUND",
            ):
                return []
            raise
        return [Commit(row["version"], _said(row["userMetadata"]), _restored(row)) for row in history]

    def read(self, contract: Contract, version: int | None = None, part: Slice | None = None) -> DataFrame:
        """A table's columns in contract order, at a version, restricted to a slice."""
        reader = self.spark.read.format("delta")
        if version is not None:
            reader = reader.option("versionAsOf", version)
        frame = (
            reader.table(self.name(contract.name)) if self.is_catalog else reader.load(f"{self.root}/{contract.name}")
        )
        for column, value in (part or {}).items():
            frame = frame.where(F.col(column) == value)
        return frame.select(*contract.columns)

    def write(self, contract: Contract, frame: DataFrame, said: dict[str, Any], part: Slice, seen: int | None) -> int:
        """Replace a slice of a table (all of it without a slice) and return the version that holds it.

        `seen` is the newest version when the work began: when another run has written since, raises ConflictError
        and changes nothing.
        """
        table = contract.name
        self._nobody_else_wrote(table, seen)
        writer = _laid_out(frame, contract).write.format("delta").mode("overwrite").partitionBy(*contract.partition)
        writer = writer.option("userMetadata", json.dumps({**said, "slice": dict(part)}, sort_keys=True))
        # A write for a version that another run has written meanwhile is left out by Delta, whenever that run came in.
        writer = writer.option("txnAppId", f"lead_engine/{table}").option("txnVersion", 0 if seen is None else seen + 1)
        if part:
            writer = writer.option(
                "replaceWhere", " AND ".join(f"{column} = {value}" for column, value in part.items())
            )
        with spark_failures(f"writing {table}"):
            if self.is_catalog:
                writer.saveAsTable(self.name(table))
            else:
                writer.save(f"{self.root}/{table}")
        written = self.commits(table)[0]
        if written.said.get("identity") != said["identity"]:
            raise ConflictError(Problem(table, "another run wrote the same table meanwhile", remedy="run again"))
        return written.version

    def append(self, contract: Contract, frame: DataFrame) -> None:
        """Add rows to a table, each part of the frame sorted as the contract says."""
        chosen = frame.select(*contract.columns)
        laid = chosen.sortWithinPartitions(*contract.partition, *contract.cluster) if contract.cluster else chosen
        writer = laid.write.format("delta").mode("append").partitionBy(*contract.partition)
        with spark_failures(f"writing {contract.name}"):
            if self.is_catalog:
                writer.saveAsTable(self.name(contract.name))
            else:
                writer.save(f"{self.root}/{contract.name}")

    def take_back(self, table: str, version: int) -> None:
        """Undo a version: back to the one before it, or no table when it was the first."""
        with spark_failures(f"taking back {table}"):
            if version > 0:
                self.spark.sql(f"RESTORE TABLE {self.name(table)} TO VERSION AS OF {version - 1}").collect()
            elif self.is_catalog:
                self.spark.sql(f"DROP TABLE {self.name(table)}").collect()
            else:
                filesystem, path = filesystem_of(f"{self.root}/{table}")
                filesystem.delete_dir(path)

    def check_writable(self) -> None:
        """Raise LakeError when the lake cannot be written to, before any work is done."""
        with spark_failures(f"the lake {self.root}"):
            if self.is_catalog:
                self.spark.sql(f"CREATE SCHEMA IF NOT EXISTS {self.root}").collect()
                return
        try:
            filesystem, path = filesystem_of(f"{self.root}/.lead_engine_probe")
            filesystem.create_dir(path, recursive=True)
            with suppress(FileNotFoundError):  # a run beside this one took it away
                filesystem.delete_dir(path)
        except OSError as error:
            remedy = "name a lake you may write to, or mend its permissions and space"
            raise LakeError(
                Problem(f"the lake {self.root}", f"cannot be written to: {error.strerror or 'refused'}", remedy=remedy)
            ) from None

    def _nobody_else_wrote(self, table: str, seen: int | None) -> None:
        commits = self.commits(table)
        newest = commits[0].version if commits else None
        if newest != seen:
            remedy = "wait for the other run, then run again; this one changed nothing"
            raise ConflictError(Problem(table, "another run wrote the same table meanwhile", remedy=remedy))


def _laid_out(frame: DataFrame, contract: Contract) -> DataFrame:
    """Contract columns and types; files split by range of the first cluster column and sorted, where it has one."""
    typed = frame.select(*[F.col(field.name).cast(field.dataType).alias(field.name) for field in contract.schema])
    if not contract.cluster:
        return typed
    return typed.repartitionByRange(contract.cluster[0]).sortWithinPartitions(*contract.partition, *contract.cluster)


def _restored(row: Row) -> int | None:
    version = (row["operationParameters"] or {}).get("version") if row["operation"] == "RESTORE" else None
    return int(version) if version is not None else None


def _said(metadata: str | None) -> dict[str, Any]:
    """What our own commits carry; other tools' commits carry nothing we read."""
    try:
        said = json.loads(metadata or "{}")
    except json.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}
