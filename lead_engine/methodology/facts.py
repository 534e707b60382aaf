"""What a run is about, besides the methodology: its years, its cut-off dates, its list."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class RunFacts:
    """Facts of the run's configuration that rules ask for."""

    performance_year: int
    alignment_claims_cutoff: date
    enrolment_through: date  # first day of the last month with enrolment data
    first_performance_years: tuple[int, ...]  # of the run's ACOs, each once, ascending
    list_version: str
    delivery_kinds: tuple[str, ...] = ("rif",)
    spending_claims_cutoff: date | None = None  # none: every record delivered counts
    claims_known_through: date | None = (
        None  # last day whose records the deliveries, and the spending cut-off, let count
    )
    lists: tuple[str, ...] = ()  # names of the optional lists that were given
