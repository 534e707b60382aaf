"""Plain Python and Spark agree on units, known-by dates, other models, Medicaid and counted people, thousands in one frame."""

from collections import Counter

import pytest

from lead_engine.alignment import services
from lead_engine.alignment.decide import Counted, counts
from lead_engine.alignment.minimums.tested import people_by_year
from lead_engine.foundation.identifiers import unpack_unit
from lead_engine.tables import CONTRACTS
from tests.engines import line_row
from tests.generative import memberships, populations
from tests.minimums import HIGH_NEEDS, MONTHS, minimum_rules
from tests.other_models import plain_medicaid, plain_overlaps, spark_medicaid, spark_overlaps
from tests.rules import alignment_rules, service_rules
from tests.spec.alignment.test_aln_04_known_by_date import OWN
from tests.spec.alignment.test_aln_45_people_in_other_models import RULES as OVERLAP
from tests.spec.alignment.test_aln_66_medicaid import RULES as MEDICAID
from tests.units import plain_units, spark_units

COUNT = 10_000


@pytest.mark.parametrize("grouped", [(), ("MSSP", "PC_FLEX")], ids=["alone", "grouped"])
@pytest.mark.parametrize("choice", ["TIN", "CCN", "NPI"])
def test_comparison_units(spark, choice, grouped):
    rules = alignment_rules(competitor_grouping=choice, grouped_models=grouped)
    given, scores = memberships.lists(seed=31), memberships.billed(COUNT, seed=32)
    plain = plain_units(scores, given, rules)
    assert spark_units(spark, scores, given, rules) == plain
    kinds = {unit.partition(":")[0] if ":" in unit else "ACO" for unit in plain}
    assert kinds == {"ACO", "TIN", "CCN"} | ({"NPI"} if choice == "NPI" else set())


@pytest.mark.parametrize("by_clinician", [True, False])
def test_lines_of_each_year_with_its_own_date(spark, by_clinician):
    from dataclasses import replace

    rules = replace(OWN, by_clinician=by_clinician)
    around = [populations.lines(COUNT // 4, seed=33, rules=rules.of_year(own)) for own in rules.own_cutoffs]
    lines = dict(enumerate(line for drawn in around for line in drawn.values()))
    plain: Counter[tuple] = Counter()
    for number, line in lines.items():
        for own in rules.own_cutoffs:
            told = counts(line, rules.of_year(own))
            if isinstance(told, Counted):
                plain[
                    number, own.aligned_year, told.alignment_year_end, told.unit, told.stage, told.cents, told.npi
                ] += 1
    schema = CONTRACTS["core__claim_line"].schema
    frame = spark.createDataFrame([line_row(n, line, schema.names) for n, line in lines.items()], schema)
    found: Counter[tuple] = Counter()
    for row in services.classified(frame, rules).where("not_counted is null").collect():
        npi = unpack_unit(row["npi"]) if row["npi"] else None
        unit = unpack_unit(row["unit"])
        found[
            row["bene_key"], row["known_for_year"], row["alignment_year_end"], unit, row["stage"], row["cents"], npi
        ] += 1
    assert found == plain and len({year for _, year, *_ in plain}) == 4
    one_date = services.classified(frame, service_rules(by_clinician=by_clinician))
    assert one_date.where("not_counted is null and known_for_year is not null").count() == 0


def test_people_in_other_models(spark):
    people = memberships.memberships(COUNT, seed=34)
    plain = plain_overlaps(people, OVERLAP)
    assert spark_overlaps(spark, people, OVERLAP) == plain
    assert {entry for _, entry in plain.values()} == set(OVERLAP.before_lead)
    assert 0 < len({person for person, _ in plain}) < COUNT


def test_people_with_medicaid(spark):
    people = memberships.beneficiaries(COUNT, seed=35)
    plain = plain_medicaid(people, memberships.PARTNERS, MEDICAID)
    assert spark_medicaid(spark, people, memberships.PARTNERS, MEDICAID) == plain
    assert {aco for aco, *_ in plain.values()} == {"L1", "L2"} and {why for *_, why in plain.values()} >= {None, "MA"}


@pytest.mark.parametrize("is_evaluated", [True, False])
def test_people_of_an_aco(spark, is_evaluated):
    rows, listed = memberships.aligned_months(COUNT, seed=36)
    rules = minimum_rules()
    found = {person for person, day in listed if day <= rules.january}
    expected: dict[tuple, list[int]] = {}
    for year, person, month, aco, route, category in rows:
        if month.month == 1 and (year == 2027 or route in "CB"):
            cell = expected.setdefault((aco, year), [0, 0, 0])
            has = is_evaluated and person in found
            for place, counts_here in enumerate((True, has, has or category == "ESRD")):
                cell[place] += counts_here
    months = spark.createDataFrame(rows, MONTHS)
    high_needs = spark.createDataFrame(listed, HIGH_NEEDS) if is_evaluated else None
    told = people_by_year(months, rules, high_needs).collect()
    names = ("people", "high_needs", "high_needs_or_esrd")
    assert {(r["aco_id"], r["year"]): [r[name] for name in names] for r in told} == expected
