"""A calibration's configuration: one YAML file, checked whole before anything starts."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lead_engine.foundation import yaml
from lead_engine.foundation.errors import ConfigurationError, Problem
from lead_engine.methodology.problems import problems_of

from .fit import Choices
from .rules import Variant

REMEDIES = {
    "run": "name the configuration of a finished run; its lake holds the data",
    "variant": "write prospective or concurrent",
    "registry_name": "write a name of letters, digits, - and _",
    "shrinkage": "write a list of person-years, for example [0, 100, 1000]",
}


class Settings(BaseModel):
    """The file as it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: str = Field(min_length=1)
    variant: Variant
    diagnosis_year: int
    cost_year: int
    registry_name: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    shrinkage: tuple[float, ...] = Field(default=(0, 100, 1_000, 10_000), min_length=1)
    folds: int = Field(default=5, ge=2)
    blocks: int = Field(default=40, ge=2, le=1_000)
    bootstrap: int = Field(default=200, ge=0)
    seed: int = Field(default=1, ge=0)
    tracking_uri: str | None = None
    experiment: str = "lead_engine calibration"

    @model_validator(mode="after")
    def _years_fit(self) -> "Settings":
        between = self.cost_year - self.diagnosis_year
        if between != (1 if self.variant == "prospective" else 0):
            wanted = "the year before" if self.variant == "prospective" else "the same as"
            raise ValueError(f"diagnosis_year must be {wanted} cost_year for the {self.variant} variant (RM 8.1)")
        if self.folds > self.blocks:
            raise ValueError("there must be at least as many blocks as folds")
        if min(self.shrinkage) < 0:
            raise ValueError("shrinkage must not be negative")
        return self

    @property
    def choices(self) -> Choices:
        """What the fit is free to choose."""
        return Choices(tuple(sorted(set(self.shrinkage))), self.folds, self.bootstrap, self.seed)


def read_settings(path: Path) -> Settings:
    """Read and check a calibration's configuration. Raises ConfigurationError with all problems at once."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        remedy = "name a YAML configuration; docs/calibration.md has an example"
        raise ConfigurationError(Problem(str(path), "cannot be read", remedy=remedy)) from None
    document = yaml.load(text, path.name)
    try:
        return Settings.model_validate(document.data)
    except ValidationError as error:
        raise ConfigurationError(*problems_of(error, document, REMEDIES)) from None
