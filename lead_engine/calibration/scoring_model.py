"""The registered model as MLflow runs it: this file is logged with the factors, nothing is pickled.

Input: a table of profiles. Output: one score each. The rules of the risk model come from the installed engine, which
refuses factors that were fitted with others.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

from lead_engine.calibration.promoted import PromotedModel, Registered, rows_of
from lead_engine.calibration.report import COEFFICIENTS, MODEL
from lead_engine.calibration.rules import CalibrationRules
from lead_engine.methodology.resolve import resolve
from lead_engine.risk.vectors import People


class SubstituteModel(PythonModel):
    """Scores continuing enrollees from the factor table it was logged with."""

    def load_context(self, context: Any) -> None:
        """Read the factors."""
        files = {name: Path(context.artifacts[name]).read_text("utf-8") for name in (COEFFICIENTS, MODEL)}
        rules = CalibrationRules.from_methodology(resolve(json.loads(files[MODEL])["performance_year"]))
        self.model = PromotedModel.read(rows_of(files, Registered("logged", 1, "logged")), rules)

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.Series:
        """The score of each profile; `hccs` are numbers with blanks between, before hierarchies."""
        lists = [[int(hcc) for hcc in hccs.split()] for hccs in model_input["hccs"]]
        owners = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
        flat = np.array([hcc for each in lists for hcc in each], dtype=np.int64)
        people = People(
            age=model_input["age"].to_numpy(np.int64),
            sex_code=model_input["sex_code"].to_numpy(object),
            dual_class=model_input["dual_class"].to_numpy(object),
            entitlement=model_input["original_entitlement_code"].to_numpy(object),
            is_new_enrollee=np.zeros(len(lists), dtype=bool),
            is_long_term_institutional=model_input["is_long_term_institutional"].to_numpy(bool),
            hccs=self.model.design.scorer.columns(flat, owners, len(lists)),
        )
        return pd.Series(self.model.score(people) / 1e6, name="score")


set_model(SubstituteModel())
