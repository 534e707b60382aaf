"""A fit in MLflow and out of it: registered, loaded, promoted from its files alone; a registry that is down; nobody's data."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lead_engine.calibration.accept import judged
from lead_engine.calibration.card import model_card
from lead_engine.calibration.config import Settings
from lead_engine.calibration.diagnose import cells, ratios
from lead_engine.calibration.fit import Choices, fitted
from lead_engine.calibration.promoted import PromotedModel, rows_of
from lead_engine.calibration.report import AcoRatio, Report, Source
from lead_engine.calibration.tracking import CANDIDATE, CHAMPION, Registry
from lead_engine.foundation.errors import MethodologyError, RegistryError
from tests.planted import planted, rules

SETTINGS = Settings(
    run="run.yaml", variant="prospective", diagnosis_year=2024, cost_year=2025, registry_name="lead-test", bootstrap=2
)


@pytest.fixture(scope="module")
def report() -> Report:
    drawn = planted(20_000)
    fit = fitted(drawn.design, drawn.blocks(10), rules(), Choices(replicates=2))
    found = cells(drawn.design, drawn.starts, drawn.column, drawn.months, drawn.cents, fit.factors)
    return Report(
        settings=SETTINGS,
        rules=rules(),
        methodology="f" * 64,
        sources=(Source("calc__spend_month", 3, "a" * 64),),
        fit=fit,
        truncated=None,
        truncated_at=0,
        ratios=tuple(ratios(found, rules().smallest_cell)),
        acos=(AcoRatio("L0001", 500, 1.02, 1.01),),
    )


def bars(report):
    return judged(report.metrics, 2025, 2027, rules().bars)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("registry")


@pytest.fixture(scope="module")
def registry(home) -> Registry:
    return Registry(f"sqlite:///{home}/mlflow.db", f"{home}/artifacts")


@pytest.fixture(scope="module")
def registered(registry, report):
    return registry.record(report, bars(report))


def test_a_registered_fit_is_the_candidate_and_tells_what_it_rests_on(registry, report, registered):
    known = registry.known("lead-test", None)
    assert known.registered == registered and registered.version == 1
    assert known.metrics.keys() == report.metrics.keys()
    run = registry.client.get_run(registered.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.params["data_fingerprint"] == report.fit.sums.fingerprint
    assert run.data.params["methodology_fingerprint"] == "f" * 64
    names = {file.path for file in registry.client.list_artifacts(registered.run_id)}
    assert {"coefficients.csv", "model_card.md", "predictive_ratios.csv", "plots"} <= names


def test_the_model_scores_profiles_as_the_rounded_table_says(registry, report, registered):
    import mlflow

    drawn = planted(20_000)
    hccs = np.array(sorted(drawn.design.hccs))
    some = slice(0, 500)
    profiles = pd.DataFrame(
        {
            "age": drawn.people.age[some],
            "sex_code": drawn.people.sex_code[some],
            "dual_class": drawn.people.dual_class[some],
            "original_entitlement_code": drawn.people.entitlement[some],
            "is_long_term_institutional": drawn.people.is_long_term_institutional[some],
            "hccs": [" ".join(map(str, hccs[row])) for row in drawn.people.hccs[some]],
        }
    )
    loaded = mlflow.pyfunc.load_model(f"models:/lead-test@{CANDIDATE}")
    assert loaded.metadata.signature is not None
    expected = np.bincount(drawn.person, weights=report.fit.factors[drawn.column])[some] / 1e6
    assert loaded.predict(profiles).to_numpy() == pytest.approx(expected, abs=1e-9)
    pickles = list(Path(registry.artifacts).rglob("*.pkl"))
    assert pickles == []


def test_scores_from_the_exported_rows_are_the_same(registry, report, registered):
    model = PromotedModel.read(rows_of(registry.known("lead-test", 1).files, registered), rules())
    drawn = planted(20_000)
    expected = np.bincount(drawn.person, weights=report.fit.factors[drawn.column]).astype(np.int64)
    assert (model.score(drawn.people) == expected).all()
    mean = float(np.average(expected, weights=drawn.months)) / 1e6
    assert mean == pytest.approx(1, abs=1e-6)


def test_rows_with_a_term_missing_twice_or_unknown_are_refused_by_name(registry, registered):
    rows = rows_of(registry.known("lead-test", 1).files, registered)
    changed = [row for row in rows if row["term"] != "HCC37"] + [rows[0] | {"term": "HCC9999"}, rows[0]]
    with pytest.raises(MethodologyError, match=r"HCC37 is missing(.|\n)*HCC9999 has no meaning(.|\n)*twice"):
        PromotedModel.read(changed, rules())


def test_rows_fitted_with_other_tables_are_refused(registry, registered):
    rows = [row | {"structure_version": "0" * 12} for row in rows_of(registry.known("lead-test", 1).files, registered)]
    with pytest.raises(MethodologyError, match="other tables"):
        PromotedModel.read(rows, rules())


def test_the_champion_is_crowned(registry, registered):
    registry.crown(registered)
    assert int(registry.client.get_model_version_by_alias("lead-test", CHAMPION).version) == 1


def test_a_version_that_is_not_there_is_named(registry):
    with pytest.raises(RegistryError, match="model lead-test, version 99"):
        registry.known("lead-test", 99)


def test_a_server_that_is_down_is_one_clear_error():
    with pytest.raises(RegistryError, match=r"registry http://127\.0\.0\.1:9(.|\n)*check tracking_uri"):
        Registry("http://user:secret@127.0.0.1:9")


@pytest.mark.parametrize("breaks", ["create_model_version", "set_registered_model_alias", "set_terminated"])
def test_a_registry_that_breaks_half_way_keeps_nothing(report, registry, monkeypatch, breaks):
    name = f"half-{breaks}"
    own = replace(report, settings=SETTINGS.model_copy(update={"registry_name": name}))
    real = getattr(registry.client, breaks)

    def broken(*given, **named):
        if breaks == "set_terminated" and len(given) > 1:  # the way back works
            return real(*given, **named)
        raise ConnectionError("gone")

    monkeypatch.setattr(registry.client, breaks, broken)
    with pytest.raises(RegistryError, match="ConnectionError"):
        registry.record(own, bars(report))
    assert [m.name for m in registry.client.search_registered_models() if m.name == name] == []
    experiment = registry.client.get_experiment_by_name(SETTINGS.experiment).experiment_id
    newest = registry.client.search_runs([experiment], max_results=1)[0]
    assert newest.info.status == "FAILED"


def test_bars_say_which_failed(report):
    low = {"predictive_ratio": 1.0, "r2": 0.2, "hold_out_r2": 0.1, "decile_5": 1.3}
    found = {bar.name: bar.passed for bar in judged(low, 2026, 2027, rules().bars)}
    assert found["overall predictive ratio"]
    assert not found["R² held out"] and not found["years before use"] and not found["predictive ratio of decile 5"]
    assert not found["predictive ratio of decile 6"]  # not known
    assert all(bar.passed for bar in bars(report))


def test_the_card_names_limits_bars_and_sources(report):
    card = model_card(report, bars(report))
    for said in ("stands in for it", "calc__spend_month", "passed", "data_fingerprint", "192 < 180"):
        assert said in card
