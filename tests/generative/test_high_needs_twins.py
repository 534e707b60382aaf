"""High Needs by plain Python and by Spark: the same for thousands of people whose care lies on the edges of windows."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lead_engine.months.criteria import Claim
from lead_engine.months.rules import HighNeedsRules
from lead_engine.risk.decide import Profile
from lead_engine.risk.model import ESRD
from lead_engine.risk.window_score import window_scores
from lead_engine.risk.windows import WindowRules, window_score
from tests.engines import plain_months, spark_months
from tests.generative.populations import years_of_months
from tests.high_needs import frame, high_needs_rules, plain_checks, plain_status, spark_checks, spark_status
from tests.rules import FACTS, month_rules, resolved

SIZES = [pytest.param(10_000, id="ten thousand"), pytest.param(60_000, id="many", marks=pytest.mark.long)]
SCORES = [Decimal(text) for text in ("0.2399", "0.24", "0.3499", "0.35", "1.9999", "2", "2", "2.5", "2.9999", "3")]
SOME_CODES = ("C50A0", "D66", "E0800", "E1122", "E119", "F200", "G35", "I5022", "J449", "N186", "Z9999")


def edges(rules: HighNeedsRules) -> list[date]:
    """First and last days of windows, and the days before and after."""
    days = {
        day + timedelta(days=off)
        for check in rules.checks
        for period in (check.window, check.frailty)
        for day in period
        for off in (-1, 0, 1)
    }
    return sorted(days)


def claims(chance: random.Random, days: list[date]) -> list[Claim]:
    """A few claims, close together, some of them denied, cancelled or without what a claim should have."""
    start = chance.randrange(len(days))
    near = days[max(0, start - 9) : start + 9]
    return [_claim(chance, near) for _ in range(chance.choice((0, 1, 2, 2, 4, 8, 12)))]


def _claim(chance: random.Random, near: list[date]) -> Claim:
    first = chance.choice(near)
    kind = chance.choice(("60", "60", "60", "60", "20", "20", "30", "10", "71", "40", "82", "82"))
    length = chance.choice((0, 0, 1, 13, 21, 43, 44, 45, 89)) if kind in ("60", "20", "30", "10") else 0
    last = first + timedelta(days=length)
    known = chance.choice((date(2027, 6, 30), date(2027, 6, 30), date(2027, 7, 1)))
    return Claim(
        kind,
        first,
        last,
        admission_date=chance.choice((first, first, first + timedelta(days=1), None)),
        admission_type_code=chance.choice(("1", "2", "3", None)),
        diagnoses=chance.choice((("I10",), ("I10",), ("I10", "G809"), ("Q053",), ("G839X", "E840"))),
        equipment=tuple(
            (chance.choice(("E0260", "E0630", "99213")), day) for day in chance.sample(near, chance.choice((0, 1, 2)))
        ),
        sign=chance.choice((1, 1, 1, 1, 1, 1, 0, -1)),
        known_date=known,
        cancelled_known_date=chance.choice((None, None, None, None, known)),
        is_denied=chance.random() < 0.05,
    )


def people(count: int, seed: int, rules: HighNeedsRules) -> dict:
    """People with claims, and scores at some checks by one kind of model or the other."""
    chance, days = random.Random(seed), edges(rules)
    told = {}
    for person in range(count):
        models = chance.choice((("ESRDV24",), ("V28", "CMMI_CONCURRENT_V1"), ("V28",), ()))
        scores = {
            check.on: {model: chance.choice(SCORES) for model in models}
            for check in rules.checks
            if chance.random() < 0.4
        }
        told[person] = (claims(chance, days), {on: of for on, of in scores.items() if of})
    return told


@pytest.mark.parametrize(("home_health", "cutoff"), [("false", None), ("true", date(2027, 6, 30))])
@pytest.mark.parametrize("count", SIZES)
def test_checks_and_status(spark, count, home_health, cutoff):
    rules = replace(high_needs_rules(hn_home_health_90d=home_health), claims_cutoff=cutoff)
    drawn = people(count, 21, rules)
    plain = plain_checks(drawn, rules)
    assert spark_checks(spark, drawn, rules) == plain
    status = plain_status(drawn, rules)
    assert spark_status(spark, drawn, rules) == status
    met = Counter(bit for *_, criteria, _ in plain.values() for bit in (1, 2, 4, 8, 16) if criteria & bit)
    assert set(met) == {1, 2, 4, 8, 16} and min(met.values()) > 50
    assert {told[4] for told in plain.values()} >= {44, 45, 46}  # days on both sides of the threshold
    assert None in {first for first, _ in status.values()}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"hn_effective": "JAN1_OF_PY"},
        {"hn_effective": "NEXT_PY", "hn_is_forever": False},
        {"hn_is_forever": False, "category_order": ("HN", "ESRD", "AD")},
    ],
    ids=lambda changes: " ".join(map(str, changes.values())) or "as shipped",
)
def test_categories(spark, changes):
    rules, chance = month_rules(**changes), random.Random(23)
    years = {person: months for person, months in years_of_months(10_000, seed=22).items() if months}
    days = [date(year, month, 1) for year in (2025, 2026, 2027) for month in (1, 4, 7, 10)]
    met = {person: chance.sample(days, chance.choice((0, 0, 1, 1, 2, 4))) for person in years}
    plain = plain_months(years, rules, met)
    assert spark_months(spark, years, rules, met) == plain
    assert {str(category) for told in plain.values() for _, _, category, _ in told} == {"AD", "ESRD", "HN"}


@pytest.mark.parametrize("count", SIZES)
def test_window_scores(spark, count):
    """Diagnoses of stays on the edges of windows, codes with age edits and dated meanings among them."""
    rules = WindowRules.from_methodology(resolved(), FACTS)
    given, expected = scored_people(count, rules)
    rows = window_scores(*[frame(spark, table, told) for table, told in given.items()], rules).collect()
    assert {(row["model"], row["check_date"], row["bene_key"]): row["raw_score"] for row in rows} == expected
    assert len(rows) == len(expected) and max(expected.values()) > 3


def scored_people(count: int, rules: WindowRules) -> tuple[dict[str, list[dict]], dict[tuple, Decimal]]:
    """Rows of the tables a score rests on, and the scores: three checks a person, with ESRD or without, some dead."""
    chance, days = random.Random(24), edges(high_needs_rules())
    codes = [*SOME_CODES, *sorted({code for model in rules.models for code in model.edits})[::9]]
    enrolment, diagnoses, profiles, expected = [], [], {}, {}
    for person in range(count):
        own = [(chance.choice(codes), chance.choice(days)) for _ in range(chance.choice((0, 1, 4, 9)))]
        diagnoses += [_diagnosis(person, place, code, day) for place, (code, day) in enumerate(own)]
        traits = {"sex_code": chance.choice("12"), "dual_class": chance.choice(("NONE", "FULL"))}
        traits["original_entitlement_code"] = chance.choice("0013")
        born = chance.choice((1930, 1948, 1950, 1961, 1962, 1970, 2009))
        for check in chance.sample(rules.scored, 3):
            year, is_esrd, is_alive = check.on.year, chance.random() < 0.2, chance.random() < 0.95
            profile = profiles.setdefault((person, year), Profile(age=year - born, **traits))
            status = "11" if is_esrd else chance.choice(("10", None))
            month = {"bene_key": person, "month": check.on, "year": year, "is_alive": is_alive}
            enrolment.append(month | {"medicare_status_code": status})
            of_year = [each for each in rules.scored if each.on.year == year]
            for model in rules.models if is_alive else ():
                if (model.population == ESRD) == is_esrd:
                    score = window_score(profile, own, check, of_year, model, rules.risk.aged_from)
                    expected[model.name, check.on, person] = score
    months = {"esrd_months": 6, "other_months": 6}
    entries = [{"bene_key": who, "year": year} | of._asdict() | months for (who, year), of in profiles.items()]
    given = {"core__enrolment_month": enrolment, "calc__risk_profile": entries, "core__claim_line": []}
    return given | {"core__claim_diagnosis": diagnoses}, expected


def _diagnosis(person: int, place: int, code: str, day: date) -> dict:
    shared = {"bene_key": person, "claim_id": person * 10 + place, "claim_type": "60", "bill_type": "11", "sign": 1}
    return shared | {"is_denied": False, "icd10_code": code, "through_date": day, "through_year": day.year}
