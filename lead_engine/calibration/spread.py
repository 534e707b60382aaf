"""The same sums and cells over tables of any size: people to design columns, columns to blocks, both by `mapInArrow`."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.months import MONTHS_OF_A_YEAR
from lead_engine.lake.failures import spark_failures
from lead_engine.risk.score import people_of

from .design import Design
from .diagnose import Cell, Cells, Kind, added, cells
from .report import AcoRatio
from .sums import Sums, Whole, by_person, combined

INDICATORS = "bene_key bigint, block int, months int, cents bigint, columns binary"
SUMS = (
    "block int, people bigint, total_months bigint, total_cents bigint, months array<bigint>, cents array<bigint>, "
    "holders array<bigint>, squares array<decimal(38,0)>"
)
CELLS = "kind string, cell string, people bigint, months bigint, cents bigint, score_months bigint"
RAW_SCALE = 10_000  # published scores have four decimals
PACKED = np.dtype("<u2")  # of a column number
TOGETHER = 1 << 18  # people held back before they are added up: their indicators are some megabytes


def indicators(people: DataFrame, design: Design, blocks: int) -> DataFrame:
    """The design matrix, one row a person: block, months, cents, and the columns that are 1, as `packed`.

    In: rows of `population`. The block is a hash of the person's key, so it is the same on every machine.
    """
    block = F.pmod(F.xxhash64("bene_key"), F.lit(blocks)).cast("int")
    return people.withColumn("block", block).mapInArrow(lambda batches: _indicators(batches, design), INDICATORS)


def packed(starts: Whole, columns: Whole) -> pa.BinaryArray:
    """Each person's columns as two bytes each: Spark hands bytes on whole, and a list number by number."""
    small = pa.py_buffer(columns.astype(PACKED).tobytes())
    places = pa.py_buffer((starts * PACKED.itemsize).astype(np.int32).tobytes())
    return pa.Array.from_buffers(pa.binary(), len(starts) - 1, [None, places, small])


def unpacked(lists: pa.BinaryArray) -> tuple[Whole, Whole]:
    """Starts and columns of people who stand one after another, as in `Sums.of`."""
    _, places, small = lists.buffers()
    starts = np.frombuffer(places, np.int32)[lists.offset : lists.offset + len(lists) + 1].astype(np.int64)
    held = np.frombuffer(small, np.uint8)[starts[0] : starts[-1]] if small is not None else np.zeros(0, np.uint8)
    return (starts - starts[0]) // PACKED.itemsize, held.view(PACKED).astype(np.int64)


def crossproduct(people: DataFrame, width: int, blocks: int) -> list[Sums]:
    """X'WX, X'Wy and Σ cents² of every block, exactly, in one pass; the same bits on any partitioning.

    In: rows of `indicators`, of which key and order do not matter. A block nobody is in is a sum of nobody.
    """
    chosen = people.select("block", "months", "cents", "columns")
    with spark_failures("cross-product"):
        rows = chosen.mapInArrow(lambda batches: _sums(batches, width), SUMS).toArrow()
    parts: list[list[Sums]] = [[Sums.none(width)] for _ in range(blocks)]
    for row in _rows(rows):
        parts[row["block"]].append(_read(row, width))
    return [combined(part, [1] * len(part)) for part in parts]


def counted(people: DataFrame, design: Design, factors: Whole) -> Cells:
    """Cells of the diagnostics. In: rows of `indicators`."""
    chosen = people.select("block", "months", "cents", "columns")
    with spark_failures("diagnostics"):
        each = chosen.mapInArrow(lambda batches: _cells(batches, design, factors), CELLS)
        sums = [F.sum(name).alias(name) for name in Cell._fields]
        rows = each.groupBy("kind", "cell").agg(*sums).collect()
    return {
        (Kind(row["kind"]), row["cell"]): Cell(row["people"], row["months"], row["cents"], row["score_months"])
        for row in rows
    }


def truncation_point(people: DataFrame, share: float) -> int:
    """Cents a year below which the annualised cost of this share of person-months lies, in whole dollars (RM 8.3)."""
    dollars = (F.col("cents") * MONTHS_OF_A_YEAR / F.col("months") / 100).cast("bigint").alias("dollars")
    with spark_failures("truncation point"):
        counted = people.groupBy(dollars).agg(F.sum("months").alias("months")).collect()
    below, total = 0, sum(row["months"] for row in counted)
    for row in sorted(counted, key=lambda row: row["dollars"]):
        below += row["months"]
        if below >= share * total:
            return int(row["dollars"] + 1) * 100
    return 0


def truncated(people: DataFrame, cents_a_year: int) -> DataFrame:
    """The same people with costs cut off at so many cents a year."""
    most = (F.lit(cents_a_year) * F.col("months") / MONTHS_OF_A_YEAR).cast("bigint")
    return people.withColumn("cents", F.least("cents", most))


def aco_ratios(
    people: DataFrame, factors: Whole, aligned: DataFrame, published: DataFrame, smallest_cell: int
) -> list[AcoRatio]:
    """Each ACO's mean score by substitute and by published model, relative to those of everybody fitted on (RM 8.9).

    In: rows of `indicators`; `bene_key`, `aco_id` and `months` aligned in the cost year; `bene_key` and `raw_score`. ACOs of
    too few people are left out.
    """
    scored = people.select("bene_key", "months", "columns").mapInArrow(
        lambda batches: _millionths(batches, factors), "bene_key bigint, months int, millionths bigint"
    )
    both = scored.join(published, "bene_key").withColumn("raw", (F.col("raw_score") * RAW_SCALE).cast("bigint"))
    of_acos = both.drop("months").join(aligned, "bene_key").select("aco_id", "months", "millionths", "raw", "bene_key")
    everybody = both.select(F.lit("").alias("aco_id"), "months", "millionths", "raw", "bene_key")
    sums = [F.sum("months").alias("months"), F.count_distinct("bene_key").alias("people")]
    sums += [F.sum(F.col(name) * F.col("months")).alias(name) for name in ("millionths", "raw")]
    with spark_failures("ACO ratios"):
        found = {row["aco_id"]: row for row in of_acos.unionByName(everybody).groupBy("aco_id").agg(*sums).collect()}
    base = found.pop("", None)
    if base is None or not base["raw"] or not base["millionths"]:
        return []

    def relative(row: Any, name: str) -> float:
        return float(Fraction(row[name] * base["months"], row["months"] * base[name]))

    return [
        AcoRatio(aco, row["people"], relative(row, "millionths"), relative(row, "raw"))
        for aco, row in sorted(found.items())
        if row["people"] >= smallest_cell and row["raw"]
    ]


def _millionths(batches: Iterable[pa.RecordBatch], factors: Whole) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        starts, columns = unpacked(batch.column("columns"))
        owners = np.repeat(np.arange(batch.num_rows), np.diff(starts))
        found = by_person(owners, factors[columns], batch.num_rows)
        kept = [batch.column(name) for name in ("bene_key", "months")]
        yield pa.RecordBatch.from_arrays([*kept, pa.array(found)], names=["bene_key", "months", "millionths"])


def _indicators(batches: Iterable[pa.RecordBatch], design: Design) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        person, column = design.columns(people_of(batch, design.scorer))
        starts = np.searchsorted(person, np.arange(batch.num_rows + 1))
        kept = [batch.column(name) for name in ("bene_key", "block", "months", "cents")]
        yield pa.RecordBatch.from_arrays(
            [*kept, packed(starts, column)], names=["bene_key", "block", "months", "cents", "columns"]
        )


def _sums(batches: Iterable[pa.RecordBatch], width: int) -> Iterator[pa.RecordBatch]:
    found: dict[int, Sums] = {}
    for blocks, *people in _together(batches):
        order = np.argsort(blocks, kind="stable")
        starts, columns, months, cents = _chosen(order, *people)
        present, firsts = np.unique(blocks[order], return_index=True)
        for block, first, last in zip(present, firsts, [*firsts[1:], len(order)], strict=True):
            own = starts[first : last + 1] - starts[first]
            of_block = columns[starts[first] : starts[last]]
            sums = Sums.of(own, of_block, months[first:last], cents[first:last], width)
            found[int(block)] = found[int(block)] + sums if int(block) in found else sums
    for block, sums in found.items():
        yield _written(block, sums)


def _cells(batches: Iterable[pa.RecordBatch], design: Design, factors: Whole) -> Iterator[pa.RecordBatch]:
    found = added(
        cells(design, starts, columns, months, cents, factors)
        for _, starts, columns, months, cents in _together(batches)
    )
    keys, values = list(found), list(found.values())
    names = ["kind", "cell", *Cell._fields]
    texts = [pa.array([str(key[place]) for key in keys], pa.string()) for place in (0, 1)]
    numbers = [pa.array([cell[place] for cell in values], pa.int64()) for place in range(len(Cell._fields))]
    yield pa.RecordBatch.from_arrays([*texts, *numbers], names=names)


Held = tuple[Whole, Whole, Whole, Whole, Whole]


def _together(batches: Iterable[pa.RecordBatch]) -> Iterator[Held]:
    """Batches put together until they are many people: blocks, starts, columns, months, cents."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= TOGETHER:
            yield _held(waiting)
            waiting = []
    if waiting:
        yield _held(waiting)


def _held(batches: list[pa.RecordBatch]) -> Held:
    whole = pa.Table.from_batches(batches).combine_chunks()
    blocks, months, cents = (np.asarray(whole.column(name), dtype=np.int64) for name in ("block", "months", "cents"))
    lists = whole.column("columns").combine_chunks()
    starts, columns = unpacked(lists.chunk(0) if isinstance(lists, pa.ChunkedArray) else lists)
    return blocks, starts, columns, months, cents


def _chosen(
    who: NDArray[np.intp], starts: Whole, columns: Whole, months: Whole, cents: Whole
) -> tuple[Whole, Whole, Whole, Whole]:
    """Starts, columns, months and cents of the people, in another order."""
    lengths = starts[who + 1] - starts[who]
    firsts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    places = np.repeat(starts[who] - firsts[:-1], lengths) + np.arange(firsts[-1])
    return firsts, columns[places], months[who], cents[who]


def _written(block: int, sums: Sums) -> pa.RecordBatch:
    upper = sums.months[np.triu_indices(len(sums.cents))]
    values = {
        "block": pa.array([block], pa.int32()),
        "people": pa.array([sums.people], pa.int64()),
        "total_months": pa.array([sums.total_months], pa.int64()),
        "total_cents": pa.array([sums.total_cents], pa.int64()),
        "months": pa.array([upper], pa.list_(pa.int64())),
        "cents": pa.array([sums.cents], pa.list_(pa.int64())),
        "holders": pa.array([sums.holders], pa.list_(pa.int64())),
        "squares": pa.array([[Decimal(square) for square in sums.squares]], pa.list_(pa.decimal128(38, 0))),
    }
    return pa.RecordBatch.from_arrays(list(values.values()), names=list(values))


def _rows(table: pa.Table) -> Iterator[dict]:
    for place in range(table.num_rows):
        yield {name: table.column(name)[place] for name in table.schema.names} | {
            "block": table.column("block")[place].as_py()
        }


def _read(row: dict, width: int) -> Sums:
    upper = np.zeros((width, width), np.int64)
    upper[np.triu_indices(width)] = row["months"].values.to_numpy()
    squares = tuple(int(square) for square in row["squares"].as_py())
    assert len(squares) == MONTHS_OF_A_YEAR  # noqa: S101
    return Sums(
        people=row["people"].as_py(),
        months=upper + np.triu(upper, 1).T,
        cents=row["cents"].values.to_numpy(),
        holders=row["holders"].values.to_numpy(),
        total_months=row["total_months"].as_py(),
        total_cents=row["total_cents"].as_py(),
        squares=squares,
    )
