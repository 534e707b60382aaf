"""Where the configuration that ships with the engine is: `LEAD_CONF`, else inside the wheel, else the repository."""

import os
from collections.abc import Iterator
from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path

from lead_engine.foundation.errors import SetupError


def conf() -> Traversable:
    """The `conf` folder. Also readable inside a wheel that is not unpacked."""
    named = os.environ.get("LEAD_CONF")
    if named:
        if not Path(named).is_dir():
            raise SetupError("LEAD_CONF names a folder that is not there; unset it or point it at a copy of conf/")
        return Path(named)
    packaged = files("lead_engine").joinpath("conf")
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "conf"


def yaml_files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Every YAML file below a folder as (`sub/name` without ending, file), sorted by name."""
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            yield from yaml_files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            yield prefix + entry.name.removesuffix(".yaml"), entry
