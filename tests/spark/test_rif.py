"""RIF records: what is read, what is set aside and why, what is counted once, who a claim belongs to."""

import gzip
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from lead_engine.foundation.errors import InputRefusedError
from lead_engine.foundation.identifiers import keyed_hash, pack_unit
from lead_engine.lake.accounts import entries, unbalanced
from lead_engine.sources import people as everybody
from lead_engine.sources.quarantine import quarantine
from lead_engine.sources.records import BAD as BAD_RECORD
from lead_engine.sources.rif import accounts, claims, people, records
from lead_engine.sources.rif.delivery import damaged_files, kind_of, layout, open_delivery
from lead_engine.sources.rules import DeliveryRules
from tests.held import held
from tests.rules import FACTS, resolved

SECRET = "sesame"
RECEIVED = date(2025, 7, 15)
RULES = DeliveryRules.from_methodology(resolved(), FACTS)
ALL_MAY_BE_BAD = replace(RULES, bad_share_to_stop=Fraction(1))
CARRIER = {
    "BENE_ID": "-1", "CLM_ID": "-10", "FINAL_ACTION": "F", "NCH_CLM_TYPE_CD": "71", "CLM_FROM_DT": "03-Mar-2025",
    "CLM_THRU_DT": "04-Mar-2025", "NCH_WKLY_PROC_DT": "14-Mar-2025", "CARR_CLM_PMT_DNL_CD": "1", "PRNCPAL_DGNS_CD": "I10",
    "ICD_DGNS_CD1": "I10", "ICD_DGNS_CD2": "e11.22", "LINE_NUM": "1", "HCPCS_CD": "99213", "LINE_1ST_EXPNS_DT": "03-Mar-2025",
    "TAX_NUM": "000000001", "PRF_PHYSN_NPI": "9000000001", "PRVDR_SPCLTY": "08", "LINE_PLACE_OF_SRVC_CD": "11",
    "LINE_PRCSG_IND_CD": "A", "LINE_ALOWD_CHRG_AMT": "120.00", "LINE_NCH_PMT_AMT": "96.5", "LINE_ICD_DGNS_CD": "I10",
}  # fmt: skip
BENEFICIARY = {
    "BENE_ID": "-1", "RFRNC_YR": "2025", "MBI_NUM": "1S000000001", "BENE_BIRTH_DT": "01-Jan-1950", "BENE_SEX_IDENT_CD": "2",
    "BENE_ENTLMT_RSN_ORIG": "0", "A_MO_CNT": "12", "B_MO_CNT": "12",
} | {f"MDCR_ENTLMT_BUYIN_{n}_IND": "3" for n in range(1, 13)}  # fmt: skip


def lines(kind, *rows):
    names = list(dict.fromkeys(name for field in layout(kind) for name in field.names))
    return "\n".join(["|".join(names), *["|".join(row.get(name, "") for name in names) for row in rows]]) + "\n"


def deliver(folder, *, carrier=(CARRIER,), beneficiary=(BENEFICIARY,), **others):
    folder.mkdir(exist_ok=True)
    (folder / "carrier.csv").write_text(lines("carrier", *carrier))
    (folder / "beneficiary_2025.csv").write_text(lines("beneficiary", *beneficiary))
    for kind, rows in others.items():
        (folder / f"{kind}.csv").write_text(lines(kind, *rows))
    return (open_delivery(str(folder), RECEIVED),)


def stage(spark, deliveries):
    return held(records.line_records(spark, deliveries, SECRET))


def test_a_carrier_line(spark, tmp_path):
    (row,) = stage(spark, deliver(tmp_path)).collect()
    assert row["problems"] == []
    assert row["person_id_key"] == keyed_hash(SECRET, "bene_id", "-1")
    assert (row["claim_id"], row["line_number"], row["service_date"]) == (-10, 1, date(2025, 3, 3))
    assert (row["allowed_cents"], row["line_paid_cents"]) == (12000, 9650)
    assert (row["tin"], row["npi"]) == (pack_unit("TIN:000000001"), pack_unit("NPI:9000000001"))
    assert row["diagnosis_codes"] == ["I10", "E1122"]
    assert row["record_hash"] is None


BAD = {
    "letters in an amount": ({"LINE_ALOWD_CHRG_AMT": "12O.00"}, ("LINE_ALOWD_CHRG_AMT", "NOT_AN_AMOUNT")),
    "a Medicare number in an amount": ({"LINE_NCH_PMT_AMT": "1EG4TE5MK73"}, ("LINE_NCH_PMT_AMT", "NOT_AN_AMOUNT")),
    "a third decimal": ({"LINE_NCH_PMT_AMT": "1.005"}, ("LINE_NCH_PMT_AMT", "NOT_AN_AMOUNT")),
    "an exponent": ({"LINE_NCH_PMT_AMT": "1E3"}, ("LINE_NCH_PMT_AMT", "NOT_AN_AMOUNT")),
    "30 February": ({"CLM_FROM_DT": "30-Feb-2023"}, ("CLM_FROM_DT", "NOT_A_DATE")),
    "another form of date": ({"CLM_FROM_DT": "2023-02-30"}, ("CLM_FROM_DT", "NOT_A_DATE")),
    "no date": ({"CLM_FROM_DT": ""}, ("CLM_FROM_DT", "MISSING")),
    "no person": ({"BENE_ID": " "}, ("BENE_ID", "MISSING")),
    "a claim number of letters": ({"CLM_ID": "abc"}, ("CLM_ID", "NOT_A_CLAIM_NUMBER")),
    "a short TIN": ({"TAX_NUM": "12345"}, ("TAX_NUM", "NOT_A_TIN")),
    "a long NPI": ({"PRF_PHYSN_NPI": "12345678901"}, ("PRF_PHYSN_NPI", "NOT_AN_NPI")),
    "a sentence for a code": ({"HCPCS_CD": "an office visit"}, ("HCPCS_CD", "NOT_A_CODE")),
    "no diagnosis": ({"ICD_DGNS_CD2": "##"}, ("ICD_DGNS_CD1..ICD_DGNS_CD12", "NOT_A_DIAGNOSIS")),
}


@pytest.fixture(scope="module")
def bad(spark, tmp_path_factory):
    rows = [CARRIER | change | {"LINE_NUM": str(number)} for number, (change, _) in enumerate(BAD.values(), 2)]
    deliveries = deliver(tmp_path_factory.mktemp("bad"), carrier=[CARRIER, *rows])
    staged = stage(spark, deliveries)
    return (
        deliveries,
        staged,
        {
            row["record_number"]: row
            for row in quarantine(
                spark, deliveries, (), (), SECRET, *_nobody(spark, deliveries), staged, ALL_MAY_BE_BAD
            ).collect()
        },
    )


def _nobody(spark, deliveries):
    return (records.beneficiary_records(spark, deliveries, SECRET),)


@pytest.mark.parametrize("case", BAD)
def test_bad_records_are_set_aside(bad, case):
    _, _, quarantined = bad
    row = quarantined[list(BAD).index(case) + 3]  # the header is line 1, the good record line 2
    assert (row["field"], row["reason"]) == BAD[case][1]
    assert (row["source_file"], row["received_date"], row["records"]) == ("carrier.csv", RECEIVED, 1)


def test_good_records_go_on_and_all_are_accounted_for(spark, bad):
    deliveries, staged, _ = bad
    told = entries(accounts.line_records(spark, deliveries, SECRET, staged))
    assert unbalanced("stage__rif_line", told) == []
    assert {(entry.side, entry.reason): entry.rows for entry in told if entry.side != "excluded"} == {
        ("in", ""): len(BAD) + 2,
        ("out", ""): 1,
    }
    assert claims.claim_line(staged, RULES).count() == 1


@pytest.mark.parametrize("text", ["a|b|c", "", "-1|-10"])
def test_a_record_of_another_width(spark, tmp_path, text):
    deliver(tmp_path)
    with (tmp_path / "carrier.csv").open("a") as file:
        file.write(text + "\n")
    found = stage(spark, (open_delivery(str(tmp_path), RECEIVED),)).where(BAD_RECORD).collect()
    assert [row["problems"][0].asDict() for row in found] == [{"field": "record", "reason": "FIELD_COUNT"}]


def test_a_header_in_the_midst_of_a_file_is_no_record(spark, tmp_path):
    """Files put together by hand repeat it; the accounts say how often."""
    deliver(tmp_path)
    twice = lines("carrier", CARRIER) + lines("carrier", CARRIER | {"LINE_NUM": "2"})
    (tmp_path / "carrier.csv").write_text(twice)
    deliveries = (open_delivery(str(tmp_path), RECEIVED),)
    staged = stage(spark, deliveries)
    told = entries(accounts.line_records(spark, deliveries, SECRET, staged))
    assert unbalanced("stage__rif_line", told) == []
    assert {(entry.side, entry.reason): entry.rows for entry in told} == {
        ("in", ""): 4,
        ("out", ""): 2,
        ("excluded", "HEADER"): 2,
    }


def test_line_ends_a_mark_and_a_foreign_byte(spark, tmp_path):
    deliver(tmp_path)
    text = "\ufeff" + lines("carrier", CARRIER, CARRIER | {"LINE_NUM": "2"}).replace("\n", "\r\n")
    (tmp_path / "carrier.csv").write_bytes(text.encode() + b"\xff\xfe|\n")
    rows = stage(spark, (open_delivery(str(tmp_path), RECEIVED),)).collect()
    assert sorted(len(row["problems"]) for row in rows) == [0, 0, 1]


def test_columns_in_another_order_and_more_of_them(spark, tmp_path):
    deliver(tmp_path)
    names = [
        *reversed(CARRIER),
        "EXTRA",
        *[name for field in layout("carrier") for name in field.names if name not in CARRIER],
    ]
    text = "|".join(names) + "\n" + "|".join(CARRIER.get(name, "") for name in names) + "\n"
    (tmp_path / "carrier.csv").write_text(text)
    (row,) = stage(spark, (open_delivery(str(tmp_path), RECEIVED),)).collect()
    assert (row["allowed_cents"], row["problems"]) == (12000, [])


def test_a_line_delivered_twice_counts_once_and_the_newer_wins(spark, tmp_path):
    first = deliver(tmp_path / "first")
    (tmp_path / "second").mkdir()
    deliver(
        tmp_path / "second",
        carrier=[CARRIER | {"LINE_NCH_PMT_AMT": "50.00"}, CARRIER | {"LINE_NUM": "2", "LINE_NCH_PMT_AMT": "7.00"}],
    )
    second = (open_delivery(str(tmp_path / "second"), date(2025, 8, 15)),)
    staged = stage(spark, first + second)
    (claim,) = claims.claim(staged, RULES).collect()
    assert claim["paid_cents"] == 5700
    told = entries(accounts.claim_line(staged, RULES, claims.claim_line(staged, RULES)))
    assert unbalanced("core__claim_line", told) == []
    assert [(entry.reason, entry.rows) for entry in told if entry.side == "excluded"] == [("DELIVERED_TWICE", 1)]
    assert unbalanced("core__claim", entries(accounts.claim(staged, RULES, claims.claim(staged, RULES)))) == []


def test_denied_and_superseded(spark, tmp_path):
    rows = [
        CARRIER | {"CLM_ID": "-1", "CARR_CLM_PMT_DNL_CD": "0"},
        CARRIER | {"CLM_ID": "-2", "LINE_PRCSG_IND_CD": "R"},
        CARRIER | {"CLM_ID": "-3", "FINAL_ACTION": "N"},
        CARRIER | {"CLM_ID": "-4"},
    ]
    found = {
        row["claim_id"]: row
        for row in claims.claim_line(stage(spark, deliver(tmp_path, carrier=rows)), RULES).collect()
    }
    assert {number: (row["is_denied"], row["sign"]) for number, row in found.items()} == {
        -1: (True, 1),
        -2: (True, 1),
        -3: (False, 0),
        -4: (False, 1),
    }


def test_institutional_payment_counts_once(spark, tmp_path):
    shared = {
        name: CARRIER[name]
        for name in ("BENE_ID", "CLM_ID", "FINAL_ACTION", "CLM_FROM_DT", "CLM_THRU_DT", "NCH_WKLY_PROC_DT")
    }
    shared |= {
        "NCH_CLM_TYPE_CD": "40",
        "CLM_PMT_AMT": "100.00",
        "PRVDR_NUM": "361844",
        "CLM_FAC_TYPE_CD": "7",
        "CLM_SRVC_CLSFCTN_TYPE_CD": "7",
    }
    shared["CLM_ID"] = "-99"
    rows = [
        shared | {"CLM_LINE_NUM": str(n), "REV_CNTR": center, "REV_CNTR_PMT_AMT_AMT": "100.00"}
        for n, center in ((1, "0521"), (2, "0001"))
    ]
    staged = stage(spark, deliver(tmp_path, outpatient=rows))
    found = {row["claim_id"]: row for row in claims.claim(staged, RULES).collect()}
    assert (found[-99]["paid_cents"], found[-99]["bill_type"], found[-99]["ccn"]) == (
        10000,
        "77",
        pack_unit("CCN:361844"),
    )
    dates = {row["service_date"] for row in claims.claim_line(staged, RULES).where("claim_id = -99").collect()}
    assert dates == {date(2025, 3, 3)}  # no date of its own: the claim's


def test_diagnoses_of_a_claim_once_each(spark, tmp_path):
    found = claims.claim_diagnosis(stage(spark, deliver(tmp_path)), RULES).collect()
    assert {row["icd10_code"]: row["is_principal"] for row in found} == {"I10": True, "E1122": False}


def test_people_known_from_claims_alone(spark, tmp_path):
    deliveries = deliver(tmp_path, carrier=[CARRIER, CARRIER | {"BENE_ID": "-2", "CLM_ID": "-20"}])
    staged = records.beneficiary_records(spark, deliveries, SECRET)
    found = {
        row["bene_key"]: row["birth_date"]
        for row in everybody.beneficiary(staged, stage(spark, deliveries), None, None, None, None).collect()
    }
    assert found == {keyed_hash(SECRET, "bene_id", "-1"): date(1950, 1, 1), keyed_hash(SECRET, "bene_id", "-2"): None}


def test_identifiers_and_the_newest_mbi(spark, tmp_path):
    deliver(tmp_path)
    later = BENEFICIARY | {"RFRNC_YR": "2026", "MBI_NUM": "1S000000002"}
    (tmp_path / "beneficiary_2026.csv").write_text(lines("beneficiary", later))
    deliveries = (open_delivery(str(tmp_path), RECEIVED),)
    found = {row["id_value"]: row for row in people.identity(spark, deliveries, SECRET).collect()}
    assert {value: row["is_current"] for value, row in found.items()} == {
        "-1": True,
        "1S000000001": False,
        "1S000000002": True,
    }
    assert {row["bene_key"] for row in found.values()} == {keyed_hash(SECRET, "bene_id", "-1")}
    assert found["1S000000002"]["id_key"] == keyed_hash(SECRET, "mbi", "1S000000002")


def test_enrolment_months(spark, tmp_path):
    year = BENEFICIARY | {
        "DEATH_DT": "15-Apr-2025",
        "MDCR_ENTLMT_BUYIN_2_IND": "1",
        "HMO_3_IND": "1",
        "MDCR_STUS_JAN_CD": "11",
    }
    year |= {"META_DUAL_ELGBL_STUS_JAN_CD": "02", "FIPS_STATE_CNTY_JAN_CD": "39035", "FIPS_STATE_CNTY_FEB_CD": "99999"}
    deliveries = deliver(tmp_path, beneficiary=[year])
    staged = records.beneficiary_records(spark, deliveries, SECRET)
    months = (
        people.enrolment_month(staged, everybody.beneficiary(staged, stage(spark, deliveries), None, None, None, None))
        .orderBy("month")
        .collect()
    )
    assert len(months) == 12
    january, february, march = months[:3]
    assert (january["county_code"], january["dual_code"], january["medicare_status_code"]) == ("36170", "02", "11")
    assert (february["has_part_a"], february["has_part_b"], february["county_code"]) == (True, False, None)
    assert march["is_medicare_advantage"] and not january["is_medicare_advantage"]
    assert [row["is_alive"] for row in months] == [True] * 4 + [False] * 8
    assert {row["is_medicare_secondary"] for row in months} == {None}


def test_the_secret_stands_in_no_plan(spark, tmp_path, capfd):
    frame = stage(spark, deliver(tmp_path))
    frame.explain(True)
    assert SECRET not in capfd.readouterr().out


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("carrier.csv", "carrier"), ("carrier.csv.gz", "carrier"), ("carrier_2024.part-1.txt", "carrier"),
        ("beneficiary_2024.csv", "beneficiary"),
        ("beneficiary_history.csv", None), ("npi.tsv.gz", None), ("carriers.csv", None), ("pde.csv", None),
    ],
)  # fmt: skip
def test_names_of_files(name, kind):
    assert kind_of(name) == kind


def test_an_empty_folder_and_a_missing_column_are_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputRefusedError) as raised:
        open_delivery(str(tmp_path / "empty"), RECEIVED)
    assert "has no beneficiary file" in str(raised.value) and "has no claim file" in str(raised.value)
    deliver(tmp_path)
    text = (tmp_path / "carrier.csv").read_text()
    (tmp_path / "carrier.csv").write_text(text.replace("TAX_NUM|", "TAX|").replace("HCPCS_CD|", "CODE|"))
    with pytest.raises(InputRefusedError, match=r"carrier.csv line 1: lacks the columns HCPCS_CD, TAX_NUM"):
        open_delivery(str(tmp_path), RECEIVED)


def test_a_truncated_gzip_is_named(tmp_path):
    deliver(tmp_path)
    (tmp_path / "carrier.csv").unlink()
    whole = gzip.compress(lines("carrier", *[CARRIER | {"CLM_ID": str(-n)} for n in range(20000)]).encode())
    (tmp_path / "carrier.csv.gz").write_bytes(whole[: len(whole) // 2])
    try:
        deliveries = (open_delivery(str(tmp_path), RECEIVED),)
        told = "\n".join(map(str, damaged_files(deliveries)))
    except InputRefusedError as error:
        told = str(error)
    assert "carrier.csv.gz" in told and "cut short" in told


def test_an_empty_file_is_refused(tmp_path):
    deliver(tmp_path)
    (tmp_path / "dme.csv").write_text("")
    with pytest.raises(InputRefusedError, match=r"dme\.csv: is empty"):
        open_delivery(str(tmp_path), RECEIVED)
