"""The waterfall of an ACO's risk ratio: stored lines as sentences, each with the values it was computed from."""

from collections.abc import Sequence
from typing import Any

from lead_engine.foundation.page import Page, Sentence, Table

ROUTES = {"C": "aligned by claims", "V": "aligned voluntarily", "M": "aligned through Medicaid"}
WHOLE = ("months", "count", "score x 1,000,000", "flag")


def explain(lines: Sequence[dict[str, Any]]) -> Page:
    """One page for a cell: every computed line from what it reads, then every input with its source.

    In: the rows of `calc__benchmark_line` of one ACO, category and route. Figures are not suppressed.
    """
    ordered = sorted(lines, key=lambda row: row["place"])
    by_name = {row["line"]: row for row in ordered}
    computed = tuple(_sentence(row, by_name) for row in ordered if not _is_input(row))
    inputs = tuple(_input(row) for row in ordered if _is_input(row))
    columns = ("input", "value", "unit", "rule", "parameter", "status", "source")
    first = ordered[0]
    whose = f"ACO {first['aco_id']}, {first['category']}, {ROUTES[first['route']]}"
    title = f"{whose}, performance year {first['performance_year']}: {_headline(by_name)}"
    return Page(title, computed, (Table(columns, inputs),), {"lines": ordered})


def _headline(lines: dict[str, dict[str, Any]]) -> str:
    ratio = lines["RR"]
    if ratio["value"] is None:
        return "no risk ratio"
    flags = f" ({ratio['flags'].replace(',', ', ')})" if ratio["flags"] else ""
    growth = lines["RR_RAW"]["value"]
    return f"risk ratio {ratio['value']:.4f}, grown by {growth - 1:+.2%} since BY3{flags}"


def _is_input(row: dict[str, Any]) -> bool:
    """Whether a line was given: it has a source, or says what is missing, and reads nothing."""
    return row["reads"] is None and (row["source"] is not None or row["value"] is None)


def _sentence(row: dict[str, Any], lines: dict[str, dict[str, Any]]) -> Sentence:
    reads = (row["reads"] or "").split(", ") if row["reads"] else []
    of = ", ".join(f"{name} {shown(lines[name])}" for name in reads)
    value = f"{shown(row)} from {of}" if of else shown(row)
    says = f"not written: {row['unwritten_because']}" if row["value"] is None else value
    return Sentence(row["line"], says, row["rule"], row["status"] or "")


def _input(row: dict[str, Any]) -> tuple[str, ...]:
    told = row["source"] if row["value"] is not None else f"missing: {row['unwritten_because']}"
    return (
        row["line"],
        shown(row),
        row["unit"],
        row["rule"],
        row["parameter"] or "",
        row["status"] or "",
        told or "",
    )


def shown(row: dict[str, Any]) -> str:
    """A value as people read it: whole numbers whole, scores and ratios to six places."""
    if row["value"] is None:
        return "–"
    return f"{row['value']:,.0f}" if row["unit"] in WHOLE else f"{row['value']:.6f}"
