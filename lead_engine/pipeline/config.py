"""A run's configuration: one YAML file, checked whole before anything starts."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from lead_engine.foundation import yaml
from lead_engine.foundation.errors import ConfigurationError, LeadError, MethodologyError, Problem, raise_all
from lead_engine.foundation.months import parse_month
from lead_engine.foundation.places import URI
from lead_engine.lake.store import CATALOG_SCHEMA
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.load import load
from lead_engine.methodology.problems import problems_of
from lead_engine.methodology.resolve import Resolved, resolve
from lead_engine.sources.acos import Aco, read_acos
from lead_engine.sources.archives import STAGING, ZipMember
from lead_engine.sources.cclf.delivery import CclfDelivery, open_deliveries
from lead_engine.sources.inputs import Inputs, Known, check_names, read_inputs
from lead_engine.sources.participants import Participant, list_version, read_participants
from lead_engine.sources.rif.delivery import RifDelivery, open_delivery
from lead_engine.sources.tuva.delivery import TuvaDelivery
from lead_engine.sources.tuva.delivery import open_delivery as open_tuva

from .asked import Asked, check_asked, steps_of_choices

SECRET_VARIABLE = "LEAD_ID_SECRET"  # noqa: S105
SECRET_BYTES = 32
LAKE = "lake"
REMEDIES = {
    "enrolment_through": "write the last month with enrolment data as YYYY-MM",
    "alignment_claims_cutoff": "write the known-by date of alignment claims as YYYY-MM-DD, usually 30 September",
    "spending_claims_cutoff": "write the known-by date of payments as YYYY-MM-DD, or leave it out to count every record",
    "performance_year": "write the year as four digits",
    "sources": "write a list of {kind: rif or tuva, path: FOLDER, received: YYYY-MM-DD} or {kind: cclf, path: FOLDER}",
    "lake": "name a folder, an object-store URI or catalog.schema",
    "risk_model": "write name/version of a model that `lead-engine promote` put into the lake, or leave it out",
    "reference_population": "write lake when the lake holds the nation, else list, or leave it out",
    "inputs": "write a mapping of list names to files; docs/reference/inputs.md has the names",
}


STAND_INS = {
    "lake": ".",
    "performance_year": 0,
    "sources": ({"kind": "rif", "path": ".", "received": date.min},),
    "participants": "",
    "acos": "",
    "alignment_claims_cutoff": date.min,
    "enrolment_through": date.min,
}


def _not_empty(secret: str) -> str:
    if not secret:
        remedy = "write one line of at least 32 random characters, or leave the field out"
        raise ConfigurationError(Problem("field id_secret_file", "the file is empty", remedy=remedy))
    return secret


def _month(value: Any) -> Any:
    try:
        return parse_month(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("must be a month written YYYY-MM") from None


class RifSource(BaseModel):
    """A RIF delivery: one folder, received on one day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["rif"]
    path: str
    received: date


class CclfSource(BaseModel):
    """CCLF deliveries: a folder of any number; the names of the files carry the day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["cclf"]
    path: str


class TuvaSource(BaseModel):
    """A delivery of the Tuva input layer: one folder, received on one day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["tuva"]
    path: str
    received: date


Source = Annotated[RifSource | CclfSource | TuvaSource, Field(discriminator="kind")]


class Settings(BaseModel):
    """The file as it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lake: str = Field(min_length=1)
    performance_year: int
    sources: tuple[Source, ...] = Field(min_length=1)
    participants: str
    acos: str
    alignment_claims_cutoff: date
    spending_claims_cutoff: date | None = None
    enrolment_through: Annotated[date, BeforeValidator(_month)]
    overrides: tuple[str, ...] = ()
    inputs: dict[str, str] = {}
    risk_model: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]+/[1-9][0-9]*$")
    reference_population: Literal["list", "lake"] = "list"
    id_secret_file: str | None = None


@dataclass(frozen=True)
class LakeConfig:
    """What is needed to read a lake: where it is, its year and rules, and the secret that finds a person."""

    path: Path
    settings: Settings
    resolved: Resolved

    @property
    def lake(self) -> str:
        """The lake, a relative folder counted from the configuration file."""
        named = self.settings.lake
        return named if CATALOG_SCHEMA.fullmatch(named) else located(named, self.path.parent)

    @property
    def slice(self) -> dict[str, int]:
        """The part of sliced tables that the configuration's year holds."""
        return {"performance_year": self.settings.performance_year}

    @cached_property
    def secret(self) -> str:
        """The secret that person keys are made with."""
        return id_secret(self.settings.id_secret_file, self.path.parent)


@dataclass(frozen=True)
class RunConfig(LakeConfig):
    """A configuration that can be run: every file is there and readable, every list is right."""

    acos: list[Aco]
    participants: list[Participant]
    facts: RunFacts
    rif: tuple[RifDelivery, ...]
    cclf: tuple[CclfDelivery, ...]
    inputs: Inputs
    tuva: tuple[TuvaDelivery, ...]

    @property
    def deliveries(self) -> tuple[RifDelivery | CclfDelivery | TuvaDelivery, ...]:
        """Every delivery."""
        return (*self.rif, *self.cclf, *self.tuva)

    @property
    def archived(self) -> list[ZipMember]:
        """Files that lie in zip archives."""
        files = (each.file for delivery in self.cclf for each in delivery.files)
        return [file for file in files if isinstance(file, ZipMember)]

    @property
    def kinds(self) -> set[str]:
        """The kinds of delivery and lists, choices that have steps, whether a risk model is named, and the nation in the lake."""
        named = {"risk_model"} if self.settings.risk_model else set()
        named |= {"reference_lake"} if self.settings.reference_population == LAKE else set()
        kinds = {kind for kind in ("rif", "cclf", "tuva") if getattr(self, kind)}
        return kinds | set(self.inputs.counts) | steps_of_choices(self.resolved) | named


def open_config(path: Path) -> LakeConfig:
    """Read a configuration to look into its lake; the files it names need not be there any more, scenarios excepted."""
    settings, _, problems = _settings(path)
    raise_all(ConfigurationError, problems)
    scenarios = [_scenario(name, path.parent) for name in settings.overrides]
    return LakeConfig(path, settings, resolve(settings.performance_year, scenarios))


def read_config(path: Path) -> RunConfig:
    """Read and check a configuration and everything it names.

    Raises ConfigurationError (or InputRefusedError, MethodologyError, when only such problems are found) with all
    problems at once: unknown keys, wrong values, missing files, wrong lists, unusable deliveries.
    """
    settings, wrong, problems = _settings(path)
    here, found = path.parent, _Findings(wrong, problems)
    programme = load().programme
    year = max(settings.performance_year, programme.first_year)
    scenarios = [found.of("overrides", _scenario, name, here) for name in settings.overrides]
    resolved = found.of("performance_year", resolve, settings.performance_year, filter(None, scenarios))
    aco_file = found.of("acos", _file, settings.acos, "acos", here)
    acos = found.of("acos", read_acos, aco_file, year, programme.first_year) if aco_file else []
    list_file = found.of("participants", _file, settings.participants, "participants", here)
    listed = {aco.aco_id for aco in acos} if acos else None
    participants = found.of("participants", read_participants, list_file, listed, year) if list_file else []
    rif, tuva = (
        tuple(found.of("sources", read, source, here) for source in settings.sources if source.kind == kind)
        for kind, read in (("rif", _rif), ("tuva", _tuva))
    )
    cclf = [
        found.of("sources", _cclf, source, here, listed, _staging(settings, here))
        for source in settings.sources
        if source.kind == "cclf"
    ]
    first_years = {aco.aco_id: aco.first_performance_year for aco in acos} if acos else None
    members = tuple(participants) if participants else None
    inputs = _inputs(settings, path, Known(programme.first_year, programme.last_year, first_years, members), found)
    if resolved and "overrides" not in wrong:
        members = tuple(participants or ())
        asked = Asked(
            resolved, tuple(acos or ()), members, inputs or Inputs(), set(settings.inputs), settings.risk_model
        )
        found.of("inputs", check_asked, asked, path.name)
    found.problems += _not_the_nation(settings, path)
    if settings.id_secret_file:
        found.of("id_secret_file", id_secret, settings.id_secret_file, here)
    found.stop()
    facts = _facts(settings, acos, list_file, [*rif, *_in_order(cclf), *tuva])
    return RunConfig(path, settings, resolved, acos, participants, facts, rif, _in_order(cclf), inputs, tuva)


def _settings(path: Path) -> tuple[Settings, set[str], list[Problem]]:
    """The file's values; where one is wrong, a stand-in for it, its name and the problem, so that the rest is checked too."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            Problem(str(path), "cannot be read", remedy="name a YAML configuration; conf/runs has examples")
        ) from None
    document = yaml.load(text, path.name)
    try:
        return Settings.model_validate(document.data), set(), []
    except ValidationError as error:
        problems = problems_of(error, document, REMEDIES)
        if not isinstance(document.data, dict):
            raise ConfigurationError(*problems) from None
        wrong = {str(finding["loc"][0]) for finding in error.errors()}
        kept = {key: value for key, value in document.data.items() if key in Settings.model_fields and key not in wrong}
        return Settings.model_validate({**STAND_INS, **kept}), wrong, problems


def located(name: str, here: Path) -> str:
    """A path of the configuration: variables filled in, relative ones counted from the file, URIs as they are.

    Raises ConfigurationError for a variable that is not set.
    """
    filled = os.path.expandvars(name)
    if "$" in filled:
        raise ConfigurationError(
            Problem(name, "names a variable that is not set", remedy="set it, or write the path out")
        )
    return filled if URI.match(filled) else str((here / Path(filled).expanduser()).absolute())


def id_secret(file: str | None, here: Path) -> str:
    """The secret: the variable LEAD_ID_SECRET, the file of the configuration, else one made once for this user."""
    from_variable = os.environ.get(SECRET_VARIABLE)
    if from_variable:
        return from_variable
    if file:
        return _not_empty(_file(file, "id_secret_file", here).read_text("utf-8").strip())
    own = Path.home() / ".config" / "lead_engine" / "id_secret"
    if not own.is_file():
        own.parent.mkdir(parents=True, exist_ok=True)
        own.touch(mode=0o600)
        own.write_text(secrets.token_hex(SECRET_BYTES) + "\n", "utf-8")
    return own.read_text("utf-8").strip()


class _Findings:
    """Collects the problems of several readers, so that all are told at once."""

    def __init__(self, wrong: set[str], problems: list[Problem]) -> None:
        self.wrong = wrong
        self.problems = problems
        self.kinds: set[type[LeadError]] = {ConfigurationError} if problems else set()

    def of(self, field: str, read: Callable[..., Any], *given: Any) -> Any:
        """What `read` returns, or None after noting its problems, or when its field is wrong already."""
        if field in self.wrong:
            return None
        try:
            return read(*given)
        except LeadError as error:
            self.problems += error.problems
            self.kinds.add(type(error))
            return None

    def stop(self) -> None:
        """Raise everything found: under its own kind when all is of one kind."""
        raise_all(self.kinds.pop() if len(self.kinds) == 1 else ConfigurationError, self.problems)


def _scenario(name: str, here: Path) -> yaml.Document:
    file = _file(name, "overrides", here)
    return yaml.load(file.read_text("utf-8"), file.name, MethodologyError)


def _rif(source: RifSource, here: Path) -> RifDelivery:
    return open_delivery(located(source.path, here), source.received)


def _tuva(source: TuvaSource, here: Path) -> TuvaDelivery:
    return open_tuva(located(source.path, here), source.received)


def _cclf(source: CclfSource, here: Path, acos: set[str] | None, staging: str) -> tuple[CclfDelivery, ...]:
    return open_deliveries(located(source.path, here), acos, staging)


def _staging(settings: Settings, here: Path) -> str:
    """Where members of archives are streamed to: in the lake, since every worker reaches it; beside a catalog's files."""
    root = str(here) if CATALOG_SCHEMA.fullmatch(settings.lake) else located(settings.lake, here)
    return f"{root.rstrip('/')}/{STAGING}"


def _inputs(settings: Settings, path: Path, known: Known, found: _Findings) -> Inputs:
    """The optional lists (docs/reference/inputs.md); a name nobody knows does not keep the others from being checked."""
    found.of("inputs", check_names, settings.inputs, f"{path.name}, field inputs")
    files = {
        name: found.of("inputs", _file, file, f"inputs.{name}", path.parent) for name, file in settings.inputs.items()
    }
    return found.of("inputs", read_inputs, files, known)


def _in_order(folders: list[tuple[CclfDelivery, ...]]) -> tuple[CclfDelivery, ...]:
    """Deliveries of all folders by day, the same one once: the order in a configuration makes no difference."""
    by_content = {
        (delivery.received, delivery.aco_id, *(each.file.sha256 for each in delivery.files)): delivery
        for folder in folders
        for delivery in folder
    }
    return tuple(by_content[content] for content in sorted(by_content))


def _file(name: str, field: str, here: Path) -> Path:
    path = Path(located(name, here))
    if not path.is_file():
        raise ConfigurationError(
            Problem(f"field {field}", f"there is no file {name}", remedy="paths count from the configuration file")
        )
    return path


def _facts(settings: Settings, acos: list[Aco], participants: Path, deliveries: list[Any]) -> RunFacts:
    """What a run's rules rest on besides the methodology."""
    return RunFacts(
        performance_year=settings.performance_year,
        alignment_claims_cutoff=settings.alignment_claims_cutoff,
        enrolment_through=settings.enrolment_through.replace(day=1),
        first_performance_years=tuple(sorted({aco.first_performance_year for aco in acos})),
        list_version=list_version(participants),
        delivery_kinds=tuple(sorted({source.kind for source in settings.sources})),
        spending_claims_cutoff=settings.spending_claims_cutoff,
        claims_known_through=_known_through(settings, deliveries),
        lists=tuple(sorted(settings.inputs)),
    )


def _known_through(settings: Settings, deliveries: list[Any]) -> date:
    """The day of the newest delivery, or the spending cut-off where that is earlier."""
    newest: date = max(delivery.received for delivery in deliveries)
    return min(newest, settings.spending_claims_cutoff or newest)


def _not_the_nation(settings: Settings, path: Path) -> list[Problem]:
    """A lake said to hold the nation, of deliveries that hold people of ACOs alone."""
    if settings.reference_population != LAKE or {source.kind for source in settings.sources} != {"cclf"}:
        return []
    what, why = (
        "says the lake holds the nation, and all its deliveries are CCLF",
        "CCLF holds people of the ACO alone (BMK-32)",
    )
    remedy = "leave it out and give the list reference_risk_scores"
    return [Problem(f"{path.name}, field reference_population", what, why, remedy)]
