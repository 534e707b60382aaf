"""RIF text to typed records, good and bad: the stage tables."""

from dataclasses import dataclass
from itertools import groupby

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lead_engine.lake import keys
from lead_engine.sources.layouts import Field, problem, read
from lead_engine.tables.contract import Contract
from lead_engine.tables.stage import RIF_BENEFICIARY, RIF_LINE

from .delivery import BENEFICIARY, CLAIMS, RifDelivery, RifFile, layout

DIAGNOSES = "diagnosis_codes"
RECORD = "record"  # what a problem names that is not about one field
GOOD, BAD = "size(problems) = 0", "size(problems) > 0"


def beneficiary_records(spark: SparkSession, deliveries: tuple[RifDelivery, ...], secret: str) -> DataFrame:
    """Every record of the beneficiary-year files: `stage__rif_beneficiary`."""
    return _records(spark, deliveries, (BENEFICIARY,), secret, RIF_BENEFICIARY)


def line_records(spark: SparkSession, deliveries: tuple[RifDelivery, ...], secret: str) -> DataFrame:
    """Every record of the claim files: `stage__rif_line`."""
    return _records(spark, deliveries, CLAIMS, secret, RIF_LINE)


def identifiers(spark: SparkSession, deliveries: tuple[RifDelivery, ...], secret: str) -> DataFrame:
    """Who the good beneficiary-year records are about.

    Out: one row a record with `bene_id`, `mbi` (may be empty), `bene_key`, `mbi_key`, `year`, `received_date`.
    """
    return _union([_identified(group.parsed(spark, secret)) for group in _alike(deliveries, (BENEFICIARY,))])


@dataclass(frozen=True)
class Parsed:
    """Records with a column for the text of every field of the layout and one for its value.

    Texts, values and problems are made one after the other, so that no text is cut or read twice.
    """

    frame: DataFrame
    header: list[str]
    fields: list[Field]

    @classmethod
    def of(cls, records: DataFrame, header: list[str], fields: list[Field]) -> "Parsed":
        """Cut records into texts, then read each."""
        carried = ["value", "source_file", "received_date", "width", keys.SECRET]
        names = [name for field in fields for name in field.names if name in header]
        cut = [f"nullif(trim(get(fields, {header.index(name)})), '') AS `{name}`" for name in names]
        parsed = cls(records.selectExpr(*carried, *cut), header, fields)
        values = [f"{read(field, parsed.texts(field))} AS {parsed.value(field)}" for field in fields]
        return cls(parsed.frame.selectExpr("*", *values), header, fields)

    def field(self, column: str) -> Field:
        """The field a column comes from."""
        return next(field for field in self.fields if field.column == column)

    def texts(self, field: Field) -> list[str]:
        """SQL of the texts of a field; null where the file does not have one."""
        return [f"`{name}`" if name in self.header else "CAST(NULL AS STRING)" for name in field.names]

    def value(self, field: Field) -> str:
        """SQL of the value of a field."""
        return f"`value of {field.name}`"

    def problems(self) -> str:
        """SQL of what is wrong with a record: its width, or else every bad field."""
        told = f"array(named_struct('field', '{RECORD}', 'reason', 'FIELD_COUNT'))"
        bad_fields = [problem(field, self.texts(field), self.value(field)) for field in self.fields]
        return f"IF(width != {len(self.header)}, {told}, array_compact(array({', '.join(bad_fields)})))"


@dataclass(frozen=True)
class Group:
    """Files to read together: one delivery, one kind, one header."""

    delivery: RifDelivery
    kind: str
    files: tuple[RifFile, ...]

    def parsed(self, spark: SparkSession, secret: str) -> Parsed:
        """Every line but the header, parsed, with file, day and the secret that keys are made with."""
        header = self.files[0].header
        lines = spark.read.text([rif.file.path for rif in self.files]).select("value", "_metadata.file_name")
        fields = F.split("value", r"\|", -1)
        records = keys.with_secret(lines.where(F.ltrim("value", F.lit("\ufeff")) != header), secret).select(
            "value",
            F.col("file_name").alias("source_file"),
            F.lit(self.delivery.received).alias("received_date"),
            fields.alias("fields"),
            F.size(fields).alias("width"),
            keys.SECRET,
        )
        return Parsed.of(records, header.split("|"), layout(self.kind))


def _alike(deliveries: tuple[RifDelivery, ...], kinds: tuple[str, ...]) -> list[Group]:
    def alike(rif: RifFile) -> tuple[str, str]:
        return rif.kind, rif.header

    return [
        Group(delivery, kind, tuple(files))
        for delivery in deliveries
        for (kind, _), files in groupby(sorted(delivery.of(*kinds), key=alike), key=alike)
    ]


def _records(
    spark: SparkSession, deliveries: tuple[RifDelivery, ...], kinds: tuple[str, ...], secret: str, contract: Contract
) -> DataFrame:
    return _union([_typed(group.parsed(spark, secret), contract) for group in _alike(deliveries, kinds)])


def _typed(parsed: Parsed, contract: Contract) -> DataFrame:
    """Every column of the contract; what the file does not carry is null. The hash is made for bad records alone."""
    told = parsed.frame.selectExpr("*", f"{parsed.problems()} AS problems")
    values = {field.column: parsed.value(field) for field in parsed.fields if "{count}" not in field.name}
    values["person_id_key"] = values["person_id"]
    values["record_hash"] = f"IF({BAD}, {keys.keyed_hash(RECORD, 'value')}, NULL)"
    coded = [field for field in parsed.fields if field.kind == "icd10"]
    if coded:
        lists = [parsed.value(field) if "{count}" in field.name else f"array({parsed.value(field)})" for field in coded]
        values[DIAGNOSES] = f"array_distinct(array_compact(concat({', '.join(lists)})))"
    columns = {**values, **{name: name for name in ("source_file", "received_date", "problems")}}
    return told.selectExpr(
        *[f"CAST({columns.get(f.name, 'NULL')} AS {f.dataType.simpleString()}) AS {f.name}" for f in contract.schema]
    )


def _identified(parsed: Parsed) -> DataFrame:
    person, mbi, year = (parsed.field(column) for column in ("person_id", "mbi", "year"))
    named = [f"{parsed.texts(person)[0]} AS bene_id", f"{parsed.value(mbi)} AS mbi", f"{parsed.value(year)} AS year"]
    good = parsed.frame.selectExpr(*named, "received_date", f"{parsed.problems()} AS problems", keys.SECRET).where(GOOD)
    bene_key, mbi_key = keys.keyed_hash("bene_id", "bene_id"), keys.keyed_hash("mbi", "mbi")
    return good.selectExpr(
        "bene_id", "mbi", "year", "received_date", f"{bene_key} AS bene_key", f"{mbi_key} AS mbi_key"
    )


def _union(frames: list[DataFrame]) -> DataFrame:
    first, *others = frames
    for other in others:
        first = first.unionByName(other)
    return first
