"""Records without a code where they should carry one, or with one that is in no reference table (DL 10.3)."""

from collections.abc import Iterable, Mapping
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.marts.suppress import is_small
from lead_engine.tables.review import UNKNOWN_CODE

from .compared import ENROLLED
from .money import rate
from .rules import CodeRules

NO_TYPE = ""
LISTED = ("COUNTY",)  # the fields with a reference table of all codes
COLUMNS = {"HCPCS": "hcpcs_code", "SPECIALTY": "specialty_code", "PLACE_OF_SERVICE": "place_of_service_code"}
COUNTED = ("field", "claim_type", "records", "empty", "unlisted")  # of one person
COUNTS_NOW = "sign > 0 AND cancelled_known_date IS NULL"


def published(
    claims: DataFrame, lines: DataFrame, diagnoses: DataFrame, enrolment: DataFrame, rules: CodeRules
) -> DataFrame:
    """`mart__unknown_code` from the core tables: records by field and claim type, and how many have no known code.

    A record that was cancelled or superseded is left out. Counts on few people are empty, and so is what would tell them.
    """
    by_person = _of_lines(lines, rules).union(_of_claims(claims, diagnoses, rules)).union(_of_months(enrolment))
    counted = by_person.groupBy("field", "claim_type").agg(*_sums()).collect()
    rows = sorted(_row(each.asDict(), rules) for each in counted)
    return lines.sparkSession.createDataFrame(rows, UNKNOWN_CODE.schema)


def _of_lines(lines: DataFrame, rules: CodeRules) -> DataFrame:
    """Lines by field, claim type and person, and how many of them have no code: three fields from one pass."""
    kinds = {
        "HCPCS": rules.hcpcs_claim_types,
        "SPECIALTY": rules.specialty_claim_types,
        "PLACE_OF_SERVICE": rules.place_of_service_claim_types,
    }
    every = sorted({claim_type for types in kinds.values() for claim_type in types})
    of_types = lines.where(COUNTS_NOW).where(F.col("claim_type").isin(every))
    empty = [F.count_if(F.col(column).isNull()).alias(field) for field, column in COLUMNS.items()]
    by_person = of_types.groupBy("claim_type", "bene_key").agg(F.count(F.lit(1)).alias("records"), *empty)
    is_asked = {field: F.col("claim_type").isin(list(types)).alias("is_asked") for field, types in kinds.items()}
    told = [
        F.struct(*_named(F.lit(field), F.col("claim_type"), F.col("records"), F.col(field), F.lit(0)), is_asked[field])
        for field in kinds
    ]
    return by_person.select(F.inline(F.array(*told))).where("is_asked").select(*COUNTED)


def _of_claims(claims: DataFrame, diagnoses: DataFrame, rules: CodeRules) -> DataFrame:
    """Claims by claim type and person, and how many of them have no diagnosis."""
    claim = ["bene_key", "source_kind", "claim_id", "claim_type"]
    is_asked = F.col("claim_type").isin(list(rules.diagnosis_claim_types))
    asked = claims.where(COUNTS_NOW).where(is_asked).select(*claim, F.lit(True).alias("is_claim"))
    coded = diagnoses.where(is_asked).select(*claim, F.lit(False).alias("is_claim"))
    both = asked.union(coded).groupBy(*claim)
    found = both.agg(F.max("is_claim").alias("is_claim"), F.min("is_claim").alias("is_empty")).where("is_claim")
    by_person = found.groupBy("claim_type", "bene_key")
    counted = by_person.agg(F.count(F.lit(1)).alias("records"), F.count_if("is_empty").alias("empty"))
    return counted.select(*_named(F.lit("DIAGNOSIS"), F.col("claim_type"), F.col("records"), F.col("empty"), F.lit(0)))


def _of_months(enrolment: DataFrame) -> DataFrame:
    """Enrolled months by person, and how many have no county, or one whose code is in no table."""
    fips, known = F.col("county_fips_code"), F.col("county_code")
    counted = [F.count(F.lit(1)), F.count_if(fips.isNull()), F.count_if(fips.isNotNull() & known.isNull())]
    grouped = enrolment.where(ENROLLED).groupBy("bene_key").agg(*_named(F.lit("COUNTY"), F.lit(NO_TYPE), *counted))
    return grouped.select(*COUNTED)


def _named(*columns: Column) -> list[Column]:
    return [column.alias(name) for name, column in zip(COUNTED, columns, strict=True)]


def _sums() -> list[Column]:
    """Records, and the people behind each kind of them."""
    records, empty, unlisted = (F.col(name) for name in COUNTED[2:])
    people = {
        "people": F.lit(True),
        "people_known": records > empty + unlisted,
        "people_unknown": empty + unlisted > 0,
        "people_empty": empty > 0,
        "people_unlisted": unlisted > 0,
    }
    sums = [F.sum(column).alias(name) for name, column in zip(COUNTED[2:], (records, empty, unlisted), strict=True)]
    return [*sums, *[F.count_if(condition).alias(name) for name, condition in people.items()]]


def _row(counted: Mapping[str, Any], rules: CodeRules) -> tuple[Any, ...]:
    """A row of the mart: the unknown beside all only where both sides are on enough people, its two kinds likewise."""
    may_tell = not _any_small(counted, ("people", "people_known", "people_unknown"), rules)
    may_part = may_tell and not _any_small(counted, ("people_empty", "people_unlisted"), rules)
    is_all = not _any_small(counted, ("people",), rules)
    unknown = counted["empty"] + counted["unlisted"]
    return (
        counted["field"],
        counted["claim_type"],
        counted["records"] if is_all else None,
        counted["empty"] if may_part else None,
        counted["unlisted"] if may_part else None,
        rate(unknown, counted["records"]) if may_tell else None,
        counted["field"] in LISTED,
        not may_part,
    )


def _any_small(counted: Mapping[str, Any], names: Iterable[str], rules: CodeRules) -> bool:
    return any(is_small(counted[name], rules.smallest_cell) for name in names)
