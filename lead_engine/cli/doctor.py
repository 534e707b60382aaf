"""`lead-engine doctor`: is everything there that a run needs?"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from lead_engine.foundation.errors import LeadError

from .show import ProfileOption, say

NAME = "doctor"


def command(
    config: Annotated[Path | None, typer.Argument(help="Configuration to check as well.", show_default=False)] = None,
    profile: ProfileOption = "local",
) -> None:
    """Check Java, the Delta jars, the methodology, and with a configuration all it names; starts no Spark."""
    from lead_engine.lake.jars import ensure_jars
    from lead_engine.lake.java import find_java
    from lead_engine.lake.session import settings
    from lead_engine.methodology.load import load
    from lead_engine.methodology.reference import index, reference_table

    def parameters() -> str:
        loaded = load()
        return f"{len(loaded.parameters)}, {loaded.programme.name} {loaded.programme.years}"

    checks: list[tuple[str, Callable[[], object]]] = [
        ("Python", lambda: sys.version.split()[0]),
        ("Java", find_java),
        ("Delta jars", lambda: ensure_jars()[0].parent),
        (f"profile {profile}", lambda: f"{len(settings(profile))} settings"),
        ("parameters", parameters),
        ("reference tables", lambda: f"{len([reference_table(name) for name in index()])}, checksums as in the index"),
    ]
    if config is not None:
        from lead_engine.pipeline.check import check_config

        checks.append((f"configuration {config.name}", lambda: check_config(config)))
    worst = max(_check(name, check) for name, check in checks)
    if worst:
        sys.exit(worst)


def _check(name: str, check: Callable[[], object]) -> int:
    """Run one check and say how it went; returns the exit code of what it found."""
    try:
        say(f"ok    {name}: {check()}")
        return 0
    except LeadError as error:
        say(f"wrong {name}: " + str(error).replace("\n", "\n      "))
        return error.exit_code
