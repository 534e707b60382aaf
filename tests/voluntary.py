"""Choices and aligned years decided twice: plain Python for one person, Spark for all of them in one frame."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructField, StructType

from lead_engine.alignment import choices, months_aligned, responses
from lead_engine.alignment.choice_rules import ChoiceRules
from lead_engine.alignment.decide import AlignedYear, Month, Pointers, aligned_year
from lead_engine.alignment.designations import (
    Choice,
    Listing,
    Seen,
    Standing,
    decider,
    first_month,
    listing_of,
    response,
    standing,
)
from lead_engine.alignment.rules import AlignmentRules
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.foundation.months import LATEST
from lead_engine.methodology.facts import RunFacts
from lead_engine.tables import CONTRACTS
from tests.held import held
from tests.rules import FACTS, resolved

YEAR = 2027
ACOS = {"L1": "HYBRID", "L2": "PROSPECTIVE", "L3": "HYBRID"}
AREAS = {"L1": {"36170", "36180"}, "L2": {"36180"}, "L3": {"36170", "36180", "36190"}}


def choice_rules(facts: RunFacts = FACTS, **overrides: Any) -> ChoiceRules:
    """The rules of choices, with parameters of `alignment` overridden by name."""
    return ChoiceRules.from_methodology(resolved(**{f"alignment__{name}": to for name, to in overrides.items()}), facts)


def rows_of(spark: SparkSession, name: str, rows: Sequence[Mapping[str, Any]]) -> DataFrame:
    """Rows as a table of the contract: what a row does not say is empty."""
    schema = StructType([StructField(field.name, field.dataType) for field in CONTRACTS[name].schema])
    given = [{"performance_year": YEAR} | dict(row) for row in rows]
    return spark.createDataFrame([tuple(row.get(column) for column in schema.names) for row in given], schema)


class Person(NamedTuple):
    """What claims, enrolment and lists say of one person's performance year."""

    months: list[Month]
    pointers: Pointers
    death: date | None = None
    counties: Mapping[date, str | None] = {}


def acos_frame(spark: SparkSession, elections: Mapping[str, str] = ACOS) -> DataFrame:
    """`core__aco`."""
    return spark.createDataFrame(
        [(aco, aco, YEAR, election) for aco, election in elections.items()], CONTRACTS["core__aco"].schema
    )


def plain_years(people: Mapping[int, Person], rules: AlignmentRules) -> dict[int, AlignedYear]:
    """The performance year of every person, by `decide`."""
    return {
        key: aligned_year(YEAR, person.months, person.death, person.pointers, rules) for key, person in people.items()
    }


def frames_of(spark: SparkSession, people: Mapping[int, Person]) -> dict[str, DataFrame]:
    """The tables that `months_aligned.alignment` reads, from the same facts."""
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("candidate", "person", "month", "choice", "midyear", "other", "medicaid")
    }
    for key, each in people.items():
        rows["person"].append({"bene_key": key, "death_date": each.death})
        if each.pointers.claims is not None:
            unit = pack_unit(each.pointers.claims)
            rows["candidate"].append(_scored(key, unit) | {"aligned_year": YEAR, "unit": unit, "rank": 1})
        for month in each.months:
            told = {"bene_key": key, "month": month.month, "year": YEAR, "is_eligible": month.reason is None}
            rows["month"].append(told | {"reason": month.reason, "county_code": each.counties.get(month.month)})
            if month.other_model is not None:
                rows["other"].append(
                    {"bene_key": key, "month": month.month, "model": "MSSP", "excluded_by": month.other_model}
                )
        for month, aco in each.pointers.choices.items():
            number = f"{key}-{month.month}"
            rows["choice"].append({"bene_key": key, "month": month, "aco_id": aco, "attestation_id": number})
        for month, aco in each.pointers.medicaid.items():
            rows["medicaid"].append({"bene_key": key, "month": month, "aco_id": aco})
        if each.pointers.midyear is not None:
            unit = pack_unit(each.pointers.midyear)
            rows["midyear"].append(
                {"bene_key": key, "stage": "PRIMARY", "winning_unit": unit, "score_cents": 7, "tie_break": "none"}
                | {"aco_id": each.pointers.midyear}
            )
    areas = [{"aco_id": aco, "county_code": county} for aco, counties in AREAS.items() for county in counties]
    names = {
        "candidate": "calc__alignment_candidate", "person": "core__beneficiary", "month": "calc__beneficiary_month",
        "choice": "calc__voluntary_choice", "midyear": "calc__midyear_alignment", "other": "calc__overlap_month",
        "medicaid": "calc__medicaid_month",
    }  # fmt: skip
    return {name: rows_of(spark, table, rows[name]) for name, table in names.items()} | {
        "area": rows_of(spark, "calc__service_area", areas),
        "aco": acos_frame(spark),
    }


def _scored(person: int, unit: int) -> dict[str, Any]:
    return {
        "bene_key": person,
        "stage": "PRIMARY",
        "pcs_score_cents": 5,
        "sps_score_cents": 0,
        "pcs_lines": 1,
        "sps_lines": 0,
    }


def spark_years(spark: SparkSession, people: Mapping[int, Person], rules: AlignmentRules) -> dict[int, AlignedYear]:
    """The same by `months_aligned`; the months are those of `calc__alignment_month`."""
    frames = frames_of(spark, people)
    given = [frames[name] for name in ("candidate", "person", "month", "aco", "choice", "midyear")]
    made = months_aligned.alignment(*given, None, frames["area"], frames["other"], frames["medicaid"], rules, "run")
    answers = held(made)
    months: dict[int, list[date]] = {}
    for row in months_aligned.alignment_months(answers, frames["month"]).orderBy("month").collect():
        months.setdefault(row["bene_key"], []).append(row["month"])
    return {
        row["bene_key"]: AlignedYear(
            row["aco_id"], row["route"], months.get(row["bene_key"], []), row["end_reason"], row["excluded_by"]
        )
        for row in answers.collect()
    }


class Chosen(NamedTuple):
    """A choice as it was given, and whose it is."""

    person: int | None
    choice: Choice


LISTED = {
    "000000100": [Listing("L1", None, None)],
    "000000200": [Listing("L1", date(2026, 9, 1), date(2027, 3, 31))],
    "000000300": [Listing("L2", date(2027, 4, 1), None)],
    "000000400": [Listing("L3", None, date(2026, 12, 31))],
    "000000500": [Listing("L3", None, None)],
    "000000600": [  # leaves and comes back, in the year too
        Listing("L3", date(2027, 4, 1), None),
        Listing("L3", None, date(2024, 12, 31)),
        Listing("L3", date(2026, 9, 1), date(2027, 1, 31)),
    ],
}
BILLING = {
    ("000000100", "9000000001"),
    ("000000200", "9000000001"),
    ("000000300", "9000000001"),
    ("000000400", "9000000001"),
    ("000000500", "9000000001"),
    ("000000600", "9000000001"),
}
CLINIC, CLINIC_TIN, CLINIC_SINCE = "361844", "000000500", date(2025, 1, 1)  # bills by its CCN alone


def plain_standings(given: Sequence[Chosen], rules: ChoiceRules) -> dict[str, Standing]:
    """Every choice once it was held against list and rules, by number."""
    return {
        each.choice.number: standing(
            each.choice,
            listing_of(each.choice, LISTED.get(each.choice.tin or "", [])),
            (each.choice.tin, each.choice.npi) in BILLING,
            rules,
        )
        for each in given
    }


def spark_designations(spark: SparkSession, given: Sequence[Chosen], rules: ChoiceRules) -> DataFrame:
    """`calc__designation` of the same."""
    rows = [
        {
            "attestation_id": each.choice.number, "bene_key": each.person, "channel": each.choice.channel,
            "aco_id": each.choice.aco_id, "tin": _unit("TIN", each.choice.tin), "npi": _unit("NPI", each.choice.npi),
            "signature_date": each.choice.signed, "submission_date": each.choice.submitted, "list_version": "v",
            "is_carried": each.choice.is_carried, "opt_out_date": each.choice.opted_out, "revoked_date": each.choice.revoked,
        }
        for each in given
    ]  # fmt: skip
    members = [
        {
            "list_version": "v",
            "unit": _unit("TIN", tin),
            "aco_id": at.aco_id,
            "start_date": at.start,
            "end_date": at.end,
        }
        for tin, periods in LISTED.items()
        for at in periods
    ]
    ccn = _unit("CCN", CLINIC)
    lines = [
        {"tin": _unit("TIN", tin)} if tin != CLINIC_TIN else {"ccn": ccn, "service_date": CLINIC_SINCE}
        for tin, _ in sorted(BILLING) * 2
    ]
    lines = [line | {"npi": _unit("NPI", "9000000001")} for line in lines]
    lines.append({"ccn": ccn, "service_date": CLINIC_SINCE - timedelta(days=1), "npi": _unit("NPI", "9000000002")})
    mapped = [{"list_version": "v", "unit": ccn, "tin": _unit("TIN", CLINIC_TIN), "start_date": CLINIC_SINCE}]
    return choices.designations(
        rows_of(spark, "core__attestation", rows),
        rows_of(spark, "core__participant", members),
        rows_of(spark, "core__claim_line", lines),
        acos_frame(spark),
        rows_of(spark, "core__ccn_tin", mapped),
        rules,
    )


def _unit(kind: str, text: str | None) -> int | None:
    return pack_unit(f"{kind}:{text}") if text is not None else None


def by_person(given: Sequence[Chosen]) -> dict[int, list[Choice]]:
    """The choices of every known person."""
    found: dict[int, list[Choice]] = {}
    for each in given:
        if each.person is not None:
            found.setdefault(each.person, []).append(each.choice)
    return found


def plain_deciding(given: Sequence[Chosen], rules: ChoiceRules) -> dict[tuple[int, date], str]:
    """The number of the choice that decides each month of every person."""
    standings = plain_standings(given, rules)
    found = {}
    for person, own in by_person(given).items():
        for month in rules.run_months:
            best = decider([standings[choice.number] for choice in own], month, rules)
            if best is not None:
                found[person, month] = best.number
    return found


def plain_tenure(given: Sequence[Chosen], rules: ChoiceRules) -> dict[str, date | None]:
    """`va_first_month` of every choice."""
    standings, people = plain_standings(given, rules), by_person(given)
    found: dict[str, date | None] = {}
    for each in given:
        aco = standings[each.choice.number].aco_id
        if each.person is None or aco is None:
            found[each.choice.number] = None
            continue
        own = [standings[choice.number] for choice in people[each.person]]
        first = first_month(own, aco, YEAR, ACOS[aco] == "HYBRID", rules)
        found[each.choice.number] = None if first == LATEST else first
    return found


def plain_responses(
    given: Sequence[Chosen], people: Mapping[int, Person], years: Mapping[int, AlignedYear], rules: ChoiceRules
) -> dict[str, tuple[str | None, str | None]]:
    """Code and reason of every choice."""
    standings, owners = plain_standings(given, rules), by_person(given)
    found = {}
    for each in given:
        own = standings[each.choice.number]
        month = rules.answer_month(own.known)
        seen = None
        others: list[Standing] = []
        if each.person is not None:
            others = [standings[choice.number] for choice in owners[each.person]]
            seen = _seen(people[each.person], years[each.person], own, month)
        found[each.choice.number] = response(own, others, seen, month, rules)
    return found


def _seen(person: Person, year: AlignedYear, own: Standing, month: date | None) -> Seen | None:
    if month is None:
        return None
    of_month = next((each for each in person.months if each.month == month), None)
    return Seen(
        is_evaluated=of_month is not None,
        reason=of_month.fails(own.aco_id or "") if of_month else None,
        is_dead=person.death is not None and person.death < month,
        aligned_to=year.aco_id,
        aligned_from=year.months[0] if year.months else None,
        lost_after=year.months[-1] if year.months and year.end_reason else None,
        by_claims=year.route in ("C", "B"),
    )


def spark_responses(
    spark: SparkSession,
    given: Sequence[Chosen],
    people: Mapping[int, Person],
    rules: ChoiceRules,
    of_year: AlignmentRules,
) -> tuple[dict[str, tuple[str | None, str | None]], dict[int, AlignedYear]]:
    """The same by `responses`, over what `choices` and `months_aligned` make; and the aligned years."""
    frames = frames_of(spark, people)
    judged = as_table(spark, "calc__designation", spark_designations(spark, given, rules))
    deciding = as_table(spark, "calc__voluntary_choice", choices.deciding(judged, rules))
    answers = as_table(
        spark,
        "calc__alignment",
        months_aligned.alignment(
            *[frames[name] for name in ("candidate", "person", "month", "aco")], deciding, frames["midyear"], None,
            frames["area"], frames["other"], frames["medicaid"], of_year, "run",
        ),
    )  # fmt: skip
    made = responses.responses(
        judged, answers, frames["month"], frames["person"], frames["area"], frames["other"], rules
    )
    told = {row["attestation_id"]: (row["response_code"], row["reason"]) for row in made.collect()}
    months: dict[int, list[date]] = {}
    for row in months_aligned.alignment_months(answers, frames["month"]).orderBy("month").collect():
        months.setdefault(row["bene_key"], []).append(row["month"])
    years = {
        row["bene_key"]: AlignedYear(
            row["aco_id"], row["route"], months.get(row["bene_key"], []), row["end_reason"], row["excluded_by"]
        )
        for row in answers.collect()
    }
    return told, years


def as_table(spark: SparkSession, name: str, made: DataFrame) -> DataFrame:
    """What a step made, as a later step finds it."""
    return rows_of(spark, name, [row.asDict(recursive=True) for row in made.collect()])
