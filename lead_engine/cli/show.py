"""How results look on a terminal. Imported by verbs; keeps `rich` out of the way until something is shown."""

import json
import sys
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lead_engine.foundation.errors import ConfigurationError, Problem

if TYPE_CHECKING:
    from lead_engine.foundation.page import Page

LAST = Path.home() / ".config" / "lead_engine" / "last_config"

ConfigArgument = Annotated[Path, typer.Argument(help="Configuration of the run (YAML).", show_default=False)]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Configuration of the run; the last one run when left out.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]
ProfileOption = Annotated[
    str, typer.Option("--profile", help="Spark settings: a name in conf/profiles or a .properties file.")
]


def say(text: str = "") -> None:
    """One line of result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """One line of progress; not part of the result."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def as_json(value: Any) -> None:
    """A result for a machine: dates and decimals as text."""
    say(json.dumps(value, indent=2, default=_plain))


def table(columns: Iterable[str], rows: Iterable[Iterable[str]], right: Iterable[str] = ()) -> None:
    """A table; as wide as it needs to be when nobody watches."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=box.SIMPLE_HEAD)
    aligned = set(right)
    for column in columns:
        drawn.add_column(column, justify="right" if column in aligned else "left", no_wrap=column in aligned)
    for row in rows:
        drawn.add_row(*row)
    console = Console() if sys.stdout.isatty() else Console(width=200)
    console.print(drawn)


def page(shown: "Page") -> None:
    """An explanation."""
    say(f"\n{shown.title}\n")
    table(("", "", "rule", "status"), ((s.about, s.says, s.rule, s.status) for s in shown.sentences))
    for figures in shown.tables:
        table(figures.columns, figures.rows)


def remember(config: Path) -> None:
    """Keep the configuration as the one later verbs mean when none is named."""
    LAST.parent.mkdir(parents=True, exist_ok=True)
    LAST.write_text(str(config.absolute()), "utf-8")


def meant(config: Path | None) -> Path:
    """The configuration that was named, else the last one run."""
    if config is not None:
        return config
    if LAST.is_file():
        return Path(LAST.read_text("utf-8"))
    raise ConfigurationError(
        Problem("", "no configuration is named and none was run before", remedy="name one with --config")
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date | Decimal):
        return str(value)
    return repr(value)
