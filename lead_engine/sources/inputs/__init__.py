"""Optional lists a run may be given, one file a subject. Each has a contract, and is checked with all others at once.

All are read and checked with the configuration. A list that a step reads enters its identity (`InputList.is_read`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lead_engine.foundation.errors import ConfigurationError, Problem, raise_all

from .attestations import ATTESTATIONS, Attestation
from .capitation_elections import CAPITATION_ELECTIONS, CapitationElection
from .ccn_to_tin import CCN_TO_TIN, CcnTin
from .contract import Given, InputList, Known
from .county_adjacency import COUNTY_ADJACENCY, NeighbouringCounty
from .county_rates import COUNTY_RATES, CountyRate
from .external_risk_scores import EXTERNAL_RISK_SCORES, ExternalRiskScore
from .institutional_periods import INSTITUTIONAL_PERIODS, InstitutionalPeriod
from .kidney_transplants import KIDNEY_TRANSPLANTS, KidneyTransplant
from .medicaid import MEDICAID_ENROLMENT, MEDICAID_PARTNERS, MedicaidEnrolment, MedicaidPartner
from .other_models import OTHER_MODEL_PEOPLE, OTHER_MODEL_TINS, OtherModelPerson, OtherModelTin
from .participant_offices import PARTICIPANT_OFFICES, ParticipantOffice
from .preferred_providers import PREFERRED_PROVIDERS, PreferredProvider, pairs
from .quality_scores import QUALITY_SCORES, QualityScore
from .reference_risk_scores import REFERENCE_RISK_SCORES, ReferenceRiskScore

LISTS: tuple[InputList[Any], ...] = (  # in this order; elections are held against Preferred Providers
    PREFERRED_PROVIDERS,
    CCN_TO_TIN,
    ATTESTATIONS,
    OTHER_MODEL_PEOPLE,
    OTHER_MODEL_TINS,
    COUNTY_ADJACENCY,
    PARTICIPANT_OFFICES,
    MEDICAID_PARTNERS,
    MEDICAID_ENROLMENT,
    QUALITY_SCORES,
    CAPITATION_ELECTIONS,
    EXTERNAL_RISK_SCORES,
    REFERENCE_RISK_SCORES,
    COUNTY_RATES,
    INSTITUTIONAL_PERIODS,
    KIDNEY_TRANSPLANTS,
)


@dataclass(frozen=True)
class Inputs:
    """The lists of a run by name; None for one that was not given, which is not the same as one without rows."""

    preferred_providers: Given[PreferredProvider] | None = None
    ccn_to_tin: Given[CcnTin] | None = None
    attestations: Given[Attestation] | None = None
    other_model_people: Given[OtherModelPerson] | None = None
    other_model_tins: Given[OtherModelTin] | None = None
    county_adjacency: Given[NeighbouringCounty] | None = None
    participant_offices: Given[ParticipantOffice] | None = None
    medicaid_partners: Given[MedicaidPartner] | None = None
    medicaid_enrolment: Given[MedicaidEnrolment] | None = None
    quality_scores: Given[QualityScore] | None = None
    capitation_elections: Given[CapitationElection] | None = None
    external_risk_scores: Given[ExternalRiskScore] | None = None
    reference_risk_scores: Given[ReferenceRiskScore] | None = None
    county_rates: Given[CountyRate] | None = None
    institutional_periods: Given[InstitutionalPeriod] | None = None
    kidney_transplants: Given[KidneyTransplant] | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each list has that was given."""
        return {name: len(given.rows) for name, given in vars(self).items() if given is not None}


def check_names(names: Iterable[str], where: str) -> None:
    """Raise ConfigurationError for every name that is no list's."""
    known = [listed.name for listed in LISTS]
    remedy = f"the lists are {', '.join(known)}"
    raise_all(
        ConfigurationError,
        [Problem(f"{where}.{name}", "unknown list", "", remedy) for name in names if name not in known],
    )


def read_inputs(files: Mapping[str, Path | None], known: Known) -> Inputs:
    """The lists in `files`, by name; None is a file that is named and not there.

    Raises ConfigurationError with every mistake of every list.
    """
    given: dict[str, Given[Any]] = {}
    problems: list[Problem] = []
    for listed in LISTS:
        path = files.get(listed.name)
        try:
            if path is not None:
                given[listed.name] = listed.read(path, known)
        except ConfigurationError as error:
            problems += error.problems
        if listed is PREFERRED_PROVIDERS and listed.name in files:
            right = given.get(listed.name)
            known = replace(known, preferred=pairs(right.rows) if right else None)
    raise_all(ConfigurationError, problems)
    return Inputs(**given)
