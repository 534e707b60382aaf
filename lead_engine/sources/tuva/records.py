"""Files of the Tuva input layer to typed records, good and bad: its stage tables, and their count against the files.

A CSV is read line by line, and each line by Spark's own CSV parser: quotes and commas inside them are understood, and
no line is lost. Parquet columns are turned to the text a CSV would have, so that one parser serves both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lead_engine.lake import keys
from lead_engine.lake.accounts import account, balance
from lead_engine.sources.layouts import END
from lead_engine.sources.records import BAD, GOOD, Parsed, union
from lead_engine.tables.contract import Contract
from lead_engine.tables.stage import TUVA_ELIGIBILITY, TUVA_LINE

from .delivery import CLAIMS, ELIGIBILITY, TuvaDelivery, TuvaFile, layout

BROKEN = "broken"  # the column that holds the text of a line of another width
CSV_OPTIONS = {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": BROKEN, "quote": '"', "escape": '"'}
DECIMAL = "DECIMAL(24,6)"
MBI_FORM = f"^[1-9][A-Za-z][A-Za-z0-9]{{7}}[0-9]{{2}}{END}"  # wider than CMS's: invented numbers must not have theirs


@dataclass(frozen=True)
class StageTable:
    """A stage table and the table of the layer it is read from."""

    contract: Contract
    table: str

    def records(self, spark: SparkSession, deliveries: tuple[TuvaDelivery, ...], secret: str) -> DataFrame:
        """Every record of the files, good and bad."""
        return union(group.parsed(spark, secret).typed(self.contract) for group in _alike(deliveries, self.table))

    def accounts(
        self, spark: SparkSession, deliveries: tuple[TuvaDelivery, ...], _: str, records: DataFrame
    ) -> DataFrame:
        """Lines of CSV files and rows of Parquet files are good or quarantined."""
        files = [file for delivery in deliveries for file in delivery.of(self.table)]
        texts = [file.file.path for file in files if file.header is not None]
        rows = spark.createDataFrame([(sum(file.rows for file in files),)], "rows bigint")
        name = f"records of {self.table}"
        sides = [
            account(name, "in", rows, rows=F.col("rows")),
            account(name, "out", records.where(GOOD)),
            account(name, "excluded", records.where(BAD), F.col("problems")[0]["reason"]),
        ]
        if texts:
            sides.append(account(name, "in", spark.read.text(texts)))
            sides.append(account(name, "excluded", spark.range(len(texts)), F.lit("HEADER")))
        return balance(*sides)


PEOPLE = StageTable(TUVA_ELIGIBILITY, ELIGIBILITY)
LINES = StageTable(TUVA_LINE, CLAIMS)


def identifiers(spark: SparkSession, deliveries: tuple[TuvaDelivery, ...], secret: str) -> DataFrame:
    """Who the good eligibility records are about.

    Out: one row a record with `person_id`, `mbi` (may be empty), `person_id_key`, `mbi_key`, `payer_type`.
    """
    return union(_identified(group.parsed(spark, secret)) for group in _alike(deliveries, ELIGIBILITY))


@dataclass(frozen=True)
class Group:
    """Files to read together: one delivery, one table, one form, one header."""

    delivery: TuvaDelivery
    table: str
    files: tuple[TuvaFile, ...]

    def parsed(self, spark: SparkSession, secret: str) -> Parsed:
        """Every record, parsed, with file, day and the secret that keys are made with."""
        first = self.files[0]
        cells = self._parquet_cells(spark) if first.header is None else self._csv_cells(spark, first.header)
        folder = first.file.name.rpartition("/")[0]
        records = keys.with_secret(cells, secret).select(
            "value",
            F.concat(F.lit(f"{folder}/" if folder else ""), "file_name").alias("source_file"),
            F.lit(self.delivery.received).alias("received_date"),
            "cells",
            "width",
            keys.SECRET,
        )
        return Parsed.of(records, len(first.columns), layout(self.table), self._cut())

    def _csv_cells(self, spark: SparkSession, header: str) -> DataFrame:
        """Every line but the header, and its cells; a line of another width, or none, has a width of 0."""
        width = len(self.files[0].columns)
        lines = spark.read.text(self._paths).select(F.ltrim("value", F.lit("\ufeff")).alias("value"), "_metadata")
        schema = ", ".join([*(f"{_cell(place)} STRING" for place in range(width)), f"{BROKEN} STRING"])
        read = lines.where(F.col("value") != header).select(
            "value", F.col("_metadata.file_name"), F.from_csv("value", schema, CSV_OPTIONS).alias("cells")
        )
        is_whole = F.col(f"cells.{BROKEN}").isNull() & (F.trim("value") != "")
        return read.withColumn("width", F.when(is_whole, width).otherwise(0))

    def _parquet_cells(self, spark: SparkSession) -> DataFrame:
        """Every row, its columns as text."""
        rows = spark.read.parquet(*self._paths)
        cells = F.struct(
            *[F.expr(_text(field)).alias(_cell(place)) for place, field in enumerate(rows.schema.fields)]
        ).alias("cells")
        read = rows.select(cells, "_metadata.file_name")
        width = F.lit(len(self.files[0].columns))
        return read.select(F.to_json("cells").alias("value"), "file_name", "cells", width.alias("width"))

    def _cut(self) -> dict[str, str]:
        """SQL of the text of each name of the layout that the files have."""
        columns = self.files[0].columns
        names = {name for field in layout(self.table) for name in field.names}
        cut = {name: f"cells.{_cell(place)}" for place, name in enumerate(columns) if name in names}
        if self.table == CLAIMS:  # claim numbers are unique within a data source
            source = f"coalesce(trim({cut['data_source']}), '')"
            cut["claim_id"] = f"concat({source}, '|', nullif(trim({cut['claim_id']}), ''))"
        else:
            member = f"trim({cut['member_id']})"
            cut["member_id"] = f"IF({member} RLIKE '{MBI_FORM}', {member}, NULL)"
        return cut

    @property
    def _paths(self) -> list[str]:
        return [file.file.path for file in self.files]


def _cell(place: int) -> str:
    return f"cell_{place}"


def _text(field: T.StructField) -> str:
    """SQL of a Parquet column as a CSV would have it: no exponents, days without a time."""
    name = f"`{field.name.replace('`', '``')}`"
    text = f"CAST({name} AS STRING)"
    if isinstance(field.dataType, T.FloatType | T.DoubleType):
        return f"coalesce(CAST(try_cast({text} AS {DECIMAL}) AS STRING), {text})"
    if isinstance(field.dataType, T.TimestampType | T.TimestampNTZType):
        return f"CAST(CAST({name} AS DATE) AS STRING)"
    return text


def _alike(deliveries: tuple[TuvaDelivery, ...], table: str) -> Iterator[Group]:
    def alike(file: TuvaFile) -> tuple[str, str, str, str]:
        folder = file.file.name.rpartition("/")[0]
        return folder, file.header or "", "|".join(file.columns), "|".join(file.types)

    for delivery in deliveries:
        for _, files in groupby(sorted(delivery.of(table), key=alike), key=alike):
            yield Group(delivery, table, tuple(files))


def _identified(parsed: Parsed) -> DataFrame:
    person, mbi, payer_type = (parsed.field(column) for column in ("person_id", "mbi", "payer_type"))
    named = [
        f"{parsed.texts(person)[0]} AS person_id",
        f"{parsed.value(mbi)} AS mbi",
        f"{parsed.value(payer_type)} AS payer_type",
    ]
    good = parsed.frame.selectExpr(*named, f"{parsed.problems()} AS problems", keys.SECRET).where(GOOD)
    person_key, mbi_key = keys.keyed_hash("bene_id", "person_id"), keys.keyed_hash("mbi", "mbi")
    return good.selectExpr(
        "person_id", "mbi", "payer_type", "problems", f"{person_key} AS person_id_key", f"{mbi_key} AS mbi_key"
    )
