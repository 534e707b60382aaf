"""The data dictionary, written from the contracts: `python -m lead_engine.tables.dictionary > docs/reference/tables.md`."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from . import CONTRACTS, Contract

HEAD = """# Tables

Written from the contracts in `lead_engine/tables`; do not edit. Layers: `stage` records as parsed, `core` what was delivered,
`calc` what was computed, `mart` what people see, `ops` the ledger. A column of unit *unit* holds a TIN, CCN, NPI or ACO packed
into a long; exports show it as text. Tables whose PHI class is above *none* are exported only with `--restricted`.
"""


def dictionary() -> str:
    """The dictionary as Markdown."""
    return "\n".join([HEAD, *(line for name in sorted(CONTRACTS) for line in _table(CONTRACTS[name]))])


def _table(contract: Contract) -> Iterator[str]:
    """One table: what it is, its key and layout, its columns."""
    yield f"## {contract.name}\n"
    yield f"{(contract.model.__doc__ or '').strip().splitlines()[0]}\n"
    facts = {
        "grain": contract.grain,
        "key": ", ".join(contract.key),
        "PHI": contract.phi.value,
        "rules": ", ".join(contract.rules),
        "partitioned by": ", ".join(contract.partition),
        "sorted by": ", ".join(contract.cluster),
        "a run replaces": f"rows of its {', '.join(contract.slice)}" if contract.slice else "the table",
    }
    yield "; ".join(f"{name}: {said}" for name, said in facts.items() if said) + ".\n"
    yield "| column | type | unit | empty | meaning |"
    yield "|---|---|---|---|---|"
    for name, column in contract.columns.items():
        unit = (column.metadata or {}).get("unit", "")
        empty = "yes" if column.nullable else ""
        kind = column.dtype.type.simpleString()
        yield f"| {name} | {kind} | {unit} | {empty} | {column.description}{_checks(column.checks)} |"
    yield ""


def _checks(checks: Iterable[Any]) -> str:
    """The values a column is restricted to."""
    allowed = [check.statistics["allowed_values"] for check in checks if check.name == "isin"]
    return f"; one of {', '.join(map(str, allowed[0]))}" if allowed else ""


if __name__ == "__main__":
    sys.stdout.write(dictionary())
