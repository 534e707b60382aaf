"""Checks a whole configuration before a run: lists, scenarios, headers, and every file to its end."""

from pathlib import Path

from lead_engine.foundation.errors import InputRefusedError, raise_all
from lead_engine.sources.rif.delivery import damaged_files

from .config import read_config


def check_config(path: Path) -> str:
    """What a configuration holds, in a line. Raises LeadError with every problem."""
    config = read_config(path)
    raise_all(InputRefusedError, damaged_files(config.deliveries))
    files = sum(len(delivery.files) for delivery in config.deliveries)
    units = len({participant.unit for participant in config.participants})
    lists = f"{len(config.acos)} ACOs, {units} Participant TINs and CCNs"
    told = f"{lists}, {files} files in {len(config.deliveries)} deliveries"
    return ", ".join([told, *(f"{name} {count:,} rows" for name, count in config.inputs.counts.items())])
