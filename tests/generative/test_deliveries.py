"""However records are spread over deliveries, repeated and corrected: the same core tables (DL 3.3 to DL 3.5, DL 3.12).

Each person is a history of its own: the same records reach the one lake in one delivery, the other lake in any of five,
some twice. Both go through files, and every core table about claims and people must have the same checksum.
"""

import itertools
import random
from datetime import date, timedelta

import pytest
from pyspark.sql import functions as F

from lead_engine.lake.checksum import checksum
from lead_engine.sources import claims, people
from lead_engine.sources.cclf import people as cclf_people
from lead_engine.sources.cclf import records
from lead_engine.sources.cclf.delivery import open_deliveries
from lead_engine.sources.records import GOOD
from lead_engine.sources.rules import DeliveryRules
from lead_engine.tables import CONTRACTS
from tests.cclf_files import HEADER, LINE, PERSON, deliver, record
from tests.held import held
from tests.rules import FACTS, resolved

HISTORIES, DELIVERIES = 600, 5
SECRET = "sesame"
RULES = DeliveryRules.from_methodology(resolved(), FACTS)
FIRST = date(2025, 1, 1)


def iso(days: int) -> str:
    return (FIRST + timedelta(days=days)).isoformat()


def history(chance: random.Random, number: int) -> list[tuple[str, str]]:
    """The records of one person, with the number of their file: claims, corrections, changes of MBI."""
    mbis = [f"1S{number:06d}{place}AA"[:11] for place in range(chance.randint(1, 3))]
    found = [("9", record("9", {"CRNT_NUM": new, "PRVS_NUM": old})) for old, new in itertools.pairwise(mbis)]
    found += [("8", record("8", PERSON | {"BENE_MBI_ID": mbi})) for mbi in mbis]
    claim = number * 100
    for group in range(chance.randint(1, 3)):
        day = chance.randint(0, 200)
        for _ in range(chance.randint(1, 5)):
            claim += 1
            shared = {
                "CUR_CLM_UNIQ_ID": f"{claim:013d}", "BENE_MBI_ID": chance.choice(mbis), "CLM_FROM_DT": iso(day),
                "CLM_THRU_DT": iso(day + 2), "CLM_EFCTV_DT": iso(day + chance.randint(3, 9)),
                "CLM_IDR_LD_DT": iso(day + chance.randint(10, 40)),
            }  # fmt: skip
            amount = f"{chance.choice([0, 10, 20])}.00"
            kind = chance.choice("0012")
            if group % 2:
                found += part_a(shared, amount, kind)
            else:
                found += part_b(shared, amount, "0" if kind == "2" else kind, f"C{number}/{group}")
    return found


def part_a(shared: dict[str, str], amount: str, kind: str) -> list[tuple[str, str]]:
    revenue = shared | {"CLM_LINE_NUM": "1", "CLM_LINE_HCPCS_CD": "G0467", "CLM_LINE_PROD_REV_CTR_CD": "0521"}
    return [
        ("1", record("1", HEADER | shared | {"CLM_PMT_AMT": amount, "CLM_ADJSMT_TYPE_CD": kind})),
        ("2", record("2", revenue)),
        ("4", record("4", shared | {"CLM_DGNS_CD": "E119"})),
    ]


def part_b(shared: dict[str, str], amount: str, kind: str, control: str) -> list[tuple[str, str]]:
    told = LINE | shared | {"CLM_LINE_CVRD_PD_AMT": amount, "CLM_ADJSMT_TYPE_CD": kind, "CLM_CNTL_NUM": control}
    return [("5", record("5", told | {"CLM_LINE_NUM": str(line)})) for line in (1, 2)]


def write(folder, by_delivery: list[list[tuple[str, str]]], chance: random.Random) -> None:
    for number, given in enumerate(by_delivery):
        chance.shuffle(given)
        files: dict[str, list[str]] = {"8": []}
        for kind, text in given:
            files.setdefault(kind, []).append(text)
        deliver(folder, files, date(2026, number + 1, 14))


def core(spark, folder) -> dict:
    deliveries = open_deliveries(str(folder), None)
    files = records.counted_files(spark, deliveries)
    tables = (records.CLAIMS, records.LINES, records.DIAGNOSES, records.PEOPLE, records.CROSSWALK)
    headers, lines, diagnoses, persons, crosswalk = (
        held(table.records(spark, deliveries, SECRET, files).where(GOOD)) for table in tables
    )
    keys = held(cclf_people.person_keys(persons, crosswalk, None))
    claim = held(claims.claim(None, headers, lines, keys, None, None, None, RULES))
    return {
        "core__person_key": keys,
        "core__claim": claim,
        "core__claim_line": claims.claim_line(None, lines, None, claim, RULES),
        "core__claim_diagnosis": claims.claim_diagnosis(None, headers, lines, diagnoses, None, claim, RULES),
        "core__beneficiary_identity": people.identity(spark, (), deliveries, (), SECRET, keys),
        "core__beneficiary": people.beneficiary(None, None, persons, headers, lines, keys),
    }


@pytest.mark.parametrize("histories", [40, pytest.param(HISTORIES, marks=pytest.mark.long)])
def test_histories(spark, tmp_path, histories):
    chance = random.Random(histories)
    everything = [history(chance, number) for number in range(1, histories + 1)]
    spread: list[list[tuple[str, str]]] = [[] for _ in range(DELIVERIES)]
    for records_of in everything:
        for each in records_of:
            for delivery in chance.sample(spread, chance.choice([1, 1, 2])):
                delivery.append(each)
    write(tmp_path / "one", [[each for records_of in everything for each in records_of]], chance)
    write(tmp_path / "many", spread, chance)
    one, many = core(spark, tmp_path / "one"), core(spark, tmp_path / "many")
    for name in one:
        columns = list(CONTRACTS[name].columns)
        assert checksum(many[name], columns) == checksum(one[name], columns), name
    assert one["core__claim"].where(F.col("cancelled_known_date").isNotNull()).count() > histories / 4
    assert one["core__person_key"].count() > histories / 2
