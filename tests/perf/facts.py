"""What a network's lists and the methodology say, without Spark."""

from pathlib import Path
from typing import Any

from lead_engine.foundation import yaml
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved, resolve
from lead_engine.sources.participants import list_version
from tests.rules import FACTS

YEAR = FACTS.performance_year


def facts(folder: Path) -> RunFacts:
    """What a run over the network is about."""
    through = FACTS.enrolment_through.replace(month=6)
    return RunFacts(YEAR, FACTS.alignment_claims_cutoff, through, (YEAR,), list_version(folder / "participants.csv"))


def resolved(folder: Path) -> Resolved:
    """The methodology under the network's scenario."""
    scenario = folder / "no_service_area.yaml"
    return resolve(YEAR, [yaml.load(scenario.read_text("utf-8"), scenario.name)])


def rules_of(folder: Path, kind: Any) -> Any:
    """Rules of a kind."""
    return kind.from_methodology(resolved(folder), facts(folder))
