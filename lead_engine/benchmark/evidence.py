"""What the ledger of a cell is given: sums, reference means and parameters, each with its source, or why there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyspark.sql import Row

from lead_engine.foundation.months import MONTHS_OF_A_YEAR
from lead_engine.methodology.resolve import ResolvedValue
from lead_engine.sources.inputs.reference_risk_scores import ReferenceRiskScore

from .aco_risk import DEMOGRAPHIC, EXTERNAL, HCC
from .risk_ratio import raw_mean_at
from .rules import BY_CATEGORY, CategoryRules, RiskRatioRules

SUMS = "calc__aco_risk"
UNSCORED, PART_YEAR = "UNSCORED_MONTHS", "PART_YEAR"
GIVEN_MEAN, MEAN_OF_LAKE = "REFERENCE_GIVEN", "REFERENCE_OF_LAKE"
REFERENCE = "calc__reference_risk"
SCORE_SUM = "score x 1,000,000"
NAMES = {
    HCC: ("score_sum", "scored_months"),
    EXTERNAL: ("ai_score_sum", "ai_scored_months"),
    DEMOGRAPHIC: ("demographic_sum", "demographic_months"),
}
MEANS = {HCC: "reference_mean", EXTERNAL: "ai_reference_mean"}
RULES = {HCC: "BMK-30, BMK-31", EXTERNAL: "BMK-37", DEMOGRAPHIC: "BMK-35"}
LACKS = {
    HCC: "no aligned month of {year} has a score of {model}",
    EXTERNAL: "no aligned month of {year} has a score in the list external_risk_scores",
    DEMOGRAPHIC: "no aligned month of {year} has a score of {model}, the demographic model (BMK-35)",
}
Means = Mapping[tuple[int, str, str], "ReferenceMean"]  # by year, category and model


@dataclass(frozen=True)
class ReferenceMean:
    """The mean raw score of a reference population, and where it comes from."""

    score: float
    source: str
    flag: str


def reference_means(
    given: Iterable[ReferenceRiskScore], of_lake: Iterable[Row]
) -> dict[tuple[int, str, str], ReferenceMean]:
    """Means by year, category and model: of the lake where it has them, else those of the list (BMK-32)."""
    found: dict[tuple[int, str, str], ReferenceMean] = {
        (row.score_year, row.category, row.model): ReferenceMean(
            float(row.mean_score), f"reference_risk_scores: {row.source}, {row.published_date}", GIVEN_MEAN
        )
        for row in given
    }
    for row in of_lake:
        if row["scored_months"]:
            mean = raw_mean_at(row["score_millionths"], row["scored_months"])
            said = f"{REFERENCE}: {row['scored_months']:,} eligible months of {row['people']:,} people"
            found[row["year"], row["category"], row["model"]] = ReferenceMean(mean, said, MEAN_OF_LAKE)
    return found


@dataclass(frozen=True)
class Evidence:
    """An input of the ledger: its value, or why there is none, and what stands behind it."""

    value: float | None
    unit: str
    rule: str
    source: str = ""
    parameter: ResolvedValue | None = None
    flags: frozenset[str] = frozenset()
    absent: str = ""


@dataclass(frozen=True)
class Cell:
    """An ACO, category and route: its sums by year and kind, and the years its periods stand for."""

    aco_id: str
    category: str
    route: str
    years: dict[str, int]
    sums: dict[tuple[int, str], Row]

    @property
    def has_ai_scores(self) -> bool:
        """Whether scores of people of the cell were given from outside."""
        return any(kind == EXTERNAL for _, kind in self.sums)

    @property
    def has_history(self) -> bool:
        """Whether people of the cell have a score in the third base year."""
        base = self.sums.get((self.years["by3"], HCC))
        return bool(base and base["scored_months"])


def evidence(cell: Cell, means: Means, rules: RiskRatioRules) -> dict[str, Evidence]:
    """Every input there may be, by name: counts, sums by period and kind, reference means, parameters."""
    of = rules.of(cell.category)
    found: dict[str, Evidence] = {}
    for period in cell.years:
        found |= _counts(cell, period, rules)
    for period, year in cell.years.items():
        for kind in NAMES:
            found |= _sums(cell, period, kind, rules, of)
        for kind, name in MEANS.items():
            found[f"{name}_{period}"] = _mean(cell, year, kind, means, of)
    found["cap_minimum_people_py"] = Evidence(0.0, "count", "BMK-34", "no minimum in the performance year")
    found["newly_voluntary_share"] = _newly_voluntary(cell)
    for name, value in rules.stated(cell.category).items():
        unit = "ratio" if name == "cap_exempt_growth" else value.unit
        given = float(value.value)  # type: ignore[arg-type]  # whole numbers and fractions, by their units
        found[name] = Evidence(given, unit, ", ".join(value.rules), f"{value.source}: {value.cite}", value)
    return found


def _counts(cell: Cell, period: str, rules: RiskRatioRules) -> dict[str, Evidence]:
    """People and months of a period, with a score and without."""
    year = cell.years[period]
    row = cell.sums.get((year, HCC))
    absent = f"the ACO has no such month in {year}"
    counts = row.asDict() | {"unscored_months": row["months"] - row["scored_months"]} if row is not None else {}
    return {
        f"{name}_{period}": Evidence(
            float(counts[name]) if counts else None, unit, rule, SUMS if counts else "", flags=_part_year(year, rules),
            absent=absent,
        )
        for name, unit, rule in (
            ("people", "count", "BMK-34"),
            ("scored_people", "count", "BMK-30"),
            ("months", "months", "ALN-23"),
            ("unscored_months", "months", "BMK-30"),
        )
    }  # fmt: skip


def _sums(cell: Cell, period: str, kind: str, rules: RiskRatioRules, of: CategoryRules) -> dict[str, Evidence]:
    """The sum of scores of a kind and the months it is over."""
    year, rule = cell.years[period], RULES[kind]
    row = cell.sums.get((year, kind))
    sum_name, months_name = (f"{name}_{period}" for name in NAMES[kind])
    model = {HCC: of.model, DEMOGRAPHIC: rules.demographic_model, EXTERNAL: ""}[kind]
    chosen = {HCC: BY_CATEGORY["model"][cell.category], DEMOGRAPHIC: "benchmark/demographic_model"}.get(kind)
    parameter = rules.parameter(chosen) if chosen else None
    if row is None or not row["scored_months"]:
        absent = LACKS[kind].format(year=year, model=model)
        return {
            sum_name: Evidence(None, SCORE_SUM, rule, "", parameter, absent=absent),
            months_name: Evidence(None if row is None else 0.0, "months", rule, SUMS if row else "", absent=absent),
        }
    flags = {*(row["flags"] or "").split(",")} - {""} | _part_year(year, rules)
    flags |= {UNSCORED} if row["scored_months"] < row["months"] else set()
    version = f" {row['model_version']}" if row["model_version"] else ""
    source = f"{SUMS}: {row['model']}{version}" + (f", {row['lineage']}" if row["lineage"] else "")
    return {
        sum_name: Evidence(row["score_millionths"], SCORE_SUM, rule, source, parameter, frozenset(flags)),
        months_name: Evidence(row["scored_months"], "months", rule, SUMS, None, frozenset(flags)),
    }


def _mean(cell: Cell, year: int, kind: str, means: Means, of: CategoryRules) -> Evidence:
    """The mean of the reference population for the model the cell is scored with: of the lake, published, or there is none."""
    row = cell.sums.get((year, kind))
    model = of.model if kind == HCC else (row["model"] if row is not None else "the AI-inferred model")
    mean = means.get((year, cell.category, model))
    if mean is None:
        absent = f"the list reference_risk_scores has no mean of {model}, {cell.category}, {year}"
        return Evidence(None, "score", "BMK-32", absent=f"{absent}; people of the run never stand in")
    return Evidence(mean.score, "score", "BMK-32", mean.source, flags=frozenset({mean.flag}))


def _newly_voluntary(cell: Cell) -> Evidence:
    """The share of the performance year's months that are of a first voluntary year."""
    row = cell.sums.get((cell.years["py"], HCC))
    if row is None or row["newly_voluntary_months"] is None:
        absent = "nothing tells which months are of a first year of voluntary alignment (ALN-40)"
        return Evidence(None, "rate", "BMK-34", absent=absent)
    return Evidence(row["newly_voluntary_months"] / row["months"], "rate", "BMK-34", SUMS)


def _part_year(year: int, rules: RiskRatioRules) -> frozenset[str]:
    """A year whose enrolment data end before December counts the months there are."""
    through = rules.enrolment_through
    return frozenset({PART_YEAR}) if year == through.year and through.month < MONTHS_OF_A_YEAR else frozenset()
