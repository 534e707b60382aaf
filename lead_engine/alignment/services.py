"""Which claim lines of whole tables count, and the charges of every unit: `decide.counts` as Spark expressions."""

from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lead_engine.claims.known import arrived, is_cancelled
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.lake.accounts import account, balance

from .decide import NotCounted, Stage
from .rules import FacilityRule, ServiceRules

OWN = {"npi": "bigint", "known_for_year": "int"}  # columns of a choice; empty in a run that does not make it


def unit_scores(lines: DataFrame, rules: ServiceRules) -> DataFrame:
    """`calc__unit_score` from `core__claim_line`: unweighted charges by person, alignment year and unit.

    One scan and one aggregation; units are not yet grouped to ACOs, so any list can be tried on the result. Only a run
    that compares clinicians (ALN-31), or has a known-by date for each aligned year (ALN-4), has more rows for it.
    """
    chosen = {"npi": rules.by_clinician, "known_for_year": bool(rules.own_cutoffs)}
    counted = classified(lines, rules).where("not_counted is null")
    grouped = counted.groupBy(
        "bene_key", "alignment_year_end", "unit", *(name for name, kept in chosen.items() if kept)
    )
    scores = grouped.agg(*_charges(Stage.PRIMARY, "pcs"), *_charges(Stage.SPECIALIST, "sps"))
    return scores.withColumns({name: F.lit(None).cast(OWN[name]) for name, kept in chosen.items() if not kept})


def classified(lines: DataFrame, rules: ServiceRules) -> DataFrame:
    """Every line of the alignment years with `alignment_year_end`, `stage`, `unit`, `cents`, and why it is `not_counted`.

    Where each aligned year has its own known-by date, a line stands once for each aligned year it may feed.
    """
    if not rules.own_cutoffs:
        return _classified(lines, rules).withColumn("known_for_year", F.lit(None).cast(OWN["known_for_year"]))
    years = [
        _classified(lines, rules.of_year(own)).withColumn("known_for_year", F.lit(own.aligned_year))
        for own in rules.own_cutoffs
    ]
    return reduce(DataFrame.unionByName, years)


def _classified(lines: DataFrame, rules: ServiceRules) -> DataFrame:
    first, last = rules.alignment_years[0].start, rules.alignment_years[-1].end
    inside = lines.where(
        F.col("service_year").between(first.year, last.year) & F.col("service_date").between(first, last)
    )
    is_professional = F.col("claim_type").isin(list(rules.professional_claim_types))
    not_counted = (
        F.when(is_cancelled(rules.claims_cutoff), NotCounted.CANCELLED)
        .when(~arrived(rules.claims_cutoff), NotCounted.KNOWN_LATE)
        .when(F.col("is_denied"), NotCounted.DENIED)
        .when(is_professional, _professional_not_counted(rules))
        .when(_facility_stage(rules).isNull(), NotCounted.NOT_PRIMARY_CARE)
        .when(F.col("ccn").isNull(), NotCounted.NO_UNIT)
    )
    cost_share = [F.coalesce(column, F.lit(0)) for column in ("paid_cents", "deductible_cents", "coinsurance_cents")]
    return inside.select(
        "bene_key",
        _alignment_year_end(rules).alias("alignment_year_end"),
        F.when(is_professional, _specialty_stage(rules)).otherwise(_facility_stage(rules)).alias("stage"),
        F.when(is_professional, F.col("tin")).otherwise(F.col("ccn")).alias("unit"),
        F.when(is_professional & F.lit(rules.by_clinician), F.col("npi")).alias("npi"),
        F.when(is_professional, F.coalesce("allowed_cents", F.lit(0)))
        .otherwise(sum(cost_share[1:], cost_share[0]))
        .alias("cents"),
        "service_date",
        not_counted.alias("not_counted"),
        "hcpcs_code",
    ).where("alignment_year_end is not null")


def accounts(lines: DataFrame, rules: ServiceRules, scores: DataFrame) -> DataFrame:
    """Lines and charges of the alignment years are those scored and those that do not count, by reason."""
    seen = classified(lines, rules)
    charges = F.col("pcs_cents") + F.col("sps_cents")
    excluded = seen.where("not_counted is not null")
    return balance(
        account("claim lines of the alignment years", "in", seen, cents=F.col("cents")),
        account(
            "claim lines of the alignment years",
            "out",
            scores,
            rows=F.col("pcs_lines") + F.col("sps_lines"),
            cents=charges,
        ),
        account("claim lines of the alignment years", "excluded", excluded, F.col("not_counted"), cents=F.col("cents")),
    )


def _charges(stage: Stage, prefix: str) -> list[Column]:
    is_stage = F.col("stage") == stage
    return [
        F.sum(F.when(is_stage, F.col("cents")).otherwise(0)).alias(f"{prefix}_cents"),
        F.max(F.when(is_stage, F.col("service_date"))).alias(f"last_{prefix}_date"),
        F.count_if(is_stage).cast("int").alias(f"{prefix}_lines"),
    ]


def _alignment_year_end(rules: ServiceRules) -> Column:
    ends = [
        F.when(F.col("service_date").between(year.start, year.end), F.lit(year.end)) for year in rules.alignment_years
    ]
    return F.coalesce(*ends)


def _professional_not_counted(rules: ServiceRules) -> Column:
    return (
        F.when(~_has_code(rules), NotCounted.NOT_PRIMARY_CARE)
        .when(_is_at_excluded_place(rules), NotCounted.PLACE_OF_SERVICE)
        .when(_specialty_stage(rules).isNull(), NotCounted.SPECIALTY)
        .when(F.col("tin").isNull(), NotCounted.NO_UNIT)
    )


def _has_code(rules: ServiceRules) -> Column:
    """Whether the line's code counts on its service date: one membership test for each validity."""
    by_validity: dict[tuple, list[str]] = {}
    for code in rules.codes:
        by_validity.setdefault((code.valid_from, code.valid_to), []).append(code.hcpcs_code)
    tests = [
        _code_in(codes) & F.col("service_date").between(*validity) for validity, codes in sorted(by_validity.items())
    ]
    return reduce(or_, tests)


def _is_at_excluded_place(rules: ServiceRules) -> Column:
    by_place: dict[str, list[str]] = {}
    for code in rules.codes:
        by_place.setdefault(code.excluded_place_of_service, []).append(code.hcpcs_code)
    tests = [
        _code_in(codes) & (F.col("place_of_service_code") == place)
        for place, codes in sorted(by_place.items())
        if place
    ]
    return F.coalesce(reduce(or_, tests, F.lit(False)), F.lit(False))


def _code_in(codes: list[str]) -> Column:
    return F.coalesce(F.col("hcpcs_code").isin(codes), F.lit(False))


def _specialty_stage(rules: ServiceRules) -> Column:
    specialty = F.col("specialty_code")
    return F.when(specialty.isin(list(rules.primary_care_specialties)), Stage.PRIMARY).when(
        specialty.isin(list(rules.selected_specialties)), Stage.SPECIALIST
    )


def _facility_stage(rules: ServiceRules) -> Column:
    """The stage of an institutional line, null when it does not count."""
    return F.coalesce(*[F.when(_is_of(rule, rules), rule.specialty_set) for rule in rules.facilities])


def _is_of(rule: FacilityRule, rules: ServiceRules) -> Column:
    revenue_center = F.coalesce("revenue_center_code", F.lit(""))
    tests = [F.col("bill_type") == rule.bill_type, revenue_center.startswith(rule.revenue_center_prefix)]
    if rule.needs_eta_hospital:
        tests.append(
            F.col("ccn").isin([pack_unit(f"CCN:{ccn}") for ccn in rules.eta_hospitals])
            if rules.eta_hospitals
            else F.lit(False)
        )
    if rule.hcpcs_condition:
        tests.append(
            _has_code(rules) if rule.hcpcs_condition == "LIST" else F.col("hcpcs_code") == rule.hcpcs_condition
        )
    return reduce(lambda left, right: left & right, tests)
