"""ALN-35: what is answered to every signed attestation, in the order V, P, E0, A2, P2, E, A; E1 is never given."""

import pytest

from lead_engine.alignment.designations import CODES, Choice, Seen, response
from lead_engine.methodology.reference import reference_table
from tests.drawn import day, flag, table
from tests.voluntary import YEAR, Chosen, choice_rules, plain_standings

RULES = choice_rules()
ROWS = table(
    """
    case                                       | known | tin | npi | signed     | submitted  | month reason | dead | to   | from       | lost       | claims | code
    -------------------------------------------|-------|-----|-----|------------|------------|--------------|------|------|------------|------------|--------|-----
    newly aligned                              | yes   | 100 | 1   | 2026-08-15 | 2026-09-01 |              | no   | L1   | 2027-01-01 |            | no     | A0
    claims align too                           | yes   | 100 | 1   | 2026-08-15 | 2026-09-01 |              | no   | L1   | 2027-01-01 |            | yes    | A1
    aligned since January, signs again         | yes   | 100 | 1   | 2027-03-01 | 2027-03-02 |              | no   | L1   | 2027-01-01 |            | no     | A1
    lost alignment in March, back since        | yes   | 100 | 1   | 2027-08-01 | 2027-08-02 |              | no   | L1   | 2027-01-01 | 2027-02-01 | no     | A2
    lost alignment, still in a plan            | yes   | 100 | 1   | 2027-08-01 | 2027-08-02 | MA           | no   | L1   | 2027-01-01 | 2027-02-01 | no     | A2
    lost another ACO, still in a plan          | yes   | 100 | 1   | 2027-08-01 | 2027-08-02 | MA           | no   | L2   | 2027-01-01 | 2027-02-01 | no     | A2
    Medicare number unknown                    | no    | 100 | 1   | 2026-08-15 | 2026-09-01 |              | no   |      |            |            | no     | V0
    not signed                                 | yes   | 100 | 1   |            | 2026-09-01 |              | no   |      |            |            | no     | V1
    signed on the day of submission            | yes   | 100 | 1   | 2026-09-01 | 2026-09-01 |              | no   |      |            |            | no     | A0
    signed the day after submission            | yes   | 100 | 1   | 2026-09-02 | 2026-09-01 |              | no   |      |            |            | no     | V1
    signed the day the TIN joined              | yes   | 200 | 1   | 2026-09-01 | 2026-09-02 |              | no   |      |            |            | no     | A0
    signed the day before                      | yes   | 200 | 1   | 2026-08-31 | 2026-09-02 |              | no   |      |            |            | no     | V1
    signed the last day of the TIN             | yes   | 200 | 1   | 2027-03-31 | 2027-03-31 |              | no   |      |            |            | no     | V2
    no TIN                                     | yes   |     | 1   | 2026-08-15 | 2026-09-01 |              | no   |      |            |            | no     | V2
    no clinician                               | yes   | 100 |     | 2026-08-15 | 2026-09-01 |              | no   |      |            |            | no     | V2
    a TIN that is no Participant               | yes   | 999 | 1   | 2026-08-15 | 2026-09-01 |              | no   |      |            |            | no     | V2
    a Participant of another ACO               | yes   | 300 | 1   | 2027-05-15 | 2027-05-16 |              | no   |      |            |            | no     | V2
    a clinician who bills elsewhere            | yes   | 100 | 2   | 2026-08-15 | 2026-09-01 |              | no   |      |            |            | no     | V2
    aligned to another ACO since January       | yes   | 100 | 1   | 2027-03-01 | 2027-03-02 |              | no   | L2   | 2027-01-01 |            | no     | P2
    in another model                           | yes   | 100 | 1   | 2026-08-15 | 2026-09-01 | OVERLAP      | no   |      |            |            | no     | P2
    dead                                       | yes   | 100 | 1   | 2027-03-01 | 2027-03-02 | DEAD         | yes  | L1   | 2027-01-01 | 2027-02-01 | no     | E0
    without Part B                             | yes   | 100 | 1   | 2026-08-15 | 2026-09-01 | NOT_A_AND_B  | no   |      |            |            | no     | E2
    in Medicare Advantage                      | yes   | 100 | 1   | 2026-08-15 | 2026-09-01 | MA           | no   |      |            |            | no     | E3
    outside the service area                   | yes   | 100 | 1   | 2026-08-15 | 2026-09-01 | SERVICE_AREA | no   |      |            |            | no     | E4
    outside the United States                  | yes   | 100 | 1   | 2026-08-15 | 2026-09-01 | NON_US       | no   |      |            |            | no     | E5
    another payer before Medicare: no code     | yes   | 100 | 1   | 2026-08-15 | 2026-09-01 | MSP          | no   |      |            |            | no     |
    known after the last cut-off of the year   | yes   | 100 | 1   | 2027-11-15 | 2027-11-16 |              | no   |      |            |            | no     |
    """,
    known=flag, dead=flag, claims=flag, signed=day, submitted=day, **{"from": day, "lost": day},
)  # fmt: skip
CASES = {row["case"]: row for row in ROWS}


def chosen(row, number="1", **facts) -> Chosen:
    tin = f"000000{row['tin']}" if row["tin"] else None
    npi = f"900000000{row['npi']}" if row["npi"] else None
    made = Choice(number, "SVA", row["known"], "L1", tin, npi, row["signed"], row["submitted"])
    return Chosen(1 if row["known"] else None, made._replace(**facts))


@pytest.mark.parametrize("case", CASES)
def test_code(case):
    row = CASES[case]
    (own,) = plain_standings([chosen(row)], RULES).values()
    seen = Seen(True, row["month reason"], row["dead"], row["to"], row["from"], row["lost"], row["claims"])
    code, reason = response(own, [own], seen, RULES.answer_month(own.known), RULES)
    assert code == row["code"]
    assert (reason is None) == (code in ("A0", "A1"))


PAIRS = table(
    """
    case                                        | first        | second       | answers
    --------------------------------------------|--------------|--------------|--------
    the same twice: the first stands            | L1 08-15 SVA | L1 08-15 SVA | A0 P0
    the same ACO later: the later stands        | L1 08-15 SVA | L1 08-16 SVA | P0 A0
    another ACO later                           | L1 08-15 SVA | L3 08-16 SVA | P1 A0
    a designation on the same day, elsewhere    | L1 08-15 SVA | L3 08-15 MVA | P1 none
    a designation on the same day, the same     | L1 08-15 SVA | L1 08-15 MVA | A0 none
    someone outside every ACO later             | L1 08-15 SVA | none 08-16 MVA | P1 none
    someone outside every ACO earlier           | L1 08-16 SVA | none 08-15 MVA | A0 none
    """
)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["case"])
def test_which_goes_before(pair):
    both = [_parsed(pair[name], str(place)) for place, name in enumerate(("first", "second"), 1)]
    standings = list(plain_standings(both, RULES).values())
    seen = Seen(True, None, False, None, None, None, False)
    found = [response(own, standings, seen, RULES.answer_month(own.known), RULES)[0] or "none" for own in standings]
    assert found == pair["answers"].split()


def _parsed(text: str, number: str) -> Chosen:
    aco, when, channel = text.split()
    signed = day(f"2026-{when}")
    tin = {"L1": "000000100", "L3": "000000500", "none": None}[aco]
    made = Choice(number, channel, True, None if aco == "none" else aco, tin, "9000000001", signed, day("2026-09-01"))
    return Chosen(1, made)


def test_every_code_is_one_of_the_list_and_e1_is_none():
    known = set(reference_table("alignment/sva_response_codes").column("response_code"))
    given = {*CODES.values(), "A0", "A1"}
    assert known - given == {"E1"} and given <= known
    assert RULES.performance_year == YEAR


def test_what_was_taken_back_before_its_run_gets_no_code():
    row = CASES["newly aligned"]
    for name in ("revoked", "opted_out"):
        for taken, code in (("2026-12-15", None), ("2026-12-16", "A0")):
            (own,) = plain_standings([chosen(row, **{name: day(taken)})], RULES).values()
            seen = Seen(True, None, False, None, None, None, False)
            assert response(own, [own], seen, RULES.answer_month(own.known), RULES)[0] == code
