"""The steps that load: deliveries and lists from outside as tables of what was delivered."""

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

from .step import Step

RIF, CCLF, TUVA = (("spark", kind, "secret") for kind in ("rif", "cclf", "tuva"))
FILES = ("spark", "rif", "cclf", "tuva", "secret")
RIF_PEOPLE, RIF_LINES = "stage__rif_beneficiary", "stage__rif_line"
COUNTED, HEADERS, LINES = "stage__cclf_file", "stage__cclf_claim", "stage__cclf_line"
DIAGNOSES, PEOPLE, CROSSWALK = "stage__cclf_diagnosis", "stage__cclf_beneficiary", "stage__cclf_crosswalk"
TUVA_PEOPLE, TUVA_LINES = "stage__tuva_eligibility", "stage__tuva_line"
KEYS = "core__person_key"
PERIODS, TRANSPLANTS = "core__institutional_period", "core__kidney_transplant"
CHOSEN = "attestations"

LOADING = (
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
)
