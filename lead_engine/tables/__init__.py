"""The contract of every table. Importing this package registers them all in `CONTRACTS`."""

from . import (
    aco_year,
    alignment,
    benchmark,
    claims,
    inputs,
    months,
    ops,
    people,
    review,
    risk,
    risk_models,
    spend,
    stage,
)
from .contract import CONTRACTS, Contract, Phi

SUBJECTS = (
    aco_year,
    alignment,
    benchmark,
    claims,
    inputs,
    months,
    ops,
    people,
    review,
    risk,
    risk_models,
    spend,
    stage,
)

__all__ = ["CONTRACTS", "SUBJECTS", "Contract", "Phi"]
