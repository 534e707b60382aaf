"""The practices of the invented network: who bills under which TIN or CCN, and which ACO they belong to."""

from dataclasses import dataclass
from enum import StrEnum

from . import identifiers


class PracticeKind(StrEnum):
    """What a practice is."""

    GROUP = "GROUP"  # primary care and some specialists under one TIN
    SPECIALISTS = "SPECIALISTS"  # specialists alone
    CLINIC = "CLINIC"  # FQHC: bills by CCN on the outpatient file
    HOSPITAL = "HOSPITAL"


@dataclass(frozen=True)
class InventedAco:
    """An ACO and what a newcomer should know of it."""

    aco_id: str
    name: str
    county_fips: str
    groups: int
    clinics: int
    share_of_people: float
    frailty: float  # how much sicker its people are


@dataclass(frozen=True)
class Practice:
    """A billing unit."""

    kind: PracticeKind
    number: int
    county_fips: str
    aco: InventedAco | None

    @property
    def tin(self) -> str:
        """Its TIN; clinics and hospitals are known by CCN."""
        return identifiers.tin(self.number)

    @property
    def ccn(self) -> str:
        """Its CCN."""
        return identifiers.ccn(self.number)

    def npi(self, clinician: int) -> str:
        """One of its clinicians."""
        return identifiers.npi(self.number * 100 + clinician)


ACOS = (
    InventedAco("L0001", "North Shore Physicians", "39035", groups=8, clinics=0, share_of_people=0.36, frailty=1.0),
    InventedAco("L0002", "Prairie Rural Health", "19027", groups=3, clinics=2, share_of_people=0.16, frailty=0.9),
    InventedAco("L0003", "Harbor Complex Care", "23005", groups=2, clinics=0, share_of_people=0.09, frailty=2.2),
)
OUTSIDE_GROUPS, OUTSIDE_SPECIALISTS, HOSPITALS = 9, 6, 3


def practices() -> list[Practice]:
    """Every practice, those of the ACOs first."""
    counties = [aco.county_fips for aco in ACOS]
    wanted: list[tuple[PracticeKind, str, InventedAco | None]] = []
    for aco in ACOS:
        wanted += [(PracticeKind.GROUP, aco.county_fips, aco)] * aco.groups + [
            (PracticeKind.CLINIC, aco.county_fips, aco)
        ] * aco.clinics
    for kind, count in (
        (PracticeKind.GROUP, OUTSIDE_GROUPS),
        (PracticeKind.SPECIALISTS, OUTSIDE_SPECIALISTS),
        (PracticeKind.HOSPITAL, HOSPITALS),
    ):
        wanted += [(kind, counties[place % len(counties)], None) for place in range(count)]
    return [Practice(kind, number, county, aco) for number, (kind, county, aco) in enumerate(wanted, 1)]
