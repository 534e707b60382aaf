"""The contract of every table. Importing this package registers them all in `CONTRACTS`."""

from importlib import import_module

from .contract import CONTRACTS, Contract, Phi

NAMES = (
    "aco_year", "alignment", "benchmark", "claims", "inputs", "months", "ops", "people", "review", "risk", "risk_models",
    "spend", "stage", "voluntary",
)  # fmt: skip
SUBJECTS = tuple(import_module(f"{__name__}.{name}") for name in NAMES)

__all__ = ["CONTRACTS", "SUBJECTS", "Contract", "Phi"]
