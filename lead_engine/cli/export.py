"""`lead-engine export`: tables as CSV or Parquet files, sorted by key, the same bytes every time."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .show import ConfigOption, ProfileOption, meant, say

NAME = "export"


class Format(StrEnum):
    """What is written."""

    CSV = "csv"
    PARQUET = "parquet"


def command(
    tables: Annotated[
        list[str], typer.Argument(metavar="TABLE…", help="Tables, for example mart__aco_year.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(help="Folder to write into.", show_default=False)],
    config: ConfigOption = None,
    format: Annotated[Format, typer.Option(help="csv or parquet.")] = Format.CSV,  # noqa: A002
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Allow tables about people, small cells and identifiers.")
    ] = False,
    profile: ProfileOption = "local",
) -> None:
    """Write tables out, one file each. Tables that touch people are refused unless --restricted is given."""
    from lead_engine.lake.export import check_allowed, export
    from lead_engine.lake.session import start
    from lead_engine.lake.store import Lake
    from lead_engine.pipeline.config import open_config

    opened = open_config(meant(config))
    check_allowed(tables, restricted)
    lake = Lake(start(profile), opened.lake)
    for table in tables:
        say(str(export(lake, table, opened.slice, out, format.value)))
