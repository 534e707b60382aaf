"""Why a person is High Needs or not: which criterion, at which check, with what numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lead_engine.foundation.page import Page, Sentence, Table
from lead_engine.methodology.resolve import Resolved

from .criteria import LETTERS, Criterion
from .rules import HighNeedsRules

RULES = {
    Criterion.MOBILITY: "ALN-47",
    Criterion.HIGH_SCORE: "ALN-48",
    Criterion.MODERATE_SCORE: "ALN-49",
    Criterion.FRAILTY: "ALN-51",
    Criterion.LONG_CARE: "ALN-50",
}
PARAMETERS = {
    Criterion.MOBILITY: "months/hn_mobility_codes",
    Criterion.HIGH_SCORE: "months/hn_models",
    Criterion.MODERATE_SCORE: "months/hn_unplanned_admissions",
    Criterion.FRAILTY: "months/hn_frailty_codes",
    Criterion.LONG_CARE: "months/hn_snf_days",
}
COLUMNS = (
    "check",
    "window from",
    "to",
    "(a) stays",
    "days",
    "(b) score",
    "model",
    "(c) admissions",
    "(d) days",
    "(e) SNF days",
)


@dataclass(frozen=True)
class Stored:
    """What the lake holds of one person: the row of `calc__high_needs`, those of `calc__high_needs_check`."""

    status: dict[str, Any]
    checks: list[dict[str, Any]]


def explain(stored: Stored, resolved: Resolved, rules: HighNeedsRules) -> Page:
    """One page: since when, by which criterion with which numbers, what was not evaluated, and every check near one."""
    status, first = stored.status, stored.status["hn_first_check_date"]
    whose = f"Beneficiary {status['bene_key']}"
    title = f"{whose}: High Needs since the check of {first}" if first else f"{whose}: not High Needs"
    found = [row for row in stored.checks if row["check_date"] == first]
    sentences = [_status(first, status, resolved)]
    sentences += [
        _met(criterion, row, rules, resolved) for row in found for criterion in Criterion if row["criteria"] & criterion
    ]
    sentences.append(_not_evaluated(status))
    facts = {"status": status, "checks": stored.checks}
    return Page(title, tuple(sentences), (_table(stored, rules),) if stored.checks else (), facts)


def _status(first: date | None, status: dict[str, Any], resolved: Resolved) -> Sentence:
    scored = f"{status['scored_checks']} of them by score"
    if first is None:
        return Sentence("status", f"no criterion met at any of {status['checks']} checks, {scored}", "ALN-52, ALN-54")
    effective, sticky = resolved["months/hn_effective"], resolved["months/hn_sticky"]
    says = f"the first of {status['checks']} checks that succeeded; counts {effective.value}, {sticky.value}"
    return Sentence("status", says, "ALN-53, ALN-58", f"{sticky.status}, {effective.status}")


def _met(criterion: Criterion, row: dict[str, Any], rules: HighNeedsRules, resolved: Resolved) -> Sentence:
    """A criterion that was met, with its numbers and what it needs."""
    scale = rules.scale(row["score_model"] or "")
    home = (
        ""
        if row["home_health_days"] is None
        else f", {row['home_health_days']} of home health, which needs {rules.home_health_days}"
    )
    says = {
        Criterion.MOBILITY: f"a condition that impairs mobility on {row['mobility_stays']} days of stays, which needs "
        f"{rules.mobility_stays}, and {row['mobility_dates']} of other claims, which needs {rules.mobility_dates}",
        Criterion.HIGH_SCORE: f"raw score {row['score']} by {row['score_model']}, needs {scale.high}",
        Criterion.MODERATE_SCORE: f"raw score {row['score']} by {row['score_model']}, needs {scale.moderate}, and "
        f"{row['admissions']} unplanned admissions, needs {rules.unplanned_admissions}",
        Criterion.FRAILTY: f"equipment for home use on {row['frailty_dates']} days, needs {rules.frailty_dates}",
        Criterion.LONG_CARE: f"{row['snf_days']} days of skilled nursing, needs {rules.snf_days}{home}",
    }[criterion]
    parameter = resolved[PARAMETERS[criterion]]
    return Sentence(
        f"criterion ({LETTERS[criterion]})", says, RULES[criterion], f"{parameter.status}: {parameter.source}"
    )


def _not_evaluated(status: dict[str, Any]) -> Sentence:
    """At how many checks no model scored the person, and whether the one that succeeded is one of them."""
    unscored = status["checks"] - status["scored_checks"]
    among = ", the one that succeeded among them" if status["hn_first_check_date"] and status["not_evaluated"] else ""
    says = f"(b) and (c) at {unscored} of {status['checks']} checks{among}: no model could score the window"
    return Sentence("not evaluated", says if unscored else "nothing", "ALN-48, RM 2.2")


def _table(stored: Stored, rules: HighNeedsRules) -> Table:
    windows = {check.on: check.window for check in rules.checks}
    rows = []
    for row in sorted(stored.checks, key=lambda row: row["check_date"]):
        window = windows.get(row["check_date"])
        letters = "".join(letter for criterion, letter in LETTERS.items() if row["criteria"] & criterion)
        rows.append(
            (
                str(row["check_date"]),
                str(window.start) if window else "",
                str(window.end) if window else "",
                str(row["mobility_stays"]),
                str(row["mobility_dates"]),
                str(row["score"]) if row["score"] is not None else "not evaluated",
                row["score_model"] or "",
                str(row["admissions"]),
                str(row["frailty_dates"]),
                str(row["snf_days"]),
                letters or ("none of the others" if row["not_evaluated"] else "none"),
            )
        )
    return Table((*COLUMNS, "met"), tuple(rows))
