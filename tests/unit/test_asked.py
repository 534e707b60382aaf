"""What a run asks for and has not, or may not have, is told before anything runs, all of it at once."""

import csv
import io

import pytest

from lead_engine.foundation.errors import ConfigurationError, MethodologyError
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.plan import steps_of

EMPTY = {
    "county_adjacency": "county_code,neighbour_county_code\n36170,36480\n36480,36170\n",
    "medicaid_partners": "aco_id,org_id,state,effective_date,termination_date\nL0001,ORG,NY,2028-01-01,\n",
    "medicaid_enrolment": "mbi,org_id,month,full_benefit_dual\n1S000000001,ORG,2028-01,yes\n",
    "ccn_to_tin": "ccn,tin,effective_date,termination_date\n000001,000000001,,\n",
}
TINS = "tin,model,entity_id,effective_date,termination_date\n"


@pytest.fixture
def configured(own_network):
    """The network with a scenario and lists instead of those it comes with."""

    def go(scenario="alignment/service_area_mode: NONE", **lists):
        head = own_network.read_text("utf-8").partition("inputs:")[0]
        own_network.with_name("more.yaml").write_text(f"description: a test\n{scenario}\n", "utf-8")
        for name, text in lists.items():
            own_network.with_name(f"{name}.csv").write_text(text, "utf-8")
        named = "".join(f"  {name}: {name}.csv\n" for name in lists)
        head = head.replace("[no_service_area.yaml]", "[more.yaml]")
        own_network.write_text(head + (f"inputs:\n{named}" if named else ""), "utf-8")
        return read_config(own_network)

    return go


def participants(own_network):
    text = own_network.with_name("participants.csv").read_text("utf-8")
    return [row for row in csv.DictReader(io.StringIO(text)) if row["provider_class"].startswith("Participant")]


def offices(own_network, leave=""):
    rows = {(row["aco_id"], row["tin"], row["ccn"]) for row in participants(own_network) if row["aco_id"] != leave}
    return "aco_id,tin,ccn,npi,county_code\n" + "".join(f"{a},{t},{c},,36170\n" for a, t, c in sorted(rows))


def tables(config):
    return {step.table for step in steps_of(config)}


def test_a_service_area_without_adjacency_is_refused_with_the_remedy(configured, own_network):
    with pytest.raises(ConfigurationError) as raised:
        configured("alignment/service_area_mode: REACH_EXTENDED", participant_offices=offices(own_network))
    told = str(raised.value)
    assert "the service area is to be tested and no county adjacency is given" in told
    assert "alignment/service_area_mode: NONE" in told and "participant offices is given" not in told


def test_an_aco_without_an_office_is_refused(configured, own_network):
    with pytest.raises(ConfigurationError, match=r"participant_offices\.csv: has no office of ACO L0003"):
        configured(
            "alignment/service_area_mode: REACH_EXTENDED",
            county_adjacency=EMPTY["county_adjacency"],
            participant_offices=offices(own_network, leave="L0003"),
        )


def test_a_service_area_that_can_be_tested_has_its_step(configured, own_network):
    lists = {"county_adjacency": EMPTY["county_adjacency"], "participant_offices": offices(own_network)}
    config = configured("alignment/service_area_mode: REACH_EXTENDED", **lists)
    assert "calc__service_area" in tables(config)
    assert "calc__service_area" not in tables(configured(**lists)), "lists alone do not turn it on"


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("group_other_acos", ["other ACOs are to be compared as groups and no list other_model_tins is given"]),
        (
            "medicaid_alignment",
            [
                "to be aligned by Medicaid and no list medicaid_partners",
                "to be aligned by Medicaid and no list medicaid_enrolment",
            ],
        ),
    ],
)
def test_a_choice_without_its_lists(configured, choice, said):
    with pytest.raises(ConfigurationError) as raised:
        configured(f"alignment/service_area_mode: NONE\nalignment/{choice}: true")
    assert [part for part in said if part not in str(raised.value)] == []


def test_route_m_is_off_until_it_is_turned_on(configured):
    lists = {name: EMPTY[name] for name in ("medicaid_partners", "medicaid_enrolment")}
    made = {"core__medicaid_month", "calc__medicaid_month"}
    assert made & tables(configured(**lists)) == set()
    scenario = "alignment/service_area_mode: NONE\nalignment/medicaid_alignment: true"
    assert made <= tables(configured(scenario, **lists))


def test_barred_tins_are_told_all_at_once_with_their_days(configured, own_network):
    ours = sorted({row["tin"] for row in participants(own_network) if row["tin"]})[:2]
    text = (
        TINS
        + f"{ours[0]},MSSP,A0001,2025-01-01,\n{ours[1]},PC_FLEX,,2026-07-01,2027-06-30\n{ours[0]},GUIDE,,2027-01-01,\n"
    )
    with pytest.raises(ConfigurationError) as raised:
        configured(other_model_tins=text)
    told = str(raised.value)
    assert told.startswith("2 problems:") and "GUIDE" not in told
    assert f"TIN:{ours[0]} is in MSSP and a Participant of L0001 from 2027-01-01 to 2027-12-31" in told
    assert f"TIN:{ours[1]} is in PC_FLEX and a Participant of L0001 from 2027-01-01 to 2027-06-30" in told
    assert "(ALN-44)" in told


def test_allowed_models_pass(configured, own_network):
    ours = participants(own_network)[0]["tin"]
    config = configured(other_model_tins=TINS + f"{ours},GUIDE,,2026-07-01,\n{ours},MSSP,A0001,2025-01-01,2026-12-31\n")
    assert "core__other_model_tin" in tables(config)


def test_an_order_that_is_none_is_told(configured):
    order = '["LEAD:V", GEO_AHEAD, "LEAD:C", "LEAD:M"]'
    with pytest.raises(MethodologyError, match="does not have the routes of LEAD together"):
        configured(f"alignment/service_area_mode: NONE\nalignment/overlap_precedence: {order}")


def test_the_tins_of_clinics_reach_the_candidates_alone(configured):
    from lead_engine.pipeline.plan import identities

    before, after = identities(configured()), identities(configured(ccn_to_tin=EMPTY["ccn_to_tin"]))
    assert set(after) - set(before) == {"core__ccn_tin"} and before["calc__unit_score"] == after["calc__unit_score"]
    assert before["calc__alignment_candidate"] != after["calc__alignment_candidate"]
