"""Runs what has to be run, verifies what was written, and leaves a ledger from which a stopped run goes on."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import lead_engine
from lead_engine.foundation.errors import InputRefusedError, LakeError, Problem, VerificationError, raise_all
from lead_engine.lake.accounts import Entry, entries, unbalanced
from lead_engine.lake.failures import spark_failures
from lead_engine.lake.ledger import Ledger, StepRow, as_json
from lead_engine.lake.store import Lake
from lead_engine.lake.verify import Verified, verify
from lead_engine.sources.archives import clear
from lead_engine.sources.rif.delivery import damaged_files
from lead_engine.tables import CONTRACTS, Contract

from .config import RunConfig
from .inputs import given, source_files
from .plan import Choice, Planned, State, plan, run_identity, slice_of

PERFORMANCE_YEAR = "performance_year"
AT_A_TIME = 2
ARCHIVED = "cclf"  # the input whose files may lie in archives
EVERYTHING = Choice()


@dataclass(frozen=True)
class Done:
    """What became of one step."""

    table: str
    was: State
    rows: int
    people: int | None
    cents: int | None
    seconds: float
    excluded: dict[str, str] = field(default_factory=dict)  # rows by reason, as text: logs show no small count


Listener = Callable[[Planned, Done | None], None]


class Run:
    """One run of a configuration against a lake."""

    def __init__(self, config: RunConfig, spark: SparkSession, listen: Listener = lambda planned, done: None) -> None:
        self.config = config
        self.spark = spark
        self.listen = listen
        self.lake = Lake(spark, config.lake)
        self.ledger = Ledger(self.lake)
        self.tables: set[str] = set()  # that this run has
        self.versions: dict[str, int] = {}  # of each table, the version that holds this run's rows

    def go(self, choice: Choice = EVERYTHING) -> list[Done]:
        """Bring the chosen tables up to date, in order; those they read must be.

        Raises LeadError of the kind that fits. Tables finished before stay, the one that failed is as it was.
        """
        self.lake.check_writable()
        planned = plan(self.config, self.lake)
        wanted = choice.tables()
        raise_all(LakeError, _missing_inputs(planned, wanted))
        self.tables = {each.step.table for each in planned}
        self.versions = {each.step.table: each.version for each in planned if each.version is not None}
        chosen = [each for each in planned if each.step.table in wanted]
        try:
            with self._unpacked(chosen):
                done = self._bring_up_all(chosen)
        finally:
            self.ledger.flush()
        self._note_run(planned)
        return done

    @contextmanager
    def _unpacked(self, chosen: list[Planned]) -> Iterator[None]:
        """While it lasts, members of zip archives lie where steps read them."""
        archived = self.config.archived if any(ARCHIVED in each.step.needs and each.must_run for each in chosen) else []
        staging = {file.path.rsplit("/", 2)[0] for file in archived}
        try:
            for file in archived:
                file.unpack()
            yield
        finally:
            for folder in staging:
                clear(folder)

    def _bring_up_all(self, planned: list[Planned]) -> list[Done]:
        """Each table once those it reads are done, two at a time: while one is planned, another is computed.

        After a failure nothing new is begun; what is under way ends first.
        """
        by_table = {each.step.table: each for each in planned}
        waiting = TopologicalSorter({table: set(each.step.reads) & set(by_table) for table, each in by_table.items()})
        waiting.prepare()
        done: list[Done] = []
        running: set[Future[Done]] = set()
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            try:
                while waiting.is_active():
                    ready = sorted(waiting.get_ready(), key=list(by_table).index)
                    running |= {pool.submit(self._bring_up, by_table[table]) for table in ready}
                    finished, running = wait(running, return_when=FIRST_COMPLETED)
                    done += [future.result() for future in finished]
                    waiting.done(*[future.result().table for future in finished])
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return done

    def _bring_up(self, planned: Planned) -> Done:
        """Write the table if it must be, verify it if nobody has, and note it."""
        self.listen(planned, None)
        accounts: list[Entry] = []
        if planned.state is State.CURRENT and planned.verified:
            row, seconds = planned.verified, 0.0
        else:
            started = time.monotonic()
            if planned.must_run:
                self.versions[planned.step.table] = self._write(planned)
            found, accounts = self._verified(planned)
            seconds = time.monotonic() - started
            row = self._row(planned, found, seconds)
            self.ledger.note_step(row, accounts)
        done = Done(
            planned.step.table, planned.state, row.rows, row.people, row.cents, seconds, self._excluded(accounts)
        )
        self.listen(planned, done)
        return done

    def _excluded(self, accounts: list[Entry]) -> dict[str, str]:
        """What was excluded, by reason; a small count only as small."""
        smallest = self.config.resolved.value("privacy/smallest_cell")
        return {
            entry.reason: f"{entry.rows:,}" if entry.rows >= smallest else f"<{smallest}"
            for entry in accounts
            if entry.side == "excluded" and entry.rows
        }

    def _write(self, planned: Planned) -> int:
        contract = CONTRACTS[planned.step.table]
        said = {"identity": planned.identity, "step": planned.step.table, "run_id": planned.run_id}
        try:
            with spark_failures(planned.step.table):
                frame = self._with_year(planned.step.function(*self._arguments(planned)), contract)
                return self.lake.write(contract, frame, said, slice_of(planned.step, self.config), planned.newest)
        except InputRefusedError as error:
            raise_all(InputRefusedError, damaged_files(self.config.deliveries) or error.problems)
            raise

    def _verified(self, planned: Planned) -> tuple[Verified, list[Entry]]:
        """Check the version; take it back when it breaks its contract or an account."""
        step = planned.step
        with spark_failures(step.table):
            written = self._read(step.table)
            found = verify(written, CONTRACTS[step.table])
            accounts = entries(step.accounts(*self._arguments(planned), written)) if step.accounts else []
        problems = [*found.problems, *unbalanced(step.table, accounts)]
        if problems:
            self.lake.take_back(step.table, self.versions[step.table])
            raise_all(VerificationError, problems)
        return found, accounts

    def _row(self, planned: Planned, found: Verified, seconds: float) -> StepRow:
        return StepRow(
            identity=planned.identity,
            run_id=planned.run_id,
            step=planned.step.table,
            version=self.versions[planned.step.table],
            rows=found.rows,
            people=found.people,
            cents=found.cents,
            seconds=round(seconds),
            reads=as_json(list(planned.step.reads)),
        )

    def _arguments(self, planned: Planned) -> list[Any]:
        """What the step's function is called with: inputs, frames, rules, what the plan gives."""
        step = planned.step
        rules = [step.rules.from_methodology(self.config.resolved, self.config.facts)] if step.rules else []
        inputs = [given(self.config, self.spark, name) for name in step.needs]
        return [
            *inputs,
            *[self._read(table) if table in self.tables else None for table in step.reads],
            *rules,
            *[getattr(planned, name) for name in step.gives],
        ]

    def _read(self, table: str) -> DataFrame:
        """This run's rows of a table, at the version that holds them."""
        contract = CONTRACTS[table]
        part = {column: getattr(self.config.facts, column) for column in contract.slice}
        return self.lake.read(contract, self.versions[table], part)

    def _with_year(self, frame: DataFrame, contract: Contract) -> DataFrame:
        if PERFORMANCE_YEAR not in contract.columns or PERFORMANCE_YEAR in frame.columns:
            return frame
        return frame.withColumn(PERFORMANCE_YEAR, F.lit(self.config.facts.performance_year))

    def _note_run(self, planned: list[Planned]) -> None:
        """Note the run once every table is what it should be."""
        identity = run_identity(self.config)
        if len(self.versions) < len(planned) or self.ledger.has_run(identity):
            return
        facts = self.config.facts
        self.ledger.note_run(
            {
                "run_identity": identity,
                "performance_year": facts.performance_year,
                "code_version": lead_engine.__version__,
                "methodology_fingerprint": self.config.resolved.fingerprint,
                "alignment_claims_cutoff": facts.alignment_claims_cutoff,
                "spending_claims_cutoff": facts.spending_claims_cutoff,
                "enrolment_through": facts.enrolment_through,
                "scenarios": ", ".join(name.rsplit("/", 1)[-1] for name in self.config.settings.overrides),
                "inputs": as_json(source_files(self.config.deliveries)),
            }
        )


def _missing_inputs(planned: list[Planned], wanted: set[str]) -> list[Problem]:
    """Tables that a chosen step reads, that are not chosen themselves and not up to date."""
    stale = {each.step.table for each in planned if each.state is not State.CURRENT and each.step.table not in wanted}
    return [
        Problem(
            each.step.table,
            f"reads {', '.join(sorted(needed))}, which is not up to date",
            remedy="run the steps before it too",
        )
        for each in planned
        if each.step.table in wanted and (needed := stale & set(each.step.reads))
    ]
