"""What the entries of jobs/ share: a configuration, a stage, and the session spark-submit made."""

import argparse
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from lead_engine.foundation.guard import guarded
from lead_engine.lake.session import attach

from .config import read_config
from .plan import Choice, Planned
from .run import Done, Run


def main(stage: str | None = None) -> None:
    """Run one stage, or all, of the configuration named on the command line; ends with the error's exit code."""
    parser = argparse.ArgumentParser(
        description=f"Run {'the stage ' + stage if stage else 'every stage'} of a configuration."
    )
    parser.add_argument("config", type=Path, help="configuration file (YAML)")
    given = parser.parse_args()
    guarded(lambda: _bring_up(given.config, stage))


def _bring_up(path: Path, stage: str | None) -> None:
    config = read_config(path)
    spark = attach(SparkSession.builder.appName("lead_engine").getOrCreate())
    Run(config, spark, tell).go(Choice(stage=stage))


def tell(planned: Planned, done: Done | None) -> None:
    """One line per finished step: rows, people, dollars, what was excluded, seconds."""
    if done is not None:
        sys.stdout.write(line(done) + "\n")
        sys.stdout.flush()


def line(done: Done) -> str:
    """A finished step in one line; counts and sums only."""
    people = f"{done.people:,} people" if done.people is not None else ""
    money = f"${done.cents / 100:,.2f}" if done.cents is not None else ""
    excluded = " ".join(f"{reason}={count}" for reason, count in sorted(done.excluded.items()))
    return f"{done.table:<28}{done.rows:>13,} rows {people:>16} {money:>20} {done.seconds:>7.1f} s  {excluded}".rstrip()
