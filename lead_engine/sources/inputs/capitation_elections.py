"""Which providers of an ACO are paid by capitation, by which mechanism, and by how much their fees are reduced."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from lead_engine.sources.lists import Mistake, Written
from lead_engine.sources.participants import Empty

from .contract import Check, InputList, InputRow, Known, Numbered
from .fields import Aco, Ccn, Npi, Part, Tin, Year

Mechanism = Annotated[Literal["TCC", "PCC", "NPCC", "APO"], Written("TCC, PCC, NPCC or APO", "PCC")]
ON_TOP_OF_PCC = ("NPCC", "APO")


class CapitationElection(InputRow):
    """One mechanism elected by one provider of an ACO for a performance year."""

    aco_id: Aco = Field(description="ACO")
    performance_year: Year = Field(description="performance year the election is for")
    tin: Annotated[Tin | None, Empty] = Field(description="TIN that elects; empty where `ccn` names the provider")
    npi: Annotated[Npi | None, Empty] = Field(
        description="clinician under the TIN; empty: all who bill under a Participant TIN"
    )
    ccn: Annotated[Ccn | None, Empty] = Field(description="Participant CCN that has no TIN on the Participant list")
    mechanism: Mechanism = Field(
        description="TCC total care, PCC primary care, NPCC non-primary care capitation, APO advanced payment option"
    )
    fee_reduction_rate: Part = Field(description="share of the provider's fees that capitation takes the place of")


def _unnamed(rows: Numbered[CapitationElection], _: Known) -> Iterator[Mistake]:
    for line, row in rows:
        if (row.tin is None) == (row.ccn is None):
            what = "names neither a TIN nor a CCN" if row.tin is None else "names a TIN and a CCN"
            yield Mistake(line, "tin", what, "a row is about one provider", "fill one of `tin` and `ccn`")
        if row.ccn is not None and row.npi is not None:
            yield Mistake(line, "npi", "is given beside a CCN", "a CCN elects as a whole", "empty it")


def _strangers(rows: Numbered[CapitationElection], known: Known) -> Iterator[Mistake]:
    """Rows of a provider that is neither a Participant nor a Preferred Provider of the ACO."""
    if known.participants is None or known.preferred is None:
        return
    acos = known.unit_acos
    what = "is neither a Participant nor a Preferred Provider of the ACO"
    remedy = "mend the row, or add the provider to the list of Participants or to `preferred_providers`"
    for line, row in rows:
        unit = f"TIN:{row.tin}" if row.tin else f"CCN:{row.ccn}"
        preferred = (row.aco_id, row.tin, row.npi) in known.preferred
        if (row.tin is None) != (row.ccn is None) and acos.get(unit) != row.aco_id and not preferred:
            yield Mistake(line, "tin" if row.tin else "ccn", what, "only these can elect (ALN-6)", remedy)


def _impossible_plans(rows: Numbered[CapitationElection], _: Known) -> Iterator[Mistake]:
    """Rows that contradict the mechanism of their ACO and year: it has PCC or TCC, and the others only with PCC."""
    elected: dict[tuple[str, int], set[str]] = {}
    for _line, row in rows:
        elected.setdefault((row.aco_id, row.performance_year), set()).add(row.mechanism)
    for line, row in rows:
        all_of_aco = elected[row.aco_id, row.performance_year]
        if row.mechanism == "TCC" and "PCC" in all_of_aco:
            why = "an ACO takes part in one of the two"
            yield Mistake(line, "mechanism", "is TCC in an ACO and year with PCC", why, "leave one of the two")
        if row.mechanism in ON_TOP_OF_PCC and "PCC" not in all_of_aco:
            why = "NPCC and APO come on top of PCC, and not with TCC"
            what = f"is {row.mechanism} in an ACO and year without PCC"
            yield Mistake(line, "mechanism", what, why, "give the PCC rows too, or leave this one out")


CAPITATION_ELECTIONS = InputList(
    name="capitation_elections",
    row=CapitationElection,
    about="Elections of providers, one row a mechanism. What the ACO as a whole elects is a matter of the list of ACOs.",
    key=("aco_id", "performance_year", "tin", "npi", "ccn", "mechanism"),
    read_by="benchmark (capitation), spending (fee reductions added back)",
    rules=("ALN-6", "BMK-4"),
    own_checks=(
        Check("one of `tin` and `ccn` is filled, and `npi` only beside `tin`", _unnamed),
        Check(
            "the provider is a Participant of the ACO, or, named with `npi`, one of its `preferred_providers`",
            _strangers,
        ),
        Check(
            "an ACO has PCC or TCC in a year, not both; NPCC and APO only beside PCC", _impossible_plans, needs_all=True
        ),
    ),
    example_rows="""L0001,2027,000000001,,,PCC,1
L0001,2027,000000003,9000000003,,PCC,0.5
L0001,2027,000000003,9000000003,,NPCC,0.25
L0002,2027,,,000002,TCC,1
""",
)
