"""`lead-engine score`: raw risk scores of flat files of profiles and diagnoses, without a lake."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from .show import JsonOption, as_json, say

NAME = "score"


def command(
    profiles: Annotated[Path, typer.Option(help="People, one row each: CSV or Parquet.", show_default=False)],
    diagnoses: Annotated[Path, typer.Option(help="profile_id and icd10: CSV or Parquet.", show_default=False)],
    model: Annotated[list[str], typer.Option(help="v28, v24, esrdv24, cmmi_concurrent_v1; may be repeated.")],
    year: Annotated[int, typer.Option(help="Payment year.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder to write into.", show_default=False)],
    trace: Annotated[bool, typer.Option("--trace", help="Also every diagnosis with what became of it.")] = False,
    json: JsonOption = False,
) -> None:
    """Score people of a file. Those with ESRD (crec 2 or 3) are scored by the ESRD model."""
    from lead_engine.risk.flat_files import score_files

    told = score_files(profiles, diagnoses, model, year, out, trace=trace)
    if json:
        as_json(asdict(told) | {"files": [str(file) for file in told.files]})
        return
    for name, people in told.scored.items():
        say(f"{name}, tables {told.models[name]}: {people:,} people scored")
    for reason, people in told.not_scored.items():
        say(f"not scored or not used, {reason}: {people:,}; see not_used.csv")
    for reason, count in told.unmapped.items():
        say(f"diagnoses that map to no HCC, {reason}: {count:,}; see codes.csv")
    for file in told.files:
        say(str(file))
