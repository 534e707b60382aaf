"""ALN-64, DL 7.1: a what-if shows no change on 1 to 10 people, and none that follows from what it shows of other ACOs."""

from dataclasses import replace
from datetime import date

import pytest

from lead_engine.marts.rules import MartRules
from lead_engine.marts.what_if import Change, Told, page, withheld
from lead_engine.sources.list_changes import ListChange
from tests.drawn import by_case, table
from tests.rules import FACTS

SMALLEST, YEAR = 11, 2027
RULES = MartRules(SMALLEST, "basis")
CASES = by_case(
    table(
        """
    case                                               | aco | before | gained | lost | from nowhere | to nowhere | shown
    ---------------------------------------------------|-----|--------|--------|------|--------------|------------|------
    eleven come                                        | L1  | 500    | 11     | 0    | 11           | 0          | yes
    ten come                                           | L1  | 500    | 10     | 0    | 10           | 0          | no
    ten go                                             | L1  | 500    | 0      | 10   | 0            | 10         | no
    ten stay                                           | L1  | 100    | 20     | 90   | 20           | 90         | no
    nobody stays                                       | L1  | 90     | 0      | 90   | 0            | 90         | yes
    one ACO's loss is the other's gain                 | L1  | 500    | 30     | 0    | 0            | 0          | yes
                                                       | L2  | 500    | 0      | 30   | 0            | 0          | yes
    of thirty who come two are from nowhere: L2 goes   | L1  | 500    | 30     | 0    | 2            | 0          | yes
                                                       | L2  | 500    | 0      | 28   | 0            | 0          | no
    few go from L3: L2 hides them, since L1 tells all  | L1  | 500    | 40     | 0    | 0            | 0          | yes
                                                       | L2  | 500    | 0      | 35   | 0            | 0          | no
                                                       | L3  | 500    | 0      | 5    | 0            | 0          | no
    few go from L3, and many to nowhere                | L1  | 500    | 40     | 0    | 0            | 0          | yes
                                                       | L2  | 500    | 0      | 35   | 0            | 0          | yes
                                                       | L3  | 500    | 0      | 5    | 0            | 0          | no
                                                       | L4  | 500    | 0      | 60   | 0            | 60         | yes
    an ACO of few people                               | L1  | 10     | 20     | 0    | 20           | 0          | no
    an ACO that had nobody                             | L1  | 0      | 20     | 0    | 20           | 0          | yes
    """,
        **dict.fromkeys(["before", "gained", "lost", "from nowhere", "to nowhere"], int),
    )
)


def change(aco, gained, lost, come=0, go=0, **more):
    """Everybody who comes or goes does so for a year, at a hundred dollars and a score of one a month."""
    figures = {"people_from_nowhere": come, "people_to_nowhere": go}
    for side, people in (("gained", gained), ("lost", lost)):
        figures |= {f"{name}_{side}": people for name in ("lives", "people", "scored_people")}
        figures |= {f"months_{side}": people * 12, f"paid_cents_{side}": people * 12 * 100_00}
        figures |= {f"scored_months_{side}": people * 12, f"score_millionths_{side}": people * 12 * 1_000_000}
    return Change(**({"aco_id": aco, "year": YEAR, "route": "ALL", "category": "ALL"} | figures | more))


def with_routes(*totals):
    """All by claims, of one category."""
    return [replace(each, route=r, category=c) for each in totals for r in ("ALL", "C") for c in ("ALL", "AD")]


def told(changes, before):
    totals = [
        {
            "aco_id": aco,
            "year": YEAR,
            "category": category,
            "people": n,
            "months": n * 12,
            "paid_cents": n * 12 * 200_00,
        }
        for aco, n in before.items()
        for category in ("ALL", "AD")
        if n
    ]
    risks = [
        {"aco_id": aco, "category": "AD", "route": "C", "year": YEAR, "model": "V28"}
        | {"scored_people": n, "scored_months": n * 12, "score_millionths": n * 12 * 2_000_000}
        for aco, n in before.items()
        if n
    ]
    listed = ListChange({"TIN:000000001": "L1"}, {"TIN:000000001": "L1"}, {})
    return Told(listed, (), dict.fromkeys(before, "A name"), changes, totals, risks)


@pytest.mark.parametrize("case", CASES)
def test_what_is_shown(case):
    rows = CASES[case]
    changes = [change(r["aco"], r["gained"], r["lost"], r["from nowhere"], r["to nowhere"]) for r in rows]
    known = told(with_routes(*changes), {row["aco"]: row["before"] for row in rows})
    hidden = {key[0] for key, _ in withheld(known, SMALLEST)}
    shown = page(known, FACTS, RULES).facts
    suppressed = {row["aco_id"] for row in shown["totals"] if row["people_after"] is None}
    assert {row["aco"]: "no" if row["aco"] in suppressed else "yes" for row in rows} == {
        row["aco"]: row["shown"] for row in rows
    }
    assert hidden == suppressed
    for row in shown["moved"]:
        assert (row["lives_gained"] is None) is (row["aco_id"] in hidden) is row["is_suppressed"]


def test_that_choices_stay_is_said_where_there_are_any():
    """ALN-36: an attestation that names a TIN that leaves is not judged anew."""
    known = told([], {"L1": 500})
    for has_choices in (False, True):
        shown = page(replace(known, has_choices=has_choices), FACTS, RULES)
        said = [each.says for each in shown.sentences if each.about == "choices"]
        assert bool(said) is has_choices is (shown.facts["choices"] is not None)
        assert all("names a TIN that leaves still aligns" in text for text in said)


def test_figures_before_and_after():
    known = told(with_routes(change("L1", 20, 40)), {"L1": 500})
    shown = page(known, FACTS, RULES)
    (total,) = shown.facts["totals"]
    assert (total["people_before"], total["people_after"], total["months_after"]) == (500, 480, 480 * 12)
    assert total["paid_cents_after"] == (500 * 200_00 - 20 * 100_00) * 12
    assert (total["pbpm_cents_before"], total["pbpm_cents_after"]) == (200_00, round((1000_00 - 20_00) * 100 / 480))
    (mean,) = shown.facts["mean_risk"]
    assert (mean["mean_before"], mean["mean_after"], mean["model"]) == (2.0, round((1000 - 20) / 480, 4), "V28")
    assert "480" in str(shown.tables[1].rows) and shown.facts["basis"] == "basis"


def test_a_mean_of_few_scores_is_not_shown_beside_shown_lives():
    many = with_routes(change("L1", 20, 0, 20))
    few = [replace(each, scored_people_gained=3) if each.category == "AD" else each for each in many]
    shown = page(told(few, {"L1": 500}), FACTS, RULES).facts
    assert shown["totals"][0]["people_after"] == 520 and shown["mean_risk"][0]["mean_after"] is None
    assert shown["mean_risk"][0]["mean_before"] == 2.0


def test_a_route_of_few_people_is_withheld_with_what_would_tell_it():
    total = change("L1", 30, 0, 30)
    routes = [replace(total, route="C", **sized(25)), replace(total, route="V", **sized(5))]
    found = withheld(told([total, *routes], {"L1": 500}), SMALLEST)
    assert found == {(("L1", YEAR), "C"), (("L1", YEAR), "V")}


def sized(people):
    return {"lives_gained": people, "people_gained": people, "people_from_nowhere": people}


def test_people_who_change_some_months_are_people_too():
    some = replace(change("L1", 20, 0, 20), lives_gained=15)
    assert withheld(told([some], {"L1": 500}), SMALLEST) == {(("L1", YEAR), "ALL")}


def test_nobody_moves():
    shown = page(replace(told([], {"L1": 500}), never_billed=("TIN:000000001",)), FACTS, RULES)
    said = {sentence.about: sentence.says for sentence in shown.sentences}
    assert "nobody has a qualifying charge" in said["never billed"] and said["answer"].startswith("zero")
    assert shown.tables == () and shown.facts["moved"] == []


def test_years_are_named_by_what_they_are():
    base = replace(change("L1", 20, 0, 20), year=2026)
    known = told([base, change("L1", 20, 0, 20)], {"L1": 500})
    periods = {row["year"]: row["period"] for row in page(known, FACTS, RULES).facts["moved"]}
    assert periods == {2026: "base year", 2027: "performance year"} and FACTS.enrolment_through > date(2027, 1, 1)
