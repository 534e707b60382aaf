"""The map of the program: every step, what it reads, what it rests on, and the table it writes.

A step is named after its table. The order of a run comes from the tables, never from the order of this list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
from lead_engine.marts import aco_year, risk_ratio
from lead_engine.marts.review import codes, deliveries, month_table, run_out
from lead_engine.marts.review.rules import CodeRules, PublishRules, ReviewRules, RunOutRules
from lead_engine.marts.rules import AcoYearRules, MartRules
from lead_engine.months import evaluate, high_needs
from lead_engine.months.rules import HighNeedsRules, MonthRules
from lead_engine.risk import diagnoses, profile, score, status, window_score
from lead_engine.risk.rules import RiskRules
from lead_engine.risk.windows import WindowRules
from lead_engine.sources import (
    acos,
    attestations,
    claims,
    external_scores,
    medicaid,
    other_models,
    participants,
    people,
    provider_enrolment,
    quarantine,
    risk_lists,
)
from lead_engine.sources.cclf import records as cclf
from lead_engine.sources.rif import accounts, records
from lead_engine.sources.rules import DeliveryRules
from lead_engine.sources.tuva import records as tuva

Function = Callable[..., Any]


@dataclass(frozen=True)
class Step:
    """One table and how it is made: `function(*needs, *frames read, rules)`."""

    table: str
    stage: str
    function: Function
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()  # inputs of the configuration, by name; see pipeline/inputs.py
    rules: Any = None
    accounts: Function | None = None  # called like `function`, with the written frame at the end
    gives: tuple[str, ...] = ()  # inputs handed over behind the rules
    source: str | tuple[str, ...] | None = (
        None  # without this delivery or list, or any of these, there is no such table
    )

    def is_of(self, kinds: set[str]) -> bool:
        """Whether a run with these kinds of delivery, and lists, has the step; readers of a table it has not are given None."""
        wanted = {self.source} if isinstance(self.source, str) else {*(self.source or ())}
        return self.source is None or bool(wanted & kinds)


RIF, CCLF, TUVA = (("spark", kind, "secret") for kind in ("rif", "cclf", "tuva"))
FILES = ("spark", "rif", "cclf", "tuva", "secret")
RIF_PEOPLE, RIF_LINES = "stage__rif_beneficiary", "stage__rif_line"
COUNTED, HEADERS, LINES = "stage__cclf_file", "stage__cclf_claim", "stage__cclf_line"
DIAGNOSES, PEOPLE, CROSSWALK = "stage__cclf_diagnosis", "stage__cclf_beneficiary", "stage__cclf_crosswalk"
TUVA_PEOPLE, TUVA_LINES = "stage__tuva_eligibility", "stage__tuva_line"
KEYS = "core__person_key"
PERIODS, TRANSPLANTS = "core__institutional_period", "core__kidney_transplant"
SCORED = ("calc__risk_profile", "calc__risk_diagnosis", "calc__risk_status")
CHOSEN, BARS = "attestations", ("calc__service_area", "calc__overlap_month")
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
JUDGED = ("core__attestation", "core__participant", "core__claim_line", "core__aco")
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
    Step(
        RIF_PEOPLE, "load", records.beneficiary_records, needs=RIF, accounts=accounts.beneficiary_records, source="rif"
    ),
    Step(RIF_LINES, "load", records.line_records, needs=RIF, accounts=accounts.line_records, source="rif"),
    Step(COUNTED, "load", cclf.counted_files, needs=CCLF[:2], source="cclf"),
    Step(HEADERS, "load", cclf.CLAIMS.records, (COUNTED,), CCLF, accounts=cclf.CLAIMS.accounts, source="cclf"),
    Step(LINES, "load", cclf.LINES.records, (COUNTED,), CCLF, accounts=cclf.LINES.accounts, source="cclf"),
    Step(DIAGNOSES, "load", cclf.DIAGNOSES.records, (COUNTED,), CCLF, accounts=cclf.DIAGNOSES.accounts, source="cclf"),
    Step(PEOPLE, "load", cclf.PEOPLE.records, (COUNTED,), CCLF, accounts=cclf.PEOPLE.accounts, source="cclf"),
    Step(CROSSWALK, "load", cclf.CROSSWALK.records, (COUNTED,), CCLF, accounts=cclf.CROSSWALK.accounts, source="cclf"),
    Step(TUVA_PEOPLE, "load", tuva.PEOPLE.records, needs=TUVA, accounts=tuva.PEOPLE.accounts, source="tuva"),
    Step(TUVA_LINES, "load", tuva.LINES.records, needs=TUVA, accounts=tuva.LINES.accounts, source="tuva"),
    Step(
        "ops__quarantine",
        "load",
        quarantine.quarantine,
        (RIF_PEOPLE, RIF_LINES, HEADERS, LINES, DIAGNOSES, PEOPLE, CROSSWALK, TUVA_PEOPLE, TUVA_LINES),
        needs=FILES,
        rules=DeliveryRules,
    ),
    Step(KEYS, "load", people.person_key, (PEOPLE, CROSSWALK, RIF_PEOPLE, TUVA_PEOPLE), source=("cclf", "tuva")),
    Step(
        "core__beneficiary_identity",
        "load",
        people.identity,
        (KEYS,),
        needs=FILES,
        accounts=people.identity_accounts,
    ),
    Step(
        "core__beneficiary",
        "load",
        people.beneficiary,
        (RIF_PEOPLE, RIF_LINES, PEOPLE, HEADERS, LINES, KEYS, TUVA_PEOPLE, TUVA_LINES),
    ),
    Step("core__enrolment_year", "load", people.enrolment_year, (RIF_PEOPLE,), needs=("spark",)),
    Step(
        "core__enrolment_month",
        "load",
        people.enrolment_month,
        (RIF_PEOPLE, "core__beneficiary", PEOPLE, KEYS, TUVA_PEOPLE),
    ),
    Step(
        "core__claim",
        "load",
        claims.claim,
        (RIF_LINES, HEADERS, LINES, KEYS, RIF_PEOPLE, TUVA_LINES, TUVA_PEOPLE),
        rules=DeliveryRules,
        accounts=claims.claim_accounts,
    ),
    Step(
        "core__claim_line",
        "load",
        claims.claim_line,
        (RIF_LINES, LINES, TUVA_LINES, "core__claim"),
        rules=DeliveryRules,
        accounts=claims.line_accounts,
    ),
    Step(
        "core__claim_diagnosis",
        "load",
        claims.claim_diagnosis,
        (RIF_LINES, HEADERS, LINES, DIAGNOSES, TUVA_LINES, "core__claim"),
        rules=DeliveryRules,
    ),
    Step("core__aco", "load", acos.aco_frame, needs=("spark", "acos")),
    Step("core__participant", "load", participants.participant_frame, needs=("spark", "participants", "list_version")),
    Step(
        "core__attestation",
        "load",
        attestations.attestations,
        ("core__beneficiary_identity",),
        needs=("spark", CHOSEN),
        accounts=attestations.accounts,
        source=CHOSEN,
    ),
    Step(
        "core__external_risk_score",
        "load",
        external_scores.scores,
        ("core__beneficiary_identity",),
        needs=("spark", "external_risk_scores"),
        accounts=external_scores.accounts,
        source="external_risk_scores",
    ),
    Step(
        PERIODS,
        "load",
        risk_lists.institutional_periods,
        ("core__beneficiary_identity",),
        needs=("spark", "institutional_periods"),
        accounts=risk_lists.institutional_accounts,
        source="institutional_periods",
    ),
    Step(
        TRANSPLANTS,
        "load",
        risk_lists.kidney_transplants,
        ("core__beneficiary_identity",),
        needs=("spark", "kidney_transplants"),
        accounts=risk_lists.transplant_accounts,
        source="kidney_transplants",
    ),
    Step(
        "core__ccn_tin",
        "load",
        provider_enrolment.ccn_tins,
        needs=("spark", "ccn_to_tin"),
        source="ccn_to_tin",
    ),
    Step(
        "core__other_model_tin",
        "load",
        other_models.tins,
        needs=("spark", "other_model_tins"),
        source="other_model_tins",
    ),
    Step(
        "core__other_model_person",
        "load",
        other_models.people,
        ("core__beneficiary_identity",),
        needs=("spark", "other_model_people"),
        accounts=other_models.people_accounts,
        source="other_model_people",
    ),
    Step(
        "core__medicaid_month",
        "load",
        medicaid.months,
        ("core__beneficiary_identity",),
        needs=("spark", "medicaid_enrolment"),
        accounts=medicaid.accounts,
        source="medicaid_alignment",
    ),
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
        ("calc__voluntary_choice", "core__claim_line", "core__participant"),
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
