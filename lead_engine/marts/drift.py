"""Drift of coding and scores for people to see: terms and score bands of two years, few people withheld (DL 10.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from lead_engine.benchmark.drift import Contribution, Side, contributions
from lead_engine.foundation.page import Page, Sentence, Table
from lead_engine.methodology.facts import RunFacts
from lead_engine.methodology.resolve import Resolved

from .report import HIDDEN
from .suppress import ALL, Cell, hidden, is_small

RULE = "DL 10.5"
TERM_COLUMNS = (
    "term",
    "kind",
    "coded",
    "coded later",
    "counts",
    "counts later",
    "change",
    "by prevalence",
    "by weight",
)
BAND_COLUMNS = ("raw score from", "people", "people later", "share of months", "later")


@dataclass(frozen=True)
class DriftRules:
    """The smallest cell that may be shown, and the bands scores are told in."""

    smallest_cell: int  # privacy/smallest_cell, ALN-64
    band_starts: tuple[str, ...]  # review/score_bands, DL 10.5

    @classmethod
    def from_methodology(cls, resolved: Resolved, facts: RunFacts | None = None) -> Self:
        """Read the parameters named above."""
        return cls(resolved.value("privacy/smallest_cell"), ("0", *resolved.value("review/score_bands")))


@dataclass(frozen=True)
class Split:
    """Terms that may be shown, and those told together because few people stand behind one of them."""

    shown: list[Contribution]
    together: list[Contribution]

    @property
    def change(self) -> Fraction:
        """What those told together did to the mean."""
        return sum((each.change for each in self.together), Fraction(0))


def page(title: str, before: Side, after: Side, rules: DriftRules, top: int) -> Page:
    """Mean scores, the `top` terms that moved them most, and people by score band. Suppressed."""
    few = [str(side.year) for side in (before, after) if is_small(side.people, rules.smallest_cell)]
    none = [str(side.year) for side in (before, after) if not side.people]
    if few or none:
        why = f"nobody has a score in {', '.join(none)}" if none else f"few people have a score in {', '.join(few)}"
        return Page(f"{title}: nothing to show", (Sentence("withheld" if few else "nothing", why, RULE),))
    split = parted(contributions(before, after), before, after, rules.smallest_cell)
    change = after.mean - before.mean
    sentences = (
        Sentence("mean raw score", f"{float(before.mean):.4f}, later {float(after.mean):.4f}", "BMK-30"),
        Sentence(
            "change", f"{float(change):+.4f}, the sum of {len(split.shown)} terms and what is told together", RULE
        ),
        Sentence("told together", f"{len(split.together)} terms with few people: {float(split.change):+.4f}", RULE),
    )
    terms = tuple(_term_row(each, before, after) for each in split.shown[:top])
    facts = {
        "mean_before": float(before.mean),
        "mean_after": float(after.mean),
        "terms": [_fact(each, before, after) for each in split.shown],
        "together": {"terms": len(split.together), "change": float(split.change)},
    }
    bands = _band_rows(before, after, rules.smallest_cell)
    tables = (Table(TERM_COLUMNS, terms), Table(BAND_COLUMNS, bands))
    return Page(f"{title}: {float(change):+.4f}", sentences, tables, facts)


def parted(found: Iterable[Contribution], before: Side, after: Side, smallest: int) -> Split:
    """Terms few people have, code, lose to a hierarchy or lack; then the smallest others, until the sum tells nobody."""
    ordered = list(found)
    together = [each for each in ordered if _rests_on_few(each, before, after, smallest)]
    spare = sorted((each for each in ordered if each not in together), key=lambda each: (_people(each), each.term))
    while together and spare and (len(together) == 1 or max(map(_people, together)) < smallest):
        together.append(spare.pop(0))
    return Split([each for each in ordered if each not in together], together)


def _rests_on_few(each: Contribution, before: Side, after: Side, smallest: int) -> bool:
    counts = [
        count
        for term, side in ((each.before, before), (each.after, after))
        for count in (term.people, term.coded_people, term.coded_people - term.people, side.people - term.people)
    ]
    return any(is_small(count, smallest) for count in counts)


def _people(each: Contribution) -> int:
    """The fewest people with the term in a year."""
    return min(each.before.people, each.after.people)


def _term_row(each: Contribution, before: Side, after: Side) -> tuple[str, ...]:
    fact = _fact(each, before, after)
    shares = (fact[name] for name in ("coded_before", "coded_after", "counts_before", "counts_after"))
    changes = (fact[name] for name in ("change", "by_prevalence", "by_weight"))
    return each.term, each.kind.lower(), *(f"{share:.1%}" for share in shares), *(f"{value:+.4f}" for value in changes)


def _fact(each: Contribution, before: Side, after: Side) -> dict[str, str | float]:
    """A term as numbers: shares of scored months and contributions to the mean."""
    return {
        "term": each.term,
        "kind": each.kind,
        "coded_before": each.before.coded_months / before.months,
        "coded_after": each.after.coded_months / after.months,
        "counts_before": each.before.months / before.months,
        "counts_after": each.after.months / after.months,
        "change": float(each.change),
        "by_prevalence": float(each.by_prevalence),
        "by_weight": float(each.by_weight),
    }


def _band_rows(before: Side, after: Side, smallest: int) -> tuple[tuple[str, ...], ...]:
    shown = [_shown_bands(side, smallest) for side in (before, after)]
    return tuple(
        (
            str(first.start),
            *(
                HIDDEN if band.start not in kept else f"{band.people:,}"
                for band, kept in zip((first, second), shown, strict=True)
            ),
            *(
                HIDDEN if band.start not in kept else f"{band.months / side.months:.1%}"
                for band, kept, side in zip((first, second), shown, (before, after), strict=True)
            ),
        )
        for first, second in zip(before.bands, after.bands, strict=True)
    )


def _shown_bands(side: Side, smallest: int) -> set[object]:
    """The bands of a side that may be shown beside their total, which is the number of scored people."""
    cells = {band.start: Cell("", side.year, str(band.start), band.people) for band in side.bands}
    kept_back = hidden([*cells.values(), Cell("", side.year, ALL, side.people)], smallest)
    return {start for start, cell in cells.items() if cell not in kept_back}
