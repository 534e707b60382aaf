"""What a what-if is not asked: what a run under the changed list would refuse, and what needs claims."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyspark.sql import Row

from lead_engine.alignment.choice_rules import MidyearRules
from lead_engine.alignment.overlap.decide import ModelTin, ParticipantTin
from lead_engine.alignment.overlap.rules import OverlapRules
from lead_engine.foundation.errors import ConfigurationError, Problem, raise_all
from lead_engine.foundation.identifiers import unpack_unit
from lead_engine.methodology.resolve import Resolved

from .asked import barred

PERIOD = "alignment/midyear_alignment_period"
TIN = "TIN:"


def check_what_if(
    add: Path | None,
    added: Mapping[str, str],
    participants: Iterable[Row],
    other_tins: Iterable[Row],
    midyear: MidyearRules,
    resolved: Resolved,
) -> None:
    """Check that a change can be told. `added`: units and their ACO; in: rows of `core__participant`, `core__other_model_tin`.

    Raises ConfigurationError with every TIN of the file that another model bars in the performance year, as a run would
    (ALN-44), and where a mid-year run has a period of its own, whose charges are in claims alone (ALN-43).
    """
    problems = [*_barred(add, added, other_tins, resolved), *_rolled(participants, midyear)]
    raise_all(ConfigurationError, problems)


def _barred(
    add: Path | None, added: Mapping[str, str], other_tins: Iterable[Row], resolved: Resolved
) -> Iterator[Problem]:
    ours = [
        ParticipantTin(aco, unit.removeprefix(TIN), None, None) for unit, aco in added.items() if unit.startswith(TIN)
    ]
    others = [
        ModelTin(unpack_unit(row["tin"]).removeprefix(TIN), row["model"], row["start_date"], row["end_date"])
        for row in other_tins
    ]
    if add is not None:
        yield from barred(add.name, ours, others, OverlapRules.of_year(resolved))


def _rolled(participants: Iterable[Row], midyear: MidyearRules) -> Iterator[Problem]:
    """A mid-year run whose period is not that of the stored charges, where a TIN joined in the year."""
    january = midyear.alignment.january
    joins = any(row["start_date"] is not None and row["start_date"] > january for row in participants)
    if midyear.services is not None and joins:
        yield Problem(
            PERIOD,
            "gives the mid-year run a period of its own, and the list has Participants that joined in the year",
            "charges of that period are stored nowhere, and a what-if never reads claims (ALN-43)",
            f"run the configuration with the list as it would be, or ask under {PERIOD}: SAME",
        )
