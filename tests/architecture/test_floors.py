"""The shape of the program: floors, who may touch Delta, YAML and pandas, and a picture that is the real tree."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from lead_engine.foundation.code import imported_names

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "lead_engine"
FLOORS = {
    "foundation": 0,
    "methodology": 1,
    "tables": 1,
    "lake": 2,
    "sources": 3,
    "synthetic": 4,
    "claims": 4,
    "risk": 5,
    "months": 6,
    "alignment": 7,
    "benchmark": 8,
    "calibration": 8,
    "scenario": 9,
    "marts": 10,
    "pipeline": 11,
    "cli": 12,
}
MODULES = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(PACKAGE.rglob("*.py"))}


def package_of(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def text(path: Path) -> str:
    return path.read_text("utf-8")


def test_every_package_has_a_floor():
    assert {package_of(module) for module in MODULES.values()} - {"", "__init__"} == set(FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: MODULES[path])
def test_imports_go_down(path):
    module = MODULES[path].removesuffix(".__init__")
    own = package_of(module)
    if own:
        reached = {package_of(name) for name in imported_names(text(path), MODULES[path])} - {"", own}
        assert {name: FLOORS[name] for name in reached if FLOORS[name] >= FLOORS[own]} == {}


def test_the_ground_and_the_methodology_never_import_spark():
    for path, module in MODULES.items():
        if package_of(module) in ("foundation", "methodology"):
            assert not re.search(r"^\s*(from|import) (pyspark|pandera|pandas)", text(path), re.M), module


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        (r'format\("delta"\)|delta\.`|DESCRIBE HISTORY|RESTORE TABLE|replaceWhere', {"lake"}),
        (r"^\s*import yaml|^\s*from yaml", {"foundation"}),
        (r"\.rdd\b|\._jvm\b|\._jdf\b|sparkContext|\bSparkContext\b|bucketBy", set()),
        (r"@udf\b|F\.udf\(|pandas_udf|applyInPandas|\.toPandas\(", set()),
        (r"DeltaTable|from delta\b|import delta\b", set()),
        (r"datetime\.now|date\.today|time\.time\(|uuid|random\.random\(\)", set()),
        (r"BENE_ID|CLM_ID|MBI_NUM|CLM_PMT_AMT", {"sources", "synthetic", "cli", "lake", "pipeline"}),
        (r"^print\(|^\s+print\(", set()),
    ],
)
def test_only_these_may(pattern, allowed):
    breaches = [
        module
        for path, module in MODULES.items()
        if package_of(module) not in allowed and re.search(pattern, text(path), re.M)
    ]
    assert breaches == []


def test_vendor_columns_outside_sources_are_words_for_people():
    """`cli`, `lake` and `pipeline` name BENE_ID when they speak to a person, and no other column of a supplier."""
    for path, module in MODULES.items():
        if package_of(module) in ("cli", "lake", "pipeline"):
            assert not re.search(r"CLM_|MBI_NUM|_CD\b|_AMT\b", text(path)), module


def test_the_picture_in_architecture_is_the_tree():
    page = text(ROOT / "ARCHITECTURE.md")
    tree = page.split("```")[1]
    drawn = dict(re.findall(r"^  (\w+)/ +(\d+) ", tree, re.M))
    assert {name: int(floor) for name, floor in drawn.items()} == FLOORS
    top = set(re.findall(r"^(\w[\w.]*/)", tree, re.M))
    shown = {
        f"{path.name}/" for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".") and _is_kept(path)
    }
    assert top == shown


def _is_kept(path: Path) -> bool:
    ignored = {line.strip("/ ") for line in text(ROOT / ".gitignore").splitlines() if line.endswith("/")}
    return path.name not in ignored and not path.name.endswith(".egg-info")


def test_jobs_hold_no_logic():
    jobs = sorted((ROOT / "jobs").glob("*.py"))
    from lead_engine.pipeline.steps import STAGES

    assert {path.stem for path in jobs} == {*STAGES, "run"}
    for path in jobs:
        assert len(text(path).splitlines()) <= 8, path.name


def test_public_functions_say_what_they_do():
    silent = []
    for path, module in MODULES.items():
        for node in ast.parse(text(path)).body:
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                silent.append(f"{module}.{node.name}")
    assert silent == []


def test_functions_fit_on_a_screen():
    long = []
    for path, module in MODULES.items():
        for node in ast.walk(ast.parse(text(path))):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 45:
                long.append(f"{module}.{node.name}")
    assert long == []
    assert [module for path, module in MODULES.items() if len(text(path).splitlines()) > 400] == []


def test_the_lock_names_no_address_and_covers_the_dependencies():
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    lock = text(ROOT / "requirements.lock")
    assert "://" not in lock and "://" not in text(ROOT / "requirements-dev.lock")
    for requirement in project["dependencies"]:
        name = re.split(r"[\[<>=]", requirement)[0]
        assert re.search(rf"^{name}==", lock, re.M), name
