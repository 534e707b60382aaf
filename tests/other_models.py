"""Other models and Medicaid, twice: plain Python for one person, Spark for all of them in one frame."""

from collections.abc import Mapping, Sequence
from datetime import date

from pyspark.sql import SparkSession

from lead_engine.alignment.medicaid import months as medicaid
from lead_engine.alignment.medicaid.decide import Benefits, Partner, by_medicaid, candidate
from lead_engine.alignment.medicaid.rules import MedicaidRules
from lead_engine.alignment.overlap import months
from lead_engine.alignment.overlap.decide import Membership, overlap_of
from lead_engine.alignment.overlap.rules import OverlapRules
from lead_engine.foundation.months import months_of
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.medicaid import MedicaidPartner
from lead_engine.tables import CONTRACTS
from tests.held import held

People = Mapping[int, Sequence[Membership]]
Overlaps = dict[tuple[int, date], tuple[str, str]]  # person and month: the model and the entry of the order
ANSWER = (
    "aligned_year int, bene_key bigint, stage string, aco_id string, route string, effective_month date, end_month date, "
    "end_reason string"
)
Spans = dict[int, tuple[str, date, date, str | None]]  # person: ACO, first and last month, why it ended


def plain_overlaps(people: People, rules: OverlapRules) -> Overlaps:
    """Every month of the performance year in which another model goes before LEAD, by `decide`."""
    found = {}
    for person, memberships in people.items():
        for month in months_of(rules.performance_year):
            overlap = overlap_of(memberships, month, rules)
            if overlap:
                found[person, month] = tuple(overlap)
    return found


def spark_overlaps(spark: SparkSession, people: People, rules: OverlapRules) -> Overlaps:
    """The same by `overlap.months`; its accounts must balance."""
    rows = [
        (person, m.model, None, m.assignment, m.start, m.end, "list")
        for person, memberships in people.items()
        for m in memberships
    ]
    frame = spark.createDataFrame(rows, CONTRACTS["core__other_model_person"].schema)
    told = held(months.overlap_months(frame, rules))
    assert unbalanced("overlap", entries(months.accounts(frame, rules, told))) == []
    found = {(row["bene_key"], row["month"]): (row["model"], row["excluded_by"]) for row in told.collect()}
    assert len(found) == told.count()
    return found


def plain_medicaid(
    people: Mapping[int, tuple[Sequence[Benefits], Sequence[tuple[date, str | None]], bool]],
    partners: Sequence[Partner],
    rules: MedicaidRules,
) -> Spans:
    """Whom route M aligns, by `decide`. In: benefits, evaluated months, whether another route has a month."""
    found: Spans = {}
    for person, (benefits, evaluated, is_aligned) in people.items():
        acos = {each.month: candidate(each, partners, rules) for each in benefits}
        told = by_medicaid({month: aco for month, aco in acos.items() if aco}, evaluated, is_aligned)
        if told:
            found[person] = (told.aco_id, told.months[0], told.months[-1], told.end_reason)
    return found


def spark_medicaid(
    spark: SparkSession,
    people: Mapping[int, tuple[Sequence[Benefits], Sequence[tuple[date, str | None]], bool]],
    partners: Sequence[Partner],
    rules: MedicaidRules,
) -> Spans:
    """The same by `medicaid.months`, with rows of `calc__alignment` as they would be without route M."""
    year = rules.performance_year
    listed = Given(
        "partners.csv",
        "v1",
        tuple(
            MedicaidPartner.model_construct(
                aco_id=p.aco_id, org_id=p.org_id, state="NY", effective_date=p.start, termination_date=p.end
            )
            for p in partners
        ),
    )
    rows = [
        (person, b.month, b.org_id, b.is_full_benefit_dual, "list") for person, (bs, _, _) in people.items() for b in bs
    ]
    benefits = spark.createDataFrame(rows, CONTRACTS["core__medicaid_month"].schema)
    found = held(medicaid.candidates(spark, listed, benefits, rules))
    assert unbalanced("medicaid", entries(medicaid.accounts(spark, listed, benefits, rules, found))) == []
    evaluated = spark.createDataFrame(
        [(p, m, m.year, reason is None, reason) for p, (_, ms, _) in people.items() for m, reason in ms],
        "bene_key bigint, month date, year int, is_eligible boolean, reason string",
    )
    rows = [_answer(person, year, is_aligned) for person, (_, _, is_aligned) in people.items()]
    answers = spark.createDataFrame(rows, ANSWER)
    told = held(medicaid.with_route_m(answers, found, evaluated))
    assert told.schema.names == answers.schema.names and told.count() == len(people)
    others = {row["bene_key"]: row for row in told.where("route is null or route <> 'M'").collect()}
    assert all((row["route"] == "C") is people[person][2] for person, row in others.items())
    return {
        row["bene_key"]: (row["aco_id"], row["effective_month"], row["end_month"], row["end_reason"])
        for row in told.where("route = 'M'").collect()
    }


def _answer(person: int, year: int, is_aligned: bool) -> tuple:
    held = ("L9", "C", date(year, 1, 1), date(year, 3, 1), "MA") if is_aligned else (None,) * 5
    return (year, person, "NONE", *held)
