"""Text records to typed ones, good and bad, whatever their source: texts are cut, values read, problems told, each once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame

from lead_engine.lake import keys
from lead_engine.sources.layouts import Field, problem, read
from lead_engine.tables.contract import Contract

DIAGNOSES = "diagnosis_codes"
RECORD = "record"  # what a problem names that is not about one field
GOOD, BAD = "size(problems) = 0", "size(problems) > 0"
CARRIED = ("value", "source_file", "received_date", "width", keys.SECRET)


@dataclass(frozen=True)
class Parsed:
    """Records with a column for the text of every field of the layout and one for its value.

    Texts, values and problems are made one after the other, so that no text is cut or read twice.
    """

    frame: DataFrame
    width: int  # a record of any other is bad
    fields: list[Field]
    present: frozenset[str]  # names of the layout that the file has

    @classmethod
    def of(cls, records: DataFrame, width: int, fields: list[Field], cut: Mapping[str, str]) -> "Parsed":
        """Cut records into texts, by SQL for each name the file has, then read each."""
        texts = [f"nullif(trim({sql}), '') AS `{name}`" for name, sql in cut.items()]
        parsed = cls(records.selectExpr(*CARRIED, *texts), width, fields, frozenset(cut))
        values = [f"{read(field, parsed.texts(field))} AS {parsed.value(field)}" for field in fields]
        return cls(parsed.frame.selectExpr("*", *values), width, fields, frozenset(cut))

    def field(self, column: str) -> Field:
        """The field a column comes from."""
        return next(field for field in self.fields if field.column == column)

    def texts(self, field: Field) -> list[str]:
        """SQL of the texts of a field; null where the file does not have one."""
        return [f"`{name}`" if name in self.present else "CAST(NULL AS STRING)" for name in field.names]

    def value(self, field: Field) -> str:
        """SQL of the value of a field."""
        return f"`value of {field.column}`"

    def problems(self) -> str:
        """SQL of what is wrong with a record: its width, or else every bad field."""
        told = f"array(named_struct('field', '{RECORD}', 'reason', 'FIELD_COUNT'))"
        bad_fields = [problem(field, self.texts(field), self.value(field)) for field in self.fields]
        return f"IF(width != {self.width}, {told}, array_compact(array({', '.join(bad_fields)})))"

    def typed(self, contract: Contract) -> DataFrame:
        """Every column of the contract; what the file does not carry is null. The hash is made for bad records alone."""
        told = self.frame.selectExpr("*", f"{self.problems()} AS problems")
        values = {field.column: self.value(field) for field in self.fields if "{count}" not in field.name}
        values["person_id_key"] = values["person_id"]
        values["record_hash"] = f"IF({BAD}, {keys.keyed_hash(RECORD, 'value')}, NULL)"
        coded = [field for field in self.fields if field.kind == "icd10"]
        if coded:
            lists = [self.value(field) if "{count}" in field.name else f"array({self.value(field)})" for field in coded]
            values[DIAGNOSES] = f"array_distinct(array_compact(concat({', '.join(lists)})))"
        columns = {**values, **{name: name for name in ("source_file", "received_date", "problems")}}
        return told.selectExpr(
            *[
                f"CAST({columns.get(f.name, 'NULL')} AS {f.dataType.simpleString()}) AS {f.name}"
                for f in contract.schema
            ]
        )


def union(frames: Iterable[DataFrame]) -> DataFrame:
    """All rows of frames of the same columns."""
    first, *others = frames
    for other in others:
        first = first.unionByName(other)
    return first
