"""The same sums and cells over tables of any size: people to design columns, columns to blocks, both by `mapInArrow`."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.failures import spark_failures
from lead_engine.risk.score import people_of

from .design import Design
from .diagnose import Cell, Cells, Kind, added, cells
from .sums import YEAR, Sums, Whole, combined

INDICATORS = "bene_key bigint, block int, months int, cents bigint, columns array<int>"
SUMS = (
    "block int, people bigint, total_months bigint, total_cents bigint, months array<bigint>, cents array<bigint>, "
    "holders array<bigint>, squares array<decimal(38,0)>"
)
CELLS = "kind string, cell string, people bigint, months bigint, cents bigint, score_months bigint"
TOGETHER = 1 << 18  # people held back before they are added up: their indicators are some megabytes


def indicators(people: DataFrame, design: Design, blocks: int) -> DataFrame:
    """The design matrix, one row a person: block, months, cents, and the columns that are 1.

    In: rows of `population`. The block is a hash of the person's key, so it is the same on every machine.
    """
    block = F.pmod(F.xxhash64("bene_key"), F.lit(blocks)).cast("int")
    return people.withColumn("block", block).mapInArrow(lambda batches: _indicators(batches, design), INDICATORS)


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


def _indicators(batches: Iterable[pa.RecordBatch], design: Design) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        person, column = design.columns(people_of(batch, design.scorer))
        starts = np.searchsorted(person, np.arange(batch.num_rows + 1))
        lists = pa.ListArray.from_arrays(pa.array(starts, pa.int32()), pa.array(column, pa.int32()))
        kept = [batch.column(name) for name in ("bene_key", "block", "months", "cents")]
        yield pa.RecordBatch.from_arrays([*kept, lists], names=["bene_key", "block", "months", "cents", "columns"])


def _sums(batches: Iterable[pa.RecordBatch], width: int) -> Iterator[pa.RecordBatch]:
    found: dict[int, Sums] = {}
    for blocks, starts, columns, months, cents in _together(batches):
        for block in np.unique(blocks):
            of_block = _chosen(np.flatnonzero(blocks == block), starts, columns)
            inside = blocks == block
            sums = Sums.of(*of_block, months[inside], cents[inside], width)
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
    lists = whole.column("columns").combine_chunks()
    lengths = np.asarray(lists.value_lengths(), dtype=np.int64)
    blocks, months, cents = (np.asarray(whole.column(name), dtype=np.int64) for name in ("block", "months", "cents"))
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return blocks, starts, np.asarray(lists.flatten(), dtype=np.int64), months, cents


def _chosen(who: Whole, starts: Whole, columns: Whole) -> tuple[Whole, Whole]:
    """Starts and columns of some of the people."""
    lengths = starts[who + 1] - starts[who]
    firsts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    places = np.repeat(starts[who] - firsts[:-1], lengths) + np.arange(firsts[-1])
    return firsts, columns[places]


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
    assert len(squares) == YEAR  # noqa: S101
    return Sums(
        people=row["people"].as_py(),
        months=upper + np.triu(upper, 1).T,
        cents=row["cents"].values.to_numpy(),
        holders=row["holders"].values.to_numpy(),
        total_months=row["total_months"].as_py(),
        total_cents=row["total_cents"].as_py(),
        squares=squares,
    )
