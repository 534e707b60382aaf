"""Parameters: one mistake a file, each with its message; values by year; scenarios; the fingerprint."""

import hashlib
import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from lead_engine.foundation import yaml
from lead_engine.foundation.errors import MethodologyError
from lead_engine.methodology import load as loading
from lead_engine.methodology import reference
from lead_engine.methodology.conf import conf
from lead_engine.methodology.parameter import Status
from lead_engine.methodology.resolve import resolve
from lead_engine.risk import catalogue

WELL = """\
description: A threshold of some kind.
unit: rate
rules: [ALN-32]
values:
  2027: {value: "1/10", inclusive: true, status: reported, source: NAV, cite: "FAQ on LEAD, 20 Apr 2026"}
"""


@pytest.fixture
def own_conf(tmp_path, monkeypatch) -> Path:
    """A copy of conf that a test may break."""
    shutil.copytree(conf(), tmp_path / "conf")
    monkeypatch.setenv("LEAD_CONF", str(tmp_path / "conf"))
    _forget()
    yield tmp_path / "conf"
    _forget()


def _forget():
    for cached in (loading.load, reference.index, reference.reference_table, catalogue.risk_model_in):
        cached.cache_clear()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("unit: rate\n", ""), "line 1, field unit: is missing"),
        (("unit: rate", "unit: share"), "line 2, field unit: Input should be 'rate'"),
        (("status: reported", "status: sure"), "line 5, field values.2027.status"),
        (('"1/10"', "tenth"), "line 1: value of 2027 must be a number such as 0.03"),
        (('"1/10"', '"1/0"'), "line 1: value of 2027 must be a number such as 0.03"),
        (("rules: [ALN-32]", "rules: []"), "line 3, field rules"),
        (("description: A threshold of some kind.\n", "descripton: x\n"), "line 1, field descripton: unknown key"),
        ((', cite: "FAQ on LEAD, 20 Apr 2026"', ""), "line 5, field values.2027.cite: is missing"),
        (("unit: rate", "unit: codes"), "must be a list of codes as text"),
        (("unit: rate", "unit: choice"), "a choice names its `choices`"),
        (("unit: rate", "unit: months"), "must be a whole number"),
        (("unit: rate", "unit: flag"), "must be true or false"),
        (("unit: rate", "unit: usd"), "must be a number"),
        (("unit: rate", "unit: table"), "which conf/reference/index.yaml lacks"),
        (("unit: rate\n", "unit: rate\nunit: rate\n"), "line 3: the key 'unit' stands twice"),
    ],
)
def test_broken_parameter_files(own_conf, change, said):
    (own_conf / "methodology" / "alignment" / "broken.yaml").write_text(WELL.replace(*change))
    with pytest.raises(MethodologyError) as raised:
        loading.load()
    assert "conf/methodology/alignment/broken.yaml" in str(raised.value)
    assert said in str(raised.value)


def test_all_files_are_reported_at_once(own_conf):
    for name in ("one", "two"):
        (own_conf / "methodology" / "alignment" / f"{name}.yaml").write_text(WELL.replace("unit: rate\n", ""))
    with pytest.raises(MethodologyError) as raised:
        loading.load()
    assert len(raised.value.problems) == 2


def test_a_code_written_as_a_number_is_refused(own_conf):
    text = WELL.replace("unit: rate", "unit: codes").replace('"1/10", inclusive: true', "[11, 21]")
    (own_conf / "methodology" / "alignment" / "broken.yaml").write_text(text)
    with pytest.raises(MethodologyError, match="quote a code that reads as a number"):
        loading.load()


def test_a_value_holds_until_the_next_and_is_silent_before_the_first(own_conf):
    later = WELL.replace("2027:", "2029:") + WELL.splitlines()[-1].replace("2027", "2031").replace("1/10", "1/5") + "\n"
    (own_conf / "methodology" / "alignment" / "later.yaml").write_text(later)
    with pytest.raises(MethodologyError, match=r"later.yaml: says nothing for 2028; its first value is of 2029"):
        resolve(2028)
    assert resolve(2030).value("alignment/later") == Fraction(1, 10)
    assert resolve(2031).value("alignment/later") == Fraction(1, 5)


@pytest.mark.parametrize("year", [2026, 2037])
def test_years_outside_coverage_are_loud(year):
    with pytest.raises(MethodologyError, match=f"LEAD covers performance years 2027 to 2036, not {year}"):
        resolve(year)


def test_every_year_of_coverage_resolves():
    assert {resolve(year).fingerprint for year in range(2027, 2037)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no_such: 1\n", "s.yaml line 1, field no_such: no_such is no parameter"),
        ("service_area_mode: MAYBE\n", "line 1, field service_area_mode: must be one of REACH_EXTENDED, NONE"),
        ("primary_care_threshold: {val: 0.2}\n", "unknown key val"),
        ("- a\n", "is not a scenario"),
    ],
)
def test_broken_scenarios(text, said):
    with pytest.raises(MethodologyError) as raised:
        resolve(2027, [yaml.load(text, "s.yaml")])
    assert said in str(raised.value)


def test_a_scenario_changes_value_status_and_fingerprint():
    scenario = yaml.load("description: x\nalignment/primary_care_threshold: {value: 0.2, inclusive: false}\n", "s.yaml")
    changed, before = resolve(2027, [scenario]), resolve(2027)
    threshold = changed["alignment/primary_care_threshold"]
    assert (threshold.value, threshold.inclusive, threshold.status) == (Fraction(1, 5), False, Status.SCENARIO)
    assert changed.fingerprint != before.fingerprint


def test_saying_the_same_again_leaves_the_fingerprint():
    same = yaml.load('alignment/primary_care_threshold: "1/10"\n', "s.yaml")
    assert resolve(2027, [same]).fingerprint == resolve(2027).fingerprint


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text + "62,63\n", "differs from the checksum"),
        (lambda text: text.replace("dominant_hcc", "dominant"), "has columns dominant, dropped_hcc"),
        (lambda text: text + text.splitlines()[1] + "\n", "repeats the key of line 2"),
        (lambda text: text + "1,2,3\n", "has 3 fields, not 2"),
    ],
)
def test_changed_reference_tables(own_conf, change, said):
    file = own_conf / "reference" / "risk" / "v28" / "hierarchies.csv"
    file.write_text(change(file.read_text()))
    with pytest.raises(MethodologyError) as raised:
        reference.reference_table("risk/v28/hierarchies")
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("coefficients", ("CNA,F65_69", "CNA,WOMEN"), "coefficients.csv: term WOMEN has no meaning"),
        ("coefficients", ("CNA,HCC37,0.166\n", ""), "segment CNA has no factor HCC37"),
        ("coefficients", ("CNA,HCC37,0.166\n", "CNA,HCC37,0.166\n" * 2), "repeats the key of line"),
        ("coefficients", ("CNA,F70_74,0.395\n", ""), "segment CNA has no factor F70_74"),
        ("coefficients", ("CNA,D5,0.050\n", ""), "segment CNA has no factor D5"),
        (
            "interactions",
            ("term,left,right\n", "term,left,right\nIDLE,HF,KIDNEY\n"),
            "no segment has the interaction IDLE",
        ),
        ("coefficients", ("CNA,HCC37,", "CNA,HCC1000,"), "names HCC1000, which the labels lack"),
        ("coefficients", ("\nNE,", "\nOLD,"), "segment NE has no factors"),
        ("interactions", (",DIABETES,HF", ",SUGAR,HF"), "DIABETES_HF_V28 names SUGAR, which is no group and no HCC"),
        ("groups", ("HF,221", "HF,999"), "groups.csv: names HCC999, which the labels lack"),
        ("segments", ("CND,,,,,,", "CND,,,NONE,,,"), "the last segment does not take everybody who is left"),
    ],
)
def test_tables_that_do_not_belong_together_refuse_the_model(own_conf, table, change, said):
    from lead_engine.risk.rules import structure_model

    file = own_conf / "reference" / "risk" / "v28" / f"{table}.csv"
    before = file.read_text()
    file.write_text(before.replace(*change))
    assert file.read_text() != before
    index = own_conf / "reference" / "index.yaml"
    entry = reference.index()[f"risk/v28/{table}"]
    index.write_text(index.read_text().replace(entry.sha256, hashlib.sha256(file.read_bytes()).hexdigest()))
    _forget()
    with pytest.raises(MethodologyError) as raised:
        structure_model(resolve(2027))
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("models", "said"),
    [
        ("[risk/v24]", "scored_models.yaml: lacks risk/v28"),
        ("[risk/v28, risk/v99]", "risk/v99/model.csv: is not in conf/reference/index.yaml"),
    ],
)
def test_models_that_cannot_be_scored(models, said):
    from lead_engine.risk.rules import scored_models

    with pytest.raises(MethodologyError) as raised:
        scored_models(resolve(2027, [yaml.load(f"risk/scored_models: {models}\n", "s.yaml")]))
    assert said in str(raised.value)


def test_a_folder_of_a_list_that_the_index_lacks(own_conf):
    file = own_conf / "methodology" / "risk" / "scored_models.yaml"
    file.write_text(file.read_text().replace("risk/v24,", "risk/v99,"))
    with pytest.raises(MethodologyError, match=r"names risk/v99, which conf/reference/index\.yaml lacks"):
        loading.load()


def test_a_new_model_is_a_folder_of_tables(own_conf):
    """V24 with one factor raised, under another name: no line of code knows it, and it scores."""
    import pyarrow as pa

    from lead_engine.risk.flat import score_tables

    folder, index = own_conf / "reference" / "risk" / "v99", own_conf / "reference" / "index.yaml"
    folder.mkdir()
    changes = {
        "model": ("V24,AGED_DISABLED,PROSPECTIVE,2024,2026,", "V99,AGED_DISABLED,PROSPECTIVE,2031,2032,risk/v24")
    }
    changes |= {"coefficients": ("CNA,HCC19,0.105", "CNA,HCC19,1.105"), "segments": ("", "")}
    for name, change in changes.items():
        text = (own_conf / "reference" / "risk" / "v24" / f"{name}.csv").read_text()
        (folder / f"{name}.csv").write_text(text.replace(*change))
        entry = reference.index()[f"risk/v24/{name}"].model_dump(mode="json")
        entry["sha256"] = hashlib.sha256((folder / f"{name}.csv").read_bytes()).hexdigest()
        index.write_text(f"{index.read_text()}risk/v99/{name}: {json.dumps(entry)}\n")
    _forget()
    people = pa.table({"profile_id": ["a"], "age": ["70"], "sex": ["F"], "dual_elgbl_cd": ["00"], "orec": ["0"]})
    told, _ = score_tables(people, pa.table({"profile_id": ["a"], "icd10": ["E119"]}), ["v99"], 2031)
    assert [(row["model"], str(row["risk_score"])) for row in told.scores.to_pylist()] == [("V99", "1.4910")]
