"""Core tables of claims from whatever was delivered: a table of a kind that was not is None.

Where several kinds tell of a person and year, RIF comes before CCLF and CCLF before the Tuva input layer.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.lake.accounts import balance
from lead_engine.sources.cclf import claims as cclf
from lead_engine.sources.records import GOOD, union
from lead_engine.sources.rif import accounts as rif_accounts
from lead_engine.sources.rif import claims as rif
from lead_engine.sources.rules import DeliveryRules
from lead_engine.sources.tuva import claims as tuva

Table = DataFrame | None
OF_RIF = "source_kind = 'RIF'"
CCLF_HAS_THE_YEAR = "CCLF_HAS_THE_YEAR"


def claim(
    rif_lines: Table,
    headers: Table,
    lines: Table,
    keys: Table,
    rif_people: Table,
    tuva_lines: Table,
    tuva_people: Table,
    rules: DeliveryRules,
) -> DataFrame:
    """`core__claim`.

    In: `stage__rif_line`, `stage__cclf_claim`, `…_line`, `core__person_key`, `stage__rif_beneficiary`,
    `stage__tuva_line`, `…_eligibility`.
    """
    found = [rif.claim(rif_lines, rules)] if rif_lines is not None else []
    if headers is not None and lines is not None and keys is not None:
        found.append(cclf.claim(headers, lines, keys, _rif_years(rif_people), rules))
    if tuva_lines is not None and tuva_people is not None:
        found.append(tuva.claim(tuva_lines, tuva_people, keys, _covered(headers, lines, keys, rif_people)))
    return union(found)


def claim_accounts(
    rif_lines: Table,
    headers: Table,
    lines: Table,
    keys: Table,
    rif_people: Table,
    tuva_lines: Table,
    tuva_people: Table,
    rules: DeliveryRules,
    kept: DataFrame,
) -> DataFrame:
    """Claims and dollars delivered are those of the lake, by kind of delivery."""
    found = [rif_accounts.claim(rif_lines, rules, kept.where(OF_RIF))] if rif_lines is not None else []
    if headers is not None and lines is not None and keys is not None:
        found += cclf.accounts(headers, lines, keys, _rif_years(rif_people), rules, kept)
    if tuva_lines is not None and tuva_people is not None:
        found += tuva.accounts(tuva_lines, tuva_people, keys, _covered(headers, lines, keys, rif_people), kept)
    return balance(*found)


def claim_line(rif_lines: Table, lines: Table, tuva_lines: Table, claims: DataFrame, rules: DeliveryRules) -> DataFrame:
    """`core__claim_line`. In: `stage__rif_line`, `stage__cclf_line`, `stage__tuva_line`, `core__claim`."""
    found = [rif.claim_line(rif_lines, rules)] if rif_lines is not None else []
    if lines is not None:
        found.append(cclf.claim_line(lines, claims, rules))
    if tuva_lines is not None:
        found.append(tuva.claim_line(tuva_lines, claims, rules))
    return union(found)


def line_accounts(
    rif_lines: Table, lines: Table, tuva_lines: Table, claims: DataFrame, rules: DeliveryRules, kept: DataFrame
) -> DataFrame:
    """Good line records are lines of the lake, or left out for a reason, by kind of delivery."""
    found = [rif_accounts.claim_line(rif_lines, rules, kept.where(OF_RIF))] if rif_lines is not None else []
    if lines is not None:
        found += cclf.line_accounts(lines, claims, kept)
    if tuva_lines is not None:
        found += tuva.line_accounts(tuva_lines, claims, kept)
    return balance(*found)


def claim_diagnosis(
    rif_lines: Table,
    headers: Table,
    lines: Table,
    diagnoses: Table,
    tuva_lines: Table,
    claims: DataFrame,
    rules: DeliveryRules,
) -> DataFrame:
    """`core__claim_diagnosis`.

    In: `stage__rif_line`, `stage__cclf_claim`, `…_line`, `…_diagnosis`, `stage__tuva_line`, `core__claim`.
    """
    found = [rif.claim_diagnosis(rif_lines, rules)] if rif_lines is not None else []
    if headers is not None and lines is not None and diagnoses is not None:
        found.append(cclf.claim_diagnosis(headers, lines, diagnoses, claims))
    if tuva_lines is not None:
        found.append(tuva.claim_diagnosis(tuva_lines, claims))
    return union(found)


def _covered(headers: Table, lines: Table, keys: Table, rif_people: Table) -> dict[str, DataFrame]:
    """By reason, the people and years that RIF has a beneficiary-year record of, and those CCLF has a claim of."""
    rif_years = _rif_years(rif_people)
    found = {} if rif_years is None else {cclf.RIF_HAS_THE_YEAR: rif_years}
    if headers is not None and lines is not None and keys is not None:
        found[CCLF_HAS_THE_YEAR] = cclf.years(headers, lines, keys)
    return found


def _rif_years(rif_people: Table) -> Table:
    """`bene_key` and `from_year` of every beneficiary-year of RIF."""
    if rif_people is None:
        return None
    told = rif_people.where(GOOD).select(F.col("person_id_key").alias("bene_key"), F.col("year").alias("from_year"))
    return told.distinct()
