"""What a step may need besides tables: the inputs of the configuration, and what stands for each in an identity."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from lead_engine.foundation.identifiers import keyed_hash
from lead_engine.methodology.reference import reference_table
from lead_engine.sources.tuva.claims import CLAIM_TYPES
from lead_engine.sources.tuva.delivery import LAYOUT

from .config import RunConfig


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


def tuva_tables(config: RunConfig) -> list[str]:
    """Checksums of the reference tables that say how the Tuva input layer is read; none without such a delivery."""
    return [reference_table(name).sha256 for name in (LAYOUT, CLAIM_TYPES)] if config.tuva else []


INPUTS = {
    "rif": Input(lambda config: config.rif, lambda config: source_files(config.rif)),
    "cclf": Input(lambda config: config.cclf, lambda config: source_files(config.cclf)),
    "tuva": Input(lambda config: config.tuva, lambda config: [source_files(config.tuva), *tuva_tables(config)]),
    "deliveries": Input(
        lambda config: config.deliveries, lambda config: sorted({str(each.received) for each in config.deliveries})
    ),
    "secret": Input(lambda config: config.secret, lambda config: keyed_hash(config.secret, "secret", "checksum")),
    "acos": Input(lambda config: config.acos, lambda config: repr(config.acos)),
    "participants": Input(lambda config: config.participants, lambda config: config.facts.list_version),
    "list_version": Input(lambda config: config.facts.list_version, lambda config: config.facts.list_version),
}


def given(config: RunConfig, spark: SparkSession, name: str) -> Any:
    """An input by name."""
    return spark if name == "spark" else INPUTS[name].value(config)


def checksums(config: RunConfig, names: tuple[str, ...]) -> dict[str, Any]:
    """What the identity of a step holds for its inputs; never the secret itself."""
    return {name: INPUTS[name].checksum(config) for name in names if name != "spark"}
