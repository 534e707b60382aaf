"""Pictures of a fit, drawn without a screen."""

from collections.abc import Iterator
from typing import Any

from .diagnose import Kind
from .fit import ONE
from .report import Report

SHOWN = (Kind.DECILE, Kind.HCC_COUNT, Kind.CONDITION_GROUP, Kind.DUAL, Kind.AGE_SEX)


def plots(report: Report) -> Iterator[tuple[str, Any]]:
    """Name and figure: predictive ratios by kind of cell, and factors beside the published ones."""
    for kind in SHOWN:
        rows = [each for each in report.ratios if each.kind is kind]
        if rows:
            yield f"ratio_{kind.value.lower()}.png", _ratios(kind, [(each.cell, each.ratio) for each in rows])
    yield "factors_and_published.png", _beside_published(report)


def _ratios(kind: Kind, rows: list[tuple[str, float]]) -> Any:
    figure, axes = _empty(f"Predicted by actual cost, by {kind.value.lower().replace('_', ' ')}")
    axes.bar([cell for cell, _ in rows], [ratio for _, ratio in rows], color="#4477aa")
    axes.axhline(1, color="black", linewidth=0.8)
    axes.tick_params(axis="x", rotation=75)
    return figure


def _beside_published(report: Report) -> Any:
    fit = report.fit
    columns = [c for c in fit.design.hccs.values() if fit.design.published[c] is not None and not fit.structure.held[c]]
    figure, axes = _empty("Factors of HCCs beside published V28")
    axes.scatter([fit.design.published[c] for c in columns], [fit.factors[c] / ONE for c in columns], s=14)
    axes.set_xlabel("published factor, community, not dual")
    axes.set_ylabel("fitted factor")
    return figure


def _empty(title: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title)
    return figure, axes
