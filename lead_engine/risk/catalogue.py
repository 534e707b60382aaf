"""The models there are: folders of `conf/reference/risk` that hold a `model` table.

A folder may lend its tables to another that lacks them, as V24 does to ESRD V24 and to the CMMI concurrent model.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache

from lead_engine.foundation.errors import ConfigurationError, MethodologyError, Problem, raise_all
from lead_engine.methodology.load import load
from lead_engine.methodology.reference import ReferenceTable, index, reference_table, tables_named
from lead_engine.methodology.resolve import resolve

from .check import problems_of
from .model import RiskModel

VERSION_DIGITS = 12
ROOT = "risk/"
TABLES = (
    "coefficients", "conditions", "edits", "groups", "hierarchies", "icd10", "interactions", "labels", "segments",
)  # fmt: skip


@cache
def risk_model_in(folder: str) -> RiskModel:
    """The model whose tables stand in a folder of `conf/reference`, such as `risk/v28`, checked.

    Raises MethodologyError naming every duplicate, unknown or missing factor (`check.problems_of`).
    """
    tables = _tables_in(folder)
    raise_all(MethodologyError, _lacking(folder, tables, ("model",)))
    for lender in [row["other_tables"] for row in tables["model"].records() if row["other_tables"]]:
        tables = _tables_in(lender) | tables
    raise_all(MethodologyError, _lacking(folder, tables, TABLES))
    digest = hashlib.sha256("".join(tables[name].sha256 for name in sorted(tables)).encode()).hexdigest()
    model = RiskModel(next(tables["model"].records())["name"], digest[:VERSION_DIGITS], tables)
    constants = resolve(load().programme.first_year)  # of the CMS software, the same in every year
    raise_all(MethodologyError, problems_of(model, constants.value("risk/aged_from")))
    return model


def risk_models() -> dict[str, str]:
    """The folder of every model there is, by the model's name."""
    folders = [name.removesuffix("/model") for name in index() if name.startswith(ROOT) and name.endswith("/model")]
    return {next(reference_table(f"{folder}/model").records())["name"]: folder for folder in sorted(folders)}


def risk_model_named(name: str) -> RiskModel:
    """A model by its name, in any case. Raises ConfigurationError with the names there are."""
    known = risk_models()
    if name.upper() not in known:
        raise ConfigurationError(Problem("", f"there is no risk model {name}", remedy=f"choose {', '.join(known)}"))
    return risk_model_in(known[name.upper()])


def _lacking(folder: str, tables: Mapping[str, ReferenceTable], needed: Iterable[str]) -> list[Problem]:
    what, why = "is not in conf/reference/index.yaml", "a risk model needs it"
    return [Problem(f"conf/reference/{folder}/{name}.csv", what, why) for name in needed if name not in tables]


def _tables_in(folder: str) -> dict[str, ReferenceTable]:
    return {name.rsplit("/", 1)[1]: reference_table(name) for name in tables_named("tables", folder)}
