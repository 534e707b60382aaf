"""The order of the steps, the identity of each, and what a run will do about it."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from lead_engine.foundation.code import fingerprint
from lead_engine.foundation.errors import ConfigurationError, Problem, raise_all
from lead_engine.lake.ledger import Ledger, StepRow
from lead_engine.lake.store import Commit, Lake, Slice, holding
from lead_engine.tables import CONTRACTS

from .config import RunConfig
from .inputs import checksums
from .step import Step
from .steps import STAGES, STEPS

RUN_ID_DIGITS = 12
LOOKED_AT_TOGETHER = 8  # reading a table's commits is waiting for storage


class State(StrEnum):
    """What the lake says of a step."""

    CURRENT = "current"  # written with this identity, and verified
    UNVERIFIED = "unverified"  # written with this identity, and never verified: a run was stopped there
    CHANGED = "changed"  # written from something else
    ABSENT = "absent"


@dataclass(frozen=True)
class Planned:
    """A step of this run: who it is, and what the lake has of it."""

    step: Step
    identity: str
    state: State
    version: int | None  # holding this identity
    newest: int | None  # of the table, whoever wrote it
    verified: StepRow | None

    @property
    def run_id(self) -> str:
        """What rows of the table carry."""
        return self.identity[:RUN_ID_DIGITS]

    @property
    def must_run(self) -> bool:
        """Whether the table has to be written."""
        return self.state in (State.CHANGED, State.ABSENT)


@cache
def ordered() -> tuple[Step, ...]:
    """The steps, each after those whose tables it reads; otherwise in the order they are declared."""
    by_table = {step.table: step for step in STEPS}
    graph = TopologicalSorter({step.table: set(step.reads) & set(by_table) for step in STEPS})
    graph.prepare()
    found: list[Step] = []
    while graph.is_active():
        ready = sorted(graph.get_ready(), key=list(by_table).index)
        found += [by_table[table] for table in ready]
        graph.done(*ready)
    return tuple(found)


def steps_of(config: RunConfig) -> tuple[Step, ...]:
    """The steps of a configuration: without those of a kind of delivery it does not have."""
    return tuple(step for step in ordered() if step.is_of(config.kinds))


def identities(config: RunConfig) -> dict[str, str]:
    """The identity of every step: SHA-256 over name, code, rules, inputs and the identities of what it reads."""
    found: dict[str, str] = {}
    for step in steps_of(config):
        contract = CONTRACTS[step.table]
        what: dict[str, Any] = {
            "step": step.table,
            "code": [fingerprint(step.function.__module__), fingerprint(contract.module)],
            "rules": repr(step.rules.from_methodology(config.resolved, config.facts)) if step.rules else None,
            "inputs": checksums(config, step.needs),
            "reads": [found.get(table) for table in step.reads],
            "slice": dict(slice_of(step, config)),
        }
        found[step.table] = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()
    return found


def run_identity(config: RunConfig) -> str:
    """The identity of a run: SHA-256 over those of its steps."""
    return hashlib.sha256("".join(identities(config).values()).encode()).hexdigest()


def slice_of(step: Step, config: RunConfig) -> Slice:
    """The part of the table this run writes."""
    return {column: getattr(config.facts, column) for column in CONTRACTS[step.table].slice}


def plan(config: RunConfig, lake: Lake) -> list[Planned]:
    """Every step with its state in the lake. Reads commits and the ledger, computes nothing."""
    verified = Ledger(lake).verified()
    with ThreadPoolExecutor(LOOKED_AT_TOGETHER) as pool:
        commits = pool.map(lake.commits, [step.table for step in steps_of(config)])
        known = zip(steps_of(config), identities(config).values(), commits, strict=True)
        return [_planned(step, identity, config, found, verified) for step, identity, found in known]


def _planned(
    step: Step, identity: str, config: RunConfig, commits: list[Commit], verified: dict[str, StepRow]
) -> Planned:
    newest = commits[0].version if commits else None
    held = holding(commits, slice_of(step, config))
    if held is None:
        return Planned(step, identity, State.ABSENT, None, newest, None)
    if held.said.get("identity") != identity:
        return Planned(step, identity, State.CHANGED, None, newest, None)
    row = verified.get(identity)
    return Planned(step, identity, State.CURRENT if row else State.UNVERIFIED, held.version, newest, row)


@dataclass(frozen=True)
class Choice:
    """The part of a run that was asked for; nothing said means all of it."""

    only: str | None = None
    first: str | None = None
    last: str | None = None
    stage: str | None = None

    def tables(self) -> set[str]:
        """The tables that may be written. Raises ConfigurationError for a step or stage that is not there."""
        names = [step.table for step in ordered()]
        unknown = [f"step {name}" for name in (self.only, self.first, self.last) if name and name not in names]
        unknown += [f"stage {self.stage}"] if self.stage and self.stage not in STAGES else []
        remedy = "`lead-engine plan` lists the steps and their stages"
        raise_all(ConfigurationError, [Problem("", f"there is no {what}", remedy=remedy) for what in unknown])
        if self.only:
            return {self.only}
        start = names.index(self.first) if self.first else 0
        end = names.index(self.last) if self.last else len(names) - 1
        of_stage = {step.table for step in ordered() if self.stage in (None, step.stage)}
        return set(names[start : end + 1]) & of_stage
