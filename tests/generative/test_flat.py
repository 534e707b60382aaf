"""Flat files and plain Python give the same score, terms and HCCs for ten thousand invented people of every model."""

import random
from collections import defaultdict
from datetime import date

import pyarrow as pa
import pytest

from lead_engine.risk.catalogue import risk_model_named, risk_models
from lead_engine.risk.decide import mapped, score, surviving
from lead_engine.risk.flat import score_tables
from lead_engine.risk.model import ESRD
from tests.generative import populations

DUAL_CODES = {"FULL": "02", "PARTIAL": "01", "NONE": "99"}
YEAR = 2025  # so that the tables of two years meet: a prospective model maps 2024, a concurrent one 2025


def drawn(count, model):
    """People with codes of the model, those with edits often, some written with a dot or in lower case."""
    chance = random.Random(16)
    codes, edited = sorted(model.mappings), sorted(model.edits)
    people = populations.profiles(count, seed=16, model=model)
    told = {}
    for person, (profile, _) in people.items():
        own = chance.sample(codes, chance.randint(0, 12)) + chance.sample(edited, chance.randint(0, 2)) + ["Z0000"]
        age = chance.choice([5, 6, 17, 18, 19, profile.age, profile.age])
        told[person] = (profile._replace(age=age), own)
    return told


@pytest.mark.parametrize("name", risk_models())
def test_flat_tables(name):
    model = risk_model_named(name)
    people = drawn(10_000, model)
    chance = random.Random(17)
    profiles = [
        {
            "profile_id": f"P{person}",
            "age": str(p.age),
            "sex": {"1": "M", "2": "f"}[p.sex_code],
            "dual_elgbl_cd": DUAL_CODES[p.dual_class],
            "orec": p.original_entitlement_code,
            "crec": "2" if model.population == ESRD else "0",
            "new_enrollee": str(int(p.is_new_enrollee)),
            "lti": str(int(p.is_long_term_institutional)),
            "graft_months": str(p.graft_months or ""),
        }
        for person, (p, _) in people.items()
    ]
    written = [lambda code: code, str.lower, lambda code: f"{code[:3]}.{code[3:]}"]
    rows = [(f"P{person}", chance.choice(written)(code)) for person, (_, codes) in people.items() for code in codes]
    chance.shuffle(rows)
    diagnoses = pa.table({"profile_id": [row[0] for row in rows], "icd10": [row[1] for row in rows]})
    told, _ = score_tables(pa.Table.from_pylist(profiles), diagnoses, [name], YEAR)
    terms = defaultdict(dict)
    for row in told.terms.to_pylist():
        terms[row["profile_id"]][row["term"]] = row["coefficient"]
    scores = {row["profile_id"]: row for row in told.scores.to_pylist()}
    year = model.diagnosis_year(YEAR)
    for person, (profile, codes) in people.items():
        days = date(year, 1, 1), date(year, 12, 31)
        hccs = {hcc for code in codes for hcc in mapped(code, profile, model, *days)}
        expected, found = score(profile, hccs, model, 65), scores[f"P{person}"]
        assert (found["segment"], found["risk_score"]) == (expected.segment, expected.raw)
        assert found["hccs"] == " ".join(map(str, sorted(surviving(hccs, model)[0])))
        assert terms[f"P{person}"] == {t.term: t.coefficient for t in expected.terms if t.kind != "DROPPED"}
    assert len({found["segment"] for found in scores.values()}) == len(model.segments)
