"""Steps of a run over other tables than those of its lake: what they would write, without writing it."""

from collections.abc import Callable, Collection

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved
from lead_engine.tables import CONTRACTS, Contract

from .plan import ordered

WHAT_IF = "what-if"  # in the place of a run's id


def replayed(
    tables: Collection[str], read: Callable[[str], DataFrame | None], resolved: Resolved, facts: RunFacts
) -> dict[str, DataFrame]:
    """The tables of some steps, as a run would write them; those they read and none of them makes come from `read`.

    `read` gives None for a table that the run does not have. Only steps that need nothing but tables can be replayed.
    """
    made: dict[str, DataFrame] = {}
    for step in ordered():
        if step.table in tables:
            frames = [made[name] if name in made else read(name) for name in step.reads]
            rules = [step.rules.from_methodology(resolved, facts)] if step.rules else []
            frame = step.function(*frames, *rules, *[WHAT_IF for _ in step.gives])
            made[step.table] = _as_written(frame, CONTRACTS[step.table], facts)
    return made


def _as_written(frame: DataFrame, contract: Contract, facts: RunFacts) -> DataFrame:
    """Columns and types as the table has them."""
    own = {"performance_year": F.lit(facts.performance_year)} if "performance_year" not in frame.columns else {}
    return frame.select(
        *[own.get(field.name, F.col(field.name)).cast(field.dataType).alias(field.name) for field in contract.schema]
    )
