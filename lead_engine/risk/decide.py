"""The raw risk score of one person: which diagnoses map to which HCC, which HCC survives, and what each term is worth.

Plain Python on plain values; the reviewer's page. The same over whole tables stands in `profile.py`, `diagnoses.py`
and `score.py`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from lead_engine.foundation.months import MONTHS_OF_A_YEAR, Period, first_of_month

from .model import RiskModel, Segment
from .terms import DISABLED, NONAGED, Cell, HccCount, HccPresent, Interaction, Kind, Term, kind_of

CONDITION = "CONDITION"
BY_AGE, BY_DISABILITY = "0", "1"  # OREC
BY_ESRD = ("2", "3")  # OREC
SEXES = {"1": "M", "2": "F"}


class Profile(NamedTuple):
    """What the demographic terms ask of a person in a payment year."""

    age: int
    sex_code: str  # 1 male, 2 female
    dual_class: str  # FULL, PARTIAL, NONE
    original_entitlement_code: str
    is_new_enrollee: bool = False
    is_long_term_institutional: bool = False
    graft_months: int = 0  # months since a kidney transplant, its own counted as 1; 0 without one


class Graft(NamedTuple):
    """A kidney transplant, and when the graft failed, if it did."""

    transplant_date: date
    failure_date: date | None = None


class ScoredTerm(NamedTuple):
    """A term that applies, or an HCC that was dropped."""

    term: str
    kind: Kind
    coefficient: Decimal
    dropped_by: str | None = None


class Score(NamedTuple):
    """A raw score with everything it is made of."""

    segment: str
    terms: list[ScoredTerm]

    @property
    def raw(self) -> Decimal:
        """Sum of the coefficients (RM 5.5)."""
        return sum((term.coefficient for term in self.terms), Decimal(0))


def score(profile: Profile, hccs: Iterable[int], model: RiskModel, aged_from: int) -> Score:
    """The raw score of a person with these HCCs (before hierarchies)."""
    segment = segment_of(profile, model, aged_from)
    survived, dropped = surviving(set(hccs), model)
    terms = [
        ScoredTerm(name, kind_of(term), coefficient)
        for name, coefficient in model.factors[segment].items()
        if applies(term := model.terms[name], profile, survived, model, aged_from)
    ]
    lost = [ScoredTerm(f"HCC{hcc}", Kind.DROPPED, Decimal(0), by) for hcc, by in sorted(dropped.items())]
    return Score(segment, sorted([*terms, *lost]))


def is_institutional(month: date, periods: Iterable[Period]) -> bool:
    """Whether a month is one of long-term institution: its first day lies in one of the periods (RM 3.4)."""
    return any(period.holds(month) for period in periods)


def graft_months(month: date, grafts: Iterable[Graft]) -> int:
    """Months since the latest kidney transplant up to a month, its own counted as 1; 0 without one (RM 3.4).

    From the month after the graft failed there is none, until the next transplant.
    """
    begun = [graft for graft in grafts if first_of_month(graft.transplant_date) <= month]
    if not begun:
        return 0
    latest = max(begun, key=lambda graft: graft.transplant_date)
    if latest.failure_date is not None and latest.failure_date < month:
        return 0
    since = latest.transplant_date
    return (month.year - since.year) * MONTHS_OF_A_YEAR + month.month - since.month + 1


def told_apart(months: int, starts: Iterable[int]) -> int:
    """The first of the months since a graft that the models tell no apart from these (`RiskModel.graft_starts`)."""
    return max((start for start in starts if start <= months), default=0)


def changes(
    profile: Profile, hccs_by_diagnosis: Mapping[str, set[int]], model: RiskModel, aged_from: int
) -> dict[str, Decimal]:
    """By how much the score changes when one diagnosis, wherever it stands, is taken away and the others stay."""
    every = score(profile, set().union(*hccs_by_diagnosis.values()), model, aged_from).raw
    found = {}
    for code in hccs_by_diagnosis:
        others = set().union(*(hccs for other, hccs in hccs_by_diagnosis.items() if other != code))
        found[code] = score(profile, others, model, aged_from).raw - every
    return found


def segment_of(profile: Profile, model: RiskModel, aged_from: int) -> str:
    """The first segment of the model that takes the person (RM 3.4)."""
    return next(segment.name for segment in model.segments if _takes(segment, profile, aged_from))


def _takes(segment: Segment, profile: Profile, aged_from: int) -> bool:
    asked = (
        (segment.is_new_enrollee, profile.is_new_enrollee),
        (segment.is_long_term_institutional, profile.is_long_term_institutional),
        (segment.dual_class or None, profile.dual_class),
        (segment.is_aged, profile.age >= aged_from),
    )
    in_time = segment.graft_from <= profile.graft_months <= segment.graft_to
    return in_time and all(wanted is None or wanted == own for wanted, own in asked)


def is_disabled(profile: Profile, aged_from: int) -> bool:
    """Below the age and not entitled by age (RM 3.2)."""
    return profile.age < aged_from and profile.original_entitlement_code != BY_AGE


def is_originally_disabled(profile: Profile, aged_from: int) -> bool:
    """Entitled by disability once, aged now (RM 3.2)."""
    return profile.original_entitlement_code == BY_DISABILITY and not is_disabled(profile, aged_from)


def mapped(icd10_code: str, profile: Profile, model: RiskModel, first: date, last: date) -> tuple[int, ...]:
    """The HCCs of a diagnosis seen from `first` to `last`, after the edits (RM 2.4, RM 2.5, RM 2.6)."""
    for edit in model.edits.get(icd10_code, ()):
        if edit.applies(profile.age, profile.sex_code):
            return () if edit.hcc is None else (edit.hcc,)
    return tuple(
        row.hcc for row in model.mappings.get(icd10_code, ()) if row.valid_from <= last and row.valid_to >= first
    )


def surviving(hccs: set[int], model: RiskModel) -> tuple[set[int], dict[int, str]]:
    """HCCs that stand after conditions and hierarchies, and what dropped the others.

    The hierarchies are walked in ascending order on the changing set, as the CMS software does: an HCC that was
    dropped drops nothing any more, which matters where a chain is open (RM 4.1, RM 4.2, RM 4.3).
    """
    dropped: dict[int, str] = {}
    for hcc, needed in model.conditions.items():
        if hcc in hccs and not hccs & set(needed):
            dropped[hcc] = CONDITION
    left = hccs - set(dropped)
    for dominant, below in model.hierarchies.items():
        if dominant in left:
            for hcc in left & set(below):
                dropped[hcc] = f"HCC{dominant}"
            left -= set(below)
    return left, dropped


def applies(term: Term, profile: Profile, hccs: set[int], model: RiskModel, aged_from: int) -> bool:
    """Whether a term of the person's segment applies to the person with these surviving HCCs."""
    match term:
        case HccPresent(hcc):
            return hcc in hccs
        case HccCount(lowest, highest):
            return lowest <= len(hccs) <= highest
        case Interaction():
            return all(_side_present(side, profile, hccs, model, aged_from) for side in term.sides)
        case Cell():
            return is_in(term, profile, aged_from)


def is_in(cell: Cell, profile: Profile, aged_from: int) -> bool:
    """Whether the person is in a demographic cell (RM 3.1, RM 3.2, RM 5.4, RM 6.1)."""
    is_almost_aged = profile.age == aged_from - 1 and profile.original_entitlement_code == BY_AGE
    age = aged_from if cell.counts_64_as_65 and is_almost_aged else profile.age
    asked = (
        (cell.sex or None, SEXES.get(profile.sex_code)),
        (cell.is_aged, profile.age >= aged_from),
        (cell.is_originally_disabled, is_originally_disabled(profile, aged_from)),
        (cell.is_originally_esrd, profile.original_entitlement_code in BY_ESRD),
        (cell.is_long_term_institutional, profile.is_long_term_institutional),
    )
    return (
        cell.youngest <= age <= cell.oldest
        and cell.graft_from <= profile.graft_months <= cell.graft_to
        and (not cell.dual_classes or profile.dual_class in cell.dual_classes)
        and all(wanted is None or wanted == own for wanted, own in asked)
    )


def _side_present(side: str, profile: Profile, hccs: set[int], model: RiskModel, aged_from: int) -> bool:
    if side == DISABLED:
        return is_disabled(profile, aged_from)
    return profile.age < aged_from if side == NONAGED else bool(hccs & set(model.groups[side]))
