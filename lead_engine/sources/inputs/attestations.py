"""Voluntary alignment: whom beneficiaries chose, on Medicare.gov (MVA) or by a signed form (SVA) (ALN-35 to ALN-38)."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from lead_engine.methodology.reference import reference_table
from lead_engine.sources.lists import Mistake, Written
from lead_engine.sources.participants import Empty

from .contract import Check, InputList, InputRow, Known, Numbered, filled, not_before
from .fields import Aco, Day, Flag, Mbi, Npi, RowNumber, Tin

CODES = "alignment/sva_response_codes"


def _known_code(code: str) -> str:
    if code not in reference_table(CODES).column("response_code"):
        raise ValueError("not a response code")
    return code


Channel = Annotated[Literal["MVA", "SVA"], Written("MVA or SVA", "SVA")]
ResponseCode = Annotated[
    str, AfterValidator(_known_code), Written(f"a response code of the reference table {CODES}", "A0")
]


class Attestation(InputRow):
    """One designation (MVA) or attestation (SVA) of one person."""

    attestation_id: RowNumber = Field(description="number the sender gives the row; answers name it")
    channel: Channel = Field(description="MVA: designation on Medicare.gov; SVA: signed attestation")
    mbi: Mbi = Field(repr=False, description="Medicare identifier of the beneficiary, current or former")
    aco_id: Annotated[Aco | None, Empty] = Field(
        description="ACO that submitted it (SVA) or that the clinician belongs to (MVA); empty on an MVA row: "
        "a clinician outside the ACOs of the run, which voids earlier choices"
    )
    tin: Annotated[Tin | None, Empty] = Field(description="TIN named")
    npi: Annotated[Npi | None, Empty] = Field(description="clinician named")
    signature_date: Annotated[Day | None, Empty] = Field(description="day of the signature or designation")
    submission_date: Annotated[Day | None, Empty] = Field(
        description="SVA: day it was submitted to CMS; MVA: day CMS told of it, where known"
    )
    response_code: Annotated[ResponseCode | None, Empty] = Field(
        description="SVA: what CMS answered, checked and kept in the list alone; empty while there is no answer"
    )
    carried_from_reach: Flag = Field(description="whether it was made under ACO REACH and is carried into LEAD")
    opt_out_date: Annotated[Day | None, Empty] = Field(
        description="day the beneficiary opted out of the carry-over, which voids it"
    )
    revoked_date: Annotated[Day | None, Empty] = Field(description="day the beneficiary took the choice back")


def _answered_designations(rows: Numbered[Attestation], _: Known) -> Iterator[Mistake]:
    for line, row in rows:
        if row.channel == "MVA" and row.response_code is not None:
            why = "CMS answers signed attestations; a designation comes from CMS"
            yield Mistake(line, "response_code", "is given on an MVA row", why, "empty it, or mend `channel`")


def _not_carried(rows: Numbered[Attestation], known: Known) -> Iterator[Mistake]:
    first = known.first_year
    for line, row in rows:
        if row.opt_out_date is not None and not row.carried_from_reach:
            why = "only what is carried from REACH can be opted out of (ALN-37)"
            yield Mistake(
                line, "opt_out_date", "is given on a row that is not carried", why, "use revoked_date instead"
            )
        if row.carried_from_reach and row.signature_date is not None and row.signature_date.year >= first:
            why = f"REACH ended before {first}"
            yield Mistake(line, "carried_from_reach", f"is yes on a row signed in {first} or later", why, "write no")


ATTESTATIONS = InputList(
    name="attestations",
    row=Attestation,
    about="Designations and attestations of voluntary alignment, all channels and ACOs in one list, so that the latest "
    "can win. An SVA row that CMS would answer with V1 or V2 (no signature date or one after the submission, no TIN or "
    "NPI, one that is not on the list) or with P0 (said twice) is no mistake here: it is read, and alignment answers it.",
    key=("attestation_id",),
    read_by="alignment (voluntary)",
    is_read=True,
    rules=("ALN-35", "ALN-36", "ALN-37", "ALN-38"),
    own_checks=(
        filled(("aco_id", "submission_date"), "on SVA rows", lambda row: row.channel == "SVA"),
        filled(("npi", "signature_date"), "on MVA rows", lambda row: row.channel == "MVA"),
        Check("`response_code`: on SVA rows only", _answered_designations),
        Check(
            "`opt_out_date`: where `carried_from_reach` is yes, and that only on rows signed before the first "
            "performance year of the programme (ALN-37)",
            _not_carried,
        ),
        not_before("opt_out_date", "signature_date"),
        not_before("revoked_date", "signature_date"),
    ),
    example_rows="""2027-000001,SVA,1S000000001,L0001,000000001,9000000001,2026-08-15,2026-09-01,A0,no,,
2027-000002,SVA,1S000000002,L0001,000000001,9000000001,2025-05-02,2025-06-01,A1,yes,2027-02-01,
2027-000003,SVA,1S000000003,L0001,,9000000001,,2026-09-01,V1,no,,
2027-000004,MVA,1S000000004,L0001,000000001,9000000002,2026-10-20,,,no,,
2027-000005,MVA,1S000000002,,,9000000009,2026-11-03,2026-11-15,,no,,
""",
)
