"""`lead-engine explain`: why a person is aligned, at what risk, High Needs or not, and how an ACO comes to its risk ratio."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .show import ConfigOption, JsonOption, ProfileOption, as_json, meant, page, say

if TYPE_CHECKING:
    from lead_engine.foundation.page import Page

NAME = "explain"
app = typer.Typer(help="Explain the answer of one person or one ACO, with rules and statuses.", no_args_is_help=True)
DASHES = {"ignore_unknown_options": True}  # a BENE_ID of synthetic data begins with a dash
WhoArgument = Annotated[str, typer.Argument(metavar="ID", help="MBI, BENE_ID or bene_key.", show_default=False)]
CategoryOption = Annotated[
    str | None, typer.Option(help="AD, ESRD or HN; every category when left out.", show_default=False)
]
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


@app.command("high-needs", context_settings=DASHES)
def high_needs(
    who: WhoArgument,
    config: ConfigOption = None,
    profile: ProfileOption = "local",
    json: JsonOption = False,
) -> None:
    """High Needs since when, by which criterion, with what numbers, and what no check could evaluate."""
    from lead_engine.pipeline.explain import high_needs_pages

    _show(high_needs_pages, who, None, config, profile, json, "the lake does not know this person")


@app.command()
def benchmark(
    aco: Annotated[str, typer.Argument(metavar="ACO", help="ACO identifier.", show_default=False)],
    category: CategoryOption = None,
    config: ConfigOption = None,
    profile: ProfileOption = "local",
    json: JsonOption = False,
) -> None:
    """How an ACO comes to its risk ratio: every line of the ledger, from what it reads. Not suppressed: stays in the house."""
    from lead_engine.pipeline.explain import benchmark_pages

    nothing = "the lake has no aligned month of this ACO in that category"
    _show(benchmark_pages, aco, category, config, profile, json, nothing)


def _show(
    pages: Callable[..., list["Page"]],
    who: str,
    which: int | str | None,
    config: Path | None,
    profile: str,
    json: bool,
    nothing: str = "nothing is known of this person in that year",
) -> None:
    from lead_engine.lake.session import start
    from lead_engine.lake.store import Lake
    from lead_engine.pipeline.config import open_config

    opened = open_config(meant(config))
    found = pages(Lake(start(profile), opened.lake), opened, who, which)
    if json:
        as_json([shown.facts | {"title": shown.title} for shown in found])
        return
    for shown in found:
        page(shown)
    if not found:
        say(nothing)
