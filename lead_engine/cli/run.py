"""`lead-engine run`: bring a lake up to date with a configuration."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .show import ConfigArgument, JsonOption, ProfileOption, as_json, note, remember, say, table

if TYPE_CHECKING:
    from lead_engine.marts.report import Report
    from lead_engine.pipeline.config import RunConfig
    from lead_engine.pipeline.plan import Choice
    from lead_engine.pipeline.run import Done

NAME = "run"
StepOption = Annotated[str | None, typer.Option(show_default=False, help="Step, by the table it writes.")]


def command(
    config: ConfigArgument,
    only: StepOption = None,
    first: Annotated[
        str | None, typer.Option("--from", show_default=False, help="First step, in the order of `plan`.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", show_default=False, help="Last step.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done and write nothing.")] = False,
    profile: ProfileOption = "local",
    json: JsonOption = False,
) -> None:
    """Load deliveries and compute every table that is not up to date; a stopped run goes on where it stopped."""
    from lead_engine.pipeline.config import read_config
    from lead_engine.pipeline.plan import Choice

    from .plan import show_plan

    choice = Choice(only, first, last)
    choice.tables()
    read = read_config(config)
    if dry_run:
        show_plan(read, profile, json, choice)
        return
    done, report, pages = go(read, profile, choice)
    remember(config)
    if json:
        as_json({"steps": [vars(step) for step in done]} | {name.lower(): str(page) for name, page in pages.items()})
        return
    summary(done, report)
    tell(pages)


def go(config: "RunConfig", profile: str, choice: "Choice") -> tuple[list["Done"], "Report", dict[str, Path]]:
    """Run, telling each step as it ends; returns the steps, what the page shows, and where the pages are."""
    from lead_engine.lake.session import start
    from lead_engine.marts.report import read_report, write_page
    from lead_engine.marts.review.page import page_path, read_review, write_review
    from lead_engine.pipeline.job import line
    from lead_engine.pipeline.run import Run

    note(f"performance year {config.facts.performance_year}, lake {config.lake}")
    note("starting Spark …")
    run = Run(config, start(profile), lambda planned, done: note(line(done)) if done else None)
    done = run.go(choice)
    report = read_report(run.lake, config.facts, config.resolved)
    review = read_review(run.lake, config.resolved)
    pages = {"Review": write_review(review, page_path(config.path, config.facts.performance_year))} if review else {}
    return done, report, pages | {"Page": write_page(report, _page_path(config))}


def tell(pages: dict[str, Path]) -> None:
    """Where the pages are."""
    say()
    for name, page in pages.items():
        say(f"{name}: {page}")


def summary(done: list["Done"], report: "Report") -> None:
    """People, months, dollars; aligned lives, mean risk and risk ratio of each ACO; where the seconds went."""
    by_table = {step.table: step for step in done}
    figures = {
        "people": ("core__beneficiary", "rows"),
        "person-months": ("calc__beneficiary_month", "rows"),
        "spending": ("calc__spend_month", "cents"),
    }
    known = {
        name: getattr(by_table[table_], column) for name, (table_, column) in figures.items() if table_ in by_table
    }
    if "spending" in known:
        known["spending"] = f"${known['spending'] / 100:,.2f}"
    say(
        "\n" + ", ".join(f"{value if isinstance(value, str) else f'{value:,}'} {name}" for name, value in known.items())
    )
    if report.rows:
        numbers = ("aligned lives", "months", "paid $", "PBPM $", "mean risk (AD)", "High Needs")
        table(("ACO", "name", "year", "through", *numbers), (row.as_text() for row in report.totals()), right=numbers)
    if report.alignment:
        routes = ("by claims", "by choice", "by both", "by Medicaid")
        asked = ("ACO", *routes, "fewest people asked for", "outcome")
        table(asked, (row.as_text() for row in report.alignment), right=routes)
    if report.ratios:
        columns = ("ACO", "category", "route", "raw mean", "score BY3", "score", "growth", "risk ratio", "rests on")
        table(columns, (row.as_text() for row in report.ratios), right=columns[3:8])
    seconds = sum(step.seconds for step in done)
    slowest = ", ".join(
        f"{step.table} {step.seconds:.1f}" for step in sorted(done, key=lambda step: -step.seconds)[:3] if step.seconds
    )
    say(
        f"{len([s for s in done if s.seconds])} of {len(done)} steps computed, {seconds:.0f} step seconds"
        + (f" (most: {slowest})" if slowest else "")
    )


def _page_path(config: "RunConfig") -> Path:
    """The page stands beside the configuration, named after it."""
    return config.path.with_name(f"{config.path.stem}-{config.facts.performance_year}.html").absolute()
