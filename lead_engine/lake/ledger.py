"""The ledger of a lake: which table versions are verified, what was accounted for, which runs were made."""

import json
import time
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from pyspark.sql import Row

from lead_engine.lake.accounts import Entry
from lead_engine.lake.store import Lake
from lead_engine.tables import CONTRACTS, Contract

FLUSH_SECONDS = 60
STEP, QUALITY, RUN = CONTRACTS["ops__step"], CONTRACTS["ops__quality"], CONTRACTS["ops__run"]


@dataclass(frozen=True)
class StepRow:
    """A row of `ops__step`."""

    identity: str
    run_id: str
    step: str
    version: int
    rows: int
    people: int | None
    cents: int | None
    seconds: int
    reads: str


class Ledger:
    """The ops tables of a lake."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self._steps: list[dict[str, Any]] = []
        self._accounts: list[dict[str, Any]] = []
        self._flushed = time.monotonic()
        self._lock = Lock()

    def verified(self) -> dict[str, StepRow]:
        """Every verified version, by identity."""
        rows = [StepRow(**row.asDict()) for row in self._rows(STEP)]
        return {row.identity: row for row in rows}

    def has_run(self, run_identity: str) -> bool:
        """Whether the run stands in the ledger."""
        return any(row["run_identity"] == run_identity for row in self._rows(RUN))

    def note_step(self, row: StepRow, accounts: list[Entry]) -> None:
        """Note a verified version.

        Notes are written together, at the latest a minute on; one that is lost with the process is made up for by
        verifying the version again.
        """
        with self._lock:
            self._steps.append(asdict(row))
            self._accounts += [{"identity": row.identity, "step": row.step, **asdict(entry)} for entry in accounts]
            if time.monotonic() - self._flushed > FLUSH_SECONDS:
                self._write_notes()

    def flush(self) -> None:
        """Write what was noted."""
        with self._lock:
            self._write_notes()

    def note_run(self, row: dict) -> None:
        """Note a finished run."""
        self.lake.append(RUN, self.lake.spark.createDataFrame([row], RUN.schema))

    def _write_notes(self) -> None:
        """Accounts before steps: a step that stands in the ledger has its accounts there."""
        for contract, notes in ((QUALITY, self._accounts), (STEP, self._steps)):
            if notes:
                self.lake.append(contract, self.lake.spark.createDataFrame(notes, contract.schema))
                notes.clear()
        self._flushed = time.monotonic()

    def _rows(self, contract: Contract) -> list[Row]:
        if not self.lake.commits(contract.name):
            return []
        return self.lake.read(contract).collect()


def as_json(value: object) -> str:
    """JSON with sorted keys: the same value is the same text."""
    return json.dumps(value, sort_keys=True)
