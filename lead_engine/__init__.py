"""lead_engine: from raw Medicare claims to every number of the CMS LEAD model."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# The public functions and where they are. By name, and loaded when asked for: the version alone must not bring Spark, nor
# make the code of a step that notes it depend on them.
PUBLIC = {"what_if_tins": "lead_engine.pipeline.what_if"}


def __getattr__(name: str) -> Any:
    if name in PUBLIC:
        return getattr(import_module(PUBLIC[name]), name)
    raise AttributeError(name)
