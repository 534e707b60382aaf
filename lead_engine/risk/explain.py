"""Why a person has a risk score: diagnosis with claim and date, its HCC, what dropped it, its factor, and what it changes."""

from calendar import month_abbr
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lead_engine.foundation.months import MONTHS_OF_A_YEAR
from lead_engine.foundation.page import Page, Sentence, Table
from lead_engine.lake.month_sets import WHOLE_YEAR
from lead_engine.methodology.resolve import Resolved

from .catalogue import risk_model_named
from .decide import CONDITION, Profile, changes, score
from .model import AGED_DISABLED, RiskModel

EXCLUDED_WORDS = {
    "DEAD": "died before the year",
    "NO_YEAR_BEFORE": "cannot be told from a new enrollee: no enrolment of the year before was delivered",
    "NOT_A_AND_B": "had no month of Part A or none of Part B",
    "NO_AGE_OR_SEX": "has no usable date of birth or sex",
}


@dataclass(frozen=True)
class Stored:
    """What the lake holds of one person, payment year, kind of month and model; no score for who is not scored.

    `profile` is the row of `calc__risk_profile` with what `calc__risk_status` says of the months in its place.
    """

    profile: dict[str, Any]
    diagnoses: list[dict[str, Any]]
    terms: list[dict[str, Any]]
    score: dict[str, Any] | None


def explain(stored: Stored, resolved: Resolved) -> Page:
    """One page: who, from which diagnoses, which terms, what score, and which single diagnosis would change it."""
    if stored.score is None:
        return _not_scored(stored)
    told, year, model = stored.score, stored.profile["year"], risk_model_named(stored.score["model"])
    person = Profile(*[stored.profile[name] for name in Profile._fields])
    aged_from = resolved.value("risk/aged_from")
    hccs = _hccs(stored)
    again = score(person, {hcc for found in hccs.values() for hcc in found}, model, aged_from).raw
    without = changes(person, hccs, model, aged_from)
    sentences = (
        _model(told, model, resolved),
        Sentence("person", _person(stored.profile), "RM 3.1 to RM 3.6"),
        Sentence(
            "segment",
            f"{told['segment']}, for {told['months']} months of the year: {_months(told['month_set'])}",
            "RM 3.4, RM 3.6",
        ),
        Sentence(
            "diagnoses",
            f"of {model.diagnosis_year(year)}, from claims with an eligible service; {len(hccs)} count",
            "RM 2.1 to RM 2.4",
        ),
        Sentence("sum", _agrees(told["raw_score"], again), "RM 5.5"),
        Sentence("one diagnosis less", _most(without), "RM 4.1, RM 5.3"),
        Sentence("flags", told["flags"] or "none", "RM 1.2, RM 3.4"),
    )
    whose = f"Beneficiary {stored.profile['bene_key']}, payment year {year}, {model.name}"
    whose += "" if told["month_set"] == WHOLE_YEAR else f", {_months(told['month_set'])}"
    facts: dict[str, Any] = {
        "profile": stored.profile,
        "diagnoses": stored.diagnoses,
        "terms": stored.terms,
        "score": told,
    }
    facts |= {"recomputed": again, "change_without": without}
    tables = (_trace(stored, model, without), _terms(stored, model))
    return Page(f"{whose}: raw score {told['raw_score']}", sentences, tables, facts)


def _not_scored(stored: Stored) -> Page:
    profile = stored.profile
    why = EXCLUDED_WORDS.get(profile["excluded"], "has no month that one of the run's models is for")
    sentence = Sentence("not scored", f"the person {why}", "RM 3.5, RM 3.6")
    title = f"Beneficiary {profile['bene_key']}, payment year {profile['year']}: no score"
    return Page(title, (sentence,), (), {"profile": profile, "diagnoses": [], "terms": [], "score": None})


def _model(told: dict[str, Any], model: RiskModel, resolved: Resolved) -> Sentence:
    scored = resolved["risk/scored_models"]
    stands_in = ", standing in for LEAD's own or asked by a High Needs criterion"
    says = f"{model.name}, tables {told['model_version']}{stands_in if model.population == AGED_DISABLED else ''}"
    return Sentence("model", says, "RM 1.1, RM 1.2, RM 1.3", f"{scored.status}: {scored.source}")


def _hccs(stored: Stored) -> dict[str, set[int]]:
    """The HCCs of each diagnosis."""
    found: dict[str, set[int]] = {}
    for row in stored.diagnoses:
        found.setdefault(row["icd10_code"], set()).update({row["hcc"]} - {0})
    return found


def _person(profile: dict[str, Any]) -> str:
    sex = "female" if profile["sex_code"] == "2" else "male"
    enrollee = "new enrollee" if profile["is_new_enrollee"] else "continuing enrollee"
    graft = f", month {profile['graft_months']} or later since a graft" if profile["graft_months"] else ""
    lives = ", long-term institutional" if profile["is_long_term_institutional"] else ""
    said = f"age {profile['age']}, {sex}, Medicaid {profile['dual_class'].lower()}, {enrollee}{lives}{graft}"
    return f"{said}; {profile['esrd_months']} months of ESRD, {profile['other_months']} others"


def _months(month_set: int) -> str:
    """A set of months in words: spans of those that follow each other."""
    numbers = [number for number in range(1, MONTHS_OF_A_YEAR + 1) if month_set >> number - 1 & 1]
    firsts = [number for number in numbers if number - 1 not in numbers]
    lasts = [number for number in numbers if number + 1 not in numbers]
    spans = zip(firsts, lasts, strict=True)
    return ", ".join(month_abbr[a] if a == b else f"{month_abbr[a]} to {month_abbr[b]}" for a, b in spans)


def _agrees(stored: Decimal, again: Decimal) -> str:
    if stored == again:
        return f"{stored}; computed again from these diagnoses: the same"
    return f"{stored}; computed again from these diagnoses: {again}. They differ: run again before you rely on either"


def _most(without: dict[str, Decimal]) -> str:
    changing = {code: change for code, change in without.items() if change}
    if not changing:
        return "no single diagnosis changes the score"
    code = min(changing, key=lambda code: (-abs(changing[code]), code))
    far = f"{abs(changing[code])} {'higher' if changing[code] > 0 else 'lower'}"
    return f"{len(changing)} of {len(without)} change the score; most {code}: without it the score is {far}"


def _trace(stored: Stored, model: RiskModel, without: dict[str, Decimal]) -> Table:
    """Diagnosis with claim and date, HCC, what became of it, its factor, and the score without the diagnosis."""
    by_term = {row["term"]: row for row in stored.terms}
    rows = []
    for row in sorted(stored.diagnoses, key=lambda row: (row["hcc"] == 0, row["hcc"], row["icd10_code"])):
        term = by_term.get(f"HCC{row['hcc']}")
        rows.append(
            (
                row["icd10_code"],
                str(row["claim_id"]),
                str(row["first_date"]),
                str(row["claims"]),
                f"HCC{row['hcc']}" if row["hcc"] else "no HCC in the model",
                _became(row, term, model),
                str(term["coefficient"]) if term and not term["dropped_by"] else "",
                f"{without[row['icd10_code']]:+}" if without[row["icd10_code"]] else "",
            )
        )
    columns = ("diagnosis", "first claim", "date", "claims", "maps to", "outcome", "factor", "change without it")
    return Table(columns, tuple(rows))


def _became(row: dict[str, Any], term: dict[str, Any] | None, model: RiskModel) -> str:
    if not row["hcc"]:
        return ""
    if term is None:
        return "the segment has no factor for it"
    if not term["dropped_by"]:
        return "survived"
    if term["dropped_by"] != CONDITION:
        return f"dropped by {term['dropped_by']}"
    needed = ", ".join(f"HCC{hcc}" for hcc in model.conditions[row["hcc"]])
    return f"removed: stands only beside {needed}" if needed else "removed: the model does not use it"


def _terms(stored: Stored, model: RiskModel) -> Table:
    rows = []
    for term in sorted(stored.terms, key=lambda term: (term["kind"] == "DROPPED", term["kind"], term["term"])):
        hcc = term["term"].removeprefix("HCC")
        said = model.labels.get(int(hcc), "") if hcc.isdigit() else ""
        dropped = f"dropped by {term['dropped_by']}" if term["dropped_by"] else str(term["coefficient"])
        rows.append((term["term"], term["kind"].lower(), said, dropped))
    return Table(("term", "kind", "meaning", "coefficient"), tuple(rows))
