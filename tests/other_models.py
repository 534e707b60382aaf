"""Other models and Medicaid, twice: plain Python for one person, Spark for all of them in one frame."""

from collections.abc import Mapping, Sequence
from datetime import date

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lead_engine.alignment import months_aligned
from lead_engine.alignment.decide import Month, Pointers, Route, aligned_year
from lead_engine.alignment.medicaid import months as medicaid
from lead_engine.alignment.medicaid.decide import Benefits, Partner, candidate
from lead_engine.alignment.medicaid.rules import MedicaidRules
from lead_engine.alignment.overlap import months
from lead_engine.alignment.overlap.decide import Membership, overlap_of
from lead_engine.alignment.overlap.rules import OverlapRules
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.foundation.months import months_of
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.sources.inputs.contract import Given
from lead_engine.sources.inputs.medicaid import MedicaidPartner
from lead_engine.tables import CONTRACTS
from tests.held import held
from tests.rules import alignment_rules
from tests.voluntary import acos_frame, rows_of

People = Mapping[int, Sequence[Membership]]
Overlaps = dict[tuple[int, date], tuple[str, str]]  # person and month: the model and the entry of the order
OF_2028 = alignment_rules(performance_year=2028, base_year_count=0, enrolment_through=date(2028, 12, 1))
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
    """Whom route M aligns, by `decide`. In: benefits, evaluated months, whether claims point to an ACO."""
    found: Spans = {}
    for person, (benefits, evaluated, is_aligned) in people.items():
        acos = {each.month: candidate(each, partners, rules) for each in benefits}
        to = Pointers("L9" if is_aligned else None, medicaid={month: aco for month, aco in acos.items() if aco})
        told = aligned_year(2028, [Month(*month) for month in evaluated], None, to, OF_2028)
        if told.route is Route.MEDICAID:
            found[person] = (str(told.aco_id), told.months[0], told.months[-1], told.end_reason)
    return found


def spark_medicaid(
    spark: SparkSession,
    people: Mapping[int, tuple[Sequence[Benefits], Sequence[tuple[date, str | None]], bool]],
    partners: Sequence[Partner],
    rules: MedicaidRules,
) -> Spans:
    """The same by `medicaid.months` and `months_aligned`."""
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
    claims = [_by_claims(person) for person, (_, _, is_aligned) in people.items() if is_aligned]
    months_of_people = [
        {"bene_key": p, "month": m, "year": m.year, "is_eligible": reason is None, "reason": reason}
        for p, (_, ms, _) in people.items()
        for m, reason in ms
    ]
    made = months_aligned.alignment(
        rows_of(spark, "calc__alignment_candidate", claims),
        rows_of(spark, "core__beneficiary", [{"bene_key": person} for person in people]),
        rows_of(spark, "calc__beneficiary_month", months_of_people),
        acos_frame(spark, dict.fromkeys(("L1", "L2", "L9"), "PROSPECTIVE")),
        None,
        rows_of(spark, "calc__midyear_alignment", []),
        None,
        None,
        None,
        found.withColumn("performance_year", F.lit(2028)),
        OF_2028,
        "run",
    )
    told = held(made.where("aligned_year = 2028"))
    assert told.count() == len(people)
    return {
        row["bene_key"]: (row["aco_id"], row["effective_month"], row["end_month"], row["end_reason"])
        for row in told.where("route = 'M'").collect()
    }


def _by_claims(person: int) -> dict:
    told = {"bene_key": person, "aligned_year": 2028, "unit": pack_unit("L9"), "stage": "PRIMARY", "rank": 1}
    return told | {"pcs_score_cents": 1, "sps_score_cents": 0, "pcs_lines": 1, "sps_lines": 0}
