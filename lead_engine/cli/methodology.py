"""`lead-engine methodology`: parameters, their checks, and what is covered."""

from pathlib import Path
from typing import Annotated

import typer

from .show import JsonOption, as_json, say, table

NAME = "methodology"
app = typer.Typer(help="The regulated numbers: show, check, coverage.", no_args_is_help=True)
YearOption = Annotated[int, typer.Option("--year", help="Performance year.")]
ScenarioOption = Annotated[
    list[Path] | None, typer.Option("--scenario", help="Override file; may be repeated.", show_default=False)
]


@app.command()
def show(
    name: Annotated[
        str | None, typer.Argument(help="One parameter, or the beginning of names.", show_default=False)
    ] = None,
    year: YearOption = 2027,
    scenario: ScenarioOption = None,
    json: JsonOption = False,
) -> None:
    """Show parameters as they stand in a performance year, with status, source and rules."""
    from lead_engine.foundation import yaml
    from lead_engine.foundation.errors import MethodologyError, Problem
    from lead_engine.methodology.resolve import resolve

    documents = [yaml.load(path.read_text("utf-8"), path.name, MethodologyError) for path in scenario or ()]
    resolved = resolve(year, documents)
    wanted = name or ""
    values = [
        value
        for key, value in sorted(resolved.values.items())
        if key.startswith(wanted) or key.split("/")[-1].startswith(wanted)
    ]
    if not values:
        remedy = "`lead-engine methodology show` without a name shows all"
        raise MethodologyError(Problem(wanted, "no parameter has a name that begins so", remedy=remedy))
    if json:
        shown = [{**vars(value), "value": value.shown} for value in values]
        as_json({"performance_year": year, "fingerprint": resolved.fingerprint, "parameters": shown})
        return
    columns = ("parameter", "value", "unit", "status", "rules", "source")
    rows = [(v.name, v.shown, v.unit, v.status.value, ", ".join(v.rules), f"{v.source}: {v.cite}") for v in values]
    table(columns, rows)
    say(f"performance year {year}, fingerprint {resolved.fingerprint}")


@app.command()
def check() -> None:
    """Check every parameter file, reference table and the coverage register; report every mistake at once."""
    from lead_engine.methodology.coverage import coverage
    from lead_engine.methodology.load import load
    from lead_engine.methodology.reference import index, reference_table
    from lead_engine.methodology.resolve import resolve

    loaded = load()
    for name in index():
        reference_table(name)
    for year in range(loaded.programme.first_year, loaded.programme.last_year + 1):
        resolve(year)
    say(f"{len(loaded.parameters)} parameters, {len(index())} reference tables, {len(coverage())} provisions: all well")


@app.command(name="coverage")
def show_coverage(json: JsonOption = False) -> None:
    """Show which provisions of the model are built, for which rules, and verified by what."""
    from lead_engine.methodology.coverage import coverage

    provisions = coverage()
    if json:
        as_json([provision.model_dump() for provision in provisions])
        return
    rows = (
        (p.status, p.provision, ", ".join(p.rules), ", ".join(map(str, p.verified_for)), p.note) for p in provisions
    )
    table(("status", "provision", "rules", "verified for", "note"), rows)
