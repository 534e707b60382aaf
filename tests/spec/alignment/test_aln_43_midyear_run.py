"""ALN-43: the mid-year run takes TINs that joined hybrid ACOs in the year, and people with a deciding line of one."""

from datetime import date

import pytest

from lead_engine.alignment import midyear
from lead_engine.alignment.choice_rules import MidyearRules
from lead_engine.alignment.decide import Charges, UnitScore, midyear_winner
from lead_engine.foundation.identifiers import pack_unit
from tests.drawn import day, table
from tests.rules import FACTS, alignment_rules, resolved
from tests.voluntary import acos_frame, rows_of

LIST = table(
    """
    tin | aco | start      | end
    ----|-----|------------|-----------
    100 | L1  |            |
    101 | L1  | 2027-05-10 |
    102 | L1  | 2027-07-01 |
    103 | L1  | 2027-07-02 |
    104 | L1  | 2027-01-01 |
    105 | L1  |            | 2027-03-31
    105 | L1  | 2027-05-10 |
    106 | L1  |            | 2026-12-31
    106 | L1  | 2027-05-10 |
    200 | L2  |            |
    201 | L2  | 2027-05-10 |
    """,
    start=day,
    end=day,
)
ELECTIONS = {"L1": "HYBRID", "L2": "PROSPECTIVE"}
CASES = {
    row["case"]: row
    for row in table(
        """
    case                                            | primary care           | specialists  | wins | without the line
    ------------------------------------------------|------------------------|--------------|------|-----------------
    served by an added TIN                          | 101 100                |              | L1   | L1
    joined on the first of the month                | 102 100                |              | L1   | L1
    joined the day after                            | 103 100                |              | none | none
    on the list on 1 January: nothing is added      | 104 100                |              | none | none
    left and came back: nothing is added            | 105 100                |              | none | none
    came back in the year                           | 106 100                |              | L1   | L1
    of a prospective ACO                            | 201 100                |              | none | none
    its ACO wins with its older TIN                 | 100 60, 101 50, 999 100 |             | L1   | L1
    another unit wins                               | 101 50, 999 100        |              | none | none
    another ACO of the list wins                    | 101 50, 200 100        |              | none | none
    the added TIN has the other stage alone         | 100 100                | 101 50       | none | L1
    specialists decide, of the added TIN            |                        | 101 100      | L1   | L1
    nothing after adjustments                       | 101 0                  |              | none | none
    """
    )
}


def rules(**overrides) -> MidyearRules:
    return MidyearRules.from_methodology(
        resolved(**{f"alignment__{name}": to for name, to in overrides.items()}), FACTS
    )


def charges(text: str | None) -> dict[str, int]:
    return {tin: int(dollars) * 100 for tin, dollars in (part.split() for part in (text or "").split(", ") if part)}


@pytest.fixture(scope="module")
def tables(spark):
    end = date(2026, 6, 30)
    scores = []
    for number, row in enumerate(CASES.values()):
        pcs, sps = charges(row["primary care"]), charges(row["specialists"])
        for tin in sorted({*pcs, *sps}):
            scores.append(
                {"bene_key": number, "alignment_year_end": end, "unit": _unit(tin)}
                | {"pcs_cents": pcs.get(tin, 0), "sps_cents": sps.get(tin, 0)}
                | {"pcs_lines": int(tin in pcs), "sps_lines": int(tin in sps)}
                | {"last_pcs_date": end if tin in pcs else None, "last_sps_date": end if tin in sps else None}
            )
    members = [
        {"list_version": "v", "unit": _unit(row["tin"]), "aco_id": row["aco"]}
        | {"start_date": row["start"], "end_date": row["end"]}
        for row in LIST
    ]
    return (
        rows_of(spark, "calc__unit_score", scores),
        rows_of(spark, "core__claim_line", []),
        rows_of(spark, "core__participant", members),
        acos_frame(spark, ELECTIONS),
    )


def _unit(tin: str) -> int:
    return pack_unit(f"TIN:000000{tin}")


@pytest.mark.parametrize(("needs", "column"), [("true", "wins"), ("false", "without the line")])
def test_winners(tables, needs, column):
    told = rules(midyear_needs_added_line=needs)
    found = {row["bene_key"]: row["aco_id"] for row in midyear.winners(*tables, None, None, told).collect()}
    expected = {number: row[column] for number, row in enumerate(CASES.values())}
    assert {number: found.get(number) for number in expected} == expected
    assert {number: plain(row, needs == "true") for number, row in enumerate(CASES.values())} == expected


def plain(row, needs: bool) -> str | None:
    """By `decide`: units with and without the added TINs."""
    added = {"101": "L1", "102": "L1", "106": "L1"}
    listed = {"100": "L1", "104": "L1", "105": "L1", "200": "L2"} | added
    pcs, sps = charges(row["primary care"]), charges(row["specialists"])

    def scored(tins: dict[str, str], alone: bool) -> list[UnitScore]:
        sums: dict[str, list[list[int]]] = {}
        for place, of in enumerate((pcs, sps)):
            for tin, cents in of.items():
                if not alone or tin in tins:
                    sums.setdefault(tins.get(tin, f"TIN:{tin}"), [[], []])[place].append(2 * cents)
        when = date(2026, 6, 30)
        return [
            UnitScore(unit, *[Charges(sum(of), when if of else None, len(of)) for of in both])
            for unit, both in sums.items()
        ]

    if not scored(added, alone=True):
        return None  # no charge of an added TIN: the run does not ask
    return midyear_winner(scored(listed, False), scored(added, True), frozenset({"L1"}), needs, alignment_rules())


def test_the_month_is_a_parameter(tables):
    early = {
        row["bene_key"] for row in midyear.winners(*tables, None, None, rules(midyear_cba_effective_month=5)).collect()
    }
    assert early == set()  # 10 May is after the first of May
    late = {
        row["bene_key"] for row in midyear.winners(*tables, None, None, rules(midyear_cba_effective_month=8)).collect()
    }
    assert list(CASES).index("joined the day after") in late


def test_a_list_without_added_tins_asks_nobody(spark, tables):
    scores, lines, members, acos = tables
    assert (
        midyear.winners(scores, lines, members.where("start_date is null"), acos, None, None, rules()).collect() == []
    )


PERIODS = table(
    """
    case                                   | date       | known      | SAME | ROLL_6M
    ---------------------------------------|------------|------------|------|--------
    in both periods                        | 2026-02-01 | 2026-02-10 | L1   | L1
    in the old period alone                | 2024-12-31 | 2025-01-10 | L1   | none
    first day of the rolled period         | 2025-01-01 | 2025-01-10 | L1   | L1
    last day of the rolled period          | 2026-12-31 | 2027-01-10 | none | L1
    the day after                          | 2027-01-01 | 2027-01-10 | none | none
    known on the moved cut-off             | 2026-12-01 | 2027-03-31 | none | L1
    known the day after                    | 2026-12-01 | 2027-04-01 | none | none
    """,
    date=day,
    known=day,
)


@pytest.mark.parametrize("period", ["SAME", "ROLL_6M"])
def test_the_period_is_a_parameter(spark, tables, period):
    from lead_engine.alignment.services import unit_scores
    from tests.rules import service_rules

    rows = [
        {
            "bene_key": number, "source_kind": "RIF", "claim_id": number, "claim_type": "71", "sign": 1,
            "known_date": row["known"], "is_denied": False, "line_number": 1, "service_year": row["date"].year,
            "service_date": row["date"], "hcpcs_code": "99213", "specialty_code": "08", "place_of_service_code": "11",
            "tin": _unit("101"), "allowed_cents": 100_00,
        }
        for number, row in enumerate(PERIODS)
    ]  # fmt: skip
    lines = rows_of(spark, "core__claim_line", rows)
    of_year = unit_scores(lines, service_rules())
    told = rules(midyear_alignment_period=period)
    found = {
        row["bene_key"]: row["aco_id"]
        for row in midyear.winners(of_year, lines, *tables[2:], None, None, told).collect()
    }
    assert {row["case"]: found.get(number) for number, row in enumerate(PERIODS)} == {
        row["case"]: row[period] for row in PERIODS
    }
