"""Why a person is aligned to whom in a year: stored facts as sentences and a table of candidates."""

from dataclasses import dataclass
from typing import Any

from lead_engine.foundation.identifiers import unpack_unit
from lead_engine.foundation.page import Page, Sentence, Table, dollars
from lead_engine.methodology.resolve import Resolved

from .decide import Stage
from .rules import AlignmentRules

STAGE_WORDS = {Stage.PRIMARY: "primary care decides", Stage.SPECIALIST: "selected specialists decide"}
END_WORDS = {
    "DEAD": "died",
    "NOT_A_AND_B": "was not in both Part A and Part B",
    "MA": "was in Medicare Advantage or another Medicare health plan",
    "MSP": "had another payer before Medicare",
    "NON_US": "lived outside the United States",
    "NO_ENROLMENT": "has no enrolment data for January",
    "NOT_EVALUATED": "is not evaluated: enrolment data ends before this year",
}


@dataclass(frozen=True)
class Stored:
    """What the lake holds of one person and aligned year: a row of `calc__alignment`, its candidates best first."""

    answer: dict[str, Any]
    candidates: list[dict[str, Any]]
    not_tested: str


def explain(stored: Stored, resolved: Resolved, rules: AlignmentRules) -> Page:
    """One page: alignment period, deciding stage, winner and runner-up, months, and what would change the answer."""
    answer = stored.answer
    year = answer["aligned_year"]
    sentences = [_period(year, resolved, rules)]
    if stored.candidates:
        sentences += [_share(stored, resolved), _winner(stored), _margin(stored)]
    sentences += [_months(answer), Sentence("not tested", stored.not_tested or "everything was tested", "ALN-18")]
    whose = f"Beneficiary {answer['bene_key']}, year {year} under performance year {answer['performance_year']}"
    title = f"{whose}: {_headline(answer)}"
    return Page(
        title,
        tuple(sentences),
        (_candidates(stored),) if stored.candidates else (),
        {"answer": answer, "candidates": stored.candidates},
    )


def _headline(answer: dict[str, Any]) -> str:
    if answer["aco_id"] and answer["effective_month"]:
        return f"aligned by claims to ACO {answer['aco_id']}"
    if answer["aco_id"]:
        return f"claims point to ACO {answer['aco_id']}, but never eligible in the year"
    return "not aligned by claims to any ACO"


def _period(year: int, resolved: Resolved, rules: AlignmentRules) -> Sentence:
    periods = rules.alignment_years(year)
    weights = " : ".join(map(str, rules.weights))
    status = resolved["alignment/alignment_weights"].status
    return Sentence(
        "alignment period",
        f"{periods[0].start} to {periods[-1].end}, its years weighing {weights}",
        "ALN-3, ALN-30",
        status,
    )


def _share(stored: Stored, resolved: Resolved) -> Sentence:
    primary = sum(candidate["pcs_score_cents"] for candidate in stored.candidates)
    total = primary + sum(candidate["sps_score_cents"] for candidate in stored.candidates)
    threshold = resolved["alignment/primary_care_threshold"]
    if total <= 0:
        return Sentence(
            "primary care", "no qualifying charges: cannot be aligned by claims", "ALN-32", threshold.status
        )
    needed = f"needs {float(resolved.value(threshold.name)):.0%}" + ("" if threshold.inclusive else " and more")
    share = f"{dollars(primary)} of {dollars(total)} weighted charges ({primary / total:.1%}, {needed})"
    return Sentence(
        "primary care",
        f"{share}: {STAGE_WORDS[Stage(stored.answer['stage'])]}",
        "ALN-32",
        f"{threshold.status}: {threshold.source}",
    )


def _winner(stored: Stored) -> Sentence:
    answer = stored.answer
    if answer["winning_unit"] is None:
        return Sentence("winner", "no unit has charges above zero in the deciding stage", "ALN-33")
    by = {
        "none": "most charges",
        "date": "equal charges, latest service",
        "lines": "equal charges and date, most lines",
        "key": "equal in all, lowest key",
    }
    is_aco = "an ACO" if answer["aco_id"] else "outside every ACO of the run"
    return Sentence(
        "winner", f"{unpack_unit(answer['winning_unit'])}, {is_aco}, by {by[answer['tie_break']]}", "ALN-31, ALN-33"
    )


def _margin(stored: Stored) -> Sentence:
    """How much the second unit lacks: what would change the answer."""
    answer = stored.answer
    if answer["runner_up_unit"] is None:
        return Sentence("what would change it", "no other unit has charges in the deciding stage", "ALN-33")
    behind = answer["score_cents"] - answer["runner_up_score_cents"]
    return Sentence(
        "what would change it",
        f"{unpack_unit(answer['runner_up_unit'])} is {dollars(behind)} of weighted charges behind; it wins with more than that",
        "ALN-33",
    )


def _months(answer: dict[str, Any]) -> Sentence:
    first, last, reason = answer["effective_month"], answer["end_month"], answer["end_reason"]
    why = END_WORDS.get(reason or "", reason or "")
    if not answer["aco_id"]:
        return Sentence("months", "none", "ALN-23")
    if first is None:
        return Sentence("months", f"none: the person {why}", "ALN-19")
    ended = f"; then the person {why}" if reason else ""
    return Sentence("months", f"{first:%Y-%m} to {last:%Y-%m}{ended}", "ALN-19, ALN-20, ALN-23")


def _candidates(stored: Stored) -> Table:
    columns = ("rank", "unit", "primary care", "last", "lines", "specialists", "last", "lines")
    rows = tuple(
        (
            str(row["rank"] or "–"),
            unpack_unit(row["unit"]),
            dollars(row["pcs_score_cents"]),
            str(row["last_pcs_date"] or ""),
            str(row["pcs_lines"]),
            dollars(row["sps_score_cents"]),
            str(row["last_sps_date"] or ""),
            str(row["sps_lines"]),
        )
        for row in stored.candidates
    )
    return Table(columns, rows)
