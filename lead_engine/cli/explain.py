"""`lead-engine explain`: why a person is aligned, and why at what risk."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .show import ConfigOption, JsonOption, ProfileOption, as_json, meant, page, say

if TYPE_CHECKING:
    from lead_engine.foundation.page import Page

NAME = "explain"
app = typer.Typer(help="Explain one person's answer, with rules and statuses.", no_args_is_help=True)
DASHES = {"ignore_unknown_options": True}  # a BENE_ID of synthetic data begins with a dash
WhoArgument = Annotated[str, typer.Argument(metavar="ID", help="MBI, BENE_ID or bene_key.", show_default=False)]
YearOption = Annotated[
    int | None, typer.Option(help="One year; every year of the run when left out.", show_default=False)
]
ModelOption = Annotated[
    str | None, typer.Option(help="One risk model, such as v28; every one when left out.", show_default=False)
]


@app.command(context_settings=DASHES)
def alignment(
    who: WhoArgument,
    year: YearOption = None,
    config: ConfigOption = None,
    profile: ProfileOption = "local",
    json: JsonOption = False,
) -> None:
    """Why this ACO, who was second and by how much, which months."""
    from lead_engine.pipeline.explain import alignment_pages

    _show(alignment_pages, who, year, config, profile, json)


@app.command(context_settings=DASHES)
def risk(
    who: WhoArgument,
    year: YearOption = None,
    model: ModelOption = None,
    config: ConfigOption = None,
    profile: ProfileOption = "local",
    json: JsonOption = False,
) -> None:
    """Which diagnoses, which HCCs, which terms, what score, and which single diagnosis would change it."""
    from lead_engine.pipeline.explain import risk_pages

    _show(partial(risk_pages, model=model), who, year, config, profile, json)


def _show(
    pages: Callable[..., list["Page"]], who: str, year: int | None, config: Path | None, profile: str, json: bool
) -> None:
    from lead_engine.lake.session import start
    from lead_engine.lake.store import Lake
    from lead_engine.pipeline.config import open_config

    opened = open_config(meant(config))
    found = pages(Lake(start(profile), opened.lake), opened, who, year)
    if json:
        as_json([shown.facts | {"title": shown.title} for shown in found])
        return
    for shown in found:
        page(shown)
    if not found:
        say("nothing is known of this person in that year")
