"""What a changed Participant list does, for people to see: gained, lost, before and after, few people withheld (ALN-64).

Of an ACO and year all that changes is shown or none of it. Withheld are those in which few people come, go or stay, and
as many others as keep them from being told: what one ACO loses another gains, or none does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from lead_engine.foundation.page import Page, Sentence, Table, dollars
from lead_engine.methodology.facts import RunFacts
from lead_engine.sources.list_changes import ListChange

from .report import HIDDEN
from .rules import MartRules
from .suppress import ALL, Cell, hidden, is_small

RULE = "ALN-64"
CHOICES_STAY = (
    "those of beneficiaries stay as the run judged them: one that names a TIN that leaves still aligns, one that names a TIN "
    "that joins does not yet; a run under the changed list judges them anew"
)
NAMED = 10  # units told one by one
MILLIONTHS, MEAN_DIGITS = 1_000_000, 4
Key = tuple[str, int]  # ACO and year
MOVED = ("ACO", "year", "", "route", "lives gained", "lives lost", "months gained", "months lost", "$ gained", "$ lost")
SUMS = ("ACO", "year", "", "lives", "would be", "months", "would be", "paid $", "would be", "PBPM $", "would be")
MEANS = ("ACO", "year", "", "category", "route", "model", "mean raw score", "would be", "change")


@dataclass(frozen=True)
class Change:
    """What an ACO gains and loses in a year, by route and category or ALL: a row of `scenario.compare.changes`."""

    aco_id: str
    year: int
    route: str
    category: str
    people_from_nowhere: int
    people_to_nowhere: int
    lives_gained: int
    people_gained: int
    months_gained: int
    paid_cents_gained: int
    scored_people_gained: int
    scored_months_gained: int
    score_millionths_gained: int
    lives_lost: int
    people_lost: int
    months_lost: int
    paid_cents_lost: int
    scored_people_lost: int
    scored_months_lost: int
    score_millionths_lost: int

    def net(self, name: str) -> int:
        """Gained less lost."""
        return int(getattr(self, f"{name}_gained") - getattr(self, f"{name}_lost"))


@dataclass(frozen=True)
class Told:
    """What a what-if found, exact: stays in the house."""

    change: ListChange
    never_billed: tuple[str, ...]  # changed units at which nobody has a qualifying charge
    names: Mapping[str, str]  # of the ACOs
    changes: Sequence[Change]
    totals: Sequence[Mapping[str, Any]]  # calc__aco_year
    risks: Sequence[Mapping[str, Any]]  # calc__aco_risk, kind HCC
    has_choices: bool = False  # of beneficiaries; they stay as the run judged them


class Party(NamedTuple):
    """An ACO in a year, or nowhere: people who gain and who lose a month, and whether few stand behind any figure of it."""

    aco_id: str
    gained: int
    lost: int
    is_few: bool

    @property
    def moved(self) -> int:
        """How many people moved, at the least."""
        return max(self.gained, self.lost)


def page(told: Told, facts: RunFacts, rules: MartRules) -> Page:
    """What would be gained and lost, and figures of each ACO before and after. Suppressed, for machines too."""
    kept_back = withheld(told, rules.smallest_cell)
    own = {(each.aco_id, each.year): each for each in told.changes if each.route == each.category == ALL}
    before = _shown_totals(told.totals, rules.smallest_cell)
    moved = [_moved(each, kept_back) for each in _by_route(told.changes)]
    sums = [_sums(key, own[key], told, before, kept_back) for key in sorted(own)]
    means = [
        _means(each, told, kept_back, rules.smallest_cell)
        for each in told.changes
        if ALL not in (each.route, each.category)
    ]
    means.sort(key=lambda row: [str(row[name]) for name in ("aco_id", "year", "category", "route")])
    for row in (*moved, *sums, *means):
        row["period"] = "performance year" if row["year"] == facts.performance_year else "base year"
    tables = (
        Table(MOVED, tuple(map(_moved_text, moved))),
        Table(SUMS, tuple(map(_sums_text, sums))),
        Table(MEANS, tuple(map(_means_text, means))),
    )
    sentences = tuple(_sentences(told, facts, len(own), len([key for key in own if (key, ALL) in kept_back]), rules))
    title = f"{len(told.change.added):,} TINs and CCNs join, {len(told.change.removed):,} leave"
    machine = {
        "list_version": facts.list_version,
        "list_version_after": told.change.version,
        "added": dict(told.change.added),
        "removed": dict(told.change.removed),
        "on_the_list_already": list(told.change.unchanged),
        "never_billed": list(told.never_billed),
        "choices": CHOICES_STAY if told.has_choices else None,
        "moved": moved,
        "totals": sums,
        "mean_risk": means,
        "basis": rules.basis,
    }
    return Page(f"What if: {title}", sentences, tables if own else (), machine)


def withheld(told: Told, smallest: int) -> set[tuple[Key, str]]:
    """The ACOs, years and routes of which no change is shown; ALL stands for every route."""
    lives = {(row["aco_id"], row["year"]): row["people"] for row in told.totals if row["category"] == ALL}
    by_year: dict[int, dict[str, list[Change]]] = {}
    for each in _by_route(told.changes):
        by_year.setdefault(each.year, {}).setdefault(each.aco_id, []).append(each)
    found: set[tuple[Key, str]] = set()
    for year, by_aco in by_year.items():
        routes = {aco: _hidden_routes(same, smallest) for aco, same in by_aco.items()}
        totals = [each for same in by_aco.values() for each in same if each.route == ALL]
        few = {
            each.aco_id: ALL in routes[each.aco_id] or _rests_on_few(each, lives.get((each.aco_id, year), 0), smallest)
            for each in totals
        }
        parties = [Party(each.aco_id, each.people_gained, each.people_lost, few[each.aco_id]) for each in totals]
        come, go = (sum(getattr(each, f"people_{way}_nowhere") for each in totals) for way in ("from", "to"))
        nowhere = Party("", go, come, is_small(go, smallest) or is_small(come, smallest))
        found |= {((aco, year), route) for aco, hide in routes.items() for route in hide if route != ALL}
        hide = hidden_parties(parties, nowhere, smallest)
        found |= {((aco, year), each.route) for aco in hide for each in by_aco[aco]}
    return found


def hidden_parties(parties: Iterable[Party], nowhere: Party, smallest: int) -> set[str]:
    """The ACOs of a year whose changes are withheld: those with few people, then the smallest others.

    Gains and losses of all ACOs and of nowhere add up to nothing, so what is not shown follows as a sum: it has to be
    of two parties at least, and of no few people.
    """
    moving = [party for party in parties if party.moved]
    hide = [party for party in moving if party.is_few]
    spare = sorted((party for party in moving if not party.is_few), key=lambda party: (party.moved, party.aco_id))
    unseen = [nowhere] if nowhere.moved else []
    while (hide or nowhere.is_few) and spare:
        unknown = [*hide, *unseen]
        if hide and len(unknown) > 1 and not is_small(max(party.moved for party in unknown), smallest):
            break
        hide.append(spare.pop(0))
    return {party.aco_id for party in hide}


def _rests_on_few(each: Change, lives: int, smallest: int) -> bool:
    """Whether few people come, go, stay, or change months without coming or going."""
    counts = [
        *(each.lives_gained, each.lives_lost, each.people_gained, each.people_lost),
        *(each.people_gained - each.lives_gained, each.people_lost - each.lives_lost, lives - each.lives_lost),
    ]
    return any(is_small(count, smallest) for count in counts)


def _hidden_routes(same: Sequence[Change], smallest: int) -> set[str]:
    """The routes of an ACO and year to withhold, so that shown ones and ALL tell none with few people."""
    found = {each.route for each in same if each.route != ALL and _rests_on_few(each, 0, smallest)}
    for name in ("people_gained", "people_lost"):
        cells = [Cell(each.aco_id, each.year, each.route, getattr(each, name)) for each in same]
        found |= {cell.category for cell in hidden(cells, smallest)}
    return found


def _by_route(changes: Iterable[Change]) -> list[Change]:
    """The changes of any category, ALL routes first."""
    chosen = [each for each in changes if each.category == ALL]
    return sorted(chosen, key=lambda each: (each.aco_id, each.year, each.route != ALL, each.route))


def _shown_totals(totals: Sequence[Mapping[str, Any]], smallest: int) -> dict[Key, Mapping[str, Any]]:
    """The totals that the mart shows."""
    cells = {Cell(row["aco_id"], row["year"], row["category"], row["people"]): row for row in totals}
    kept_back = hidden(cells, smallest)
    return {
        (cell.aco_id, cell.year): row for cell, row in cells.items() if cell.category == ALL and cell not in kept_back
    }


def _moved(each: Change, kept_back: set[tuple[Key, str]]) -> dict[str, Any]:
    names = [f"{name}_{side}" for name in ("lives", "months", "paid_cents") for side in ("gained", "lost")]
    is_hidden = ((each.aco_id, each.year), each.route) in kept_back
    figures = {name: None if is_hidden else getattr(each, name) for name in names}
    return {"aco_id": each.aco_id, "year": each.year, "route": each.route, "is_suppressed": is_hidden, **figures}


def _sums(
    key: Key, each: Change, told: Told, shown: Mapping[Key, Mapping[str, Any]], kept_back: set[tuple[Key, str]]
) -> dict[str, Any]:
    """Lives, months, payments and payments by month, before and after; before as the mart shows them."""
    known = {(row["aco_id"], row["year"]) for row in told.totals}
    row = shown.get(key) if key in known else {"people": 0, "months": 0, "paid_cents": 0}
    is_hidden = row is None or (key, ALL) in kept_back
    figures: dict[str, int | None] = {}
    for name, net in (("people", "lives"), ("months", "months"), ("paid_cents", "paid_cents")):
        figures[f"{name}_before"] = row[name] if row else None
        figures[f"{name}_after"] = row[name] + each.net(net) if row and not is_hidden else None
    pbpm = {
        f"pbpm_cents_{side}": _share(figures[f"paid_cents_{side}"], figures[f"months_{side}"])
        for side in ("before", "after")
    }
    return {
        "aco_id": key[0],
        "aco_name": told.names[key[0]],
        "year": key[1],
        "is_suppressed": is_hidden,
        **figures,
        **pbpm,
    }


def _means(each: Change, told: Told, kept_back: set[tuple[Key, str]], smallest: int) -> dict[str, Any]:
    """The mean raw score before and after, weighted by month (BMK-30); not where few scores come, go or stay."""
    cell = (each.aco_id, each.category, each.route, each.year)
    row = next((row for row in told.risks if _cell(row) == cell), None)
    people, months, score = (row[name] if row else 0 for name in ("scored_people", "scored_months", "score_millionths"))
    stay = people - each.scored_people_lost
    counts = (people, each.scored_people_gained, each.scored_people_lost, stay, stay + each.scored_people_gained)
    key = each.aco_id, each.year
    is_hidden = bool(kept_back & {(key, ALL), (key, each.route)}) or any(is_small(n, smallest) for n in counts)
    before = None if is_small(people, smallest) else _mean(score, months)
    after = None if is_hidden else _mean(score + each.net("score_millionths"), months + each.net("scored_months"))
    figures = {"mean_before": before, "mean_after": after, "is_suppressed": is_hidden}
    at = {"aco_id": each.aco_id, "year": each.year, "category": each.category, "route": each.route}
    model = next((row["model"] for row in told.risks if row["category"] == each.category), None)
    return {**at, "model": model, **figures}


def _cell(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["aco_id"], row["category"], row["route"], row["year"]


def _share(cents: int | None, months: int | None) -> int | None:
    return None if cents is None or not months else round(cents / months)


def _mean(millionths: int, months: int) -> float | None:
    return round(millionths / MILLIONTHS / months, MEAN_DIGITS) if months else None


def _sentences(told: Told, facts: RunFacts, changed: int, kept_back: int, rules: MartRules) -> Iterable[Sentence]:
    change = told.change
    for words, units in (("join", change.added), ("leave", change.removed)):
        for aco in sorted(set(units.values())):
            named = [unit for unit, of in sorted(units.items()) if of == aco]
            yield Sentence(aco, f"{_listed(named)} would {words}", "ALN-11")
    yield Sentence("list", f"{facts.list_version} as it is, {change.version} as it would be", "ALN-11")
    if change.unchanged:
        yield Sentence("no change", f"{_listed(change.unchanged)}: on the list of the ACO already", "ALN-11")
    if told.never_billed:
        why = "nobody has a qualifying charge there in any alignment year of the run, so it changes nothing"
        yield Sentence("never billed", f"{_listed(told.never_billed)}: {why}", "ALN-24")
    if told.has_choices:
        yield Sentence("choices", CHOICES_STAY, "ALN-36")
    if not changed:
        yield Sentence("answer", "zero: no month of any person would be aligned otherwise", "ALN-33")
    if kept_back:
        few = f"fewer than {rules.smallest_cell} people would come, go or stay"
        why = f"{few}, or the figures would tell those of another ACO"
        yield Sentence("withheld", f"{kept_back} of {changed} ACOs and years: {why}", RULE)
    if changed:
        yield Sentence("months", f"of aligned years, known through {facts.enrolment_through:%Y-%m}", "ALN-23")
    yield Sentence("rests on", rules.basis)


def _listed(units: Sequence[str]) -> str:
    """The units, or how many there are."""
    return ", ".join(units) if len(units) <= NAMED else f"{len(units):,} TINs and CCNs"


def _moved_text(row: Mapping[str, Any]) -> tuple[str, ...]:
    counts = (_number(row[f"{name}_{side}"]) for name in ("lives", "months") for side in ("gained", "lost"))
    return *_at(row), row["route"], *counts, *(_money(row[f"paid_cents_{side}"]) for side in ("gained", "lost"))


def _sums_text(row: Mapping[str, Any]) -> tuple[str, ...]:
    shown = ((_number, "people"), (_number, "months"), (_money, "paid_cents"), (_money, "pbpm_cents"))
    return *_at(row), *(text(row[f"{name}_{side}"]) for text, name in shown for side in ("before", "after"))


def _means_text(row: Mapping[str, Any]) -> tuple[str, ...]:
    before, after = row["mean_before"], row["mean_after"]
    change = HIDDEN if before is None or after is None else f"{after - before:+.{MEAN_DIGITS}f}"
    means = (HIDDEN if mean is None else f"{mean:.{MEAN_DIGITS}f}" for mean in (before, after))
    return *_at(row), row["category"], row["route"], row["model"] or "", *means, change


def _at(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["aco_id"], str(row["year"]), row["period"]


def _number(value: int | None) -> str:
    return HIDDEN if value is None else f"{value:,}"


def _money(cents: int | None) -> str:
    return HIDDEN if cents is None else dollars(cents)
