"""`lead-engine drift`: what moved an ACO's mean raw score between two years, or two deliveries."""

from pathlib import Path
from typing import Annotated

import typer

from .show import ConfigOption, JsonOption, ProfileOption, as_json, meant, page

NAME = "drift"
TOP = 20


def command(
    aco: Annotated[str, typer.Argument(metavar="ACO", help="ACO identifier.", show_default=False)],
    first: Annotated[int, typer.Option("--from", help="The earlier year.", show_default=False)],
    last: Annotated[
        int, typer.Option("--to", help="The later year; the same one to compare two lakes.", show_default=False)
    ],
    category: Annotated[str, typer.Option(help="AD, ESRD or HN.")] = "AD",
    config: ConfigOption = None,
    later_config: Annotated[
        Path | None,
        typer.Option(
            "--later-config",
            help="Configuration of the lake of the later side; the same when left out.",
            show_default=False,
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many terms to show; --json has all.")] = TOP,
    profile: ProfileOption = "local",
    json: JsonOption = False,
) -> None:
    """Each HCC and other term: how often it is coded and counts, and its part in the change of the mean. Suppressed."""
    from lead_engine.lake.session import start
    from lead_engine.lake.store import Lake
    from lead_engine.pipeline.config import open_config
    from lead_engine.pipeline.drift import drift_page

    earlier = open_config(meant(config))
    later = open_config(later_config) if later_config else earlier
    spark = start(profile)
    held = [(Lake(spark, each.lake), each) for each in (earlier, later)]
    shown = drift_page(held[0], held[1], aco, category, (first, last), top)
    if json:
        as_json(shown.facts | {"title": shown.title})
        return
    page(shown)
