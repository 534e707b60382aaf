"""Invented care is possible in life: nobody in two beds at once, bills known after their end, codes on days they are valid."""

from itertools import pairwise

import numpy as np
import pytest

from lead_engine.synthetic.claims import BY_LINE, Care
from lead_engine.synthetic.network import Network
from lead_engine.synthetic.plan import FIRST_DAY, LAST_DELIVERY, MONTHS, codes, rows, word
from lead_engine.synthetic.records import AGAIN, CANCELLATION, ORIGINAL, delivered

PEOPLE, SEED = 6_000, 1
Bed = tuple[int, str, np.datetime64, np.datetime64, np.datetime64, int]  # person, file, admitted, first, last, practice


@pytest.fixture(scope="module")
def care() -> list[tuple]:
    """Everybody's, the marked ones' too, by block."""
    network = Network(PEOPLE, SEED)
    return [network.block(number)[1:] for number in range(network.blocks)]


@pytest.fixture(scope="module")
def beds(care) -> list[Bed]:
    """Bills of stays by person and day, of people who are not marked."""
    told = []
    for people, of_block in care[1:]:
        for file in ("inpatient", "snf", "hha"):
            claims = of_block.claims.take(of_block.claims.is_of(file))
            who = people.number[claims.person].tolist()
            told += zip(
                who, [file] * len(claims), claims.admitted, claims.first, claims.last, claims.practice, strict=True
            )
    return sorted(told, key=lambda bed: (bed[0], bed[3], bed[4]))


def of(beds: list[Bed], *files: str) -> list[tuple[Bed, Bed]]:
    """One bed and the next of the same person."""
    return [(one, two) for one, two in pairwise(bed for bed in beds if bed[1] in files) if one[0] == two[0]]


def test_a_stay_billed_in_parts_is_in_one_hospital_since_one_day(beds):
    parts = [(one, two) for one, two in of(beds, "inpatient") if one[2] == two[2]]
    assert len(parts) > 5 and all(one[5] == two[5] and one[4] < two[3] for one, two in parts)


def test_who_is_moved_is_moved_to_another_hospital(beds):
    moved = [(one, two) for one, two in of(beds, "inpatient") if one[4] == two[3]]
    assert len(moved) > 15 and all(one[5] != two[5] for one, two in moved)


def test_nobody_is_in_two_beds_at_once(beds):
    """Care at home or in a nursing facility ends where a stay begins; the day of a move is of both."""
    following = of(beds, "inpatient", "snf", "hha")
    assert len(following) > 500 and all(one[4] <= two[3] for one, two in following)


def test_no_care_begins_after_the_calendar_or_becomes_known_before_its_end(care):
    for _, of_block in care:
        assert (of_block.claims.first < FIRST_DAY[MONTHS]).all()
        assert (of_block.claims.known >= of_block.claims.last).all()


def test_codes_are_of_their_days(care):
    claims = Care.stack([of_block for _, of_block in care[1:]]).claims
    for row in rows("synthetic/recoded"):
        old, new = (
            (claims.drg == word(code)) | (claims.diagnoses == word(code)).any(axis=1)
            for code in (row["code"], row["new_code"])
        )
        day = np.datetime64(row["first_day"])
        assert old.any() and new.any() and (claims.last[old] < day).all() and (claims.last[new] >= day).all(), row


def test_a_bill_has_each_service_once_and_of_its_own_trade(care):
    kinds, hcpcs = [row["kind"] for row in rows("synthetic/services")], codes("synthetic/services", "hcpcs_code")
    equipment = [code for kind, code in zip(kinds, hcpcs, strict=True) if kind == "EQUIPMENT"]
    laboratory = [code for kind, code in zip(kinds, hcpcs, strict=True) if kind == "LABORATORY"]
    for _, of_block in care[1:]:
        lines, claims = of_block.lines, of_block.claims
        told = lines.hcpcs != 0
        assert len(np.unique(np.stack([lines.claim, lines.hcpcs])[:, told], axis=1).T) == told.sum()
        assert np.isin(lines.hcpcs[claims.is_of("dme")[lines.claim]], equipment).all()
        assert np.isin(lines.hcpcs[lines.specialty == word("69")], laboratory).all()


def test_lines_add_up_to_their_claim(care):
    for people, of_block in care:
        records = delivered(people, of_block, ORIGINAL, CANCELLATION, AGAIN)
        of_lines = np.bincount(records.lines.claim, records.lines.paid, len(records.claims)).astype(np.int64)
        by_line = records.claims.is_of(*BY_LINE, "outpatient")
        assert (of_lines[by_line] == records.claims.paid[by_line]).all()


def test_both_kinds_of_files_hold_the_same_dollars(care):
    """RIF tells what is final, CCLF originals, cancellations and corrections: what is known by the last day, no more."""
    late = 0
    for people, of_block in care:
        rif, cclf = (
            delivered(people, of_block, *roles) for roles in ((ORIGINAL, AGAIN), (ORIGINAL, CANCELLATION, AGAIN))
        )
        assert max(rif.claims.known.max(), cclf.claims.known.max()) <= np.datetime64(LAST_DELIVERY)
        final = np.where(rif.is_superseded, 0, rif.claims.paid)
        netted = cclf.claims.paid * np.array([1, -1, 1])[cclf.role]
        assert netted.sum() == final.sum() > 0
        late += (of_block.claims.known > np.datetime64(LAST_DELIVERY)).sum()
    assert late > 0


def test_nobody_goes_anywhere_while_lying_in_a_hospital(care, beds):
    stays: dict[int, list[Bed]] = {}
    for bed in beds:
        if bed[1] == "inpatient":
            stays.setdefault(bed[0], []).append(bed)
    at_bed = 0
    for people, of_block in care[1:]:
        lines, claims = of_block.lines, of_block.claims
        others = np.nonzero(claims.is_of("carrier", "outpatient", "dme")[lines.claim])[0]
        for line in others.tolist():
            who = int(people.number[claims.person[lines.claim[line]]])
            if any(bed[3] < lines.day[line] < bed[4] for bed in stays.get(who, [])):
                assert lines.place[line] == word("21")
                at_bed += 1
    assert at_bed > 5


def test_one_operation_a_stay_however_it_is_billed(care):
    for people, of_block in care[1:]:
        claims, lines = of_block.claims, of_block.lines
        knees = claims.take(claims.is_of("inpatient") & (claims.drg == word("470")))
        operated = lines.hcpcs == word("27447")
        first = {(people.number[who], day) for who, day in zip(knees.person, knees.admitted, strict=True)}
        who = people.number[claims.person[lines.claim[operated]]]
        done = list(zip(who, lines.day[operated], strict=True))
        assert len(done) == len(set(done)) and set(done) <= first


def test_a_nursing_facility_follows_three_nights(beds):
    """In one hospital, or in both of a move together."""
    came, nights = {}, []
    for person, file, admitted, first, last, _ in beds:
        if file == "inpatient":
            came[person, last] = came.get((person, first), admitted)
        if file == "snf":
            nights.append((first - came[person, first]).astype(int))
    assert len(nights) > 200 and min(nights) == 3


def test_a_clinician_has_one_specialty(care):
    lines = Care.stack([of_block for _, of_block in care[1:]]).lines
    told = lines.specialty != 0
    who = np.unique(np.stack([lines.practice, lines.clinician])[:, told], axis=1)
    assert (
        who.shape == np.unique(np.stack([lines.practice, lines.clinician, lines.specialty])[:, told], axis=1)[:2].shape
    )
    assert who.shape[1] > 100


def test_part_b_goes_with_medicaid_and_health_plans_and_numbers_change_in_life(care):
    for people, _ in care[1:]:
        only_a = ~people.has_part_b
        assert only_a.any() and not people.dual[only_a].any() and not people.in_advantage()[only_a].any()
        renewed = people.take(people.changes_mbi < MONTHS)
        assert len(renewed) and (FIRST_DAY[renewed.changes_mbi] <= renewed.death).all()
        assert (renewed.changes_mbi > renewed.entitled).all()
