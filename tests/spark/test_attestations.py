"""The list of attestations as a table: whose each row is, and that a row of nobody known is kept and counted."""

import io
from contextlib import redirect_stdout
from datetime import date

from lead_engine.foundation.identifiers import unpack_unit
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.sources import attestations
from lead_engine.sources.inputs.attestations import Attestation
from lead_engine.sources.inputs.contract import Given
from lead_engine.tables import CONTRACTS

FORMER, CURRENT, NOBODY = "1S000000001", "1S000000002", "1S000000009"


def row(number, mbi, **facts):
    told = {
        "attestation_id": number, "channel": "SVA", "mbi": mbi, "aco_id": "L1", "tin": "000000001", "npi": None,
        "signature_date": date(2026, 8, 15), "submission_date": date(2026, 9, 1), "response_code": None,
        "carried_from_reach": False, "opt_out_date": None, "revoked_date": None,
    }  # fmt: skip
    return Attestation.model_construct(**told | facts)


def made(spark, *rows):
    people = [(7, "mbi", FORMER, 1, False), (7, "mbi", CURRENT, 2, True), (9, "bene_id", NOBODY, 3, True)]
    identities = spark.createDataFrame(people, CONTRACTS["core__beneficiary_identity"].schema)
    given = Given("attestations.csv", "v1", rows)
    told = attestations.attestations(spark, given, identities)
    return told, entries(attestations.accounts(spark, given, identities, told))


def test_every_row_is_kept_and_those_of_nobody_are_counted(spark):
    told, account = made(
        spark, row("a", FORMER), row("b", CURRENT, npi="9000000001"), row("c", NOBODY), row("d", "1S000000008")
    )
    found = {each["attestation_id"]: each for each in told.collect()}
    assert {number: each["bene_key"] for number, each in found.items()} == {"a": 7, "b": 7, "c": None, "d": None}
    assert unpack_unit(found["b"]["npi"]) == "NPI:9000000001" and unpack_unit(found["a"]["tin"]) == "TIN:000000001"
    assert found["a"]["npi"] is None and found["a"]["list_version"] == "v1"
    excluded = {each.reason: each.rows for each in account if each.side == "excluded"}
    assert excluded == {"UNKNOWN_PERSON_ANSWERED_V0": 2} and unbalanced("x", account) == []


def test_no_identifier_is_left(spark):
    told, _ = made(spark, row("a", FORMER))
    assert "mbi" not in told.columns
    shown = io.StringIO()
    with redirect_stdout(shown):
        told.show(truncate=False)
    assert FORMER not in shown.getvalue()
