"""Lists of institutional periods and transplants agree with claims, and name people by numbers that every form knows."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from lead_engine.sources.cclf.delivery import positions
from lead_engine.synthetic import cclf, people_lists, rif
from lead_engine.synthetic.identifiers import mbi
from lead_engine.synthetic.network import Network, write_network
from lead_engine.synthetic.people import People
from lead_engine.synthetic.plan import FIRST_DAY, NEVER, NO_DAY, word

PEOPLE, SEED = 5_000, 3
NURSING, GRAFT = "99309", "652"


def told(people: People) -> dict[str, list[tuple[str, ...]]]:
    """The rows of each list."""
    return {
        name: [tuple(row) for row in csv.reader(io.StringIO(data.decode()))]
        for name, data in people_lists.block(people)
    }


@pytest.fixture(scope="module")
def blocks():
    network = Network(PEOPLE, SEED, has_marked=False)
    return [network.block(number)[1:] for number in range(network.blocks)]


def test_who_is_visited_in_a_facility_is_listed_ninety_days_on(blocks):
    visited, listed = {}, {}
    for people, care in blocks:
        first = np.full(len(people), NO_DAY)
        nursing = care.lines.claim[(care.lines.hcpcs == word(NURSING)) & (care.lines.number == 1)]
        np.minimum.at(first, care.claims.person[nursing], care.claims.first[nursing])
        visited |= {int(people.number[one]): first[one] for one in np.nonzero(first < NO_DAY)[0]}
        numbers = {mbi(one, generation): one for one in people.number.tolist() for generation in (1, 2)}
        listed |= {numbers[row[0]]: np.datetime64(row[1]) for row in told(people)["institutional_periods.csv"]}
    assert len(set(visited) & set(listed)) > 60
    died_soon = {one for one in visited if one not in listed}
    deaths = {int(one): day for people, _ in blocks for one, day in zip(people.number, people.death, strict=True)}
    assert all(deaths[one] < visited[one] + np.timedelta64(120, "D") for one in died_soon)
    days = [int((listed[one] - visited[one]).astype(int)) for one in visited if one in listed]
    assert max(days) <= 90 and np.median(days) > 60


def test_a_listed_transplant_is_the_day_of_its_stay(blocks):
    stays, listed = set(), set()
    for people, care in blocks:
        grafts = care.claims.take(care.claims.is_of("inpatient") & (care.claims.drg == word(GRAFT)))
        numbers = [{mbi(one, generation) for generation in (1, 2)} for one in people.number[grafts.person].tolist()]
        rows = told(people)["kidney_transplants.csv"]
        listed |= {(row[0], row[1]) for row in rows}
        for known, day in zip(numbers, grafts.first, strict=True):
            stays |= {(one, str(day)) for one in known & {row[0] for row in rows}}
            assert any(row[0] in known and row[1] == str(day) for row in rows)
    assert stays and stays <= listed


def test_every_delivery_knows_the_listed_numbers():
    """Whoever lives in a facility: in every year of a change of number and of a death."""
    world, people, care = Network(1_000, SEED, has_marked=False).block(0)
    everybody = replace(people, long_term=np.ones(len(people), bool), graft=np.full(len(people), 70))
    changed = replace(everybody, changes_mbi=np.where(people.number % 2, people.changes_mbi, people.number % 78))
    rows = [row for listed in told(changed).values() for row in listed]
    assert {row[0][0] for row in rows} == {"1", "2"} and any(row[2] for row in rows)
    yearly = [
        csv.DictReader(io.StringIO((rif.heads(world)[name] + data).decode()), delimiter="|")
        for name, data in rif.block(changed, care, world)
        if name.startswith("beneficiary")
    ]
    assert {row[0] for row in rows} <= {row["MBI_NUM"] for year in yearly for row in year}
    known = set()
    for name, data in cclf.block(changed, care, world):
        for number, column in (("8", "BENE_MBI_ID"), ("9", "CRNT_NUM"), ("9", "PRVS_NUM")):
            if cclf.number_of(name).startswith(number):
                start, length = positions(number)[column]
                known |= {line[start - 1 : start - 1 + length].strip() for line in data.decode().splitlines()}
    in_an_aco = np.array([each.aco is not None for each in world.practices])[changed.home - 1]
    theirs = {mbi(one, generation) for one in changed.number[in_an_aco].tolist() for generation in (1, 2)}
    listed = {row[0] for row in rows} & theirs
    assert len(listed) > 300 and listed <= known


def test_every_form_has_the_same_lists(tmp_path):
    for form in ("rif", "cclf"):
        write_network(tmp_path / form, Network(300, SEED, form))
    for name in people_lists.COLUMNS:
        assert (tmp_path / "rif" / name).read_bytes() == (tmp_path / "cclf" / name).read_bytes()
        assert not (tmp_path / "rif" / ".parts").exists()


def test_nobody_is_listed_before_or_without(blocks):
    for people, _ in blocks[:1]:
        nobody = replace(people, long_term=np.zeros(len(people), bool), graft=np.full(len(people), NEVER))
        assert told(nobody) == {name: [] for name in people_lists.COLUMNS}
        dead = replace(people, long_term=np.ones(len(people), bool), death=np.full(len(people), FIRST_DAY[6]))
        assert told(dead)["institutional_periods.csv"] == []
