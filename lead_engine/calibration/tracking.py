"""Calibrations in MLflow: a run for every fit, a registered model with the aliases candidate and champion.

MLflow is imported only here and in what it runs, and only when asked for. What it is given is the report: factors, sums
and ratios of many people, never a row about a person.
"""

import logging
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import lead_engine
from lead_engine.foundation.errors import LeadError, Problem, RegistryError

from .accept import Bar
from .card import model_card
from .promoted import Registered
from .report import COEFFICIENTS, MODEL, Report

CANDIDATE, CHAMPION = "candidate", "champion"
QUIET = {  # before MLflow is imported: nothing is sent anywhere, and a server that is down is told in seconds
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING": "false",
}
CARD = "model_card.md"


@dataclass(frozen=True)
class Known:
    """A registered version, and what its run said."""

    registered: Registered
    metrics: dict[str, float]
    files: dict[str, str]


class Registry:
    """A tracking server and its model registry."""

    def __init__(self, uri: str, artifacts: str | None = None) -> None:
        """`artifacts` is where a new experiment keeps its files; by default wherever the server says.

        Raises RegistryError when nobody answers, so that nothing is computed in vain.
        """
        for name, value in QUIET.items():
            os.environ.setdefault(name, value)
        self.uri, self.artifacts = uri, artifacts
        with self._answering():
            from mlflow import MlflowClient

            logging.getLogger("mlflow").setLevel(logging.WARNING)
            logging.getLogger("alembic").setLevel(logging.WARNING)
            self.use()
            self.client = MlflowClient(uri, uri)
            self.client.search_experiments(max_results=1)
            self.client.search_registered_models(max_results=1)

    def use(self) -> None:
        """Make it the one that MLflow's own functions mean."""
        import mlflow

        mlflow.set_tracking_uri(self.uri)
        mlflow.set_registry_uri(self.uri)

    def record(self, report: Report, bars: list[Bar]) -> Registered:
        """A run with the report, its model registered as the new candidate.

        When anything fails the run is marked failed and no version stays. Raises RegistryError.
        """
        name, version = report.settings.registry_name, None
        with self._answering():
            run_id = self.client.create_run(self._experiment(report.settings.experiment)).info.run_id
        try:
            with self._answering():
                model = self._log(report, bars, run_id)
                version = self._register(name, model, run_id)
                self.client.set_registered_model_alias(name, CANDIDATE, version)
                self.client.set_terminated(run_id)
        except BaseException:
            self._undo(name, version, run_id)
            raise
        return Registered(name, int(version), run_id)

    def known(self, name: str, version: int | None) -> Known:
        """A version, by default the candidate. Raises RegistryError when there is none."""
        with self._answering(f"model {name}, {f'version {version}' if version else CANDIDATE}"):
            found = (
                self.client.get_model_version(name, str(version))
                if version
                else self.client.get_model_version_by_alias(name, CANDIDATE)
            )
            run_id = str(found.run_id)
            run = self.client.get_run(run_id)
            read = {file: self._text(run_id, file) for file in (COEFFICIENTS, MODEL)}
        registered = Registered(name, int(found.version), run_id)
        return Known(registered, dict(run.data.metrics), read)

    def crown(self, registered: Registered) -> None:
        """Make a version the champion. Raises RegistryError."""
        with self._answering():
            self.client.set_registered_model_alias(registered.name, CHAMPION, str(registered.version))

    def _experiment(self, name: str) -> str:
        found = self.client.get_experiment_by_name(name)
        return found.experiment_id if found else self.client.create_experiment(name, self.artifacts)

    def _log(self, report: Report, bars: list[Bar], run_id: str) -> str:
        """Parameters, metrics, tables, plots, card and the model; the model's address."""
        import mlflow

        from .plots import plots

        self.use()
        warnings.filterwarnings("ignore", "An input example", module="mlflow")  # an example would be a person
        with tempfile.TemporaryDirectory() as folder, mlflow.start_run(run_id=run_id, log_system_metrics=False):
            mlflow.log_params(report.parameters)
            mlflow.log_metrics(report.metrics)
            texts = report.files() | {CARD: model_card(report, bars)}
            for name, text in texts.items():
                Path(folder, name).write_text(text, "utf-8")
            mlflow.log_artifacts(folder)
            for name, figure in plots(report):
                mlflow.log_figure(figure, f"plots/{name}")
            with as_file(files("lead_engine.calibration").joinpath("scoring_model.py")) as code:
                logged = mlflow.pyfunc.log_model(
                    name="model",
                    python_model=str(code),
                    artifacts={name: str(Path(folder, name)) for name in (COEFFICIENTS, MODEL)},
                    signature=_signature(),
                    pip_requirements=[f"lead-engine=={lead_engine.__version__}"],
                )
        return str(logged.model_uri)

    def _register(self, name: str, model: str, run_id: str) -> str:
        from mlflow.exceptions import MlflowException

        with suppress(MlflowException):
            self.client.create_registered_model(name)
        return str(self.client.create_model_version(name, model, run_id).version)

    def _undo(self, name: str, version: str | None, run_id: str) -> None:
        with suppress(Exception):
            self.client.set_terminated(run_id, "FAILED")
        with suppress(Exception):
            if version is not None:
                self.client.delete_model_version(name, version)
        with suppress(Exception):
            if not self.client.search_model_versions(f"name='{name}'"):
                self.client.delete_registered_model(name)

    def _text(self, run_id: str, file: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            return Path(self.client.download_artifacts(run_id, file, folder)).read_text("utf-8")

    @contextmanager
    def _answering(self, what: str = "") -> Iterator[None]:
        """Whatever goes wrong with the server is one error of ours, without what the server said of its inside."""
        try:
            yield
        except LeadError:
            raise
        except Exception as error:
            code = getattr(error, "error_code", type(error).__name__)
            remedy = "check tracking_uri and that the server runs, then calibrate again; nothing was registered"
            if code == "RESOURCE_DOES_NOT_EXIST" or (what and code == "INVALID_PARAMETER_VALUE"):
                remedy = "calibrate first, or name a version the registry has"
            where = f"registry {_without_password(self.uri)}"
            raise RegistryError(Problem(where, f"{what or 'the registry'}: {code}", remedy=remedy)) from None


def _signature() -> Any:
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    inputs: list[Any] = [
        ColSpec("long", "age"),
        ColSpec("string", "sex_code"),
        ColSpec("string", "dual_class"),
        ColSpec("string", "original_entitlement_code"),
        ColSpec("boolean", "is_long_term_institutional"),
        ColSpec("string", "hccs"),
    ]
    return ModelSignature(Schema(inputs), Schema([ColSpec("double", "score")]))


def _without_password(uri: str) -> str:
    """An address without the user information before its host."""
    scheme, found, rest = uri.partition("://")
    return f"{scheme}://{rest.rsplit('@', 1)[-1]}" if found else uri
