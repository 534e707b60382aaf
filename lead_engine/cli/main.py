"""The command and its verbs. Exit codes: docs/reference/exit-codes.md."""

import typer

from lead_engine.foundation.guard import guarded

from . import (
    calibrate,
    demo,
    doctor,
    drift,
    explain,
    export,
    methodology,
    plan,
    promote,
    review,
    run,
    score,
    status,
    synth,
    what_if,
)

app = typer.Typer(
    help="From raw Medicare claims to every number of the CMS LEAD model.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for verb in (demo, synth, run, plan, status, review, drift, export, score, calibrate, promote, doctor):
    app.command(name=verb.NAME)(verb.command)
app.add_typer(explain.app, name="explain")
app.add_typer(what_if.app, name=what_if.NAME)
app.add_typer(methodology.app, name="methodology")


def main() -> None:
    """Run the command."""
    guarded(app)
