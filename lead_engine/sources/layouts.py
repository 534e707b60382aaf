"""Layouts as data: which field of a file becomes which column, of what kind, and what makes its text bad.

Every field is read with functions that return null for text they cannot read, so that a bad record is set aside with
the name of the field and a reason, and its values are never shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lead_engine.foundation.identifiers import CCN_PATTERN, NPI_PATTERN, TIN_PATTERN
from lead_engine.lake import keys
from lead_engine.methodology.reference import ReferenceTable

MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")


@dataclass(frozen=True)
class Field:
    """One row of a layout."""

    name: str  # in the file; may stand for many: {number}, {name}, {count}
    column: str
    kind: str
    size: int
    must_have: str  # value, column, no

    @property
    def names(self) -> list[str]:
        """The columns of the file it is read from."""
        if "{number}" in self.name:
            return [self.name.format(number=number) for number in range(1, 13)]
        if "{name}" in self.name:
            return [self.name.format(name=name) for name in MONTH_NAMES]
        if "{count}" in self.name:
            return [self.name.format(count=count) for count in range(1, self.size + 1)]
        return [self.name]

    @property
    def is_monthly(self) -> bool:
        """Whether it holds twelve values, January to December."""
        return "{number}" in self.name or "{name}" in self.name

    @property
    def shown(self) -> str:
        """The field as a quarantine report names it."""
        return self.name if len(self.names) == 1 else f"{self.names[0]}..{self.names[-1]}"


def fields_of(table: ReferenceTable, file: str) -> list[Field]:
    """The layout of one kind of file."""
    found = []
    for row in table.records():
        if row["file"] == file:
            kind, _, size = row["kind"].partition(":")
            found.append(Field(row["field"], row["column"], kind, int(size or 0), row["must_have"]))
    return found


def missing_columns(fields: Iterable[Field], header: list[str]) -> list[str]:
    """The columns a file must have and lacks."""
    return [name for field in fields if field.must_have != "no" for name in field.names if name not in header]


@dataclass(frozen=True)
class Kind:
    """How a text is read: the pattern it must have, the SQL of its value, and the reason when it is not of the kind."""

    pattern: str  # {size} is the field's
    value: str  # SQL over {text} that has the pattern; null for what it cannot read
    reason: str
    cleaned: str = "{text}"  # SQL of the text the pattern is tested on

    def sql(self, text: str, size: int) -> str:
        """SQL of the value of one text."""
        clean = self.cleaned.replace("{text}", text)
        pattern = f"^{self.pattern.replace('{size}', str(size))}{END}"
        return f"IF({clean} RLIKE '{pattern}', {self.value.replace('{text}', clean)}, NULL)"


END = r"\\z"  # of the text; `$` would let one line end through, of which Unicode has many
LOWER = "lower({text})"
AMOUNT = "-?([0-9]{1,13}([.][0-9]{0,2})?|[.][0-9]{1,2})"
KINDS = {
    "person_id": Kind("[A-Za-z0-9-]{1,20}", keys.keyed_hash("bene_id", "{text}"), "NOT_AN_IDENTIFIER"),
    "mbi": Kind("[A-Za-z0-9]{11}", "upper({text})", "NOT_AN_IDENTIFIER"),
    "mbi_key": Kind("[A-Za-z0-9]{11}", keys.keyed_hash("mbi", "upper({text})"), "NOT_AN_IDENTIFIER"),
    "claim_id": Kind("-?[0-9]{1,18}", "TRY_CAST({text} AS BIGINT)", "NOT_A_CLAIM_NUMBER"),
    "integer": Kind("-?0*[0-9]{1,9}", "TRY_CAST({text} AS INT)", "NOT_A_NUMBER"),
    "date": Kind("[0-9]{2}-[A-Za-z]{3}-[0-9]{4}", "try_to_date({text}, 'dd-MMM-yyyy')", "NOT_A_DATE"),
    "iso_date": Kind("[0-9]{4}-[0-9]{2}-[0-9]{2}", "try_to_date({text}, 'yyyy-MM-dd')", "NOT_A_DATE"),
    "control": Kind(".{1,40}", "xxhash64({text})", "NOT_A_CONTROL_NUMBER"),
    "cents": Kind(AMOUNT, "CAST(TRY_CAST({text} AS DECIMAL(18,2)) * 100 AS BIGINT)", "NOT_AN_AMOUNT"),
    "amount": Kind(f"({AMOUNT})0*", "CAST(TRY_CAST({text} AS DECIMAL(18,2)) * 100 AS BIGINT)", "NOT_AN_AMOUNT"),
    "any_person_id": Kind("[!-~]{1,64}", keys.keyed_hash("bene_id", "{text}"), "NOT_AN_IDENTIFIER"),
    "text_key": Kind(".{1,200}", keys.keyed_hash("claim", "{text}"), "NOT_A_CLAIM_NUMBER"),
    "text_hash": Kind(".{1,200}", "xxhash64({text})", "NOT_A_CLAIM_NUMBER"),
    "name": Kind(".{1,200}", "lower({text})", "NOT_A_NAME"),
    "sex_word": Kind("(male|female|unknown)", "decode({text}, 'male', '1', 'female', '2', '0')", "NOT_A_SEX", LOWER),
    "bill_type": Kind("0?[1-9][0-9][0-9A-Z]?", "left(trim(LEADING '0' FROM {text}), 2)", "NOT_A_BILL_TYPE"),
    "code": Kind("[A-Za-z0-9]{1,{size}}", "{text}", "NOT_A_CODE"),
    "icd10": Kind("[A-Z0-9]{3,7}", "{text}", "NOT_A_DIAGNOSIS", cleaned="upper(replace({text}, '.'))"),
    "tin": Kind(TIN_PATTERN, keys.packed_tin("{text}"), "NOT_A_TIN"),
    "npi": Kind(NPI_PATTERN, keys.packed_npi("{text}"), "NOT_AN_NPI"),
    "ccn": Kind(CCN_PATTERN, keys.packed_ccn("{text}"), "NOT_A_CCN"),
}


def read(field: Field, texts: list[str]) -> str:
    """SQL of the field's value: one, twelve by month, or the list of its diagnoses; null where a text is not of its kind."""
    values = [KINDS[field.kind].sql(text, field.size) for text in texts]
    if len(texts) == 1:
        return values[0]
    return f"array({', '.join(values)})" if field.is_monthly else f"array_compact(array({', '.join(values)}))"


def problem(field: Field, texts: list[str], value: str) -> str:
    """SQL of what is wrong with the field in a record, or null: a text was there and no value came of it."""
    bad = _said(field.shown, KINDS[field.kind].reason)
    if len(texts) > 1:
        written = " + ".join(f"CAST({text} IS NOT NULL AS INT)" for text in texts)
        return f"IF({written} > size(array_compact({value})), {bad}, NULL)"
    missing = f" WHEN {texts[0]} IS NULL THEN {_said(field.shown, 'MISSING')}" if field.must_have == "value" else ""
    return f"CASE WHEN {texts[0]} IS NOT NULL AND {value} IS NULL THEN {bad}{missing} END"


def _said(field: str, reason: str) -> str:
    return f"named_struct('field', '{field}', 'reason', '{reason}')"
