"""The command and its verbs. Exit codes: docs/reference/exit-codes.md."""

import os
import sys
import traceback
from pathlib import Path

import typer

from lead_engine.foundation.errors import LeadError

from . import demo, doctor, explain, export, methodology, plan, run, status
from .show import error

INTERNAL, INTERRUPTED = 70, 130

app = typer.Typer(
    help="From raw Medicare claims to every number of the CMS LEAD model.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for verb in (demo, run, plan, status, export, doctor):
    app.command(name=verb.NAME)(verb.command)
app.add_typer(explain.app, name="explain")
app.add_typer(methodology.app, name="methodology")


def main() -> None:
    """Run the command. Errors meant for people are printed; of any other, its kind and place, never its values."""
    try:
        app()
    except LeadError as problem:
        error(str(problem))
        sys.exit(problem.exit_code)
    except KeyboardInterrupt:
        error("stopped; finished tables stay, run again to go on")
        sys.exit(INTERRUPTED)
    except Exception as problem:
        if os.environ.get("LEAD_DEBUG"):
            raise
        place = traceback.extract_tb(problem.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        error(f"internal error: {type(problem).__name__} at {where}; please report it")
        sys.exit(INTERNAL)
