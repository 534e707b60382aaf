"""Which counties touch: what the extended service area of an ACO is made from (ALN-12)."""

from collections.abc import Iterator

from pydantic import Field

from lead_engine.sources.lists import Mistake

from .contract import Check, InputList, InputRow, Known, Numbered
from .fields import County


class NeighbouringCounty(InputRow):
    """A county and one that touches it."""

    county_code: County = Field(description="SSA state and county code")
    neighbour_county_code: County = Field(description="SSA state and county code of a county that touches it")


def _one_sided(rows: Numbered[NeighbouringCounty], _: Known) -> Iterator[Mistake]:
    pairs = {(row.county_code, row.neighbour_county_code) for _, row in rows}
    why, remedy = "a part of the list may be missing", "give both directions of every pair"
    for line, row in rows:
        if (row.neighbour_county_code, row.county_code) not in pairs:
            yield Mistake(line, "neighbour_county_code", "is not said the other way round", why, remedy)


COUNTY_ADJACENCY = InputList(
    name="county_adjacency",
    row=NeighbouringCounty,
    about="Pairs of neighbouring counties, each in both directions. The county adjacency file of the Census Bureau, its "
    "FIPS codes turned into SSA codes; its rows of a county beside itself may stay.",
    key=("county_code", "neighbour_county_code"),
    read_by="alignment (service area)",
    is_read=True,
    rules=("ALN-12",),
    own_checks=(Check("every pair stands in both directions", _one_sided, needs_all=True),),
    example_rows="""36170,36170
36170,36480
36480,36170
""",
)
