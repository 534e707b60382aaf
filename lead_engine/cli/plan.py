"""`lead-engine plan`: the steps, and what a run would do about each."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .show import JsonOption, ProfileOption, as_json, table

if TYPE_CHECKING:
    from lead_engine.pipeline.config import RunConfig
    from lead_engine.pipeline.plan import Choice

NAME = "plan"


def command(
    config: Annotated[
        Path | None, typer.Argument(help="Configuration; without one, the steps alone.", show_default=False)
    ] = None,
    profile: ProfileOption = "local",
    json: JsonOption = False,
) -> None:
    """List every step with what it reads and writes; with a configuration, also what a run would do."""
    from lead_engine.pipeline.plan import ordered

    if config is not None:
        from lead_engine.pipeline.config import read_config
        from lead_engine.pipeline.plan import Choice

        show_plan(read_config(config), profile, json, Choice())
        return
    steps = [{"step": step.table, "stage": step.stage, "reads": list(step.reads)} for step in ordered()]
    if json:
        as_json(steps)
        return
    rows = [(step.table, step.stage, ", ".join(step.reads)) for step in ordered()]
    table(("step = table it writes", "stage", "reads"), rows)


def show_plan(config: "RunConfig", profile: str, json: bool, choice: "Choice") -> None:
    """The chosen steps of a run with their state in the lake."""
    from lead_engine.lake.session import start
    from lead_engine.lake.store import Lake
    from lead_engine.pipeline.plan import plan

    wanted = choice.tables()
    planned = [each for each in plan(config, Lake(start(profile), config.lake)) if each.step.table in wanted]
    does = {"current": "nothing", "unverified": "verify", "changed": "write again", "absent": "write"}
    rows = [
        {
            "step": each.step.table,
            "stage": each.step.stage,
            "state": each.state.value,
            "does": does[each.state],
            "run_id": each.run_id,
        }
        for each in planned
    ]
    if json:
        as_json(rows)
        return
    table(("step", "stage", "state", "a run will", "run id"), (row.values() for row in rows))
