"""What a step may need besides tables: the inputs of the configuration, and what stands for each in an identity."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from lead_engine.calibration.rules import CalibrationRules
from lead_engine.foundation.identifiers import keyed_hash
from lead_engine.lake.store import Lake
from lead_engine.methodology.reference import reference_table
from lead_engine.sources.cclf import delivery as cclf
from lead_engine.sources.counties import COUNTIES
from lead_engine.sources.rif import delivery as rif
from lead_engine.sources.tuva import delivery as tuva
from lead_engine.sources.tuva.claims import CLAIM_TYPES

from .calibrate import promoted_model
from .config import RunConfig

RISK_MODEL = "risk_model"


@dataclass(frozen=True)
class Input:
    """An input: its value, and the text that differs when it does."""

    value: Callable[[RunConfig], Any]
    checksum: Callable[[RunConfig], Any]


def source_files(deliveries: Iterable[Any]) -> list[list[str]]:
    """Every source file: day of its delivery, name, SHA-256."""
    return [
        [str(delivery.received), each.file.name, each.file.sha256] for delivery in deliveries for each in delivery.files
    ]


def delivered(kind: str, *tables: str) -> Input:
    """The deliveries of a kind; in an identity, their files and the reference tables that say how they are read."""

    def checksum(config: RunConfig) -> list[Any]:
        found = getattr(config, kind)
        return [source_files(found), *(reference_table(name).sha256 for name in tables)] if found else []

    return Input(lambda config: getattr(config, kind), checksum)


def listed(name: str) -> Input:
    """An optional list; None where it was not given."""

    def checksum(config: RunConfig) -> str | None:
        found = getattr(config.inputs, name)
        return found.version if found is not None else None

    return Input(lambda config: getattr(config.inputs, name), checksum)


INPUTS = {
    "rif": delivered("rif", rif.LAYOUT, COUNTIES),
    "cclf": delivered("cclf", cclf.LAYOUT, COUNTIES),
    "tuva": delivered("tuva", tuva.LAYOUT, CLAIM_TYPES),
    "deliveries": Input(
        lambda config: config.deliveries, lambda config: sorted({str(each.received) for each in config.deliveries})
    ),
    "secret": Input(lambda config: config.secret, lambda config: keyed_hash(config.secret, "secret", "checksum")),
    RISK_MODEL: Input(  # a registered version never changes; which tables it goes with stands in the identity's code
        lambda config: config.settings.risk_model,
        lambda config: [config.settings.risk_model, CalibrationRules.from_methodology(config.resolved).model.version],
    ),
    "acos": Input(lambda config: config.acos, lambda config: repr(config.acos)),
    "participants": Input(lambda config: config.participants, lambda config: config.facts.list_version),
    **{
        name: listed(name)
        for name in (
            "attestations",
            "external_risk_scores",
            "reference_risk_scores",
            "institutional_periods",
            "kidney_transplants",
            "ccn_to_tin",
            "other_model_tins",
            "other_model_people",
            "county_adjacency",
            "participant_offices",
            "preferred_providers",
            "medicaid_partners",
            "medicaid_enrolment",
        )
    },
    "list_version": Input(lambda config: config.facts.list_version, lambda config: config.facts.list_version),
}


def given(config: RunConfig, spark: SparkSession, name: str) -> Any:
    """An input by name."""
    if name == RISK_MODEL:
        return promoted_model(Lake(spark, config.lake), str(config.settings.risk_model), config.resolved)
    return spark if name == "spark" else INPUTS[name].value(config)


def checksums(config: RunConfig, names: tuple[str, ...]) -> dict[str, Any]:
    """What the identity of a step holds for its inputs; never the secret itself."""
    return {name: INPUTS[name].checksum(config) for name in names if name != "spark"}
