"""The page of the data review (DL 10.1 to DL 10.4): what it shows, what it withholds, and that it stays text."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lead_engine.foundation.months import add_months
from lead_engine.marts.review.page import Review, page_path, write_review
from tests.rules import resolved

HOSTILE = "<script src=//x>\"'&"
RECEIVED, BEFORE = date(2027, 5, 10), date(2027, 4, 12)


def delivery(received, role, file, reason="", records=40, people=None):
    return {
        "source_kind": "RIF", "received_date": received, "role": role, "source_file": file, "reason": reason,
        "field": reason and HOSTILE, "records": records, "people": people, "is_suppressed": records is None,
    }  # fmt: skip


def month(subject, claim_type, of, people, claims, paid, flag=None):
    return {
        "subject": subject, "claim_type": claim_type, "month": of, "people": people, "claims": claims, "paid_usd": paid,
        "previous_people": people, "previous_claims": claims, "previous_paid_usd": paid, "flag": flag,
        "people_to_mean_rate": Decimal("1.0000"), "claims_to_mean_rate": None, "paid_to_mean_rate": None,
        "is_suppressed": people is None and claims is None,
    }  # fmt: skip


def review() -> Review:
    months = [add_months(date(2024, 6, 1), step) for step in range(36)]
    rows = [month("CLAIMS", "71", of, 30, 40 + place, Decimal(1000)) for place, of in enumerate(months)]
    rows[7] = month("CLAIMS", "71", months[7], None, None, None)
    rows[9] = month("CLAIMS", "71", months[9], 0, 0, Decimal(0), "GAP")
    rows += [month("CLAIMS", HOSTILE, months[0], None, None, None), month("TOTAL", HOSTILE, None, None, None, None)]
    rows += [month("TOTAL", "71", None, None, 2000, Decimal("34000.50"))]
    rows += [month("ENROLMENT", "", of, 50, None, None) for of in months]
    triangle = [
        {"claim_type": "71", "month": of, "known_months": step, "is_suppressed": hidden}
        | {
            "paid_usd": None if hidden else Decimal(500 * (step + 1)),
            "paid_rate": None if hidden else Decimal(step + 1) / 2,
        }
        for of in months
        for step, hidden in ((0, of == months[3]), (1, False))
    ]
    code = {"field": "HCPCS", "claim_type": "71", "records": 100, "empty_records": None, "unlisted_records": None}
    files = [delivery(RECEIVED, "NEWEST", HOSTILE), delivery(RECEIVED, "NEWEST", "beneficiary_2027.csv", people=50)]
    files += [delivery(BEFORE, "PREVIOUS", "carrier.csv"), delivery(date(2027, 3, 1), "EARLIER", "carrier.csv")]
    files += [delivery(RECEIVED, "NEWEST", HOSTILE, HOSTILE, None), delivery(RECEIVED, "NEWEST", HOSTILE, "EMPTY", 12)]
    codes = [code | {"unknown_rate": None, "has_list": False, "is_suppressed": True}]
    return Review(resolved(), files, rows, triangle, codes)


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    return write_review(review(), tmp_path_factory.mktemp("page") / "page.html").read_text("utf-8")


def test_everything_is_escaped_and_nothing_is_loaded(page):
    assert HOSTILE not in page and "<script" not in page.lower() and "&lt;script src=//x&gt;" in page
    assert re.findall(r"""(?:src|href)\s*=\s*["'](?!#)|url\(|@import|https?://""", page) == []
    assert "<svg" in page and "None" not in page


def test_small_counts_are_told_as_small(page):
    refused = page.split("<h2>Refused records</h2>")[1].split("<h2>")[0]
    assert refused.count("&lt;11") == 1 and '<td class="n">12</td>' in refused


def test_the_summary_comes_first_and_leaves_out_what_is_withheld(page):
    head = page.split("<h2>")[0]
    assert "2,000" in head and "$34,000" in head and "2027-05-10" in head and "2027-04-12" in head
    assert "Totals leave out claim type" in head


def test_months_are_listed_by_claim_type_older_ones_unfold(page):
    of_type = page.split("<h3>71 ")[1].split("<h3>")[0]
    assert "1 of 36 months are withheld" in of_type and "11 earlier months" in of_type
    assert len(re.findall(r"<td class=\"w\">20\d\d-\d\d</td><td class=\"n\">", of_type)) == 35
    assert '<span class="flag">GAP</span>' in page.split("<h2>Months to look at</h2>")[1].split("<h2>")[0]


def test_what_is_past_its_run_out_is_summed_over_the_months_that_show_both():
    kind = next(series for series in review().claim_types() if series.claim_type == "71")
    assert kind.completed(1) == [Decimal("0.5"), Decimal(1)]
    assert len(kind.triangle) == 36


def test_it_can_be_signed_and_says_what_was_not_checked(page):
    assert "Reviewed by" in page and "Date" in page and "Not checked:" in page
    assert "review/sudden_change" in page and "privacy/smallest_cell" in page


def test_it_stands_beside_the_configuration():
    assert page_path(Path("/a/ohio.yaml"), 2027) == Path("/a/ohio-review-2027.html")
