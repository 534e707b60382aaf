"""`lead-engine what-if`: what would be, were something else; read from the lake of a finished run, written nowhere."""

from pathlib import Path
from typing import Annotated

import typer

from .show import ConfigOption, JsonOption, ProfileOption, as_json, meant, note, page

NAME = "what-if"
app = typer.Typer(help="Tell what an ACO would gain and lose, in seconds and without claims.", no_args_is_help=True)


@app.callback()
def what_if() -> None:
    """Tell what an ACO would gain and lose, in seconds and without claims."""


@app.command()
def tins(
    add: Annotated[
        Path | None, typer.Option(help="TINs and CCNs that would join: aco_id, tin, ccn.", show_default=False)
    ] = None,
    remove: Annotated[
        Path | None, typer.Option(help="TINs and CCNs that would leave: aco_id, tin, ccn.", show_default=False)
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(
            help="Also write who is behind it to a CSV file. Restricted: rows about people.", show_default=False
        ),
    ] = None,
    config: ConfigOption = None,
    profile: ProfileOption = "local",
    json: JsonOption = False,
) -> None:
    """Lives, months, dollars and risk that each ACO would gain and lose under another Participant list. Suppressed."""
    from lead_engine.lake.session import start
    from lead_engine.lake.store import Lake
    from lead_engine.pipeline.config import open_config
    from lead_engine.pipeline.what_if import list_changed, write_people

    opened = open_config(meant(config))
    told = list_changed(Lake(start(profile), opened.lake), opened, add, remove)
    if json:
        as_json(told.page.facts | {"title": told.page.title})
    else:
        page(told.page)
    if people is not None:
        note(f"{write_people(told, people)}: rows about people, for whoever may see them")
