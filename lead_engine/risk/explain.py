"""Why a person has a risk score: profile, diagnoses with claim and HCC, terms with coefficient, what was dropped."""

from dataclasses import dataclass
from typing import Any

from lead_engine.foundation.page import Page, Sentence, Table
from lead_engine.methodology.resolve import Resolved

from .rules import risk_model

EXCLUDED_WORDS = {
    "DEAD": "died before the year",
    "NOT_A_AND_B": "had no month of Part A or none of Part B",
    "ESRD": "has end-stage renal disease, which this model does not score",
    "NO_AGE_OR_SEX": "has no usable date of birth or sex",
}


@dataclass(frozen=True)
class Stored:
    """What the lake holds of one person and payment year."""

    profile: dict[str, Any]
    diagnoses: list[dict[str, Any]]
    terms: list[dict[str, Any]]
    score: dict[str, Any] | None


def explain(stored: Stored, resolved: Resolved) -> Page:
    """One page: who, from which diagnoses, which terms, what score."""
    profile, year = stored.profile, stored.profile["year"]
    model = resolved["risk/aged_disabled_model"]
    facts = {"profile": profile, "diagnoses": stored.diagnoses, "terms": stored.terms, "score": stored.score}
    if stored.score is None:
        why = EXCLUDED_WORDS.get(profile["excluded"], profile["excluded"])
        sentence = Sentence("not scored", f"the person {why}", "RM 3.5, RM 3.6")
        return Page(f"Beneficiary {profile['bene_key']}, payment year {year}: no score", (sentence,), (), facts)
    score = stored.score
    sentences = (
        Sentence(
            "model",
            f"CMS-HCC {score['model']}, tables {score['model_version']}, standing in for LEAD's own",
            "RM 1.2",
            f"{model.status}: {model.source}",
        ),
        Sentence("person", _person(profile), "RM 3.1 to RM 3.5"),
        Sentence("segment", score["segment"], "RM 3.4"),
        Sentence(
            "diagnoses",
            f"of {year - 1}, from claims with an eligible service; {len(stored.diagnoses)} count",
            "RM 2.1 to RM 2.4",
        ),
        Sentence("flags", score["flags"], "RM 1.2, RM 3.4"),
    )
    title = f"Beneficiary {profile['bene_key']}, payment year {year}: raw score {score['raw_score']}"
    return Page(title, sentences, (_terms(stored, resolved), _diagnoses(stored)), facts)


def _person(profile: dict[str, Any]) -> str:
    sex = "female" if profile["sex_code"] == "2" else "male"
    enrollee = "new enrollee" if profile["is_new_enrollee"] else "continuing enrollee"
    return f"age {profile['age']}, {sex}, Medicaid {profile['dual_class'].lower()}, {enrollee}"


def _terms(stored: Stored, resolved: Resolved) -> Table:
    labels = risk_model(resolved).labels
    rows = []
    for term in sorted(stored.terms, key=lambda term: (term["kind"] == "DROPPED", term["kind"], term["term"])):
        hcc = term["term"].removeprefix("HCC")
        said = labels.get(int(hcc), "") if hcc.isdigit() else ""
        dropped = f"dropped by {term['dropped_by']}" if term["dropped_by"] else str(term["coefficient"])
        rows.append((term["term"], term["kind"].lower(), said, dropped))
    return Table(("term", "kind", "meaning", "coefficient"), tuple(rows))


def _diagnoses(stored: Stored) -> Table:
    rows = tuple(
        (
            row["icd10_code"],
            f"HCC{row['hcc']}" if row["hcc"] else "no HCC in the model",
            str(row["claim_id"]),
            str(row["claims"]),
        )
        for row in sorted(stored.diagnoses, key=lambda row: (row["hcc"] == 0, row["hcc"], row["icd10_code"]))
    )
    return Table(("diagnosis", "maps to", "first claim", "claims"), rows)
