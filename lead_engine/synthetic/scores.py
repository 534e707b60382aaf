"""The answer key of risk: segments, hierarchies, transplants, and which claims a diagnosis may come from (RM 2.1 to RM 6.1).

A woman of 76 in good health scores F75_79 alone. Factors are quoted from the published tables.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from .cases import AY2, WITH_PLANS, Answer, Case, Service, calendar_month, to_ours
from .practices import Kind, World

V28, V24 = {"model": "V28", "year": 2027}, {"model": "V24", "year": 2027}
ESRD = {"model": "ESRDV24", "year": 2027}
CONCURRENT = {"model": "CMMI_CONCURRENT_V1", "year": 2026}
ALIGNED = to_ours("200.00")
SICK = ("E1122", "I5022", "E119")


def cases(world: World) -> Iterator[Case]:
    """Every segment and every source of diagnoses."""
    yield from _segments(Service(AY2, world.marked, diagnoses=SICK))
    yield from _medicaid(Service(AY2, world.marked))
    yield from _kidneys(Service(AY2, world.marked), world)
    yield from _sources(Service(AY2, world.marked), world)


def scored(model: dict[str, Any], raw_score: str, segment: str = "CNA", **says: Any) -> Answer:
    """A raw score."""
    return Answer("calc__risk_score", model, {"segment": segment, "raw_score": raw_score} | says, WITH_PLANS)


def counted(icd10_code: str, hcc: int) -> Answer:
    """A diagnosis that counts for V28, of one claim of the second alignment year."""
    says = {"hcc": hcc, "claims": 1, "first_date": AY2.isoformat()}
    return Answer("calc__risk_diagnosis", V28 | {"icd10_code": icd10_code}, says, WITH_PLANS)


def _segments(sick: Service) -> Iterator[Case]:
    yield Case(
        "diabetes_and_heart_failure",
        "F75_79 0.465, HCC37 0.166, HCC226 0.360 and both together 0.112; HCC38 gives way to HCC37 (RM 4.2, RM 5.1). By V24 "
        "0.451, 0.302, 0.331, 0.121; by the concurrent model in the year of the care 0.1949, 0.0555, 0.3126 (RM 2.1, RM 6.1)",
        (sick,),
        (
            ALIGNED,
            scored(V28, "1.1030"),
            scored(V24, "1.2050"),
            scored(CONCURRENT, "0.5630", "ALL"),
            Answer("calc__hcc", V28 | {"term": "HCC38"}, {"kind": "DROPPED", "dropped_by": "HCC37"}, WITH_PLANS),
            *(counted(code, hcc) for code, hcc in (("E1122", 37), ("I5022", 226), ("E119", 38))),
        ),
        aligned_months=6,
    )
    yield Case(
        "disabled",
        "the same at 50 and disabled, by that segment: F45_54 0.340, HCC37 0.191, HCC226 0.442, both together 0.023 (RM 3.4)",
        (sick,),
        (ALIGNED, scored(V28, "0.9960", "CND")),
        {"birth": np.datetime64("1977-01-05", "D"), "is_disabled": True},
        aligned_months=6,
    )
    yield Case(
        "new_to_medicare",
        "65 in June 2026, so fewer than twelve months of Part B in the year before: scored as a new enrollee (RM 3.5)",
        (Service(date(2026, 6, 20), sick.at),),
        (ALIGNED, Answer("calc__risk_profile", {"year": 2027}, {"is_new_enrollee": True}, WITH_PLANS)),
        {"birth": np.datetime64("1961-06-09", "D"), "entitled": calendar_month(2026, 6)},
        aligned_months=6,
    )


def _medicaid(visit: Service) -> Iterator[Case]:
    told = {"partial": (1, "PARTIAL", "CPA", "0.4850"), "full": (2, "FULL", "CFA", "0.5960")}
    for name, (dual, dual_class, segment, score) in told.items():
        status = Answer("calc__risk_status", {"year": 2027}, {"dual_class": dual_class, "is_esrd": False})
        yield Case(
            f"{name}_medicaid",
            f"{name} Medicaid at 76 and living at home is segment {segment}, F75_79 {score[:-1]} (RM 3.3, RM 3.4)",
            (visit,),
            (ALIGNED, status, scored(V28, score, segment, months=6)),
            {"dual": dual},
            aligned_months=6,
        )


def _kidneys(visit: Service, world: World) -> Iterator[Case]:
    months = Answer("calc__alignment_month", {"aligned_year": 2027}, {"rows": 6, "category": "ESRD"})
    of_no_other_model = Answer("calc__risk_score", V28, {}, WITH_PLANS)
    yield Case(
        "kidney_failure",
        "ESRD status makes the month's category ESRD (ALN-47), and ESRD V24 the model: dialysis, F75_79 0.617 (RM 3.6)",
        (visit,),
        (ALIGNED, months, scored(ESRD, "0.6170", "DI", months=6), of_no_other_model),
        {"esrd": calendar_month(2026, 12)},
        aligned_months=6,
    )
    graft = Service(
        date(2026, 11, 10), world.first(Kind.HOSPITAL), "60000.00", date(2026, 11, 16),
        file="inpatient", drg="652", diagnoses=("N186",),
    )  # fmt: skip
    yield Case(
        "kidney_transplant",
        "a new kidney on 10 November 2026: January 2027 is its third month, 0.941; from the fourth on it functions, F75_79 0.420 "
        "and 2.529 for months 4 to 9 at 65 or more; HCC136 is dropped with dialysis (RM 3.4, RM 4.3)",
        (visit, graft),
        (
            ALIGNED,
            months,
            scored(ESRD | {"first_month": 1}, "0.9410", "TRANSPLANT", months=1),
            scored(ESRD | {"first_month": 2}, "2.9490", "GNPA", months=5),
            of_no_other_model,
        ),
        {"esrd": calendar_month(2025, 1), "graft": calendar_month(2026, 11)},
        aligned_months=6,
    )


def _sources(visit: Service, world: World) -> Iterator[Case]:
    at_laboratory = Service(
        AY2, world.first(Kind.LABORATORY), code="80053", specialty="69", place="81", diagnoses=("E1122",)
    )
    at_home = Service(AY2, world.first(Kind.AGENCY), "2000.00", date(2026, 3, 20), file="hha", diagnoses=("E1122",))
    for name, claim in {"laboratory": at_laboratory, "home_health": at_home}.items():
        yield Case(
            f"diagnosis_of_{name}",
            f"a claim of {name.replace('_', ' ')} is no source of diagnoses: F75_79 0.465 alone (RM 2.2)",
            (visit, claim),
            (
                ALIGNED,
                scored(V28, "0.4650"),
                Answer("calc__risk_diagnosis", {"icd10_code": "E1122"}, {}, WITH_PLANS),
            ),
            aligned_months=6,
        )
