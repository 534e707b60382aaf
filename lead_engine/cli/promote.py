"""`lead-engine promote`: make a registered substitute risk model the champion and put it into the lake."""

from typing import Annotated

import typer

from .calibrate import CalibrationArgument, show_bars
from .show import JsonOption, ProfileOption, as_json, note, say

NAME = "promote"


def command(
    config: CalibrationArgument,
    version: Annotated[
        int | None, typer.Option(help="Registry version; the candidate when left out.", show_default=False)
    ] = None,
    profile: ProfileOption = "local",
    json: JsonOption = False,
) -> None:
    """Check a registered model against the acceptance bars, make it the champion, export it to `core__risk_model`."""
    from lead_engine.lake.session import start
    from lead_engine.pipeline.calibrate import promote, read_calibration

    read = read_calibration(config)
    note("starting Spark …")
    registered, bars = promote(read, start(profile), version)
    if json:
        as_json({"model": str(registered), "run": registered.run_id, "bars": [vars(bar) for bar in bars]})
        return
    show_bars(bars)
    say(f"{registered} is the champion and stands in core__risk_model; a run uses it with `risk_model: {registered}`")
