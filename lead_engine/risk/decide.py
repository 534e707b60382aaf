"""The raw risk score of one person: which diagnoses map to which HCC, which HCC survives, and what each term is worth.

Plain Python on plain values; the reviewer's page. The same over whole tables stands in `profile.py`, `diagnoses.py`
and `score.py`.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .model import (
    AgeSex,
    HccCount,
    HccPresent,
    Interaction,
    Kind,
    LongTermMedicaid,
    NewEnrollee,
    OriginallyDisabled,
    RiskModel,
    Term,
    kind_of,
)

DISABLED = "DISABLED"
CONDITION = "CONDITION"
BY_DISABILITY = "1"  # OREC
SEXES = {"1": "M", "2": "F"}


class Profile(NamedTuple):
    """What the demographic terms ask of a person in a payment year."""

    age: int
    sex_code: str  # 1 male, 2 female
    dual_class: str  # FULL, PARTIAL, NONE
    original_entitlement_code: str
    is_new_enrollee: bool = False
    is_long_term_institutional: bool = False


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
    segment = segment_of(profile, aged_from)
    survived, dropped = surviving(set(hccs), model)
    terms = [
        ScoredTerm(name, kind_of(term), coefficient)
        for (of, name), coefficient in model.coefficients.items()
        if of == segment and applies(term := model.terms[name], profile, survived, model, aged_from)
    ]
    lost = [ScoredTerm(f"HCC{hcc}", Kind.DROPPED, Decimal(0), by) for hcc, by in sorted(dropped.items())]
    return Score(segment, sorted([*terms, *lost]))


def segment_of(profile: Profile, aged_from: int) -> str:
    """New enrollee, institutional, or community by dual class and age (RM 3.4)."""
    if profile.is_new_enrollee:
        return "NE"
    if profile.is_long_term_institutional:
        return "INS"
    dual = {"FULL": "F", "PARTIAL": "P"}.get(profile.dual_class, "N")
    return f"C{dual}{'D' if profile.age < aged_from else 'A'}"


def is_disabled(profile: Profile, aged_from: int) -> bool:
    """Below the age and not entitled by age (RM 3.2)."""
    return profile.age < aged_from and profile.original_entitlement_code != "0"


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
    dropped drops nothing any more, which matters where a chain is open (RM 4.1, RM 4.2).
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
    sex = SEXES.get(profile.sex_code)
    match term:
        case HccPresent(hcc):
            return hcc in hccs
        case HccCount(lowest, highest):
            return lowest <= len(hccs) <= highest
        case Interaction(left, right):
            return all(_side_present(side, profile, hccs, model, aged_from) for side in (left, right))
        case AgeSex(of, youngest, oldest):
            return sex == of and youngest <= profile.age <= oldest
        case NewEnrollee(medicaid, originally_disabled, of, youngest, oldest):
            age = (
                aged_from if profile.age == aged_from - 1 and profile.original_entitlement_code == "0" else profile.age
            )
            is_cell = sex == of and youngest <= age <= oldest and medicaid == (profile.dual_class != "NONE")
            return is_cell and originally_disabled == is_originally_disabled(profile, aged_from)
        case OriginallyDisabled(of):
            return sex == of and is_originally_disabled(profile, aged_from)
        case LongTermMedicaid():
            return profile.dual_class != "NONE"


def _side_present(side: str, profile: Profile, hccs: set[int], model: RiskModel, aged_from: int) -> bool:
    return is_disabled(profile, aged_from) if side == DISABLED else bool(hccs & set(model.groups[side]))
