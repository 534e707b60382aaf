"""Documents are true: generated pages are fresh, rule ids lead somewhere, the register names tests that exist."""

import re
import subprocess
from pathlib import Path

import pytest

from lead_engine.methodology.coverage import coverage
from lead_engine.methodology.guide import guide
from lead_engine.methodology.load import load
from lead_engine.methodology.reference import index, reference_table
from lead_engine.pipeline.steps import STEPS
from lead_engine.sources.inputs.guide import guide as inputs_guide
from lead_engine.tables import CONTRACTS
from lead_engine.tables.dictionary import dictionary

ROOT = Path(__file__).parents[2]
RULE = re.compile(r"\b(?:ALN-\d+|BMK-\d+|RM \d+(?:\.\d+)?|RA \d+\.\d+|DL \d+(?:\.\d+)?)\b")
BOOKS = "\n".join(path.read_text("utf-8") for path in (ROOT / "docs" / "methodology").glob("*.md"))


def entries() -> set[str]:
    """Rule ids that have an entry of their own in the books."""
    headed = re.findall(r"^(?:#+ |\*\*)((?:ALN-|BMK-|RM |RA |DL )[\d.]+)", BOOKS, re.M)
    return {rule.rstrip(".") for rule in headed}


@pytest.mark.parametrize(
    ("page", "made"), [("tables.md", dictionary), ("parameters.md", guide), ("inputs.md", inputs_guide)]
)
def test_generated_pages_are_fresh(page, made):
    assert (ROOT / "docs" / "reference" / page).read_text("utf-8") == made(), "run `make docs`"


def test_every_rule_cited_can_be_looked_up():
    cited: dict[str, set[str]] = {}
    for folder in ("lead_engine", "conf/methodology", "tests", "jobs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".yaml"):
                for rule in RULE.findall(path.read_text("utf-8")):
                    cited.setdefault(rule, set()).add(path.name)
    known = entries()
    assert {rule: files for rule, files in cited.items() if rule not in known} == {}


def test_the_register_holds_every_rule_of_the_books_once():
    held = [rule for provision in coverage() for rule in provision.rules]
    assert len(held) == len(set(held))
    wanted = {rule for rule in entries() if rule.startswith(("ALN-", "RM ", "DL "))} | {
        f"BMK-{n}" for n in (*range(3, 8), *range(30, 39))
    }
    assert set(held) == wanted


def test_the_register_names_tests_that_exist():
    named = {test for provision in coverage() for test in provision.tests}
    assert {test for test in named if not (ROOT / "tests" / test).is_file()} == set()
    assert [p.provision for p in coverage() if p.status in ("built", "partial") and not p.tests] == []


def test_rules_of_parameters_are_built():
    built = {rule for p in coverage() if p.status in ("built", "partial") for rule in p.rules}
    assert {name: p.rules for name, p in load().parameters.items() if not set(p.rules) & built} == {}


def test_every_parameter_is_asked_for():
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "lead_engine").rglob("*.py"))
    built_names = {"alignment/additional_primary_care_specialties", "alignment/additional_selected_specialties"}
    built_names |= {"alignment/primary_care_specialties", "alignment/selected_specialties"}
    unused = [name for name in load().parameters if f'"{name}"' not in code and name not in built_names]
    assert unused == []
    assert 'f"alignment/{name}"' in code and 'f"alignment/additional_{name}"' in code


def test_every_reference_table_is_well_and_used():
    named = {
        str(name)
        for p in load().parameters.values()
        for v in p.values.values()
        for name in (v.value if isinstance(v.value, list) else [v.value])
        if p.unit in ("table", "tables")
    }
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "lead_engine").rglob("*.py"))
    for name in index():
        reference_table(name)
        assert name in named or name.rsplit("/", 1)[0] in named or f'"{name}"' in code, name
    files = {
        str(path.relative_to(ROOT / "conf" / "reference").with_suffix(""))
        for path in (ROOT / "conf" / "reference").rglob("*.csv")
    }
    assert files == set(index())


def test_steps_and_tables_match():
    made = {step.table for step in STEPS}
    by_promotion = {"core__risk_model"}
    assert set(CONTRACTS) - made == {"ops__run", "ops__step", "ops__quality"} | by_promotion
    assert all(table in made for step in STEPS for table in step.reads)


def test_a_stranger_finds_the_rule_of_a_tie_in_three_steps():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "lead_engine/alignment" in readme
    assert (ROOT / "lead_engine" / "alignment" / "decide.py").is_file()
    assert "def ranked(" in (ROOT / "lead_engine" / "alignment" / "decide.py").read_text("utf-8")


def test_the_readme_is_short_and_its_links_lead_somewhere():
    for page in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "GLOSSARY.md"):
        text = (ROOT / page).read_text("utf-8")
        broken = [link for link in re.findall(r"\]\(([^)#:]+)\)", text) if not (ROOT / link).exists()]
        assert broken == [], page
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 70


def test_security_properties_name_where_they_are_tested():
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    rows = re.findall(r"^\| (S\d+) \|.*\|", text, re.M)
    assert rows == [f"S{number}" for number in range(1, len(rows) + 1)]
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", text))
    assert named and {path for path in named if not (ROOT / path).is_file()} == set()


def test_nothing_names_a_registry_or_a_path_of_a_machine():
    hosts = re.compile(r"py[p]i\.org|files\.pythonh[o]sted|m[a]ven\.(org|apache)|/(root|work)/")
    found = [path for path in tracked() if hosts.search((ROOT / path).read_text("utf-8", "replace"))]
    assert found == []


def tracked() -> list[str]:
    """The files of the project, as git knows them: also those not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for path in listed.stdout.splitlines() if (ROOT / path).is_file()]
