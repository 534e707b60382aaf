"""Reads all parameters of a programme and checks each file; every mistake of every file is reported at once."""

from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, ValidationError

from lead_engine.foundation import yaml
from lead_engine.foundation.errors import MethodologyError, Problem, raise_all

from .conf import conf, yaml_files
from .parameter import Parameter
from .problems import problems_of
from .reference import tables_named

PROGRAMME = "programme"


class Programme(BaseModel):
    """The programme the parameters describe, and the performance years they cover."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    description: str
    first_year: int
    last_year: int
    source: str

    @property
    def years(self) -> str:
        """The years it covers, in words."""
        return f"{self.first_year} to {self.last_year}"


@dataclass(frozen=True)
class Methodology:
    """A programme with all its parameters by name (`area/parameter`)."""

    programme: Programme
    parameters: dict[str, Parameter]

    def file(self, name: str) -> str:
        """Where a reader finds a parameter."""
        return f"conf/methodology/{name}.yaml"


@cache
def load() -> Methodology:
    """The methodology that ships with the engine. Raises MethodologyError with every problem of every file."""
    problems: list[Problem] = []
    parameters: dict[str, Parameter] = {}
    programme: Programme | None = None
    for name, file in yaml_files(conf().joinpath("methodology")):
        try:
            document = yaml.load(file.read_text("utf-8"), f"conf/methodology/{name}.yaml", MethodologyError)
            if name == PROGRAMME:
                programme = Programme.model_validate(document.data)
            else:
                parameters[name] = parameter = Parameter.model_validate(document.data)
                problems += _table_problems(parameter, document)
        except ValidationError as error:
            problems += problems_of(error, document)
        except MethodologyError as error:
            problems += error.problems
    if programme is None:
        problems.append(Problem("conf/methodology/programme.yaml", "is missing", "it says which years are covered"))
    raise_all(MethodologyError, problems)
    assert programme is not None  # noqa: S101  the line above has raised otherwise
    return Methodology(programme, parameters)


def _table_problems(parameter: Parameter, document: yaml.Document) -> list[Problem]:
    """A parameter that names reference tables must name such as the index has."""
    if parameter.unit not in ("table", "tables"):
        return []
    return [
        Problem(document.where(("values", year)), f"names {name}, which conf/reference/index.yaml lacks")
        for year, dated in parameter.values.items()
        for name in (dated.value if isinstance(dated.value, list) else [dated.value])
        if not tables_named(parameter.unit, name)
    ]
