"""RIF files to typed records, good and bad: the stage tables of RIF."""

from dataclasses import dataclass
from itertools import groupby

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.lake import keys
from lead_engine.sources.records import GOOD, Parsed, union
from lead_engine.tables.stage import RIF_BENEFICIARY, RIF_LINE

from .delivery import BENEFICIARY, CLAIMS, RifDelivery, RifFile, layout


def beneficiary_records(spark: SparkSession, deliveries: tuple[RifDelivery, ...], secret: str) -> DataFrame:
    """Every record of the beneficiary-year files: `stage__rif_beneficiary`."""
    return union(group.parsed(spark, secret).typed(RIF_BENEFICIARY) for group in groups(deliveries, (BENEFICIARY,)))


def line_records(spark: SparkSession, deliveries: tuple[RifDelivery, ...], secret: str) -> DataFrame:
    """Every record of the claim files: `stage__rif_line`."""
    return union(group.parsed(spark, secret).typed(RIF_LINE) for group in groups(deliveries, CLAIMS))


def identifiers(spark: SparkSession, deliveries: tuple[RifDelivery, ...], secret: str) -> DataFrame:
    """Who the good beneficiary-year records are about.

    Out: one row a record with `bene_id`, `mbi` (may be empty), `bene_key`, `mbi_key`, `year`, `received_date`.
    """
    return union(_identified(group.parsed(spark, secret)) for group in groups(deliveries, (BENEFICIARY,)))


@dataclass(frozen=True)
class Group:
    """Files to read together: one delivery, one kind, one header."""

    delivery: RifDelivery
    kind: str
    files: tuple[RifFile, ...]

    def is_header(self) -> Column:
        """Whether a line is the header, which files put together by hand may hold in their midst too."""
        return F.ltrim("value", F.lit("\ufeff")) == self.files[0].header

    def lines(self, spark: SparkSession) -> DataFrame:
        """Every line of the files: `value`, `file_name`."""
        return spark.read.text([rif.file.path for rif in self.files]).select("value", "_metadata.file_name")

    def parsed(self, spark: SparkSession, secret: str) -> Parsed:
        """Every line but the header, parsed, with file, day and the secret that keys are made with."""
        fields = F.split("value", r"\|", -1)
        records = keys.with_secret(self.lines(spark).where(~self.is_header()), secret).select(
            "value",
            F.col("file_name").alias("source_file"),
            F.lit(self.delivery.received).alias("received_date"),
            fields.alias("fields"),
            F.size(fields).alias("width"),
            keys.SECRET,
        )
        columns, wanted = self.files[0].header.split("|"), layout(self.kind)
        names = [name for field in wanted for name in field.names if name in columns]
        cut = {name: f"get(fields, {columns.index(name)})" for name in names}
        return Parsed.of(records, len(columns), wanted, cut)


def groups(deliveries: tuple[RifDelivery, ...], kinds: tuple[str, ...]) -> list[Group]:
    """The files of some kinds, those of one delivery and header together."""

    def alike(rif: RifFile) -> tuple[str, str]:
        return rif.kind, rif.header

    return [
        Group(delivery, kind, tuple(files))
        for delivery in deliveries
        for (kind, _), files in groupby(sorted(delivery.of(*kinds), key=alike), key=alike)
    ]


def _identified(parsed: Parsed) -> DataFrame:
    person, mbi, year = (parsed.field(column) for column in ("person_id", "mbi", "year"))
    named = [f"{parsed.texts(person)[0]} AS bene_id", f"{parsed.value(mbi)} AS mbi", f"{parsed.value(year)} AS year"]
    good = parsed.frame.selectExpr(*named, "received_date", f"{parsed.problems()} AS problems", keys.SECRET).where(GOOD)
    bene_key, mbi_key = keys.keyed_hash("bene_id", "bene_id"), keys.keyed_hash("mbi", "mbi")
    return good.selectExpr(
        "bene_id", "mbi", "year", "received_date", f"{bene_key} AS bene_key", f"{mbi_key} AS mbi_key"
    )
