"""CCLF files to typed records, good and bad: the stage tables of CCLF, and the count of every file against CCLF0."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.foundation.errors import InputRefusedError, Problem, raise_all
from lead_engine.lake import keys
from lead_engine.lake.accounts import account, balance
from lead_engine.sources.records import BAD, GOOD, Parsed, union
from lead_engine.tables.contract import Contract
from lead_engine.tables.stage import (
    CCLF_BENEFICIARY,
    CCLF_CLAIM,
    CCLF_CROSSWALK,
    CCLF_DIAGNOSIS,
    CCLF_FILE,
    CCLF_LINE,
)

from .delivery import CclfDelivery, CclfFile, layout, positions

NO_DATE = ("1000-01-01", "9999-12-31")  # DL 1.9
BYTE_ORDER_MARK = "\ufeff"
DAY_OF_NAME = r"\.D(\d{6})\.T"


def counted_files(spark: SparkSession, deliveries: tuple[CclfDelivery, ...]) -> DataFrame:
    """`stage__cclf_file`: every file with its records, before anything is loaded from any.

    Raises InputRefusedError naming every file that does not hold as many records as its CCLF0 says (DL 1.3).
    """
    files = [(delivery, file) for delivery in deliveries for file in delivery.files]
    counted = _lines(spark, deliveries).groupBy("source_file", "received_date").agg(F.count("*").alias("records"))
    counts = {(row["source_file"], row["received_date"]): row["records"] for row in counted.collect()}
    rows, problems = [], []
    for delivery, file in files:
        records = counts.get((file.file.name, delivery.received), 0)
        if records != file.records:
            said = f"has {records:,} records, CCLF0 says {file.records:,}"
            why = "the delivery is incomplete, and nothing of it is loaded (DL 1.3)"
            problems.append(Problem(file.file.name, said, why, "deliver it again, whole"))
        loaded = file.number in LOADED
        rows.append(
            (delivery.aco_id, delivery.received, file.file.name, file.number, file.record_length, records, loaded)
        )
    raise_all(InputRefusedError, problems)
    return spark.createDataFrame(rows, CCLF_FILE.schema)


@dataclass(frozen=True)
class StageTable:
    """A stage table and the numbers of the files it is read from."""

    contract: Contract
    numbers: tuple[str, ...]

    def records(
        self, spark: SparkSession, deliveries: tuple[CclfDelivery, ...], secret: str, _: DataFrame
    ) -> DataFrame:
        """Every record of the files, good and bad."""
        groups = list(_alike(deliveries, self.numbers))
        if not groups:
            return spark.createDataFrame([], self.contract.schema)
        return union(group.parsed(spark, secret).typed(self.contract) for group in groups)

    def accounts(
        self,
        _spark: SparkSession,
        _deliveries: tuple[CclfDelivery, ...],
        _secret: str,
        files: DataFrame,
        kept: DataFrame,
    ) -> DataFrame:
        """Records counted against CCLF0 are good or quarantined."""
        name = f"records of CCLF{', '.join(self.numbers)}"
        return balance(
            account(name, "in", files.where(F.col("file_number").isin(list(self.numbers))), rows=F.col("records")),
            account(name, "out", kept.where(GOOD)),
            account(name, "excluded", kept.where(BAD), F.col("problems")[0]["reason"]),
        )


CLAIMS = StageTable(CCLF_CLAIM, ("1",))
LINES = StageTable(CCLF_LINE, ("2", "5", "6"))
DIAGNOSES = StageTable(CCLF_DIAGNOSIS, ("4",))
PEOPLE = StageTable(CCLF_BENEFICIARY, ("8",))
CROSSWALK = StageTable(CCLF_CROSSWALK, ("9",))
LOADED = {number for table in (CLAIMS, LINES, DIAGNOSES, PEOPLE, CROSSWALK) for number in table.numbers}


def identifiers(spark: SparkSession, deliveries: tuple[CclfDelivery, ...], secret: str) -> DataFrame:
    """Every MBI of the good records of CCLF8 and CCLF9: `mbi`, `mbi_key`, and whether the record says it is an old one."""
    found = []
    for group in _alike(deliveries, (*PEOPLE.numbers, *CROSSWALK.numbers)):
        parsed = group.parsed(spark, secret)
        good = parsed.frame.selectExpr("*", f"{parsed.problems()} AS problems").where(GOOD)
        for column, is_old in (("mbi", "false"), ("previous_mbi", "true")):
            if any(field.column == column for field in parsed.fields):
                found.append(
                    good.selectExpr(f"{parsed.value(parsed.field(column))} AS mbi", f"{is_old} AS is_old", keys.SECRET)
                )
    return union(found).selectExpr("mbi", f"{keys.keyed_hash('mbi', 'mbi')} AS mbi_key", "is_old")


@dataclass(frozen=True)
class Group:
    """Files to read together, whatever their delivery: one number, one record length. Years of months are one plan."""

    files: tuple[CclfFile, ...]

    def parsed(self, spark: SparkSession, secret: str) -> Parsed:
        """Every record, parsed. Positions count bytes, so text is taken as Latin-1: each byte a character."""
        number, width = self.files[0].number, self.files[0].record_length
        lines = _text(spark, [file.file.path for file in self.files])
        records = keys.with_secret(lines, secret).select(
            "value",
            "source_file",
            "received_date",
            F.length("value").alias("width"),
            keys.SECRET,
        )
        fields = layout(number)
        is_date = {field.name for field in fields if field.kind == "iso_date"}
        cut = {
            name: _date_text(start, length) if name in is_date else f"substring(value, {start}, {length})"
            for name, (start, length) in positions(number).items()
            if start + length - 1 <= width
        }
        return Parsed.of(records, width, fields, cut)


def _date_text(start: int, length: int) -> str:
    text = f"substring(value, {start}, {length})"
    return f"IF({text} IN {NO_DATE}, NULL, {text})"


def _text(spark: SparkSession, paths: list[str]) -> DataFrame:
    """Lines of files with the file's name and its day; a byte-order mark is not part of the first record."""
    lines = spark.read.text(paths).select(F.ltrim("value", F.lit(BYTE_ORDER_MARK)).alias("line"), "_metadata.file_name")
    return lines.select(
        F.decode(F.col("line").cast("binary"), "ISO-8859-1").alias("value"),
        F.col("file_name").alias("source_file"),
        _day().alias("received_date"),
    )


def _day() -> Column:
    """The day of a delivery, as its file names have it (DL 1.4)."""
    return F.to_date(F.regexp_extract("file_name", DAY_OF_NAME, 1), "yyMMdd")


def _lines(spark: SparkSession, deliveries: tuple[CclfDelivery, ...]) -> DataFrame:
    """A row for every line of every file: its file and day."""
    paths = [file.file.path for delivery in deliveries for file in delivery.files]
    return _text(spark, paths).select("source_file", "received_date")


def _alike(deliveries: tuple[CclfDelivery, ...], numbers: tuple[str, ...]) -> Iterator[Group]:
    def alike(file: CclfFile) -> tuple[str, int]:
        return file.number, file.record_length

    found = [file for delivery in deliveries for file in delivery.of(*numbers)]
    for _, files in groupby(sorted(found, key=alike), key=alike):
        yield Group(tuple(files))
