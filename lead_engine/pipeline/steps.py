"""The map of the program: every step, what it reads, what it rests on, and the table it writes.

A step is named after its table. The order of a run comes from the tables, never from the order of this list.
"""

from lead_engine.alignment import (
    care,
    choices,
    history,
    midyear,
    months_aligned,
    rank,
    responses,
    service_area,
    services,
)
from lead_engine.alignment.choice_rules import CareRules, ChoiceRules, MidyearRules
from lead_engine.alignment.medicaid import months as by_medicaid
from lead_engine.alignment.medicaid.rules import MedicaidRules
from lead_engine.alignment.minimums import tested
from lead_engine.alignment.minimums.rules import MinimumRules
from lead_engine.alignment.overlap import months as overlap
from lead_engine.alignment.overlap.rules import OverlapRules
from lead_engine.alignment.rules import AlignmentRules, ServiceRules
from lead_engine.benchmark import aco_risk, lines, reference
from lead_engine.benchmark.rules import RiskRatioRules
from lead_engine.calibration import promoted
from lead_engine.claims import spend
from lead_engine.claims.rules import SpendRules
from lead_engine.marts import aco_alignment, aco_year, risk_ratio
from lead_engine.marts.review import codes, deliveries, month_table, run_out
from lead_engine.marts.review.rules import CodeRules, PublishRules, ReviewRules, RunOutRules
from lead_engine.marts.rules import AcoYearRules, MartRules
from lead_engine.months import evaluate, high_needs
from lead_engine.months.rules import HighNeedsRules, MonthRules
from lead_engine.risk import diagnoses, profile, score, status, window_score
from lead_engine.risk.rules import RiskRules
from lead_engine.risk.windows import WindowRules

from .load_steps import (
    CHOSEN,
    COUNTED,
    LOADING,
    PEOPLE,
    PERIODS,
    RIF_LINES,
    RIF_PEOPLE,
    TRANSPLANTS,
    TUVA_LINES,
    TUVA_PEOPLE,
)
from .step import Step

SCORED = ("calc__risk_profile", "calc__risk_diagnosis", "calc__risk_status")
BARS = ("calc__service_area", "calc__overlap_month")
LISTED = ("core__participant", "core__aco", "core__ccn_tin", "core__other_model_tin")
POINTED = ("calc__voluntary_choice", "calc__midyear_alignment", "calc__voluntary_care")
RANKED = (
    "calc__alignment_candidate",
    "core__beneficiary",
    "calc__beneficiary_month",
    "core__aco",
    *POINTED,
    *BARS,
    "calc__medicaid_month",
)
JUDGED = ("core__attestation", "core__participant", "core__claim_line", "core__aco", "core__ccn_tin")
ANSWERED = ("calc__designation", "calc__alignment", "calc__beneficiary_month", "core__beneficiary", *BARS)
TOTALLED = ("calc__alignment_month", "calc__spend_month", "calc__risk_score", "calc__substitute_score", "core__aco")
RISKS = (
    "calc__alignment_month",
    "calc__risk_score",
    "calc__voluntary_history",
    "core__aco",
    "core__external_risk_score",
    "calc__substitute_score",
)
NATION = ("calc__beneficiary_month", "calc__risk_score", "core__external_risk_score", "calc__substitute_score")
CODED = ("core__claim", "core__claim_line", "core__claim_diagnosis", "core__enrolment_month")
DELIVERED = (RIF_PEOPLE, RIF_LINES, COUNTED, PEOPLE, TUVA_PEOPLE, TUVA_LINES, "ops__quarantine")

STEPS = (
    *LOADING,
    Step("calc__spend_month", "claims", spend.by_month, ("core__claim",), rules=SpendRules, accounts=spend.accounts),
    Step(
        "calc__risk_status",
        "risk",
        status.statuses,
        ("core__enrolment_month", "core__claim", PERIODS, TRANSPLANTS),
        rules=RiskRules,
        accounts=status.accounts,
    ),
    Step(
        "calc__risk_profile",
        "risk",
        profile.profiles,
        ("core__enrolment_month", "core__enrolment_year", "core__beneficiary", "calc__risk_status"),
        rules=RiskRules,
        accounts=profile.accounts,
    ),
    Step(
        "calc__risk_diagnosis",
        "risk",
        diagnoses.eligible_diagnoses,
        ("core__claim_line", "core__claim_diagnosis", "calc__risk_profile"),
        rules=RiskRules,
    ),
    Step("calc__hcc", "risk", score.terms, SCORED, rules=RiskRules),
    Step(
        "calc__risk_score",
        "risk",
        score.raw_scores,
        ("calc__hcc", "calc__risk_status"),
        rules=RiskRules,
        accounts=score.accounts,
    ),
    Step(
        "calc__substitute_score",
        "risk",
        promoted.step,
        SCORED,
        needs=("risk_model",),
        accounts=promoted.accounts,
        source="risk_model",
    ),
    Step(
        "calc__window_score",
        "risk",
        window_score.window_scores,
        ("core__enrolment_month", "calc__risk_profile", "core__claim_line", "core__claim_diagnosis"),
        rules=WindowRules,
        accounts=window_score.accounts,
    ),
    Step(
        "calc__high_needs_check",
        "months",
        high_needs.checked,
        ("core__claim", "core__claim_line", "core__claim_diagnosis", "calc__window_score"),
        rules=HighNeedsRules,
    ),
    Step(
        "calc__high_needs",
        "months",
        high_needs.status,
        ("core__beneficiary", "calc__high_needs_check", "calc__window_score"),
        rules=HighNeedsRules,
        accounts=high_needs.accounts,
    ),
    Step(
        "calc__beneficiary_month",
        "months",
        evaluate.evaluate,
        ("core__enrolment_month", "calc__high_needs_check"),
        rules=MonthRules,
        accounts=evaluate.accounts,
    ),
    Step(
        "calc__unit_score",
        "alignment",
        services.unit_scores,
        ("core__claim_line",),
        rules=ServiceRules,
        accounts=services.accounts,
    ),
    Step(
        "calc__alignment_candidate",
        "alignment",
        rank.candidates,
        ("calc__unit_score", *LISTED),
        rules=AlignmentRules,
    ),
    Step(
        "calc__designation",
        "alignment",
        choices.designations,
        JUDGED,
        rules=ChoiceRules,
        accounts=choices.accounts,
        source=CHOSEN,
    ),
    Step(
        "calc__voluntary_choice",
        "alignment",
        choices.deciding,
        ("calc__designation",),
        rules=ChoiceRules,
        source=CHOSEN,
    ),
    Step(
        "calc__midyear_alignment",
        "alignment",
        midyear.winners,
        ("calc__unit_score", "core__claim_line", *LISTED),
        rules=MidyearRules,
    ),
    Step(
        "calc__voluntary_care",
        "alignment",
        care.care,
        ("calc__voluntary_choice", "core__claim_line", "core__participant", "core__ccn_tin"),
        needs=("spark", "preferred_providers"),
        rules=CareRules,
        source=CHOSEN,
    ),
    Step(
        "calc__service_area",
        "alignment",
        service_area.service_area,
        needs=("spark", "participant_offices", "county_adjacency"),
        source="service_area",
    ),
    Step(
        "calc__overlap_month",
        "alignment",
        overlap.overlap_months,
        ("core__other_model_person",),
        rules=OverlapRules,
        accounts=overlap.accounts,
        source="other_model_people",
    ),
    Step(
        "calc__medicaid_month",
        "alignment",
        by_medicaid.candidates,
        ("core__medicaid_month",),
        needs=("spark", "medicaid_partners"),
        rules=MedicaidRules,
        accounts=by_medicaid.accounts,
        source="medicaid_alignment",
    ),
    Step(
        "calc__alignment",
        "alignment",
        months_aligned.alignment,
        RANKED,
        rules=AlignmentRules,
        gives=("run_id",),
        accounts=months_aligned.accounts,
    ),
    Step(
        "calc__alignment_month",
        "alignment",
        months_aligned.alignment_months,
        ("calc__alignment", "calc__beneficiary_month"),
    ),
    Step(
        "calc__attestation_response",
        "alignment",
        responses.responses,
        ANSWERED,
        rules=ChoiceRules,
        accounts=responses.accounts,
        source=CHOSEN,
    ),
    Step(
        "calc__voluntary_history",
        "alignment",
        history.history,
        ("calc__alignment", "calc__beneficiary_month", "core__aco"),
        rules=AlignmentRules,
    ),
    Step(
        "calc__aco_minimum",
        "alignment",
        tested.minimums,
        ("calc__alignment_month", "calc__high_needs"),
        needs=("spark", "acos"),
        rules=MinimumRules,
    ),
    Step("calc__aco_risk", "benchmark", aco_risk.sums, RISKS, rules=RiskRatioRules, accounts=aco_risk.accounts),
    Step(
        "calc__reference_risk",
        "benchmark",
        reference.sums,
        NATION,
        rules=RiskRatioRules,
        accounts=reference.accounts,
        source="reference_lake",
    ),
    Step(
        "calc__benchmark_line",
        "benchmark",
        lines.ledger_lines,
        ("calc__aco_risk", "core__aco", "calc__reference_risk"),
        needs=("reference_risk_scores",),
        rules=RiskRatioRules,
        gives=("run_id",),
        accounts=lines.accounts,
    ),
    Step("calc__aco_year", "marts", aco_year.exact, TOTALLED, rules=AcoYearRules, accounts=aco_year.accounts),
    Step("mart__aco_year", "marts", aco_year.published, ("calc__aco_year", "core__aco"), rules=MartRules),
    Step(
        "mart__aco_alignment",
        "marts",
        aco_alignment.published,
        ("calc__alignment_month", "calc__aco_minimum", "mart__aco_year", "core__aco"),
        rules=MartRules,
    ),
    Step("mart__risk_ratio", "marts", risk_ratio.published, ("calc__benchmark_line", "core__aco"), rules=MartRules),
    Step(
        "calc__run_out",
        "marts",
        run_out.exact,
        ("core__claim",),
        needs=("deliveries",),
        rules=RunOutRules,
        accounts=run_out.accounts,
    ),
    Step("mart__run_out", "marts", run_out.published, ("calc__run_out",), rules=ReviewRules),
    Step(
        "mart__data_review",
        "marts",
        month_table.published,
        ("calc__run_out", "core__enrolment_month"),
        rules=ReviewRules,
        accounts=month_table.accounts,
    ),
    Step("mart__unknown_code", "marts", codes.published, CODED, rules=CodeRules),
    Step("mart__delivery", "marts", deliveries.published, DELIVERED, needs=("deliveries",), rules=PublishRules),
)
STAGES = tuple(dict.fromkeys(step.stage for step in STEPS))
