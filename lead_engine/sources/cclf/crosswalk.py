"""MBI changes to people: every identifier of a chain A to B to C belongs to the person of A (DL 2.1).

Plain Python on the driver: only people whose MBI ever changed are here, as keyed hashes.
"""

from collections.abc import Iterable

from lead_engine.foundation.errors import InputRefusedError, Problem, raise_all

SHOWN = 5


def oldest(changes: Iterable[tuple[int, int]]) -> dict[int, int]:
    """For each identifier in a change (previous, newer), the oldest of all that are linked with it.

    Two changes may name the same newer identifier, or the same previous one in two deliveries; all are one person, under
    the identifier that replaced none, the smallest where there are several. The order of changes makes no difference.

    Raises InputRefusedError for every circle, with its length and keyed identifiers only.
    """
    links = {(previous, newer) for previous, newer in changes if previous != newer}
    raise_all(InputRefusedError, _circles(links))
    groups = _linked(links)
    replaced = {newer for _, newer in links}
    roots: dict[int, int] = {}
    for key, group in groups.items():
        if key not in replaced:
            roots[group] = min(key, roots.get(group, key))
    return {key: roots[group] for key, group in groups.items()}


def _linked(links: set[tuple[int, int]]) -> dict[int, int]:
    """The group of each identifier; union by the smaller key, paths shortened on the way."""
    parent: dict[int, int] = {}

    def top(key: int) -> int:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for previous, newer in sorted(links):
        one, other = sorted((top(previous), top(newer)))
        parent[other] = one
    return {key: top(key) for key in sorted(parent)}


def _circles(links: set[tuple[int, int]]) -> list[Problem]:
    """What is left when identifiers that nothing leads on from are taken away again and again."""
    onward: dict[int, set[int]] = {}
    backward: dict[int, set[int]] = {}
    for previous, newer in links:
        onward.setdefault(previous, set()).add(newer)
        backward.setdefault(newer, set()).add(previous)
    done = [key for key in backward if not onward.get(key)]
    while done:
        key = done.pop()
        for previous in backward.get(key, ()):
            onward[previous].discard(key)
            if not onward[previous]:
                done.append(previous)
    stuck = {(previous, newer) for previous, newers in onward.items() for newer in newers}
    circles: dict[int, list[int]] = {}
    for key, group in _linked(stuck).items():
        circles.setdefault(group, []).append(key)
    return [
        Problem(
            "CCLF9",
            f"{len(members)} identifiers change into each other in a circle, by key {', '.join(map(str, members[:SHOWN]))}",
            "nobody can tell which is the person's own (DL 2.1)",
            "ask for a corrected CCLF9, or leave the delivery out",
        )
        for members in circles.values()
    ]
