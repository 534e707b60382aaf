"""CCLF deliveries: what is refused whole, what is set aside, how records become claims, people and months."""

import gzip
import zipfile
from datetime import date

import pytest
from pyspark.sql import functions as F

from lead_engine.foundation.errors import InputRefusedError
from lead_engine.foundation.identifiers import keyed_hash, pack_unit
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.sources import claims, people
from lead_engine.sources.archives import clear
from lead_engine.sources.cclf import people as cclf_people
from lead_engine.sources.cclf import records
from lead_engine.sources.cclf.delivery import known_lengths, number_of, open_deliveries
from lead_engine.sources.quarantine import quarantine
from lead_engine.sources.rules import DeliveryRules
from tests.cclf_files import CHANGE, HEADER, LINE, PERSON, deliver, name, record
from tests.held import held
from tests.rules import FACTS, resolved

SECRET = "sesame"
RULES = DeliveryRules.from_methodology(resolved(), FACTS)
DAY = date(2025, 7, 15)
OLD, NEW = (keyed_hash(SECRET, "mbi", mbi) for mbi in ("1S00A00AA01", "1S00A00AA02"))


class Staged:
    """The stage tables and core tables of a folder of deliveries."""

    def __init__(self, spark, folder) -> None:
        self.spark = spark
        self.deliveries = open_deliveries(str(folder), None)
        self.files = records.counted_files(spark, self.deliveries)
        tables = (records.CLAIMS, records.LINES, records.DIAGNOSES, records.PEOPLE, records.CROSSWALK)
        made = [held(table.records(spark, self.deliveries, SECRET, self.files)) for table in tables]
        self.headers, self.lines, self.diagnoses, self.people, self.crosswalk = made
        self.keys = cclf_people.person_keys(self.people, self.crosswalk, None)
        self.told = (None, self.headers, self.lines, self.keys, None, None, None)
        self.claims = held(claims.claim(*self.told, RULES))

    def claim(self, claim_id: int):
        return self.claims.where(F.col("claim_id") == claim_id).first()


def test_a_part_a_claim(spark, tmp_path):
    deliver(tmp_path, {"1": [record("1", HEADER)], "8": [record("8", PERSON)]})
    row = Staged(spark, tmp_path).claim(1)
    assert (row["bene_key"], row["source_kind"], row["claim_type"], row["bill_type"]) == (OLD, "CCLF", "60", "11")
    assert (row["sign"], row["paid_cents"], row["known_date"]) == (1, 20000, date(2025, 2, 17))
    assert (row["ccn"], row["cancelled_known_date"], row["is_denied"]) == (pack_unit("CCN:360001"), None, False)


def test_part_b_lines(spark, tmp_path):
    second = LINE | {"CLM_LINE_NUM": "0000000002", "CLM_LINE_CVRD_PD_AMT": "-5.25", "CLM_PRCSG_IND_CD": "C"}
    deliver(tmp_path, {"5": [record("5", LINE), record("5", second)], "8": [record("8", PERSON)]})
    staged = Staged(spark, tmp_path)
    assert staged.claim(9)["paid_cents"] == 8000 - 525
    lines = {
        row["line_number"]: row for row in claims.claim_line(None, staged.lines, None, staged.claims, RULES).collect()
    }
    assert [lines[number]["is_denied"] for number in (1, 2)] == [False, True]
    assert (lines[1]["tin"], lines[1]["allowed_cents"]) == (pack_unit("TIN:000000001"), 10000)
    codes = claims.claim_diagnosis(None, staged.headers, staged.lines, staged.diagnoses, None, staged.claims, RULES)
    assert [(row["icd10_code"], row["is_principal"]) for row in codes.collect()] == [("E119", True)]


def test_revenue_centres_take_after_their_claim(spark, tmp_path):
    revenue = {"CUR_CLM_UNIQ_ID": "0000000000001", "CLM_LINE_NUM": "0000000001", "BENE_MBI_ID": "1S00A00AA01"}
    orphan = revenue | {"CUR_CLM_UNIQ_ID": "0000000000777"}
    files = {"1": [record("1", HEADER)], "2": [record("2", revenue), record("2", orphan)], "8": [record("8", PERSON)]}
    staged = Staged(spark, deliver(tmp_path, files))
    kept = claims.claim_line(None, staged.lines, None, staged.claims, RULES)
    (row,) = kept.collect()
    assert (row["claim_type"], row["bill_type"], row["service_date"]) == ("60", "11", date(2025, 2, 3))
    told = entries(claims.line_accounts(None, staged.lines, None, staged.claims, RULES, kept))
    assert not unbalanced("core__claim_line", told)
    assert {(entry.reason, entry.rows) for entry in told if entry.side == "excluded"} == {
        ("DELIVERED_TWICE", 0),
        ("NO_CLAIM", 1),
    }


def test_a_cancellation_in_another_delivery_under_a_newer_mbi(spark, tmp_path):
    cancel = HEADER | {
        "CUR_CLM_UNIQ_ID": "0000000000002", "CLM_ADJSMT_TYPE_CD": "1", "CLM_EFCTV_DT": "2025-05-01",
        "CLM_IDR_LD_DT": "2025-05-12", "BENE_MBI_ID": "1S00A00AA02",
    }  # fmt: skip
    person = record("8", PERSON | {"BENE_MBI_ID": "1S00A00AA02"})
    deliver(tmp_path, {"1": [record("1", cancel)], "8": [person], "9": [record("9", CHANGE)]}, date(2025, 6, 13))
    deliver(tmp_path, {"1": [record("1", HEADER)], "8": [record("8", PERSON)]}, DAY)
    staged = Staged(spark, tmp_path)
    first, second = staged.claim(1), staged.claim(2)
    assert first["bene_key"] == second["bene_key"] == OLD
    assert (first["cancelled_known_date"], second["sign"], second["cancelled_known_date"]) == (
        date(2025, 5, 12),
        -1,
        None,
    )
    told = entries(claims.claim_accounts(*staged.told, RULES, staged.claims))
    assert not unbalanced("core__claim", told)
    identity = people.identity(spark, (), staged.deliveries, (), SECRET, staged.keys)
    assert {(row["id_value"], row["bene_key"], row["is_current"]) for row in identity.collect()} == {
        ("1S00A00AA01", OLD, False),
        ("1S00A00AA02", OLD, True),
    }


def test_a_cancellation_without_a_claim_is_told(spark, tmp_path):
    alone = record("1", HEADER | {"CLM_ADJSMT_TYPE_CD": "1"})
    staged = Staged(spark, deliver(tmp_path, {"1": [alone], "8": [record("8", PERSON)]}))
    told = entries(claims.claim_accounts(*staged.told, RULES, staged.claims))
    assert ("cancellations", "excluded", "UNMATCHED", 1) in {(e.account, e.side, e.reason, e.rows) for e in told}
    assert not unbalanced("core__claim", told)


def test_part_b_is_cancelled_by_its_control_number_whatever_the_dates(spark, tmp_path):
    cancel = LINE | {"CUR_CLM_UNIQ_ID": "0000000000010", "CLM_ADJSMT_TYPE_CD": "1", "CLM_FROM_DT": "2025-03-02"}
    other = LINE | {"CUR_CLM_UNIQ_ID": "0000000000011", "CLM_CNTL_NUM": "C2"}
    lines = [record("5", line) for line in (LINE, cancel, other)]
    staged = Staged(spark, deliver(tmp_path, {"5": lines, "8": [record("8", PERSON)]}))
    assert staged.claim(9)["cancelled_known_date"] == date(2025, 3, 17)
    assert staged.claim(11)["cancelled_known_date"] is None


def test_delivered_again_the_newest_counts(spark, tmp_path):
    for day, paid in ((date(2025, 5, 13), "100.00"), (DAY, "150.00"), (date(2025, 6, 13), "120.00")):
        deliver(tmp_path, {"1": [record("1", HEADER | {"CLM_PMT_AMT": paid})], "8": [record("8", PERSON)]}, day)
    assert Staged(spark, tmp_path).claim(1)["paid_cents"] == 15000


def test_rif_and_cclf_meet_in_one_person_and_rif_comes_first(spark, tmp_path):
    from lead_engine.sources.rif import records as rif
    from tests.spark.test_rif import BENEFICIARY, CARRIER
    from tests.spark.test_rif import deliver as deliver_rif

    deliveries = deliver_rif(
        tmp_path / "rif", beneficiary=[BENEFICIARY | {"MBI_NUM": "1S00A00AA02"}], carrier=[CARRIER]
    )
    rif_people, rif_lines = (made(spark, deliveries, SECRET) for made in (rif.beneficiary_records, rif.line_records))
    earlier = record("1", HEADER | {"CUR_CLM_UNIQ_ID": "0000000000003", "CLM_FROM_DT": "2024-12-03"})
    files = {"1": [record("1", HEADER), earlier], "8": [record("8", PERSON)], "9": [record("9", CHANGE)]}
    staged = Staged(spark, deliver(tmp_path / "cclf", files))
    keys = cclf_people.person_keys(staged.people, staged.crosswalk, rif_people)
    person = keyed_hash(SECRET, "bene_id", "-1")
    assert {(row["id_key"], row["bene_key"]) for row in keys.collect()} == {(OLD, person), (NEW, person)}
    delivered = (rif_lines, staged.headers, staged.lines, keys, rif_people, None, None)
    found = claims.claim(*delivered, RULES)
    assert {(row["source_kind"], row["claim_id"], row["bene_key"]) for row in found.collect()} == {
        ("RIF", -10, person),
        ("CCLF", 3, person),  # of 2024; the one of 2025 is RIF's to tell
    }
    told = entries(claims.claim_accounts(*delivered, RULES, found))
    assert not unbalanced("core__claim", told)
    everybody = people.beneficiary(rif_people, rif_lines, staged.people, staged.headers, staged.lines, keys)
    assert [row["bene_key"] for row in everybody.collect()] == [person]
    months = people.enrolment_month(rif_people, everybody, staged.people, keys).orderBy("month").collect()
    assert [row["month"] for row in months] == [
        date(2024, 11, 1),
        date(2024, 12, 1),
        *[date(2025, n, 1) for n in range(1, 13)],
    ]
    assert [row["is_carried"] for row in months[:3]] == [True, True, False]


def test_months_of_cclf8(spark, tmp_path):
    later = PERSON | {"BENE_MDCR_STUS_CD": "20", "BENE_FIPS_CNTY_CD": "049", "BENE_DEATH_DT": "2025-06-20"}
    deliver(tmp_path, {"8": [record("8", PERSON), record("8", PERSON)]}, date(2025, 3, 14))
    deliver(tmp_path, {"8": [record("8", later)]}, DAY)
    staged = Staged(spark, tmp_path)
    months = {row["month"]: row for row in cclf_people.months(staged.people, staged.keys).collect()}
    assert sorted(months) == [date(2024, 11, 1), date(2024, 12, 1), *[date(2025, n, 1) for n in range(1, 8)]]
    assert (months[date(2024, 11, 1)]["has_part_a"], months[date(2024, 11, 1)]["has_part_b"]) == (True, False)
    assert [months[date(2025, n, 1)]["medicare_status_code"] for n in (3, 4, 7)] == ["10", "20", "20"]
    assert [months[date(2025, n, 1)]["is_carried"] for n in (2, 3, 4, 7)] == [True, False, True, False]
    assert [months[date(2025, n, 1)]["is_alive"] for n in (6, 7)] == [True, False]
    assert {row["is_medicare_advantage"] for row in months.values()} == {None}


@pytest.mark.parametrize("length", sorted(known_lengths("1")))
def test_every_version_is_told_by_its_length(spark, tmp_path, length):
    staged = Staged(spark, deliver(tmp_path, {"1": [record("1", HEADER, length)], "8": [record("8", PERSON)]}))
    assert staged.claim(1)["ccn"] == pack_unit("CCN:360001")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_a_mark_and_bytes_beyond_ascii(spark, tmp_path, end):
    """Positions count bytes: a name in Latin-1 or UTF-8 before a field does not move it."""
    text = record("8", PERSON)
    named = text[:81] + "Jos\xe9 M\xc3\xbcller".ljust(30) + text[111:]
    deliver(tmp_path, {"8": [named]}, end=end)
    path = tmp_path / name("8", DAY)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    (row,) = Staged(spark, tmp_path).people.collect()
    assert row["problems"] == [] and row["part_b_begin_date"] == date(2024, 12, 1)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("CLM_LINE_CVRD_PD_AMT", "12,50", "NOT_AN_AMOUNT"),
        ("CLM_LINE_CVRD_PD_AMT", "1S00A00AA01", "NOT_AN_AMOUNT"),
        ("CLM_LINE_CVRD_PD_AMT", "80.00\x85", "NOT_AN_AMOUNT"),  # a line end of Unicode
        ("CLM_LINE_HCPCS_CD", "9921\x85", "NOT_A_CODE"),
        ("CLM_FROM_DT", "2025-02-30", "NOT_A_DATE"),
        ("CLM_IDR_LD_DT", "9999-12-31", "MISSING"),
        ("CLM_CNTL_NUM", "", "MISSING"),
        ("CUR_CLM_UNIQ_ID", "12A", "NOT_A_CLAIM_NUMBER"),
        ("BENE_MBI_ID", "?", "NOT_AN_IDENTIFIER"),
    ],
)
def test_bad_records_are_set_aside(spark, tmp_path, field, value, reason):
    good = [record("5", LINE | {"CLM_LINE_NUM": str(number)}) for number in range(1, 21)]
    folder = deliver(tmp_path, {"5": [*good, record("5", LINE | {field: value})], "8": [record("8", PERSON)]})
    staged = Staged(spark, folder)
    stages = (None, None, staged.headers, staged.lines, staged.diagnoses, staged.people, staged.crosswalk)
    (row,) = quarantine(spark, (), staged.deliveries, (), SECRET, *stages, RULES).collect()
    assert (row["source_file"], row["record_number"], row["field"], row["reason"]) == (
        name("5", DAY),
        21,
        field,
        reason,
    )


def test_a_file_that_is_mostly_bad_stops_the_load(spark, tmp_path):
    bad = record("5", LINE | {"CLM_FROM_DT": "tomorrow"})
    staged = Staged(spark, deliver(tmp_path, {"5": [record("5", LINE), bad], "8": [record("8", PERSON)]}))
    stages = (None, None, staged.headers, staged.lines, staged.diagnoses, staged.people, staged.crosswalk)
    with pytest.raises(InputRefusedError, match="1 of 2 records are bad, most of them: CLM_FROM_DT NOT_A_DATE"):
        quarantine(spark, (), staged.deliveries, (), SECRET, *stages, RULES)


def test_counts_that_disagree_with_cclf0_refuse_the_delivery(spark, tmp_path):
    deliver(tmp_path, {"1": [record("1", HEADER)], "8": [record("8", PERSON)]})
    path = tmp_path / name("1", DAY)
    path.write_text(path.read_text("latin-1") * 2, "latin-1")
    deliveries = open_deliveries(str(tmp_path), None)
    with pytest.raises(InputRefusedError, match="has 2 records, CCLF0 says 1"):
        records.counted_files(spark, deliveries)


def refused(folder, acos=None) -> str:
    with pytest.raises(InputRefusedError) as raised:
        open_deliveries(str(folder), acos)
    return str(raised.value)


def test_what_a_delivery_must_have(tmp_path):
    assert "has no CCLF file" in refused(deliver_nothing(tmp_path / "empty"))
    assert "there is no such folder" in refused(tmp_path / "nowhere")
    folder = deliver(tmp_path / "one", {"1": [record("1", HEADER)], "8": [record("8", PERSON)]})
    assert "holds files of A9001, which is no ACO of this run" in refused(folder, {"A1"})
    (folder / name("8", DAY)).unlink()
    assert "has no CCLF8" in refused(folder)
    (folder / name("0", DAY)).unlink()
    told = refused(folder)
    assert "has no CCLF8" in told and "has no CCLF0" in told


def deliver_nothing(folder):
    folder.mkdir()
    return folder


def test_a_missing_a_foreign_and_a_second_file(tmp_path):
    folder = deliver(tmp_path, {"1": [record("1", HEADER)], "5": [record("5", LINE)], "8": [record("8", PERSON)]})
    (folder / name("1", DAY)).unlink()
    (folder / name("6", DAY)).write_text("x" * 247 + "\n")
    told = refused(folder)
    assert "lacks CCLF1, which CCLF0 lists" in told and f"{name('6', DAY)}: is not listed in CCLF0" in told
    (folder / f"{name('5', DAY)}.txt").write_bytes((folder / name("5", DAY)).read_bytes())
    assert "is a second CCLF5 of the delivery" in refused(folder)


def test_lengths_that_are_unknown_or_mixed(tmp_path):
    folder = deliver(tmp_path / "one", {"1": [record("1", HEADER)[:400]], "8": [record("8", PERSON)]})
    assert "has records of 400 by CCLF0; known layouts have 292, 352, 437" in refused(folder)
    folder = deliver(tmp_path / "two", {"1": [record("1", HEADER)], "8": [record("8", PERSON)]})
    (folder / name("1", DAY)).write_text(record("1", HEADER, 352) + "\n")
    assert "has records of 352, CCLF0 says 437" in refused(folder)


def test_a_half_copied_file(tmp_path):
    folder = deliver(tmp_path, {"1": [record("1", HEADER)], "8": [record("8", PERSON)]})
    path = folder / name("1", DAY)
    whole = gzip.compress(path.read_bytes())
    path.unlink()
    (folder / f"{path.name}.gz").write_bytes(whole[: len(whole) // 2])
    assert "is damaged or cut short" in refused(folder)


def test_an_empty_cclf0(tmp_path):
    folder = deliver(tmp_path, {"8": [record("8", PERSON)]})
    (folder / name("0", DAY)).write_text("")
    assert "lists no file" in refused(folder)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("P.D0001.ACO.ZC1Y26.D261015.T1200000", "1"), ("T.A9001.ACO.ZC8Y25.D250715.T1200000.gz", "8"),
        ("P.A1234.ACO.ZCAR25.D260210.T0102030t.txt", "A"), ("P.K0001.ACO.ZC0Y26.D261015.T120000", "0"),
        ("P.D0001.ACO.ZCY26.D261015.T1200000.zip", None), ("cclf_layout.csv", None), ("P.D0001.PALMR.D261015.T1200000", None),
    ],
)  # fmt: skip
def test_names_of_files(name, number):
    assert number_of(name) == number


def zipped(folder, archive, left_out=()):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted(folder.iterdir()):
            if path.name not in left_out:
                made.write(path, path.name)
    return archive


def test_members_of_an_archive_are_streamed_out(tmp_path):
    folder = deliver(tmp_path / "plain", {"1": [record("1", HEADER)], "8": [record("8", PERSON)]})
    archive = zipped(folder, tmp_path / "P.A9001.ACO.ZCY25.D250715.T1200000.zip")
    (plain,) = open_deliveries(str(folder), None)
    (found,) = open_deliveries(str(archive), None, str(tmp_path / "staging"))
    assert [file.file.sha256 for file in found.files] == [file.file.sha256 for file in plain.files]
    for file in found.files:
        file.file.unpack()
    assert {path.name for path in (tmp_path / "staging" / archive.name).iterdir()} == {f.file.name for f in plain.files}
    clear(str(tmp_path / "staging"))
    assert not (tmp_path / "staging").exists()
    clear(str(tmp_path / "staging"))


def test_members_may_be_compressed_themselves(tmp_path):
    folder = deliver(tmp_path / "plain", {"1": [record("1", HEADER)], "8": [record("8", PERSON)]})
    for path in list(folder.iterdir()):
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    archive = zipped(folder, tmp_path / "of_gzips.zip")
    (found,) = open_deliveries(str(archive), None, str(tmp_path / "staging"))
    assert [(file.number, file.records) for file in found.files] == [("1", 1), ("8", 1), ("9", 0)]


def test_an_archive_that_lacks_a_member_or_is_none(tmp_path):
    folder = deliver(tmp_path / "plain", {"1": [record("1", HEADER)], "8": [record("8", PERSON)]})
    archive = zipped(folder, tmp_path / "one.zip", [name("1", DAY)])
    assert "lacks CCLF1, which CCLF0 lists" in refused(archive)
    archive.write_bytes(archive.read_bytes()[:200])
    assert "one.zip: is no zip archive, or is cut short" in refused(archive)
