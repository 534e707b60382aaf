"""The three ACOs are what `lead-engine demo` says of them: large, rural, few people and very sick."""

from collections import Counter

import numpy as np
import pytest

from lead_engine.synthetic.network import Network
from lead_engine.synthetic.practices import BY_CCN, STORIES, World

PEOPLE, SEED = 2_000, 1  # those of the demo
LARGE, RURAL, SICK = (aco.aco_id for aco in STORIES)


@pytest.fixture(scope="module")
def blocks():
    network = Network(PEOPLE, SEED, has_marked=False)
    return [network.people_of(number) for number in range(network.blocks)]


def test_one_is_large_and_one_is_small(blocks):
    lives: Counter[str | None] = Counter()
    for world, people in blocks:
        acos = [practice.aco.aco_id if practice.aco else None for practice in world.practices]
        lives.update(acos[home - 1] for home in people.home.tolist())
    assert lives[LARGE] > 2 * lives[RURAL] > 2 * lives[SICK] > 200


def test_one_is_rural():
    """It bills by CCN, and its groups are in another county than those of the others."""
    practices = World(PEOPLE, has_marked=False).practices
    by_ccn = {each.aco.aco_id for each in practices if each.aco and each.kind in BY_CCN}
    counties = {aco.aco_id: {each.county for each in practices if each.aco is aco} for aco in STORIES}
    assert by_ccn == {RURAL} and not counties[RURAL] & (counties[LARGE] | counties[SICK])


def test_one_is_sick(blocks):
    ill: dict[str, list[float]] = {aco.aco_id: [] for aco in STORIES}
    for world, people in blocks:
        conditions = people.conditions.sum(axis=1)
        for aco in STORIES:
            homes = [each.number for each in world.practices if each.aco is aco]
            ill[aco.aco_id] += conditions[np.isin(people.home, homes)].tolist()
    means = {aco: np.mean(counts) for aco, counts in ill.items()}
    assert means[SICK] > 1.5 * means[LARGE] > 1.5 * means[RURAL]
