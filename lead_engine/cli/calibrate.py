"""`lead-engine calibrate`: fit a substitute risk model on the lake of a finished run and register it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .show import JsonOption, ProfileOption, as_json, note, say, table

if TYPE_CHECKING:
    from lead_engine.calibration.accept import Bar

NAME = "calibrate"
CalibrationArgument = Annotated[Path, typer.Argument(help="Configuration of the calibration.", show_default=False)]


def command(config: CalibrationArgument, profile: ProfileOption = "local", json: JsonOption = False) -> None:
    """Fit a substitute risk model, diagnose it, and register it in MLflow as the candidate."""
    from lead_engine.lake.session import start
    from lead_engine.pipeline.calibrate import calibrate, read_calibration

    read = read_calibration(config)
    note(f"{read.settings.variant} fit, cost of {read.settings.cost_year}, lake {read.run.lake}")
    note("starting Spark …")
    registered, report, bars = calibrate(read, start(profile), note)
    if json:
        said = {"model": str(registered), "run": registered.run_id, "parameters": report.parameters}
        as_json(said | {"metrics": report.metrics, "bars": [vars(bar) for bar in bars]})
        return
    table(("metric", "value"), ((name, f"{value:,.6g}") for name, value in report.metrics.items()), right=("value",))
    show_bars(bars)
    say(f"registered {registered} as candidate, run {registered.run_id}; plots, tables and card are in the run")


def show_bars(bars: list["Bar"]) -> None:
    """The acceptance bars, and which failed."""
    rows = ((bar.name, bar.found, bar.wanted, "passed" if bar.passed else "FAILED") for bar in bars)
    table(("acceptance bar", "found", "wanted", ""), rows)
