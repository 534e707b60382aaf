"""The model card: what a fitted model is, what it rests on, what it may not be used for. Markdown."""

from .accept import Bar
from .diagnose import Kind
from .report import Report

LIMITS = {
    "SUBSTITUTE": "CMS has not published LEAD's own model; this one stands in for it and is replaced when CMS publishes.",
    "ALL_AGED_AND_DISABLED": "The concurrent fit rests on all aged and disabled people, High Needs among them, as V1 did; one "
    "of High Needs people alone is asked for by calibration/concurrent_population (RM 8.1).",
    "LTI_NOT_GIVEN": "Nobody fitted on is told to be long-term institutional; their column has nobody and is left out.",
    "PAYMENTS_AS_DELIVERED": "Cost is what the spending stage counts: payments as delivered, without the exclusions of "
    "BMK-5; hospice months are in.",
}


def model_card(report: Report, bars: list[Bar]) -> str:
    """The card. Rests on the report's figures alone, which are of many people each."""
    settings, metrics = report.settings, report.metrics
    lines = [
        f"# Substitute risk model {settings.registry_name}, {settings.variant}",
        "",
        f"Fitted on diagnoses of {settings.diagnosis_year} and cost of {settings.cost_year}: "
        f"{metrics['people']:,.0f} people, {metrics['person_years']:,.0f} person-years, "
        f"${metrics['mean_cost_usd']:,.0f} a person-year. A score of 1 is the mean cost of these people.",
        "",
        "## What it rests on",
        "",
        *[f"- {name}: {value}" for name, value in report.parameters.items()],
        "",
        "| table | version | identity |",
        "|---|---|---|",
        *[f"| {source.table} | {source.version} | {source.identity[:12]} |" for source in report.sources],
        "",
        "## Limits",
        "",
        *[f"- {LIMITS[flag]}" for flag in report.flags],
        "- A factor tells what people with the term cost beside others, not what the condition causes.",
        "",
        "## How well it fits",
        "",
        *[f"- {name}: {value:,.6g}" for name, value in metrics.items()],
        "",
        *_ratio_table(report, Kind.DECILE),
        "",
        "The lowest decile and the upper half of the highest are reported and not judged.",
        "",
        "## Acceptance bars",
        "",
        "| bar | found | wanted | |",
        "|---|---|---|---|",
        *[f"| {bar.name} | {bar.found} | {bar.wanted} | {'passed' if bar.passed else 'FAILED'} |" for bar in bars],
        "",
        "## Beside published V28",
        "",
        f"Rank correlation of {metrics.get('v28_hccs_compared', 0):.0f} HCC factors: "
        f"{metrics.get('v28_rank_correlation', float('nan')):.3f}. Large gaps are findings, not failures (RM 8.9).",
        "",
        f"{_order_note(report)}",
    ]
    return "\n".join(lines) + "\n"


def _ratio_table(report: Report, kind: Kind) -> list[str]:
    rows = [each for each in report.ratios if each.kind is kind]
    head = ["| decile of score | people | actual $ | predicted $ | ratio |", "|---|---:|---:|---:|---:|"]
    return [
        *head,
        *[
            f"| {row.cell} | {row.people:,} | {row.actual_cents / 100:,.0f} | {row.predicted_cents / 100:,.0f} "
            f"| {row.ratio:.3f} |"
            for row in rows
        ],
    ]


def _order_note(report: Report) -> str:
    design = report.fit.design
    factor = {hcc: design.published[column] or 0.0 for hcc, column in design.hccs.items()}
    pairs = [
        f"{above} < {below}"
        for above, dropped in design.model.hierarchies.items()
        for below in dropped
        if above in factor and below in factor and factor[above] < factor[below]
    ]
    if not pairs:
        return ""
    return (
        "This model orders every hierarchy (RM 8.5). Published V28 itself values these dominant HCCs below one they "
        f"drop: {', '.join(pairs)}."
    )
