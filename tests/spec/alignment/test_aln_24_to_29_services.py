"""ALN-4, ALN-24 to ALN-29: which claim lines count, for which unit, as which charges, and why others do not."""

import pytest

from lead_engine.alignment.decide import Line, Stage
from lead_engine.alignment.rules import ServiceRules
from tests.drawn import by_case, day, dollars, table
from tests.engines import plain_lines, spark_lines
from tests.rules import FACTS, resolved, service_rules

PROFESSIONAL = by_case(
    table(
        """
    case                                    | date       | type | code  | specialty | place | tin       | allowed | known      | counts as
    ----------------------------------------|------------|------|-------|-----------|-------|-----------|---------|------------|----------
    office visit of a family physician      | 2025-03-10 | 71   | 99213 | 08        | 11    | 000000001 | 120.00  | 2025-03-20 | PRIMARY 120.00
    nurse practitioner is primary care      | 2025-03-10 | 71   | 99213 | 50        | 11    | 000000001 | 120.00  | 2025-03-20 | PRIMARY 120.00
    cardiology is selected                  | 2025-03-10 | 71   | 99213 | 06        | 11    | 000000001 | 120.00  | 2025-03-20 | SPECIALIST 120.00
    surgery (specialty 02) is neither       | 2025-03-10 | 71   | 99213 | 02        | 11    | 000000001 | 120.00  | 2025-03-20 | SPECIALTY
    hospice medicine (17) is a toggle, off  | 2025-03-10 | 71   | 99213 | 17        | 11    | 000000001 | 120.00  | 2025-03-20 | SPECIALTY
    no specialty on the line                | 2025-03-10 | 71   | 99213 | none      | 11    | 000000001 | 120.00  | 2025-03-20 | SPECIALTY
    a laboratory code                       | 2025-03-10 | 71   | 80053 | 08        | 11    | 000000001 | 120.00  | 2025-03-20 | NOT_PRIMARY_CARE
    a doubtful code of the seed list        | 2025-03-10 | 71   | G2211 | 08        | 11    | 000000001 | 120.00  | 2025-03-20 | NOT_PRIMARY_CARE
    no code at all                          | 2025-03-10 | 71   | none  | 08        | 11    | 000000001 | 120.00  | 2025-03-20 | NOT_PRIMARY_CARE
    telephone visit on its last day         | 2024-12-31 | 71   | 99441 | 08        | 11    | 000000001 | 60.00   | 2025-01-20 | PRIMARY 60.00
    telephone visit a day later             | 2025-01-01 | 71   | 99441 | 08        | 11    | 000000001 | 60.00   | 2025-01-20 | NOT_PRIMARY_CARE
    nursing facility visit outside a SNF    | 2025-03-10 | 71   | 99309 | 11        | 32    | 000000001 | 92.00   | 2025-03-20 | PRIMARY 92.00
    nursing facility visit in a SNF         | 2025-03-10 | 71   | 99309 | 11        | 31    | 000000001 | 92.00   | 2025-03-20 | PLACE_OF_SERVICE
    another visit at place 31 stays         | 2025-03-10 | 71   | 99213 | 11        | 31    | 000000001 | 92.00   | 2025-03-20 | PRIMARY 92.00
    an equipment claim                      | 2025-03-10 | 82   | 99213 | 08        | 11    | 000000001 | 92.00   | 2025-03-20 | NOT_PRIMARY_CARE
    no TIN on the line                      | 2025-03-10 | 71   | 99213 | 08        | 11    | none      | 92.00   | 2025-03-20 | NO_UNIT
    nothing allowed still is a service      | 2025-03-10 | 71   | 99213 | 08        | 11    | 000000001 | 0.00    | 2025-03-20 | PRIMARY 0.00
    first day of the first alignment year   | 2021-07-01 | 71   | 99213 | 08        | 11    | 000000001 | 50.00   | 2021-07-20 | PRIMARY 50.00
    the day before it                       | 2021-06-30 | 71   | 99213 | 08        | 11    | 000000001 | 50.00   | 2021-07-20 | outside
    last day of the last alignment year     | 2026-06-30 | 71   | 99213 | 08        | 11    | 000000001 | 50.00   | 2026-07-20 | PRIMARY 50.00
    the day after it                        | 2026-07-01 | 71   | 99213 | 08        | 11    | 000000001 | 50.00   | 2026-07-20 | outside
    known on the cut-off                    | 2026-06-01 | 71   | 99213 | 08        | 11    | 000000001 | 50.00   | 2026-09-30 | PRIMARY 50.00
    known a day later                       | 2026-06-01 | 71   | 99213 | 08        | 11    | 000000001 | 50.00   | 2026-10-01 | KNOWN_LATE
    """,
        date=day,
        allowed=dollars,
        known=day,
    )
)
INSTITUTIONAL = by_case(
    table(
        """
    case                                    | bill | center | code  | ccn    | paid   | deductible | coinsurance | counts as
    ----------------------------------------|------|--------|-------|--------|--------|------------|-------------|----------
    a visit at an FQHC, cost share included | 77   | 0521   | G0467 | 361844 | 100.00 | 10.00      | 25.00       | PRIMARY 135.00
    an FQHC visit with any code             | 77   | 0900   | none  | 361844 | 100.00 | none       | none        | PRIMARY 100.00
    the FQHC total line repeats the claim   | 77   | 0001   | none  | 361844 | 100.00 | none       | none        | NOT_PRIMARY_CARE
    an RHC visit                            | 71   | 0522   | none  | 361844 | 80.00  | none       | 20.00       | PRIMARY 100.00
    0519 is an FQHC centre alone            | 71   | 0519   | none  | 361844 | 80.00  | none       | 20.00       | NOT_PRIMARY_CARE
    Method II CAH with a listed code        | 85   | 0960   | 99213 | 361844 | 80.00  | none       | 20.00       | PRIMARY 100.00
    Method II CAH with another code         | 85   | 0987   | 80053 | 361844 | 80.00  | none       | 20.00       | NOT_PRIMARY_CARE
    CAH outside 096x to 098x                | 85   | 0510   | 99213 | 361844 | 80.00  | none       | 20.00       | NOT_PRIMARY_CARE
    hospital clinic, not an ETA hospital    | 13   | 0510   | G0463 | 361844 | 80.00  | none       | 20.00       | NOT_PRIMARY_CARE
    hospital clinic of an ETA hospital      | 13   | 0510   | G0463 | 360001 | 80.00  | none       | 20.00       | PRIMARY 100.00
    an FQHC line without a CCN              | 77   | 0521   | G0467 | none   | 80.00  | none       | 20.00       | NO_UNIT
    """,
        paid=dollars,
        deductible=dollars,
        coinsurance=dollars,
    )
)
RULES = service_rules(eta_hospitals=("360001",))
PLAIN_LINE = Line(
    service_date=day("2025-03-10"),
    claim_type="40",
    bill_type=None,
    hcpcs_code=None,
    revenue_center_code=None,
    specialty_code=None,
    place_of_service_code=None,
    tin=None,
    ccn=None,
    allowed_cents=None,
    paid_cents=None,
    deductible_cents=None,
    coinsurance_cents=None,
    sign=1,
    known_date=day("2025-03-20"),
    cancelled_known_date=None,
    is_denied=False,
)
VISIT = PLAIN_LINE._replace(
    claim_type="71",
    hcpcs_code="99213",
    specialty_code="08",
    place_of_service_code="11",
    tin="000000001",
    allowed_cents=9000,
)
OTHERS = {
    "a denied line": (VISIT._replace(is_denied=True), "DENIED"),
    "a cancelling record": (VISIT._replace(sign=-1), "CANCELLED"),
    "a superseded record": (VISIT._replace(sign=0), "CANCELLED"),
    "cancelled before the cut-off": (VISIT._replace(cancelled_known_date=day("2026-09-30")), "CANCELLED"),
    "its cancellation is known later": (VISIT._replace(cancelled_known_date=day("2026-10-01")), "PRIMARY 90.00"),
}


def professional(row) -> Line:
    return PLAIN_LINE._replace(
        service_date=row["date"],
        claim_type=row["type"],
        hcpcs_code=row["code"],
        specialty_code=row["specialty"],
        place_of_service_code=row["place"],
        tin=row["tin"],
        allowed_cents=row["allowed"],
        known_date=row["known"],
    )


def institutional(row) -> Line:
    return PLAIN_LINE._replace(
        bill_type=row["bill"],
        revenue_center_code=row["center"],
        hcpcs_code=row["code"],
        ccn=row["ccn"],
        paid_cents=row["paid"],
        deductible_cents=row["deductible"],
        coinsurance_cents=row["coinsurance"],
    )


CASES = (
    {name: (professional(row), row["counts as"]) for name, (row,) in PROFESSIONAL.items()}
    | {name: (institutional(row), row["counts as"]) for name, (row,) in INSTITUTIONAL.items()}
    | OTHERS
)
LINES = dict(enumerate(line for line, _ in CASES.values()))


@pytest.fixture(scope="module")
def answers(spark):
    return {"plain": plain_lines(LINES, RULES), "spark": spark_lines(spark, LINES, RULES)}


@pytest.mark.parametrize("engine", ["plain", "spark"])
@pytest.mark.parametrize("case", CASES)
def test_line(answers, engine, case):
    answer = answers[engine][list(CASES).index(case)]
    line, expected = CASES[case]
    stage, _, amount = expected.partition(" ")
    if amount:
        unit = f"TIN:{line.tin}" if line.tin else f"CCN:{line.ccn}"
        assert answer[1:] == (unit, Stage(stage), dollars(amount), None)
    else:
        assert answer == (None if expected == "outside" else expected)


TOGGLES = table(
    """
    further primary care | further selected | line of 17 | line of 66
    ---------------------|------------------|------------|-----------
    []                   | []               | SPECIALTY  | SPECIALTY
    ["17"]               | []               | PRIMARY    | SPECIALTY
    []                   | ["17"]           | SPECIALIST | SPECIALTY
    []                   | ["66"]           | SPECIALTY  | SPECIALIST
    ["17"]               | ["17", "66"]     | PRIMARY    | SPECIALIST
    """
)


@pytest.mark.parametrize("row", TOGGLES, ids=lambda row: f"{row['further primary care']} {row['further selected']}")
@pytest.mark.parametrize("engine", ["plain", "spark"])
def test_hospice_medicine_and_rheumatology_are_toggles(request, engine, row):
    """ALN-26, ALN-27: by the parameters of further specialties; primary care is asked first."""
    told = resolved(
        alignment__additional_primary_care_specialties=row["further primary care"],
        alignment__additional_selected_specialties=row["further selected"],
    )
    rules = ServiceRules.from_methodology(told, FACTS)
    lines = {number: VISIT._replace(specialty_code=code) for number, code in enumerate(("17", "66"))}
    found = (
        plain_lines(lines, rules) if engine == "plain" else spark_lines(request.getfixturevalue("spark"), lines, rules)
    )
    counted = [answer if isinstance(answer, str) else answer[2].value for answer in found.values()]
    assert counted == [row["line of 17"], row["line of 66"]]
