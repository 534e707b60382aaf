"""`lead-engine export`: tables as CSV or Parquet files, sorted by key, the same bytes every time."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .show import ConfigOption, ProfileOption, meant, note, say

NAME = "export"


ALIGNMENT = "alignment"


class Shape(StrEnum):
    """Whose layout of aligned people."""

    CMS = "cms"
    TUVA = "tuva"


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
    shape: Annotated[Shape | None, typer.Option(help="Of `alignment`: whose layout.", show_default=False)] = None,
    aco: Annotated[
        str | None, typer.Option(help="Of `alignment`: the ACO that is handed its own people.", show_default=False)
    ] = None,
    profile: ProfileOption = "local",
) -> None:
    """Write tables out, one file each. Tables that touch people are refused unless --restricted is given.

    `alignment --shape cms|tuva --aco ACO` writes the aligned people of one ACO, with identifiers, for that ACO.
    """
    if tables == [ALIGNMENT] or shape or aco:
        _alignment(tables, out, config, shape, aco, profile)
        return
    from lead_engine.lake.export import check_allowed, export
    from lead_engine.lake.session import start
    from lead_engine.lake.store import Lake
    from lead_engine.pipeline.config import open_config

    opened = open_config(meant(config))
    check_allowed(tables, restricted)
    lake = Lake(start(profile), opened.lake)
    for table in tables:
        say(str(export(lake, table, opened.slice, out, format.value)))


def _alignment(
    tables: list[str], out: Path, config: Path | None, shape: Shape | None, aco: str | None, profile: str
) -> None:
    from lead_engine.foundation.errors import ConfigurationError, Problem
    from lead_engine.lake.session import start
    from lead_engine.lake.store import Lake
    from lead_engine.marts.alignment_report import Shape as ReportShape
    from lead_engine.marts.alignment_report import not_known
    from lead_engine.pipeline.config import open_config
    from lead_engine.pipeline.hand_out import alignment_files

    if tables != [ALIGNMENT] or shape is None or aco is None:
        remedy = "write: lead-engine export alignment --shape cms --aco ACO --out FOLDER"
        raise ConfigurationError(
            Problem("", "alignment needs --shape and --aco, and tables take neither", remedy=remedy)
        )
    opened = open_config(meant(config))
    for path in alignment_files(Lake(start(profile), opened.lake), opened, aco, shape.value, out):
        say(str(path))
    for name, columns in not_known(ReportShape(shape.value)).items():
        note(f"{name}: {len(columns)} columns of the layout stay empty: {', '.join(columns)}")
