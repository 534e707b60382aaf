"""What is told of a calibration: parameters, metrics and tables. Sums and ratios of many people, nobody's own figures."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import lead_engine
from lead_engine.risk.score import LTI_NOT_GIVEN

from .config import Settings
from .design import INSTITUTIONAL, SEGMENT
from .diagnose import Kind, Ratio, rank_correlation
from .fit import ONE, Fit
from .rules import CalibrationRules

COEFFICIENTS = "coefficients.csv"
MODEL = "model.json"
INS = SEGMENT + INSTITUTIONAL
FLAGS = {
    "prospective": ("SUBSTITUTE", LTI_NOT_GIVEN, "PAYMENTS_AS_DELIVERED"),
    "concurrent": ("SUBSTITUTE", "PAYMENTS_AS_DELIVERED"),
}
ALL_AGED_AND_DISABLED = "ALL_AGED_AND_DISABLED"


@dataclass(frozen=True)
class Source:
    """A table the fit read."""

    table: str
    version: int
    identity: str


@dataclass(frozen=True)
class AcoRatio:
    """Mean score of an ACO's people by the substitute and by V28, each relative to the calibration population's."""

    aco_id: str
    people: int
    substitute: float
    published: float

    @property
    def ratio(self) -> float:
        """Substitute by published."""
        return self.substitute / self.published


@dataclass(frozen=True)
class Report:
    """A fit with everything that is registered with it."""

    settings: Settings
    rules: CalibrationRules
    methodology: str  # fingerprint
    sources: tuple[Source, ...]
    fit: Fit
    truncated: Fit | None  # costs cut off at `truncated_at` cents a year (RM 8.3)
    truncated_at: int
    ratios: tuple[Ratio, ...]
    acos: tuple[AcoRatio, ...]

    @property
    def flags(self) -> tuple[str, ...]:
        """What scores of the model rest on."""
        institutional = [self.fit.design.names.index(INS)] if INS in self.fit.design.names else []
        has_any = any(self.fit.sums.holders[column] for column in institutional)
        is_of_all = self.settings.variant == "concurrent" and len(self.rules.concurrent_categories) > 1
        flags = tuple(flag for flag in FLAGS[self.settings.variant] if flag != LTI_NOT_GIVEN or not has_any)
        return (*flags, ALL_AGED_AND_DISABLED) if is_of_all else flags

    @property
    def parameters(self) -> dict[str, Any]:
        """What the run is told by."""
        fit, settings = self.fit, self.settings
        return {
            "variant": settings.variant,
            "diagnosis_year": settings.diagnosis_year,
            "cost_year": settings.cost_year,
            "performance_year": self.rules.performance_year,
            "structure": fit.design.model.name,
            "structure_version": fit.design.version,
            "columns": len(fit.design.names),
            "shrinkage_person_years": fit.shrinkage,
            "shrinkage_tried": ", ".join(f"{each:g}" for each in settings.shrinkage),
            "folds": settings.folds,
            "blocks": settings.blocks,
            "bootstrap_replicates": settings.bootstrap,
            "seed": settings.seed,
            "minimum_person_years": self.rules.minimum_person_years,
            "methodology_fingerprint": self.methodology,
            "data_fingerprint": fit.sums.fingerprint,
            "code_version": lead_engine.__version__,
            "flags": ", ".join(self.flags),
        }

    @property
    def metrics(self) -> dict[str, float]:
        """What can be compared between runs, and what promotion asks for."""
        fit, (correlation, compared) = self.fit, rank_correlation(self.fit)
        overall = float(fit.sums.column_years @ fit.factors) / ONE / fit.sums.years
        found = {
            "people": float(fit.sums.people),
            "person_years": fit.sums.years,
            "mean_cost_usd": fit.sums.mean_cost / 100,
            "mean_predicted_usd": fit.mean_predicted / 100,
            "r2": fit.r2,
            "hold_out_r2": fit.hold_out_r2[fit.shrinkage],
            "predictive_ratio": overall,
            "free_coefficients": float(fit.solution.unknowns),
            "v28_rank_correlation": correlation,
            "v28_hccs_compared": float(compared),
        }
        deciles = {each.cell: each.ratio for each in self.ratios if each.kind is Kind.DECILE}
        found |= {f"decile_{name.replace(', ', '_').replace(' ', '_')}": ratio for name, ratio in deciles.items()}
        if self.truncated:
            found |= {"truncated_r2": self.truncated.r2, "truncated_at_usd": self.truncated_at / 100}
        return {name: value for name, value in found.items() if value == value}

    def files(self) -> dict[str, str]:
        """Tables and lineage as text, by file name."""
        return {
            COEFFICIENTS: _csv(self._coefficients()),
            MODEL: json.dumps(self.parameters | {"mean_cost_cents": round(self.fit.mean_predicted)}, indent=2),
            "predictive_ratios.csv": _csv(self._ratios()),
            "aco_ratios.csv": _csv(vars(each) | {"ratio": f"{each.ratio:.6f}"} for each in self.acos),
            "data.json": json.dumps([vars(source) for source in self.sources], indent=2),
        }

    def _coefficients(self) -> Iterable[dict[str, Any]]:
        fit, design = self.fit, self.fit.design
        cut = self.truncated.factor_texts if self.truncated else [""] * len(design.names)
        for column, term in enumerate(design.names):
            held = fit.structure.held[column]
            yield {
                "term": term,
                "factor": fit.factor_texts[column],
                "coefficient_cents": int(fit.coefficient_cents[column]),
                "standard_error": _number(fit.standard_error[column]),
                "low": _number(fit.low[column]) if held is None else "",
                "high": _number(fit.high[column]) if held is None else "",
                "truncated_factor": cut[column],
                "published_factor": "" if design.published[column] is None else design.published[column],
                "shares_with": design.names[self._first_sharing(column)],
                "held": held or "",
                "person_years": f"{fit.sums.column_years[column]:.0f}" if self._is_shown(column) else "",
            }

    def _ratios(self) -> Iterable[dict[str, Any]]:
        for each in self.ratios:
            yield {
                "kind": each.kind.value,
                "cell": each.cell,
                "people": each.people,
                "person_years": f"{each.person_years:.1f}",
                "actual_usd": f"{each.actual_cents / 100:.2f}",
                "predicted_usd": f"{each.predicted_cents / 100:.2f}",
                "ratio": f"{each.ratio:.6f}",
            }

    def _first_sharing(self, column: int) -> int:
        return self.fit.structure.group[column]

    def _is_shown(self, column: int) -> bool:
        """A column of few people shows no count; nor does one that all but a few people have."""
        holders = int(self.fit.sums.holders[column])
        return min(holders, self.fit.sums.people - holders) >= self.rules.smallest_cell


def _csv(rows: Iterable[dict[str, Any]]) -> str:
    listed = list(rows)
    text = io.StringIO()
    if listed:
        writer = csv.DictWriter(text, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
    return text.getvalue()


def _number(value: float) -> str:
    return "" if value != value else f"{value:.6f}"
