"""Why a person is aligned to whom in a year: stored facts as sentences and a table of candidates."""

from dataclasses import dataclass, field
from typing import Any

from lead_engine.foundation.identifiers import is_aco_unit, unpack_unit
from lead_engine.foundation.page import Page, Sentence, Table, dollars
from lead_engine.methodology.resolve import Resolved

from .decide import NO_CARE, Route, Stage
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
    "SERVICE_AREA": "lived outside the service area of the ACO",
    "OVERLAP": "was in another model that goes before LEAD",
    NO_CARE: "had no claim of the ACO in the whole year, and was aligned by choice alone",
}
ROUTE_WORDS = {
    Route.CLAIMS: "by claims",
    Route.VOLUNTARY: "by choice",
    Route.BOTH: "by claims and by choice",
    Route.MEDICAID: "by Medicaid",
}
CHOICE_WORDS = {
    "UNKNOWN_PERSON": "the Medicare number is unknown",
    "NO_SIGNATURE": "it is not signed",
    "SIGNED_AFTER_SUBMISSION": "it was signed after it was submitted",
    "EXPIRED": "the signature holds no longer",
    "NO_CLINICIAN": "TIN or NPI is missing",
    "NOT_LISTED": "the TIN is no Participant of the ACO",
    "NOT_BILLING": "the clinician has no claim under the TIN",
    "OUTSIDE_PARTICIPATION": "it was signed outside the days of the TIN on the list",
    "WITHDRAWN": "it was revoked or opted out of before its first cut-off",
    "NOT_PARTICIPATING": "the TIN was not on the list when its turn came",
    "SAME_ACO": "another attestation to the same ACO goes before it",
    "LATER_ELSEWHERE": "a later choice of somebody else goes before it",
    "OUTSIDE": "it names somebody outside every ACO, which voids what was chosen before",
    "LOST": "alignment was lost earlier in the year, and nobody comes back in it",
    "ALIGNED_ELSEWHERE": "the person is aligned to another ACO for the year",
    "NEXT_YEAR": "it became known after the last cut-off of the year",
    "NOT_EVALUATED": "there is no enrolment data for the month it would count from",
}


@dataclass(frozen=True)
class Stored:
    """What the lake holds of one person and aligned year: a row of `calc__alignment`, its candidates best first.

    `choices`: in the performance year, the person's rows of `calc__attestation_response`. `lines`: those that counted, as
    `services.classified` tells them, without what an ACO may not see.
    """

    answer: dict[str, Any]
    candidates: list[dict[str, Any]]
    not_tested: str
    choices: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)


def explain(stored: Stored, resolved: Resolved, rules: AlignmentRules) -> Page:
    """One page: alignment period, deciding stage, winner and runner-up, months, and what would change the answer."""
    answer = stored.answer
    year = answer["aligned_year"]
    sentences = [_period(year, resolved, rules)]
    tables: tuple[Table, ...] = ()
    if stored.candidates:
        sentences += [_share(stored, resolved), _winner(stored), _margin(stored)]
        sentences += [*_of_which_run(answer, resolved, rules), _counted(stored, resolved)]
        tables = (_candidates(stored), _lines(stored))
    sentences += [*_route(stored, resolved, rules), *_choices(stored, resolved), _months(answer)]
    sentences += [Sentence("not tested", stored.not_tested or "everything was tested", "ALN-18")]
    whose = f"Beneficiary {answer['bene_key']}, year {year} under performance year {answer['performance_year']}"
    title = f"{whose}: {_headline(answer)}"
    return Page(
        title,
        tuple(sentences),
        tables,
        {"answer": answer, "candidates": stored.candidates, "choices": stored.choices, "lines": stored.lines},
    )


def _headline(answer: dict[str, Any]) -> str:
    if not answer["aco_id"]:
        return "not aligned to any ACO"
    how = ROUTE_WORDS[Route(answer["route"])]
    if answer["effective_month"]:
        return f"aligned {how} to ACO {answer['aco_id']}"
    if answer["end_reason"] == NO_CARE:
        return f"was aligned {how} to ACO {answer['aco_id']}, and removed after the year"
    return f"points {how} to ACO {answer['aco_id']}, and is not aligned to it"


def _route(stored: Stored, resolved: Resolved, rules: AlignmentRules) -> list[Sentence]:
    """By what the person is aligned, and since which year by choice."""
    answer = stored.answer
    if not answer["aco_id"]:
        return []
    if answer["route"] == Route.MEDICAID:
        return [Sentence("route", "by Medicaid from a partner of the ACO; nothing else gives a month", "ALN-66")]
    is_midyear = _is_midyear(answer, rules)
    if is_midyear and answer["route"] == Route.CLAIMS:
        parameter = resolved["alignment/midyear_cba_effective_month"]
        said = f"by claims of the mid-year run, for a line of a TIN added in the year, from {rules.midyear:%Y-%m}"
        return [Sentence("route", said, "ALN-43", parameter.status)]
    if answer["route"] == Route.CLAIMS:
        return [Sentence("route", "by claims; no choice stands before them", "ALN-39")]
    first = answer["va_first_effective_month"]
    tenure = f"; voluntarily aligned to the ACO since {first:%Y-%m}" if first else ""
    whose = "claims of the mid-year run" if is_midyear else "claims"
    claims = f"and {whose} point to the same ACO" if answer["route"] == Route.BOTH else "whatever claims say"
    return [Sentence("route", f"by choice {answer['attestation_id']}, {claims}{tenure}", "ALN-39, ALN-40")]


def _is_midyear(answer: dict[str, Any], rules: AlignmentRules) -> bool:
    """Whether the mid-year run decided: no other run aligns by claims from that month on (ALN-43)."""
    return bool(answer["effective_month"] == rules.midyear and answer["route"] in (Route.CLAIMS, Route.BOTH))


def _of_which_run(answer: dict[str, Any], resolved: Resolved, rules: AlignmentRules) -> list[Sentence]:
    """That winner and candidates are of two runs, where they are."""
    if not _is_midyear(answer, rules):
        return []
    said = "primary care, candidates and lines are those of the run before the year; winner and margin are of the mid-year run"
    return [Sentence("two runs", said, "ALN-43", resolved["alignment/midyear_alignment_period"].status)]


def _choices(stored: Stored, resolved: Resolved) -> list[Sentence]:
    """Every choice of the person: whether it decided, or why it did not, and what CMS answers."""
    ordered = sorted(stored.choices, key=lambda row: (str(row["signature_date"] or ""), row["attestation_id"]))
    status = resolved["alignment/va_cutoff_day"].status
    return [Sentence("choice", _choice(row, stored.answer), "ALN-35, ALN-36, ALN-38", status) for row in ordered]


def _choice(row: dict[str, Any], answer: dict[str, Any]) -> str:
    whom = f"ACO {row['aco_id']}" if row["aco_id"] else "somebody outside every ACO"
    signed = f"signed {row['signature_date']}" if row["signature_date"] else "not signed"
    code = f"; answer {row['response_code']}" if row["response_code"] else ""
    became = (
        "; ".join([*_refusal(row["reason"]), *_since(row, answer)]) or "it is accepted and changes nothing in the year"
    )
    return f"{row['attestation_id']} ({row['channel']}) of {whom}, {signed}: {became}{code}"


def _refusal(reason: str | None) -> list[str]:
    """Why the run that first saw a choice let it have no effect; a later month may be another matter."""
    return [CHOICE_WORDS.get(reason) or f"the person {END_WORDS.get(reason, reason)}"] if reason else []


def _since(row: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    if row["attestation_id"] != answer["attestation_id"]:
        return []
    if answer["effective_month"]:
        return [f"it decides from {answer['effective_month']:%Y-%m}"]
    return ["it decided until the person was removed"] if answer["end_reason"] == NO_CARE else []


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
    unit = answer["winning_unit"]
    kind = "an ACO" if is_aco_unit(unit) else "outside every ACO of the run"
    return Sentence("winner", f"{unpack_unit(unit)}, {kind}, by {by[answer['tie_break']]}", "ALN-31, ALN-33")


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


def _counted(stored: Stored, resolved: Resolved) -> Sentence:
    """How many lines stand below, and that claims of substance use never do."""
    codes = resolved["alignment/pqem_codes"]
    said = f"{len(stored.lines)} below, unweighted; claims of substance use count and are never listed"
    return Sentence("lines that counted", said, "ALN-24 to ALN-28, DL 5.3", codes.status)


def _months(answer: dict[str, Any]) -> Sentence:
    first, last, reason = answer["effective_month"], answer["end_month"], answer["end_reason"]
    why = END_WORDS.get(reason or "", reason or "")
    if reason == "OVERLAP" and answer["excluded_by"]:
        why = f"was in {answer['excluded_by']}, which goes before LEAD"
    if not answer["aco_id"]:
        told = f"none: the person {why}" if reason else "none"
        return Sentence("months", told, "ALN-45" if reason else "ALN-23")
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


def _lines(stored: Stored) -> Table:
    """Every line that counted, by unit and date."""
    ordered = sorted(
        stored.lines, key=lambda row: (row["unit"], row["service_date"], row["hcpcs_code"] or "", row["cents"])
    )
    rows = tuple(
        (
            unpack_unit(row["unit"]),
            str(row["service_date"]),
            row["hcpcs_code"] or "",
            row["stage"].lower(),
            dollars(row["cents"]),
        )
        for row in ordered
    )
    return Table(("billed by", "date", "code", "counts as", "allowed"), rows)
