"""The notebooks run from top to bottom, and are kept without outputs: an output may show what a lake holds."""

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook(spark, finished, monkeypatch, path):
    cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert cells and [cell for cell in cells if cell["outputs"] or cell["execution_count"]] == []
    monkeypatch.setattr("lead_engine.lake.session.start", lambda *given: spark)
    names: dict[str, object] = {}
    for cell in cells:
        exec("".join(cell["source"]).replace('"../demo/run.yaml"', repr(str(finished.path))), names)
    assert len(names["held"]) > 20 and len(names["aco_years"]) > 0
