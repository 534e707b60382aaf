"""The Tuva input layer: what is refused whole, what is set aside, how records become claims, people and months."""

import gzip
from datetime import date

import pyarrow as pa
import pytest
from pyarrow import parquet as pq
from pyspark.sql import functions as F

from lead_engine.foundation.errors import InputRefusedError
from lead_engine.foundation.identifiers import keyed_hash, pack_unit
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.marts.rules import basis
from lead_engine.methodology.facts import RunFacts
from lead_engine.sources import claims, people
from lead_engine.sources.quarantine import quarantine
from lead_engine.sources.records import BAD, GOOD
from lead_engine.sources.rules import DeliveryRules
from lead_engine.sources.tuva import records
from lead_engine.sources.tuva.delivery import CLAIMS, ELIGIBILITY, kind_of, open_delivery
from tests.held import held
from tests.rules import FACTS, resolved
from tests.tuva_files import EXTENSION, LINE, SPAN, STAY, arrow, columns, deliver, text

SECRET = "sesame"
RULES = DeliveryRules.from_methodology(resolved(), FACTS)
DAY = date(2025, 7, 15)
PERSON = keyed_hash(SECRET, "bene_id", "person-1")
NOBODY = (None,) * 5


class Staged:
    """The stage tables and core tables of some deliveries."""

    def __init__(self, spark, *folders, received=DAY) -> None:
        self.deliveries = tuple(open_delivery(str(folder), received) for folder in folders)
        self.people = held(records.PEOPLE.records(spark, self.deliveries, SECRET))
        self.lines = held(records.LINES.records(spark, self.deliveries, SECRET))
        self.keys = people.person_key(None, None, None, self.people)
        self.told = (None, None, None, self.keys, None, self.lines, self.people)
        self.claims = held(claims.claim(*self.told, RULES))

    def all_claims(self):
        return {row["source_id_key"]: row for row in self.claims.collect()}

    def core_lines(self):
        return claims.claim_line(None, None, self.lines, self.claims, RULES)

    def diagnoses(self):
        return claims.claim_diagnosis(None, None, None, None, self.lines, self.claims, RULES)

    def beneficiaries(self):
        return people.beneficiary(None, None, None, None, None, self.keys, self.people, self.lines)

    def months(self):
        return people.enrolment_month(None, self.beneficiaries(), None, self.keys, self.people)


def test_a_professional_claim(spark, tmp_path):
    staged = Staged(spark, deliver(tmp_path))
    (row,) = staged.claims.collect()
    assert (row["bene_key"], row["source_kind"], row["claim_type"], row["bill_type"]) == (PERSON, "TUVA", "71", None)
    assert (row["sign"], row["paid_cents"], row["known_date"]) == (1, 8000, date(2025, 3, 17))
    assert (row["claim_id"], row["ccn"], row["is_denied"]) == (keyed_hash(SECRET, "claim", "cms|A-1"), None, False)
    (line,) = staged.core_lines().collect()
    assert (line["tin"], line["npi"]) == (pack_unit("TIN:000000001"), pack_unit("NPI:9000000001"))
    assert (line["allowed_cents"], line["paid_cents"], line["specialty_code"]) == (10050, 8000, None)
    assert {(row["icd10_code"], row["is_principal"]) for row in staged.diagnoses().collect()} == {
        ("E1122", True),
        ("I10", False),
    }


def test_an_institutional_claim_is_paid_the_sum_of_its_lines(spark, tmp_path):
    second = STAY | {"claim_line_number": "2", "paid_amount": "-200.05", "bill_type_code": "0111"}
    staged = Staged(
        spark, deliver(tmp_path, lines=[second, STAY, STAY | {"claim_line_number": "3", "paid_amount": ""}])
    )
    (row,) = staged.claims.collect()
    assert (row["claim_type"], row["bill_type"], row["paid_cents"], row["drg_code"]) == ("60", "11", 99995, "291")
    assert (row["known_date"], row["admission_date"]) == (DAY, date(2025, 2, 3))  # never paid: known when received
    lines = staged.core_lines().collect()
    assert {line["tin"] for line in lines} == {None} and {line["service_date"] for line in lines} == {date(2025, 2, 3)}


CLAIM_TYPES = [
    ("professional", "", "71"), ("institutional", "111", "60"), ("institutional", "0213", "20"), ("institutional", "181", "30"),
    ("institutional", "329", "10"), ("institutional", "81A", "50"), ("institutional", "131", "40"),
    ("institutional", "221", "40"), ("Institutional", "771", "40"), ("institutional", "", None), ("institutional", "991", None),
    ("dental", "", None),
    ("undetermined", "111", None), ("", "111", None),
]  # fmt: skip


def test_claim_types(spark, tmp_path):
    rows = [
        LINE | {"claim_id": str(number), "claim_type": form, "bill_type_code": bill}
        for number, (form, bill, _) in enumerate(CLAIM_TYPES)
    ]
    staged = Staged(spark, deliver(tmp_path, lines=rows))
    found = {row["claim_id"]: row["claim_type"] for row in staged.claims.collect()}
    keys = [keyed_hash(SECRET, "claim", f"cms|{number}") for number in range(len(CLAIM_TYPES))]
    assert [found.get(key) for key in keys] == [claim_type for *_, claim_type in CLAIM_TYPES]
    told = entries(claims.claim_accounts(*staged.told, RULES, staged.claims))
    assert not unbalanced("core__claim", told)
    assert [(e.reason, e.rows, e.cents) for e in told if e.side == "excluded"] == [("NO_CLAIM_TYPE", 5, 5 * 8000)]


def test_other_payers_stay_out(spark, tmp_path):
    other = SPAN | {"person_id": "person-2", "payer": "Acme, Inc.", "payer_type": "commercial", "member_id": "M-2"}
    rows = [LINE, LINE | {"claim_id": "A-2", "person_id": "person-2", "payer": "Acme, Inc."}]
    staged = Staged(spark, deliver(tmp_path, spans=[SPAN, other], lines=rows))
    assert [row["bene_key"] for row in staged.claims.collect()] == [PERSON]
    assert [row["bene_key"] for row in staged.beneficiaries().collect()] == [PERSON]
    assert {row["bene_key"] for row in staged.months().collect()} == {PERSON}
    told = entries(claims.claim_accounts(*staged.told, RULES, staged.claims))
    assert not unbalanced("core__claim", told)
    assert [(e.reason, e.rows) for e in told if e.side == "excluded"] == [("NOT_MEDICARE", 1)]
    identity = people.identity(spark, (), (), staged.deliveries, SECRET, staged.keys)
    assert {(row["id_kind"], row["id_value"]) for row in identity.collect()} == {
        ("bene_id", "person-1"),
        ("mbi", "1S00A00AA01"),
    }


def test_months_of_spans(spark, tmp_path):
    spans = [
        SPAN | {"enrollment_end_date": "2024-12-31"},
        SPAN | {"enrollment_start_date": "2025-02-15", "enrollment_end_date": "", "medicare_status_code": "20"},
        SPAN | {"enrollment_start_date": "2025-06-01", "enrollment_end_date": "2025-05-01", "death_date": "2025-06-20"},
    ]
    months = {row["month"]: row for row in Staged(spark, deliver(tmp_path, spans=spans)).months().collect()}
    assert sorted(months) == [date(2024, 11, 1), date(2024, 12, 1), *[date(2025, n, 1) for n in range(2, 8)]]
    assert [months[date(2025, n, 1)]["is_alive"] for n in (6, 7)] == [True, False]
    assert [months[month]["medicare_status_code"] for month in (date(2024, 12, 1), date(2025, 2, 1))] == ["10", "20"]
    untold = ("has_part_a", "has_part_b", "is_medicare_advantage", "is_medicare_secondary", "county_fips_code")
    assert {tuple(row[name] for name in untold) for row in months.values()} == {(None,) * 5}


def test_demographics(spark, tmp_path):
    spans = [SPAN | {"gender": word, "person_id": word} for word in ("male", "female", "UNKNOWN")]
    found = {row["bene_key"]: row for row in Staged(spark, deliver(tmp_path, spans=spans)).beneficiaries().collect()}
    codes = {word: keyed_hash(SECRET, "bene_id", word) for word in ("male", "female", "UNKNOWN")}
    assert [found[key]["sex_code"] for key in codes.values()] == ["1", "2", "0"]
    assert found[codes["male"]]["birth_date"] == date(1950, 1, 1)
    assert found[PERSON]["birth_date"] is None  # known from a claim alone


def test_delivered_again_a_claim_is_replaced_whole(spark, tmp_path):
    second = LINE | {"claim_line_number": "2", "paid_amount": "5.00"}
    first = deliver(tmp_path / "first", lines=[LINE, LINE, second])
    later = deliver(tmp_path / "later", lines=[LINE | {"paid_amount": "70.00"}])
    deliveries = Staged(spark, first)
    assert deliveries.claims.first()["paid_cents"] == 8500
    staged = Staged(spark, first)
    staged.deliveries += (open_delivery(str(later), date(2025, 8, 15)),)
    lines = held(records.LINES.records(spark, staged.deliveries, SECRET))
    told = (None, None, None, staged.keys, None, lines, staged.people)
    found = claims.claim(*told, RULES)
    assert [row["paid_cents"] for row in found.collect()] == [7000]
    assert not unbalanced("core__claim", entries(claims.claim_accounts(*told, RULES, found)))
    kept = claims.claim_line(None, None, lines, found, RULES)
    counted = entries(claims.line_accounts(None, None, lines, found, RULES, kept))
    assert not unbalanced("core__claim_line", counted)
    assert {(e.reason, e.rows) for e in counted if e.side == "excluded"} == {("DELIVERED_TWICE", 3)}


def test_the_same_number_in_two_sources_is_two_claims(spark, tmp_path):
    staged = Staged(spark, deliver(tmp_path, lines=[LINE, LINE | {"data_source": "other"}]))
    assert sorted(row["paid_cents"] for row in staged.claims.collect()) == [8000, 8000]


def test_two_claims_under_one_number_stop_the_load(spark, tmp_path):
    staged = Staged(spark, deliver(tmp_path, lines=[LINE, LINE | {"claim_id": "A-2"}]))
    lines = staged.lines.withColumn("claim_id", F.lit(7).cast("bigint"))
    told = (None, None, None, staged.keys, None, lines, staged.people)
    (problem, *_) = unbalanced("core__claim", entries(claims.claim_accounts(*told, RULES, claims.claim(*told, RULES))))
    assert "2 rows went in, 1 came out" in str(problem)


def test_codes_that_are_no_icd_10_are_no_diagnoses(spark, tmp_path):
    rows = [LINE | {"claim_id": kind, "diagnosis_code_type": kind} for kind in ("icd-9-cm", "", "ICD-10-CM")]
    staged = Staged(spark, deliver(tmp_path, lines=rows))
    known = {keyed_hash(SECRET, "claim", "cms|ICD-10-CM")}
    assert {row["claim_id"] for row in staged.diagnoses().collect()} == known


BAD_VALUES = {
    "letters in an amount": (CLAIMS, {"paid_amount": "8O.00"}, ("paid_amount", "NOT_AN_AMOUNT")),
    "a Medicare number in an amount": (CLAIMS, {"allowed_amount": "1S00A00AA01"}, ("allowed_amount", "NOT_AN_AMOUNT")),
    "a third decimal": (CLAIMS, {"paid_amount": "1.005"}, ("paid_amount", "NOT_AN_AMOUNT")),
    "an amount in words of its locale": (CLAIMS, {"paid_amount": "1,200.00"}, ("paid_amount", "NOT_AN_AMOUNT")),
    "30 February": (CLAIMS, {"claim_start_date": "2025-02-30"}, ("claim_start_date", "NOT_A_DATE")),
    "no date": (CLAIMS, {"claim_end_date": ""}, ("claim_end_date", "MISSING")),
    "no claim number": (CLAIMS, {"claim_id": " "}, ("claim_id", "MISSING")),
    "no line number": (CLAIMS, {"claim_line_number": ""}, ("claim_line_number", "MISSING")),
    "a line number of letters": (CLAIMS, {"claim_line_number": "1a"}, ("claim_line_number", "NOT_A_NUMBER")),
    "no payer": (CLAIMS, {"payer": ""}, ("payer", "MISSING")),
    "a short TIN": (CLAIMS, {"billing_tin": "12345"}, ("billing_tin", "NOT_A_TIN")),
    "a long NPI": (CLAIMS, {"rendering_npi": "90000000012"}, ("rendering_npi", "NOT_AN_NPI")),
    "a bill type of words": (CLAIMS, {"bill_type_code": "inpatient"}, ("bill_type_code", "NOT_A_BILL_TYPE")),
    "no diagnosis": (CLAIMS, {"diagnosis_code_2": "##"}, ("diagnosis_code_1..diagnosis_code_25", "NOT_A_DIAGNOSIS")),
    "no person": (ELIGIBILITY, {"person_id": ""}, ("person_id", "MISSING")),
    "a sentence for a person": (ELIGIBILITY, {"person_id": "a person"}, ("person_id", "NOT_AN_IDENTIFIER")),
    "another word for sex": (ELIGIBILITY, {"gender": "F"}, ("gender", "NOT_A_SEX")),
    "a span without a beginning": (ELIGIBILITY, {"enrollment_start_date": ""}, ("enrollment_start_date", "MISSING")),
    "a day with a time": (
        ELIGIBILITY,
        {"birth_date": "1950-01-01 00:00:00"},
        ("birth_date", "NOT_A_DATE"),
    ),
    "no kind of payer": (ELIGIBILITY, {"payer_type": ""}, ("payer_type", "MISSING")),
}


@pytest.fixture(scope="module")
def bad(spark, tmp_path_factory):
    """Every bad value in a file of its own kind, behind enough good records."""
    rows = {table: [change for of, change, _ in BAD_VALUES.values() if of == table] for table in (ELIGIBILITY, CLAIMS)}
    many = 10 * len(BAD_VALUES)
    spans = [*[SPAN] * many, *[SPAN | change for change in rows[ELIGIBILITY]]]
    lines = [
        *[LINE | {"claim_id": f"G-{number}"} for number in range(many)],
        *[LINE | {"claim_id": f"B-{number}"} | change for number, change in enumerate(rows[CLAIMS])],
    ]
    staged = Staged(spark, deliver(tmp_path_factory.mktemp("bad"), spans, lines))
    found = quarantine(spark, (), (), staged.deliveries, SECRET, staged.people, staged.lines, RULES).collect()
    return spark, staged, {(row["source_file"], row["record_number"]): row for row in found}


@pytest.mark.parametrize("case", BAD_VALUES)
def test_bad_records_are_set_aside(bad, case):
    _, _, found = bad
    table, _, (field, reason) = BAD_VALUES[case]
    place = [name for name, (of, *_) in BAD_VALUES.items() if of == table].index(case)
    row = found[f"{table}.csv", 10 * len(BAD_VALUES) + place + 2]  # the header is line 1
    assert (row["field"], row["reason"], row["received_date"], row["records"]) == (field, reason, DAY, 1)


def test_good_records_go_on_and_all_are_accounted_for(bad):
    spark, staged, _ = bad
    for table, kept in ((records.PEOPLE, staged.people), (records.LINES, staged.lines)):
        told = entries(table.accounts(spark, staged.deliveries, SECRET, kept))
        assert not unbalanced(table.contract.name, told)
        assert {e.rows for e in told if e.side == "out"} == {10 * len(BAD_VALUES)}
    assert staged.claims.count() == 10 * len(BAD_VALUES)


def test_quotes_commas_and_lines_of_another_width(spark, tmp_path):
    folder = deliver(tmp_path, spans=[SPAN | {"first_name": 'Ann ""B"", "C"', "payer": 'Med"i,care'}])
    with (folder / "eligibility.csv").open("a") as file:
        file.write("a,b,c\n\n" + '"never,' * 3 + "\n" + ",".join(["x"] * 40) + "\n")
    staged = Staged(spark, folder)
    assert [row["payer"] for row in staged.people.where(GOOD).collect()] == ['med"i,care']
    set_aside = staged.people.where(BAD).collect()
    assert [row["problems"][0].asDict() for row in set_aside] == [{"field": "record", "reason": "FIELD_COUNT"}] * 4
    assert not unbalanced("people", entries(records.PEOPLE.accounts(spark, staged.deliveries, SECRET, staged.people)))


def test_every_form_gives_the_same_records(spark, tmp_path):
    spans = [SPAN, SPAN | {"person_id": "person-2", "death_date": "2025-05-05"}]
    lines = [LINE, STAY, LINE | {"claim_id": "A-9", "paid_amount": "12345678.9", "allowed_amount": "12345678.25"}]
    found = {}
    for form in ("csv", "csv.gz", "parquet", "parts"):
        staged = Staged(spark, deliver(tmp_path / form, spans, lines, form))
        for table, kept in ((records.PEOPLE, staged.people), (records.LINES, staged.lines)):
            assert not unbalanced(form, entries(table.accounts(spark, staged.deliveries, SECRET, kept))), form
        tables = [staged.people.drop("source_file"), staged.lines.drop("source_file"), staged.months()]
        found[form] = [sorted(map(str, table.collect())) for table in tables]
    assert all(rows == found["csv"] for rows in found.values())
    assert len(found["csv"][1]) == 3 and "1234567890" in "".join(found["csv"][1])


def test_bad_rows_of_parquet_have_no_number(spark, tmp_path):
    rows = [LINE | {"claim_id": str(number)} for number in range(20)]
    folder = deliver(tmp_path, lines=[*rows, LINE | {"allowed_amount": "nan"}], form="parts")
    staged = Staged(spark, folder)
    (row,) = quarantine(spark, (), (), staged.deliveries, SECRET, staged.people, staged.lines, _lenient()).collect()
    assert (row["source_file"], row["record_number"], row["field"], row["reason"]) == (
        "medical_claim.parquet/part-00020.snappy.parquet",
        None,
        "allowed_amount",
        "NOT_AN_AMOUNT",
    )


def _lenient():
    return DeliveryRules.from_methodology(resolved(claims__bad_share_to_stop=1), FACTS)


def test_capital_letters_another_order_line_ends_and_a_mark(spark, tmp_path):
    names = {table: [name.upper() for name in reversed(columns(table))] for table in (ELIGIBILITY, CLAIMS)}
    rows = [{name.upper(): value for name, value in row.items()} for row in (SPAN, LINE)]
    folder = deliver(tmp_path, rows[:1], rows[1:], names=names, end="\r\n")
    path = folder / "medical_claim.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    staged = Staged(spark, folder)
    assert staged.claims.first()["paid_cents"] == 8000 and staged.lines.count() == 1


def test_a_specialty_where_the_delivery_adds_it(spark, tmp_path):
    names = {CLAIMS: [*columns(CLAIMS), EXTENSION]}
    staged = Staged(spark, deliver(tmp_path, lines=[LINE | {EXTENSION: "08"}], names=names))
    assert [row["specialty_code"] for row in staged.core_lines().collect()] == ["08"]


def test_a_file_with_a_header_alone(spark, tmp_path):
    staged = Staged(spark, deliver(tmp_path, spans=[], lines=[]))
    assert staged.claims.count() == staged.months().count() == staged.beneficiaries().count() == 0
    assert not unbalanced("lines", entries(records.LINES.accounts(spark, staged.deliveries, SECRET, staged.lines)))


def test_rif_tells_first_and_its_people_are_met(spark, tmp_path):
    from lead_engine.sources.rif import records as rif
    from tests.spark.test_rif import BENEFICIARY, CARRIER
    from tests.spark.test_rif import deliver as deliver_rif

    deliveries = deliver_rif(
        tmp_path / "rif", beneficiary=[BENEFICIARY | {"MBI_NUM": "1S00A00AA01"}], carrier=[CARRIER]
    )
    rif_people, rif_lines = (made(spark, deliveries, SECRET) for made in (rif.beneficiary_records, rif.line_records))
    rif_people, rif_lines = held(rif_people), held(rif_lines)
    earlier = LINE | {"claim_id": "A-0", "claim_start_date": "2024-12-03"}
    staged = Staged(spark, deliver(tmp_path / "tuva", lines=[LINE, earlier]))
    keys = people.person_key(None, None, rif_people, staged.people)
    person = keyed_hash(SECRET, "bene_id", "-1")
    assert [(row["id_key"], row["bene_key"]) for row in keys.collect()] == [(PERSON, person)]
    told = (rif_lines, None, None, keys, rif_people, staged.lines, staged.people)
    found = claims.claim(*told, RULES)
    assert {(row["source_kind"], row["bene_key"], row["from_year"]) for row in found.collect()} == {
        ("RIF", person, 2025),
        ("TUVA", person, 2024),
    }
    counted = entries(claims.claim_accounts(*told, RULES, found))
    assert not unbalanced("core__claim", counted)
    assert [(e.reason, e.rows) for e in counted if e.side == "excluded"] == [("RIF_HAS_THE_YEAR", 1)]
    everybody = people.beneficiary(rif_people, rif_lines, None, None, None, keys, staged.people, staged.lines)
    assert [row["bene_key"] for row in everybody.collect()] == [person]
    months = people.enrolment_month(rif_people, everybody, None, keys, staged.people).orderBy("month").collect()
    assert [row["has_part_a"] for row in months] == [None, None, *[True] * 12]
    identity = people.identity(spark, deliveries, (), staged.deliveries, SECRET, keys).collect()
    assert {(row["id_value"], row["bene_key"]) for row in identity} == {
        (value, person) for value in ("-1", "1S00A00AA01", "person-1")
    }


def test_cclf_tells_before_tuva(spark, tmp_path):
    from tests.cclf_files import HEADER, record
    from tests.cclf_files import PERSON as MEMBER
    from tests.cclf_files import deliver as deliver_cclf
    from tests.spark.test_cclf import Staged as StagedCclf

    folder = deliver_cclf(tmp_path / "cclf", {"1": [record("1", HEADER)], "8": [record("8", MEMBER)]})
    cclf = StagedCclf(spark, folder)
    earlier = LINE | {"claim_id": "A-0", "claim_start_date": "2024-12-03"}
    staged = Staged(spark, deliver(tmp_path / "tuva", lines=[LINE, earlier]))
    keys = people.person_key(cclf.people, cclf.crosswalk, None, staged.people)
    person = keyed_hash(SECRET, "mbi", "1S00A00AA01")
    assert [(row["id_key"], row["bene_key"]) for row in keys.collect()] == [(PERSON, person)]
    told = (None, cclf.headers, cclf.lines, keys, None, staged.lines, staged.people)
    found = claims.claim(*told, RULES)
    assert {(row["source_kind"], row["from_year"], row["bene_key"]) for row in found.collect()} == {
        ("CCLF", 2025, person),
        ("TUVA", 2024, person),
    }
    counted = entries(claims.claim_accounts(*told, RULES, found))
    assert not unbalanced("core__claim", counted)
    assert ("CCLF_HAS_THE_YEAR", 1) in {(e.reason, e.rows) for e in counted if e.side == "excluded"}
    identity = people.identity(spark, (), cclf.deliveries, staged.deliveries, SECRET, keys).collect()
    assert {(row["id_kind"], row["id_value"], row["bene_key"]) for row in identity} == {
        ("mbi", "1S00A00AA01", person),
        ("bene_id", "person-1", person),
    }


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("medical_claim.csv", CLAIMS), ("medical_claim_0_1_0.csv.gz", CLAIMS), ("eligibility.parquet", ELIGIBILITY),
        ("pharmacy_claim.csv", None), ("medical_claims.csv", None), ("eligibility.csv.bz2", None), ("eligibility.txt", None),
    ],
)  # fmt: skip
def test_names_of_files(name, table):
    assert kind_of(name) == table


def refused(folder) -> str:
    with pytest.raises(InputRefusedError) as raised:
        open_delivery(str(folder), DAY)
    return str(raised.value)


def test_every_problem_of_a_delivery_is_told_at_once(tmp_path):
    assert "there is no such folder" in refused(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    told = refused(tmp_path / "empty")
    assert "has no eligibility" in told and "has no medical_claim" in told
    lacking = [name for name in columns(CLAIMS) if name not in ("billing_tin", "diagnosis_code_1")]
    names = {CLAIMS: lacking, ELIGIBILITY: [*columns(ELIGIBILITY), "gender"]}
    told = refused(deliver(tmp_path / "lacking", names=names))
    assert "medical_claim.csv line 1: lacks the columns billing_tin, diagnosis_code_1" in told
    assert "eligibility.csv line 1: names the columns gender more than once" in told
    told = refused(deliver(tmp_path / "parquet", form="parquet", names={CLAIMS: lacking}))
    assert "medical_claim.parquet: lacks the columns billing_tin, diagnosis_code_1" in told


def test_empty_damaged_and_doubled_files(tmp_path):
    folder = deliver(tmp_path / "empty")
    (folder / "eligibility.csv").write_text("")
    (folder / "medical_claim.csv").write_bytes(b"")
    told = refused(folder)
    assert "eligibility.csv: is empty" in told and "medical_claim.csv: is empty" in told
    folder = deliver(tmp_path / "damaged")
    (folder / "medical_claim.csv").unlink()
    whole = gzip.compress(text(CLAIMS, [LINE] * 500).encode(), 0)
    (folder / "medical_claim.csv.gz").write_bytes(whole[:100])
    (folder / "eligibility.csv").unlink()
    (folder / "eligibility.parquet").write_bytes(b"PAR1 and no more")
    told = refused(folder)
    assert "medical_claim.csv.gz: is damaged or cut short" in told and "eligibility.parquet: is damaged" in told
    folder = deliver(deliver(tmp_path / "double"), form="parquet")
    assert "has eligibility as CSV and as Parquet" in refused(folder)


def test_nanoseconds_are_refused(tmp_path):
    folder = deliver(tmp_path, form="parquet")
    made = arrow(ELIGIBILITY, [SPAN]).append_column("ingest_datetime", pa.array([0], pa.timestamp("ns")))
    pq.write_table(made, folder / "eligibility.parquet")
    assert "holds nanoseconds in ingest_datetime" in refused(folder)


def test_figures_say_what_the_layer_cannot_carry():
    facts = RunFacts(**{**vars(FACTS), "delivery_kinds": ("rif", "tuva")})
    assert "specialty unless the delivery adds it" in basis(resolved(), facts)
    assert "Tuva" not in basis(resolved(), FACTS)


PRACTICE, OUTSIDER = "000000001", "000000009"


def network(folder):
    """An ACO of one practice, with 30 people it cares for and 30 another practice does, over all alignment years."""
    names = {CLAIMS: [*columns(CLAIMS), EXTENSION]}
    spans, lines = [], []
    for number in range(60):
        who = f"person-{number}"
        spans.append(
            SPAN | {"person_id": who, "member_id": f"1S{number:09d}", "enrollment_start_date": "2020-01-01",
                    "enrollment_end_date": "", "gender": ("male", "female")[number % 2]}
        )  # fmt: skip
        for year in range(2021, 2028):
            day = f"{year}-03-{number % 28 + 1:02d}"
            dates = {"claim_start_date": day, "claim_end_date": day, "claim_line_start_date": day, "paid_date": day}
            tin = PRACTICE if number < 30 else OUTSIDER
            whose = {"claim_id": f"{who}/{year}", "person_id": who, "billing_tin": tin, EXTENSION: "08"}
            lines.append(LINE | whose | dates)
    deliver(folder / "tuva", spans, lines, names=names)
    (folder / "acos.csv").write_text("aco_id,aco_name,first_performance_year\nA9001,One,2027\n")
    (folder / "participants.csv").write_text(
        "aco_id,tin,npi,provider_class,effective_date,termination_date,ccn\n"
        f"A9001,{PRACTICE},9000000001,Participant,2024-01-01,,\n"
    )
    (folder / "no_service_area.yaml").write_text("description: none given.\nalignment/service_area_mode: NONE\n")
    (folder / "id_secret.txt").write_text("the secret of an invented network is no secret\n")
    (folder / "run.yaml").write_text(
        """lake: lake
performance_year: 2027
sources:
  - {kind: tuva, path: tuva, received: 2027-09-01}
participants: participants.csv
acos: acos.csv
alignment_claims_cutoff: 2026-09-30
enrolment_through: 2027-06
overrides: [no_service_area.yaml]
id_secret_file: id_secret.txt
"""
    )
    return folder / "run.yaml"


def test_a_run_from_the_layer_to_the_figures(spark, tmp_path):
    from lead_engine.lake.store import Lake
    from lead_engine.pipeline.config import read_config
    from lead_engine.pipeline.plan import State, plan
    from lead_engine.pipeline.run import Run
    from lead_engine.tables import CONTRACTS

    config = read_config(network(tmp_path))
    done = {each.table: each for each in Run(config, spark).go()}
    assert done["stage__tuva_line"].rows == done["core__claim_line"].rows == 420
    assert not [table for table in done if table.startswith(("stage__rif", "stage__cclf"))]
    lake = Lake(spark, config.lake)
    figures = lake.read(CONTRACTS["mart__aco_year"]).where("year = 2027 AND category = 'AD'").collect()
    assert {row["people"] for row in figures} == {30}
    assert {"Tuva claims without CCN" in row["basis"] for row in figures} == {True}
    months = lake.read(CONTRACTS["calc__beneficiary_month"]).select("not_tested").distinct().collect()
    assert [row["not_tested"] for row in months] == ["A_AND_B,MA,MSP,SERVICE_AREA,OVERLAP"]
    assert {each.state for each in plan(config, lake)} == {State.CURRENT}
