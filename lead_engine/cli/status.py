"""`lead-engine status`: what a lake holds, and what was set aside."""

from typing import Annotated

import typer

from .show import ConfigOption, JsonOption, ProfileOption, as_json, meant, say, table

NAME = "status"


def command(
    config: ConfigOption = None,
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help="Count refused records by file, field and reason.")
    ] = False,
    checksums: Annotated[
        bool, typer.Option("--checksums", help="Compute the checksum of every table; reads them all.")
    ] = False,
    profile: ProfileOption = "local",
    json: JsonOption = False,
) -> None:
    """Show the tables of a lake with rows, people, dollars and the run that wrote them."""
    from lead_engine.lake.session import start
    from lead_engine.lake.store import Lake
    from lead_engine.pipeline.config import open_config
    from lead_engine.pipeline.status import quarantined, tables

    opened = open_config(meant(config))
    lake = Lake(start(profile), opened.lake)
    rows = quarantined(lake) if quarantine else tables(lake, opened.slice, checksums)
    if json:
        as_json(rows)
        return
    if not rows:
        say("no record was refused" if quarantine else f"the lake {opened.lake} is empty")
        return
    table(
        rows[0].keys(),
        ([_text(value) for value in row.values()] for row in rows),
        right=("rows", "people", "dollars", "records"),
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
