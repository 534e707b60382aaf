"""ALN-36 to ALN-38, ALN-42: whether a choice holds, until when, and which of them decides the months."""

from datetime import date

import pytest

from lead_engine.alignment.designations import Choice, decider
from lead_engine.foundation.errors import MethodologyError
from tests.drawn import day, table
from tests.voluntary import Chosen, choice_rules, plain_standings

MADE = Choice("1", "SVA", True, "L1", "000000100", "9000000001", date(2026, 8, 15), date(2026, 8, 15))


def standing_of(rules, **facts):
    (found,) = plain_standings([Chosen(1, MADE._replace(**facts))], rules).values()
    return found


EXPIRY = table(
    """
    years | channel | signed     | void
    ------|---------|------------|--------
    3     | SVA     | 2024-12-31 | EXPIRED
    3     | SVA     | 2025-01-01 | none
    2     | SVA     | 2025-12-31 | EXPIRED
    2     | SVA     | 2026-01-01 | none
    1     | SVA     | 2026-12-31 | EXPIRED
    1     | SVA     | 2027-01-01 | none
    3     | MVA     | 2015-01-01 | none
    1     | MVA     | 2015-01-01 | none
    """,
    years=int,
    signed=day,
)


@pytest.mark.parametrize("row", EXPIRY, ids=str)
def test_a_signature_holds_some_years_and_a_designation_for_good(row):
    rules = choice_rules(sva_valid_years=row["years"])
    told = standing_of(rules, channel=row["channel"], signed=row["signed"], submitted=row["signed"])
    assert told.void == row["void"]


def test_the_other_reading_takes_a_signature_before_the_tin_joined():
    early = {"tin": "000000200", "signed": date(2026, 8, 31), "submitted": date(2026, 9, 2)}
    assert standing_of(choice_rules(), **early).void == "OUTSIDE_PARTICIPATION"
    assert standing_of(choice_rules(va_signature_window="UP_TO_END"), **early).void is None
    late = early | {"signed": date(2027, 4, 1), "submitted": date(2027, 4, 1)}
    assert standing_of(choice_rules(va_signature_window="UP_TO_END"), **late).void == "OUTSIDE_PARTICIPATION"


def test_what_is_carried_from_reach_was_signed_before_the_tin_joined():
    assert standing_of(choice_rules(), tin="000000200", signed=date(2025, 3, 1), is_carried=True).void is None


CAME_BACK = table(
    """
    signed     | void                  | months
    -----------|-----------------------|------------------
    2025-01-01 | OUTSIDE_PARTICIPATION |
    2026-08-31 | OUTSIDE_PARTICIPATION |
    2026-09-01 | none                  | 1
    2027-01-31 | none                  |
    2027-02-01 | OUTSIDE_PARTICIPATION |
    2027-04-01 | none                  | 5 6 7 8 9 10 11 12
    """,
    signed=day,
)


@pytest.mark.parametrize("row", CAME_BACK, ids=str)
def test_a_choice_ends_with_the_period_of_its_signature(row):
    """TIN 600 is listed to the end of 2024, from September 2026 to January 2027, and again from April 2027."""
    rules = choice_rules()
    told = standing_of(rules, aco_id="L3", tin="000000600", signed=row["signed"], submitted=row["signed"])
    assert told.void == row["void"]
    holds = [month.month for month in rules.run_months if told.holds(month, rules)]
    assert holds == [int(month) for month in (row["months"] or "").split()]


def test_what_is_carried_from_reach_goes_by_the_last_period():
    carried = standing_of(choice_rules(), aco_id="L3", tin="000000600", signed=date(2025, 3, 1), is_carried=True)
    assert carried.void is None and carried.listed_from == date(2027, 4, 1)


def test_the_clinician_need_not_bill_by_the_other_reading():
    assert standing_of(choice_rules(), npi="9000000002").void == "NOT_BILLING"
    assert standing_of(choice_rules(va_clinician_must_bill="false"), npi="9000000002").void is None


def test_a_designation_of_a_tin_that_is_not_its_acos_is_one_outside():
    for facts in ({"tin": "000000300"}, {"tin": "000000999"}, {"aco_id": None}):
        told = standing_of(choice_rules(), channel="MVA", **facts)
        assert (told.aco_id, told.void) == (None, None)
    assert standing_of(choice_rules(), channel="MVA", tin=None).aco_id == "L1"


CUTOFF = table(
    """
    by         | day | signed     | submitted  | first month
    -----------|-----|------------|------------|------------
    SUBMISSION | 15  | 2026-12-15 | 2026-12-15 | 2027-01-01
    SUBMISSION | 15  | 2026-12-15 | 2026-12-16 | 2027-02-01
    SIGNATURE  | 15  | 2026-12-15 | 2026-12-16 | 2027-01-01
    SUBMISSION | 15  | 2027-03-15 | 2027-03-15 | 2027-04-01
    SUBMISSION | 15  | 2027-03-16 | 2027-03-16 | 2027-05-01
    SUBMISSION | 31  | 2027-02-28 | 2027-02-28 | 2027-03-01
    SUBMISSION | 31  | 2027-03-01 | 2027-03-01 | 2027-04-01
    SUBMISSION | 15  | 2027-11-15 | 2027-11-15 | 2027-12-01
    SUBMISSION | 15  | 2027-11-16 | 2027-11-16 | none
    """,
    day=int,
    signed=day,
    submitted=day,
    **{"first month": day},
)


@pytest.mark.parametrize("row", CUTOFF, ids=str)
def test_a_choice_decides_from_the_first_month_whose_cut_off_saw_it(row):
    rules = choice_rules(va_cutoff_day=row["day"], va_cutoff_by=row["by"])
    told = standing_of(rules, signed=row["signed"], submitted=row["submitted"])
    assert next((month for month in rules.run_months if decider([told], month, rules)), None) == row["first month"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("va_cutoff_day", 0), ("va_cutoff_day", 32), ("va_first_refresh_month", 1), ("sva_valid_years", 0)],
)
def test_a_number_that_tells_no_day_is_refused(name, value):
    with pytest.raises(MethodologyError, match=f"alignment/{name}: is {value}"):
        choice_rules(**{name: value})


def test_the_first_refresh_may_be_later():
    rules = choice_rules(va_first_refresh_month=4)
    told = standing_of(rules, signed=date(2027, 1, 2), submitted=date(2027, 1, 2))
    assert next(month for month in rules.run_months if decider([told], month, rules)) == date(2027, 4, 1)


DECIDES = table(
    """
    case                                         | 1                     | 2                     | decides
    ---------------------------------------------|-----------------------|-----------------------|--------
    the latest, of whatever ACO                  | SVA L1 100 2026-08-15 | SVA L3 500 2026-08-16 | 2
    MVA before SVA on the same day               | SVA L1 100 2026-08-15 | MVA L3 500 2026-08-15 | 2
    same day and kind: the lower number          | SVA L1 100 2026-08-15 | SVA L3 500 2026-08-15 | 1
    outside every ACO voids what is earlier      | SVA L1 100 2026-08-15 | MVA -- 100 2026-08-16 | 2
    but not what is later                        | SVA L1 100 2026-08-17 | MVA -- 100 2026-08-16 | 1
    what never holds voids nothing               | SVA L1 100 2026-08-15 | SVA L3 999 2026-08-16 | 1
    an expired one gives way to a designation    | MVA L1 100 2020-01-01 | SVA L3 500 2024-08-16 | 1
    a TIN that left by January                   | SVA L1 100 2026-08-15 | SVA L3 400 2026-08-16 | 1
    """
)


@pytest.mark.parametrize("row", DECIDES, ids=lambda row: row["case"])
def test_the_latest_that_holds_decides(row):
    rules, given = choice_rules(), []
    for number in ("1", "2"):
        channel, aco, tin, signed = row[number].split()
        made = MADE._replace(
            number=number, channel=channel, aco_id=None if aco == "--" else aco, tin=f"000000{tin}",
            signed=day(signed), submitted=day(signed),
        )  # fmt: skip
        given.append(Chosen(1, made))
    found = decider(plain_standings(given, rules).values(), date(2027, 1, 1), rules)
    assert found is not None and found.number == row["decides"]


def test_what_is_taken_back_lets_the_earlier_one_decide_again():
    rules = choice_rules()
    later = MADE._replace(
        number="2", aco_id="L3", tin="000000500", signed=date(2026, 8, 16), submitted=date(2026, 9, 1)
    )
    for taken, decides in ((date(2026, 12, 15), "1"), (date(2026, 12, 16), "2")):
        given = [Chosen(1, MADE), Chosen(1, later._replace(revoked=taken))]
        found = decider(plain_standings(given, rules).values(), date(2027, 1, 1), rules)
        assert found is not None and found.number == decides
