"""TV-A1: claims-based alignment of seven people over three TINs, from claim lines to the winner, on both engines."""

import pytest

from lead_engine.alignment import rank, services
from lead_engine.alignment.decide import Charges, Counted, Stage, UnitScore, counts, deciding_stage, ranked
from lead_engine.foundation.identifiers import pack_unit, unpack_unit
from lead_engine.tables import CONTRACTS
from tests.drawn import day, dollars, table
from tests.rules import alignment_rules, service_rules

from .test_aln_24_to_29_services import VISIT

TINS = {"T100": "000000100", "T200": "000000200", "T300": "000000300"}
LISTED = {"000000100": "L1", "000000200": "L1"}
LINES = table(
    """
    person | tin  | specialty | date       | allowed
    -------|------|-----------|------------|--------
    1      | T100 | 08        | 2025-03-10 | 120.00
    1      | T200 | 50        | 2025-11-05 |  90.00
    1      | T300 | 11        | 2026-02-01 | 135.00
    1      | T300 | 06        | 2026-03-01 | 120.00
    2      | T100 | 08        | 2024-08-15 |  90.00
    2      | T300 | 06        | 2025-09-01 | 150.00
    2      | T200 | 39        | 2026-01-10 | 330.00
    3      | T300 | 11        | 2024-09-01 |  90.00
    3      | T200 | 13        | 2025-10-10 | 405.00
    4      | T100 | 08        | 2025-08-01 |  90.00
    4      | T300 | 11        | 2026-05-20 |  90.00
    5      | T300 | 11        | 2025-12-01 | 200.00
    5      | T100 | 08        | 2024-12-01 |  90.00
    6      | T300 | 08        | 2024-06-30 | 500.00
    6      | T200 | 08        | 2024-07-01 |  60.00
    6      | T300 | 08        | 2026-06-30 |  20.00
    6      | T300 | 08        | 2026-07-01 | 900.00
    7      | T300 | 22        | 2026-01-15 | 990.00
    7      | T100 | 97        | 2025-02-02 |  40.00
    """,
    person=int,
    date=day,
    allowed=dollars,
)
EXPECTED = {
    row["person"]: row
    for row in table(
        """
    person | P     | S     | stage      | ranked
    -------|-------|-------|------------|--------------------------
    1      | 57000 | 24000 | PRIMARY    | L1 30000, T300 27000
    2      | 9000  | 96000 | SPECIALIST | L1 66000, T300 30000
    3      | 9000  | 81000 | PRIMARY    | T300 9000
    4      | 36000 | 0     | PRIMARY    | T300 18000, L1 18000
    5      | 49000 | 0     | PRIMARY    | T300 40000, L1 9000
    6      | 10000 | 0     | PRIMARY    | L1 6000, T300 4000
    7      | 4000  | 0     | PRIMARY    | L1 4000
    """,
        person=int,
        P=int,
        S=int,
    )
}
SERVICES, RULES = service_rules(), alignment_rules()


def line(row):
    return VISIT._replace(
        service_date=row["date"], specialty_code=row["specialty"], tin=TINS[row["tin"]], allowed_cents=row["allowed"]
    )


def plain() -> dict[int, tuple]:
    first, second = (period.end for period in RULES.alignment_years(2027))
    weights = {first: 1, second: 2}
    found = {}
    for person in EXPECTED:
        sums: dict[str, dict[Stage, list]] = {}
        for row in (row for row in LINES if row["person"] == person):
            counted = counts(line(row), SERVICES)
            if isinstance(counted, Counted) and counted.alignment_year_end in weights:
                unit = LISTED.get(counted.unit.removeprefix("TIN:"), counted.unit)
                sums.setdefault(unit, {Stage.PRIMARY: [], Stage.SPECIALIST: []})[counted.stage].append(
                    (weights[counted.alignment_year_end] * counted.cents, row["date"])
                )
        scores = [
            UnitScore(
                unit,
                *[
                    Charges(sum(c for c, _ in lines), max((d for _, d in lines), default=None), len(lines))
                    for lines in by_stage.values()
                ],
            )
            for unit, by_stage in sums.items()
        ]
        stage = deciding_stage(scores, RULES)
        found[person] = (
            sum(s.pcs.cents for s in scores),
            sum(s.sps.cents for s in scores),
            stage.value,
            [(s.unit, s.at(stage).cents) for s in ranked(scores, stage)],
        )
    return found


def on_spark(spark) -> dict[int, tuple]:
    schema = CONTRACTS["core__claim_line"].schema
    rows = []
    for number, row in enumerate(LINES):
        given = line(row)._asdict() | {
            "bene_key": row["person"],
            "source_kind": "RIF",
            "claim_id": number,
            "line_number": 1,
            "service_year": row["date"].year,
            "tin": pack_unit(f"TIN:{TINS[row['tin']]}"),
        }
        rows.append(tuple(given.get(name) for name in schema.names))
    scores = services.unit_scores(spark.createDataFrame(rows, schema), SERVICES)
    members = [("list", pack_unit(f"TIN:{tin}"), aco, None, None) for tin, aco in LISTED.items()]
    participants = spark.createDataFrame(members, CONTRACTS["core__participant"].schema)
    acos = spark.createDataFrame([("L1", "L1", 2027, "PROSPECTIVE")], CONTRACTS["core__aco"].schema)
    found: dict[int, tuple] = {}
    rows = (
        rank.candidates(scores, participants, acos, None, None, RULES)
        .where("aligned_year = 2027")
        .orderBy("bene_key", "rank")
        .collect()
    )
    for person in EXPECTED:
        mine = [row for row in rows if row["bene_key"] == person]
        score = "pcs_score_cents" if mine[0]["stage"] == "PRIMARY" else "sps_score_cents"
        places = [(unpack_unit(row["unit"]), row[score]) for row in mine if row["rank"]]
        found[person] = (
            sum(r["pcs_score_cents"] for r in mine),
            sum(r["sps_score_cents"] for r in mine),
            mine[0]["stage"],
            places,
        )
    return found


@pytest.fixture(scope="module")
def answers(spark):
    return {"plain": plain(), "spark": on_spark(spark)}


@pytest.mark.parametrize("engine", ["plain", "spark"])
@pytest.mark.parametrize("person", EXPECTED)
def test_person(answers, engine, person):
    row = EXPECTED[person]
    places = [
        (f"TIN:{TINS[unit]}" if unit in TINS else unit, int(score))
        for unit, score in (place.split() for place in row["ranked"].split(", "))
    ]
    assert answers[engine][person] == (row["P"], row["S"], row["stage"], places)
