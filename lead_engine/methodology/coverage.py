"""The coverage register: which rule of which book is built, how far, verified for which years, and by which tests."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from lead_engine.foundation import yaml
from lead_engine.foundation.errors import MethodologyError

from .conf import conf
from .problems import problems_of


class Provision(BaseModel):
    """One provision of the model and what the engine does about it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    provision: str = Field(min_length=5)
    status: Literal["built", "partial", "planned", "not testable"]
    rules: tuple[str, ...] = Field(min_length=1)
    verified_for: tuple[int, ...] = ()
    tests: tuple[str, ...] = ()
    note: str = ""


class Register(RootModel[tuple[Provision, ...]]):
    """All provisions, in the order of the rule books."""


def coverage() -> tuple[Provision, ...]:
    """The register. Raises MethodologyError with every mistake in it."""
    text = conf().joinpath("coverage.yaml").read_text("utf-8")
    document = yaml.load(text, "conf/coverage.yaml", MethodologyError)
    try:
        return Register.model_validate(document.data).root
    except ValidationError as error:
        raise MethodologyError(*problems_of(error, document)) from None
