"""`make perf`: measure every step at three sizes and write docs/performance.md.

`python -m tests.perf --out FOLDER 10000 100000` measures other sizes; what is in FOLDER already is not measured again.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.perf.duck import PROGRAMS
from tests.perf.page import PAGE, crossproduct, page, scoring
from tests.perf.stages import CHAIN

SIZES = (10_000, 100_000, 1_000_000)
SEED = 1


def main() -> None:
    """Networks, figures, page."""
    parser = argparse.ArgumentParser(prog="python -m tests.perf")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--out", type=Path, default=Path("perf"))
    parser.add_argument("--hccinfhir", help="the python of an environment with hccinfhir; see tests/perf/scoring.py")
    told = parser.parse_args()
    measured = [measure(size, told.out / str(size)) for size in told.sizes]
    scored = told_by("tests.perf.scoring", *(["--hccinfhir", told.hccinfhir] if told.hccinfhir else []))
    sections = scoring(scored), crossproduct(told_by("tests.perf.crossproduct"))
    PAGE.write_text(page(measured, *sections), "utf-8")


def measure(people: int, folder: Path) -> dict[str, Any]:
    """Figures of one size."""
    kept = folder.with_suffix(".json")
    told: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.is_file() else {"people": people, "steps": {}}
    if "synth_seconds" not in told:
        was_there, began = folder.exists(), time.monotonic()
        command = ["-c", "from lead_engine.cli.main import main; main()", "synth", "--out", str(folder), "--as", "core"]
        subprocess.run([sys.executable, *command, "--people", str(people), "--seed", str(SEED)], check=True)
        told["synth_seconds"] = None if was_there else time.monotonic() - began
    for step in CHAIN:
        if step.table not in told["steps"]:
            told["steps"][step.table] = asked("tests.perf.one", folder, step.table)
            if step.table in PROGRAMS:
                told["steps"][step.table]["duck"] = asked("tests.perf.duck", folder, step.table)
            kept.write_text(json.dumps(told, indent=1), "utf-8")
    if "what_if" not in told:
        told["what_if"] = asked("tests.perf.what_if", folder)
        kept.write_text(json.dumps(told, indent=1), "utf-8")
    return told


def told_by(module: str, *words: str) -> dict[str, Any]:
    """What another benchmark prints, in a process of its own."""
    done = subprocess.run([sys.executable, "-m", module, *words], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return found


def asked(module: str, folder: Path, *table: str) -> dict[str, Any]:
    """The figures of a process of its own."""
    done = subprocess.run([sys.executable, "-m", module, folder, *table], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    sys.stderr.write(f"{folder.name} {' '.join(table) or module} {found}\n")
    return found


if __name__ == "__main__":
    main()
