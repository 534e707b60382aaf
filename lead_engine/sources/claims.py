"""Core tables of claims from whatever was delivered: a table of a kind that was not is None."""

from pyspark.sql import DataFrame

from lead_engine.lake.accounts import balance
from lead_engine.sources.cclf import claims as cclf
from lead_engine.sources.records import union
from lead_engine.sources.rif import accounts as rif_accounts
from lead_engine.sources.rif import claims as rif
from lead_engine.sources.rules import DeliveryRules

Table = DataFrame | None
OF_RIF = "source_kind = 'RIF'"


def claim(
    rif_lines: Table, headers: Table, lines: Table, keys: Table, rif_people: Table, rules: DeliveryRules
) -> DataFrame:
    """`core__claim`. In: `stage__rif_line`, `stage__cclf_claim`, `…_line`, `core__person_key`, `stage__rif_beneficiary`."""
    found = [rif.claim(rif_lines, rules)] if rif_lines is not None else []
    if headers is not None and lines is not None and keys is not None:
        found.append(cclf.claim(headers, lines, keys, rif_people, rules))
    return union(found)


def claim_accounts(
    rif_lines: Table,
    headers: Table,
    lines: Table,
    keys: Table,
    rif_people: Table,
    rules: DeliveryRules,
    kept: DataFrame,
) -> DataFrame:
    """Claims and dollars delivered are those of the lake, by kind of delivery."""
    found = [rif_accounts.claim(rif_lines, rules, kept.where(OF_RIF))] if rif_lines is not None else []
    if headers is not None and lines is not None and keys is not None:
        found += cclf.accounts(headers, lines, keys, rif_people, rules, kept)
    return balance(*found)


def claim_line(rif_lines: Table, lines: Table, claims: DataFrame, rules: DeliveryRules) -> DataFrame:
    """`core__claim_line`. In: `stage__rif_line`, `stage__cclf_line`, `core__claim`."""
    found = [rif.claim_line(rif_lines, rules)] if rif_lines is not None else []
    if lines is not None:
        found.append(cclf.claim_line(lines, claims, rules))
    return union(found)


def line_accounts(
    rif_lines: Table, lines: Table, claims: DataFrame, rules: DeliveryRules, kept: DataFrame
) -> DataFrame:
    """Good line records are lines of the lake, or left out for a reason, by kind of delivery."""
    found = [rif_accounts.claim_line(rif_lines, rules, kept.where(OF_RIF))] if rif_lines is not None else []
    if lines is not None:
        found += cclf.line_accounts(lines, claims, kept)
    return balance(*found)


def claim_diagnosis(
    rif_lines: Table, headers: Table, lines: Table, diagnoses: Table, claims: DataFrame, rules: DeliveryRules
) -> DataFrame:
    """`core__claim_diagnosis`. In: `stage__rif_line`, `stage__cclf_claim`, `…_line`, `…_diagnosis`, `core__claim`."""
    found = [rif.claim_diagnosis(rif_lines, rules)] if rif_lines is not None else []
    if headers is not None and lines is not None and diagnoses is not None:
        found.append(cclf.claim_diagnosis(headers, lines, diagnoses, claims))
    return union(found)
