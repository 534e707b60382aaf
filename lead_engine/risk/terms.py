"""What the terms of a risk model mean: the names of the CMS software, read once for every model.

A model's coefficient file names its terms; nothing else says what they are. A name that no pattern here and no
interaction of the model knows has no meaning, and the model is refused.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

OLDEST = 150  # no age is above it
LONGEST = 9_999  # nor a time since a graft, in months, or a count of HCCs


class Kind(StrEnum):
    """What a term of a score is."""

    DEMOGRAPHIC = "DEMOGRAPHIC"
    HCC = "HCC"
    INTERACTION = "INTERACTION"
    COUNT = "COUNT"
    DROPPED = "DROPPED"


class Cell(NamedTuple):
    """People of this sex, age, Medicaid, history and time since a graft; what is left as it stands asks nothing."""

    sex: str = ""
    youngest: int = 0
    oldest: int = OLDEST
    is_aged: bool | None = None
    dual_classes: tuple[str, ...] = ()
    is_originally_disabled: bool | None = None
    is_originally_esrd: bool | None = None
    is_long_term_institutional: bool | None = None
    graft_from: int = 0
    graft_to: int = LONGEST
    counts_64_as_65: bool = False  # of people entitled by age (RM 3.1)

    @property
    def asks_graft(self) -> bool:
        """Whether it is of people with a graft alone."""
        return self.graft_from > 0


class AgeSex(Cell):
    """A cell of age and sex alone: everybody of a segment with such cells is in one of them."""


class OriginallyDisabled(Cell):
    """Aged, and entitled by disability once."""


class HccPresent(NamedTuple):
    """An HCC that survived the hierarchies."""

    hcc: int


class HccCount(NamedTuple):
    """So many surviving HCCs, or more for the open last one."""

    lowest: int
    highest: int


class Interaction(NamedTuple):
    """All that is named on both sides present: groups, HCCs, DISABLED, NONAGED; a side may name several."""

    left: str
    right: str

    @property
    def sides(self) -> tuple[str, ...]:
        """Every name."""
        return (*self.left.split(), *self.right.split())


Term = Cell | HccPresent | HccCount | Interaction

DISABLED, NONAGED = "DISABLED", "NONAGED"  # sides of an interaction that are the person's
ANY_MEDICAID = ("FULL", "PARTIAL")
NOT_FULL = ("PARTIAL", "NONE")
DURATIONS = {"DUR4_9": (4, 9), "DUR10PL": (10, LONGEST)}  # months since the graft


def term_named(name: str) -> Term | None:
    """What a term's name means in the CMS software; None when it means nothing."""
    for pattern, read in PATTERNS:
        if found := re.fullmatch(pattern, name):
            return read({key: text or "" for key, text in found.groupdict().items()})
    return None


def kind_of(term: Term) -> Kind:
    """The kind a term is shown as."""
    kinds = {HccPresent: Kind.HCC, HccCount: Kind.COUNT, Interaction: Kind.INTERACTION}
    return kinds.get(type(term), Kind.DEMOGRAPHIC)


def _age_sex(part: dict[str, str]) -> Term:
    return AgeSex(part["sex"], int(part["youngest"]), _oldest(part))


def _new_enrollee(part: dict[str, str]) -> Term:
    """Cells by any Medicaid (MCAID), or by full Medicaid (FBD) in the ESRD model, which takes 64 as it is (RM 3.1)."""
    dual = {"MCAID": ANY_MEDICAID, "NMCAID": ("NONE",), "FBD": ("FULL",), "ND_PBD": NOT_FULL}[part["dual"]]
    cell = Cell(part["sex"], int(part["youngest"]), _oldest(part), dual_classes=dual)
    return cell._replace(is_originally_disabled=not part["not"], counts_64_as_65=part["dual"].endswith("MCAID"))


def _dual(part: dict[str, str]) -> Term:
    classes = {"FB": ("FULL",), "PB": ("PARTIAL",)}[part["dual"]]
    return Cell(part["sex"][0], is_aged=_is_aged(part), dual_classes=classes)


def _graft(part: dict[str, str]) -> Term:
    """An add-on by months since the graft; community or institutional is the segment it stands in."""
    first, last = DURATIONS[part["duration"]]
    dual = {"": (), "FBD": ("FULL",), "ND_PBD": NOT_FULL}[part["dual"]]
    return Cell(is_aged=_is_aged(part), dual_classes=dual, graft_from=first, graft_to=last)


def _count(part: dict[str, str]) -> Term:
    lowest = int(part["count"])
    return HccCount(lowest, LONGEST if part["more"] else lowest)


def _oldest(part: dict[str, str]) -> int:
    text = part["oldest"] or part["youngest"]
    return OLDEST if text == "GT" else int(text)


def _is_aged(part: dict[str, str]) -> bool:
    return part["age"] in ("Aged", "GE65")


_AGES = r"(?P<sex>[FM])(?P<youngest>\d+)"
_SEX = r"(?P<sex>Female|Male)"
PATTERNS: tuple[tuple[str, Callable[[dict[str, str]], Term]], ...] = (
    (rf"{_AGES}_(?P<oldest>\d+|GT)", _age_sex),
    (r"HCC(?P<hcc>\d+)", lambda part: HccPresent(int(part["hcc"]))),
    (r"D(?P<count>\d+)(?P<more>P?)", _count),
    (rf"(?P<dual>N?MCAID|FBD|ND_PBD)_(?P<not>N?)ORIGDIS_(?:G_)?NE{_AGES}(?:_(?P<oldest>\d+|GT))?", _new_enrollee),
    (rf"OriginallyDisabled_{_SEX}", lambda part: OriginallyDisabled(part["sex"][0], is_originally_disabled=True)),
    (rf"Originally_ESRD_{_SEX}", lambda part: Cell(part["sex"][0], is_aged=True, is_originally_esrd=True)),
    (rf"(?P<dual>FB|PB)Dual_{_SEX}_(?P<age>Aged|NonAged)", _dual),
    (r"LTIMCAID", lambda part: Cell(dual_classes=ANY_MEDICAID)),
    (
        r"LTI_(?P<age>Aged|NonAged|GE65|LT65)",
        lambda part: Cell(is_aged=_is_aged(part), is_long_term_institutional=True),
    ),
    (r"(?:FG[CI]_)?(?P<age>GE65|LT65)_(?P<duration>DUR4_9|DUR10PL)(?:_(?P<dual>FBD|ND_PBD))?", _graft),
    (
        r"FG[CI]_PBD_(?P<age>GE65|LT65)_flag",
        lambda part: Cell(is_aged=_is_aged(part), dual_classes=("PARTIAL",), graft_from=4),
    ),
    (
        r"TRANSPLANT_KIDNEY_ONLY_(?P<month>\d)M",
        lambda part: Cell(graft_from=int(part["month"]), graft_to=int(part["month"])),
    ),
)
