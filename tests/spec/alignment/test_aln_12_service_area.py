"""ALN-12: core counties have an office of a Participant; the extended area adds those that touch them, and no further."""

import itertools

import pytest

from lead_engine.alignment.service_area import extended, service_area
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.county_adjacency import NeighbouringCounty
from lead_engine.sources.inputs.participant_offices import ParticipantOffice

# A row of counties: 36010 – 36020 – 36030 – 36040, and 36170 that touches nothing.
ROW = ("36010", "36020", "36030", "36040")
PAIRS = [pair for left, right in itertools.pairwise(ROW) for pair in ((left, right), (right, left))]


@pytest.mark.parametrize(
    ("core", "area"),
    [
        ({"36010"}, {"36010", "36020"}),
        ({"36020"}, {"36010", "36020", "36030"}),
        ({"36010", "36040"}, set(ROW)),
        ({"36170"}, {"36170"}),
        (set(), set()),
    ],
)
def test_one_step_from_the_core(core, area):
    assert extended(core, PAIRS) == area


def test_a_county_beside_itself_adds_nothing():
    assert extended({"36010"}, [("36010", "36010")]) == {"36010"}


def test_the_table(spark):
    def office(aco, county, npi=None):
        return ParticipantOffice.model_construct(aco_id=aco, tin="000000001", ccn=None, npi=npi, county_code=county)

    offices = Given("o", "v", (office("L1", "36010"), office("L1", "36010", "9000000001"), office("L2", "36030")))
    adjacency = Given(
        "a", "v", tuple(NeighbouringCounty.model_construct(county_code=a, neighbour_county_code=b) for a, b in PAIRS)
    )
    told = sorted(tuple(row) for row in service_area(spark, offices, adjacency).collect())
    assert told == [
        ("L1", "36010", True),
        ("L1", "36020", False),
        ("L2", "36020", False),
        ("L2", "36030", True),
        ("L2", "36040", False),
    ]
