"""The network as core tables: what the engine makes of the RIF files, without the files. The data of speed tests.

One Arrow batch a table and block of people, in the order and types of the contract.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import to_arrow_schema

from lead_engine.foundation.identifiers import keyed_hash, pack_unit
from lead_engine.foundation.months import months_of
from lead_engine.lake.store import Lake
from lead_engine.methodology.reference import reference_table
from lead_engine.sources.counties import COUNTIES
from lead_engine.tables import CONTRACTS

from . import identifiers
from .claims import BY_LINE
from .identifiers import clinician_number
from .people import DUAL, People, status_codes
from .plan import CALENDAR, DIAGNOSES, MONTHS, NO_DAY, NONE, YEARS, Days, Flags, Whole, places
from .records import AGAIN, ORIGINAL, Records, delivered, text

if TYPE_CHECKING:
    from .network import Network

Columns = dict[str, pa.Array]
TIN_FLOOR = pack_unit(f"TIN:{identifiers.tin(0)}")
NPI_FLOOR = pack_unit(f"NPI:{identifiers.npi(0, 0)}")


class CoreBlock:
    """A block of people as columns of core tables."""

    def __init__(self, network: "Network", number: int, secret: str) -> None:
        self.network, self.number = network, number
        self.world, self.people = network.people_of(number)
        practices = self.world.practices
        self.ccn = np.array([0, *(pack_unit(f"CCN:{identifiers.ccn(each.number)}") for each in practices)])
        self.secret = secret
        ids = [keyed_hash(secret, "bene_id", identifiers.bene_id(each)) for each in self.people.number.tolist()]
        self.key = np.array(ids, np.int64)

    @cached_property
    def records(self) -> Records:
        """The records of their care: most of the work, and tables of people need none of it."""
        return delivered(self.people, self.network.care_of(self.number, self.world, self.people), ORIGINAL, AGAIN)

    def columns(self, table: str) -> Columns:
        """The rows of a table by column."""
        return MADE[table](self)


def beneficiary(block: CoreBlock) -> Columns:
    """`core__beneficiary`."""
    people = block.people
    return {
        "bene_key": pa.array(block.key),
        "birth_date": pa.array(people.birth),
        "death_date": _days(people.death),
        "sex_code": pa.array(np.where(people.is_female, "2", "1")),
        "original_entitlement_code": pa.array(np.where(people.is_disabled, "1", "0")),
    }


def identity(block: CoreBlock) -> Columns:
    """`core__beneficiary_identity`: the stable identifier and every Medicare number a yearly record carries."""
    people = block.people
    ends = [max(place for place in range(MONTHS) if CALENDAR[place].year == year) for year in YEARS]
    in_year = np.array(
        [people.enrolled()[:, [CALENDAR[m].year == year for m in range(MONTHS)]].any(axis=1) for year in YEARS]
    )
    is_new = np.array([end >= people.changes_mbi for end in ends])
    rows_of = []
    for place, number in enumerate(people.number.tolist()):
        rows_of.append((block.key[place], "bene_id", identifiers.bene_id(number), True))
        newest = int(is_new[in_year[:, place], place].any()) + 1
        for generation in sorted({int(new) + 1 for new in is_new[in_year[:, place], place]}):
            rows_of.append((block.key[place], "mbi", identifiers.mbi(number, generation), generation == newest))
    keys = [keyed_hash(block.secret, kind, value) for _, kind, value, _ in rows_of]
    key, kind, value, current = zip(*rows_of, strict=True)
    return {
        "bene_key": pa.array(key),
        "id_kind": pa.array(kind),
        "id_value": pa.array(value),
        "id_key": pa.array(keys),
        "is_current": pa.array(current),
    }


def enrolment_year(block: CoreBlock) -> Columns:
    """`core__enrolment_year`."""
    person, year, counted = _years(block.people)
    months = counted[person, year]
    return {
        "bene_key": pa.array(block.key[person]),
        "year": pa.array(np.array(YEARS)[year], pa.int32()),
        "part_a_months": pa.array(months, pa.int32()),
        "part_b_months": pa.array(np.where(block.people.has_part_b[person], months, 0), pa.int32()),
    }


def enrolment_month(block: CoreBlock) -> Columns:
    """`core__enrolment_month`: the twelve months of every year with a record."""
    people = block.people
    person, year, _ = _years(people)
    person, month = np.repeat(person, 12), (np.repeat(year, 12) * 12 + np.tile(np.arange(12), len(year)))
    days = np.array([m for year in YEARS for m in months_of(year)], "datetime64[D]")[month]
    told = month < MONTHS
    held = np.minimum(month, MONTHS - 1)
    enrolled = people.enrolled()[person, held] & told
    county = people.counties(person, held)
    fips, ssa = _counties()
    return {
        "bene_key": pa.array(block.key[person]),
        "month": pa.array(days),
        "year": pa.array(np.array(YEARS)[np.repeat(year, 12)], pa.int32()),
        "is_alive": pa.array(people.death[person] >= days),
        "has_part_a": pa.array(enrolled),
        "has_part_b": pa.array(enrolled & people.has_part_b[person]),
        "is_medicare_advantage": pa.array(enrolled & people.in_advantage()[person, held]),
        "is_medicare_secondary": _secondary(people, person, month),
        "medicare_status_code": _where(enrolled, status_codes(people)[person, held]),
        "dual_code": _where(enrolled, DUAL[people.dual[person]]),
        "county_fips_code": _where(enrolled, fips[county]),
        "county_code": _where(enrolled & (ssa[county] != ""), ssa[county]),
        "is_carried": pa.array(np.zeros(len(person), bool)),
    }


def _secondary(people: People, person: Whole, month: Whole) -> pa.Array:
    """Told of months with another payer alone, as no file tells of any (ALN-18 item 4)."""
    return pa.array(np.ones(len(person), bool), mask=month < people.secondary_from[person])


def claim(block: CoreBlock) -> Columns:
    """`core__claim`."""
    claims = block.records.claims
    is_stay = claims.is_of("inpatient", "snf")
    return _shared(block, np.arange(len(claims))) | {
        "from_year": _year(claims.first),
        "from_date": pa.array(claims.first),
        "through_date": pa.array(claims.last),
        "paid_cents": pa.array(claims.paid),
        "ccn": _where(~claims.is_of(*BY_LINE), block.ccn[claims.practice]),
        "admission_date": _where(is_stay, claims.admitted),
        "admission_type_code": _code(claims.admission_type),
        "drg_code": _code(claims.drg),
        "source_id_key": pa.array(block.key[claims.person]),
    }


def claim_line(block: CoreBlock) -> Columns:
    """`core__claim_line`."""
    records, lines = block.records, block.records.lines
    by_line = records.claims.is_of(*BY_LINE)[lines.claim]
    with_paid = ~records.claims.is_of("inpatient", "snf")[lines.claim]
    outpatient = records.claims.is_of("outpatient")[lines.claim]
    told = _shared(block, lines.claim)
    return told | {
        "is_denied": pa.array(records.claims.is_denied[lines.claim] | lines.is_denied),
        "line_number": pa.array(lines.number, pa.int32()),
        "service_year": _year(lines.day),
        "service_date": pa.array(lines.day),
        "hcpcs_code": _code(lines.hcpcs),
        "revenue_center_code": _code(lines.revenue_center),
        "specialty_code": _code(lines.specialty),
        "place_of_service_code": _code(lines.place),
        "tin": _where(by_line, lines.practice + TIN_FLOOR),
        "ccn": _where(~by_line, block.ccn[lines.practice]),
        "npi": pa.array(NPI_FLOOR + clinician_number(lines.practice, lines.clinician)),
        "allowed_cents": _where(by_line, lines.allowed),
        "paid_cents": _where(with_paid, lines.paid),
        "deductible_cents": _where(outpatient, 0 * lines.paid),
        "coinsurance_cents": _where(outpatient, lines.allowed - lines.paid),
    }


def claim_diagnosis(block: CoreBlock) -> Columns:
    """`core__claim_diagnosis`: every code of a claim once; the first is the principal one."""
    claims = block.records.claims
    every = claims.diagnoses
    again = [(every[:, :place] == every[:, place : place + 1]).any(axis=1) for place in range(DIAGNOSES)]
    owner, place = np.nonzero((every != NONE) & ~np.stack(again, axis=1))
    return _shared(block, owner) | {
        "through_year": _year(claims.last[owner]),
        "through_date": pa.array(claims.last[owner]),
        "icd10_code": text(every[owner, place]),
        "is_principal": pa.array(place == 0),
    }


def write(spark: SparkSession, lake: str, network: "Network", tasks: int, secret: str) -> None:
    """Write the tables of all blocks, each task some blocks in a row: a person's rows stand together in one file."""
    numbers = spark.range(0, network.blocks, numPartitions=tasks)
    for table in MADE:
        contract = CONTRACTS[table]
        schema = to_arrow_schema(contract.schema)

        def rows_of(
            batches: Iterable[pa.RecordBatch], table: str = table, schema: pa.Schema = schema
        ) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                for number in batch.column(0).to_pylist():
                    told = CoreBlock(network, number, secret).columns(table)
                    columns = [told[name] for name in schema.names]
                    yield from pa.table(columns, schema.names).cast(schema).to_batches()

        Lake(spark, lake).append(contract, numbers.mapInArrow(rows_of, contract.schema))


MADE: dict[str, Callable[[CoreBlock], Columns]] = {
    "core__beneficiary": beneficiary,
    "core__beneficiary_identity": identity,
    "core__enrolment_year": enrolment_year,
    "core__enrolment_month": enrolment_month,
    "core__claim": claim,
    "core__claim_line": claim_line,
    "core__claim_diagnosis": claim_diagnosis,
}


def _shared(block: CoreBlock, owner: Whole) -> Columns:
    """What a claim's rows all carry."""
    claims = block.records.claims
    count = len(owner)
    return {
        "bene_key": pa.array(block.key[claims.person[owner]]),
        "source_kind": pa.array(["RIF"]).take(pa.array(np.zeros(count, np.int64))),
        "claim_id": pa.array(block.records.claim_id[owner]),
        "claim_type": _code(claims.claim_type[owner]),
        "bill_type": _code(claims.bill_type[owner]),
        "sign": pa.array(np.where(block.records.is_superseded[owner], 0, 1), pa.int32()),
        "known_date": pa.array(claims.known[owner]),
        "cancelled_known_date": pa.nulls(count, pa.date32()),
        "is_denied": pa.array(claims.is_denied[owner]),
    }


def _years(people: People) -> tuple[Whole, Whole, Whole]:
    """Person and year, by place, of every yearly record; and the enrolled months of all."""
    years = np.array([m.year for m in CALENDAR])
    counted = np.stack([people.enrolled()[:, years == year].sum(axis=1) for year in YEARS], axis=1)
    person, year = np.nonzero(counted)
    return person, year, counted


def _counties() -> tuple[np.ndarray, np.ndarray]:
    codes = {row["fips_county_code"]: row["ssa_county_code"] for row in reference_table(COUNTIES).records()}
    return np.array(places()), np.array([codes.get(code, "") for code in places()])


def _code(codes: Whole) -> pa.Array:
    return pc.if_else(pa.array(codes == NONE), None, text(codes))


def _where(kept: Flags, values: np.ndarray) -> pa.Array:
    return pa.array(values, mask=~kept)


def _days(days: Days) -> pa.Array:
    return pa.array(days, mask=days == NO_DAY)


def _year(days: Days) -> pa.Array:
    return pa.array(days.astype("datetime64[Y]").astype(np.int64) + 1970, pa.int32())
