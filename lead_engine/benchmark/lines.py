"""`calc__benchmark_line`: the formulas of `risk_ratio` on the sums of each cell, every input and line with its evidence.

Some hundred cells of some forty lines: computed on the driver, from whole sums; floating point begins here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from lead_engine.lake.accounts import account, balance
from lead_engine.methodology.parameter import Status
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.reference_risk_scores import ReferenceRiskScore
from lead_engine.tables import CONTRACTS

from .aco_risk import HCC
from .evidence import Cell, Evidence, Means, evidence, reference_means
from .ledger import PERIODS, Computed, Ledger, Line
from .risk_ratio import CLAIMS, formulas
from .rules import RiskRatioRules

TABLE = "calc__benchmark_line"
LEAST_SURE_FIRST = (Status.SCENARIO, Status.OPEN, Status.REPORTED, Status.CONFIRMED)
BASE_YEARS = PERIODS[:-1]
COUNTS = ("people_", "scored_people_", "months_", "scored_months_", "unscored_months_")


def ledger_lines(
    references: Given[ReferenceRiskScore] | None,
    sums: DataFrame,
    acos: DataFrame,
    reference: DataFrame | None,
    rules: RiskRatioRules,
    run_id: str,
) -> DataFrame:
    """Every input and line of every cell with aligned months (BMK-30 to BMK-38).

    In: the list `reference_risk_scores`, `calc__aco_risk`, `core__aco`, and `calc__reference_risk` where the lake holds the
    nation. A line that lacks an input has no value and says which.
    """
    contract = CONTRACTS[TABLE]
    of_lake = reference.collect() if reference is not None else []
    means = reference_means(references.rows if references else (), of_lake)
    first = {row["aco_id"]: row["first_performance_year"] for row in acos.collect()}
    rows: list[dict[str, Any]] = []
    claims_base: dict[tuple[str, str], float] = {}
    for cell in _cells(sums.collect(), first, rules):  # the claims cell of a category before its others
        told = list(_lines_of(cell, means, claims_base, rules))
        rows += told
        base = next(row["value"] for row in told if row["line"] == "R_BY3")
        if cell.route == CLAIMS and base is not None:
            claims_base[cell.aco_id, cell.category] = base
    fixed = {"performance_year": rules.performance_year, "run_id": run_id}
    values = [tuple({**row, **fixed}[name] for name in contract.columns) for row in rows]
    return sums.sparkSession.createDataFrame(values, contract.schema)


def accounts(
    references: Given[ReferenceRiskScore] | None,
    sums: DataFrame,
    acos: DataFrame,
    reference: DataFrame | None,
    rules: RiskRatioRules,
    run_id: str,
    told: DataFrame,
) -> DataFrame:
    """Months of the sums are months of the ledger, with a score or without."""
    hcc = sums.where(F.col("kind") == HCC)
    scored = told.where(F.col("line").rlike("^SCORED_MONTHS_") & F.col("value").isNotNull())
    unscored = told.where(F.col("line").rlike("^UNSCORED_MONTHS_") & F.col("value").isNotNull())
    name = "months in the ledger"
    return balance(
        account(name, "in", hcc, rows=F.col("months")),
        account(name, "out", scored, rows=F.col("value").cast("bigint")),
        account(name, "excluded", unscored, F.lit("NO_SCORE"), F.col("value").cast("bigint")),
    )


def _cells(sums: Iterable[Row], first: Mapping[str, int], rules: RiskRatioRules) -> Iterator[Cell]:
    by_cell: dict[tuple[str, str, str], dict[tuple[int, str], Row]] = {}
    for row in sums:
        by_cell.setdefault((row["aco_id"], row["category"], row["route"]), {})[row["year"], row["kind"]] = row
    for (aco_id, category, route), own in sorted(by_cell.items()):  # route C sorts first
        base = {period: first[aco_id] - len(BASE_YEARS) + place for place, period in enumerate(BASE_YEARS)}
        yield Cell(aco_id, category, route, base | {"py": rules.performance_year}, own)


def _lines_of(
    cell: Cell,
    means: Means,
    claims_base: Mapping[tuple[str, str], float],
    rules: RiskRatioRules,
) -> Iterator[dict[str, Any]]:
    """The rows of a cell, in the order of computation: what the sums tell, then inputs and lines."""
    has_history = cell.route == CLAIMS or cell.has_history
    ledger = Ledger(formulas(rules.of(cell.category), cell.route, cell.has_ai_scores, has_history))
    known = evidence(cell, means, rules)
    known["claims_r_by3"] = Evidence(
        claims_base.get((cell.aco_id, cell.category)), "score", "BMK-34", "R_BY3 of the claims cell",
        absent="the claims cell of the category has no R_BY3",
    )  # fmt: skip
    computed = ledger.compute({name: known[name].value for name in ledger.inputs})
    told = [name for name in known if name.startswith(COUNTS)]
    names = [*told, *(name for name in ledger.inputs if name not in told)]
    places = iter(range(1, len(names) + len(ledger.lines) + 1))
    at = {"aco_id": cell.aco_id, "category": cell.category, "route": cell.route}
    for name in names:
        yield at | {"place": next(places)} | _input_row(name, known[name])
    flags = {name: known[name].flags for name in names}
    for each in ledger.lines:
        flags[each.name] = frozenset().union(*(flags[name] for name in each.reads))
        yield at | {"place": next(places)} | _line_row(each, computed, known, flags[each.name], rules)


def _input_row(name: str, of: Evidence) -> dict[str, Any]:
    return {
        "line": name.upper(),
        "value": None if of.value is None else float(of.value),
        "unit": of.unit,
        "rule": of.rule,
        "parameter": of.parameter.name if of.parameter else None,
        "status": of.parameter.status.value if of.parameter else None,
        "reads": None,
        "source": of.source or None,
        "flags": ",".join(sorted(of.flags)) or None,
        "unwritten_because": of.absent if of.value is None else None,
    }


def _line_row(
    each: Line, computed: Computed, known: Mapping[str, Evidence], flags: frozenset[str], rules: RiskRatioRules
) -> dict[str, Any]:
    """A computed line: its parameters are those it reads and those that chose its formula."""
    read = [known[name].parameter for name in each.reads if name in known]
    parameters = {value.name: value for value in [*read, *map(rules.parameter, each.switches)] if value}
    missing = computed.lacking.get(each.name, ())
    return {
        "line": each.name.upper(),
        "value": None if missing else float(computed.values[each.name]),
        "unit": each.unit,
        "rule": ", ".join(each.rules),
        "parameter": ", ".join(sorted(parameters)) or None,
        "status": least_sure(value.status for value in parameters.values()),
        "reads": ", ".join(name.upper() for name in each.reads) or None,
        "source": None,
        "flags": ",".join(sorted(flags)) or None,
        "unwritten_because": "; ".join(f"{name.upper()}: {known[name].absent}" for name in missing) or None,
    }


def least_sure(statuses: Iterable[Status]) -> str | None:
    """The least sure of statuses: set by a scenario, open, reported, confirmed. None of none."""
    found = set(statuses)
    return next((status.value for status in LEAST_SURE_FIRST if status in found), None)
