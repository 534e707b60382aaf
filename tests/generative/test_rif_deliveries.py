"""However RIF rows are ordered, repeated and spread over files and deliveries: the same core tables (DL 3.12)."""

import random
from datetime import date

import pytest

from lead_engine.lake.checksum import checksum
from lead_engine.sources import claims, people
from lead_engine.sources.rif import records
from lead_engine.sources.rif.delivery import open_delivery
from lead_engine.sources.rules import DeliveryRules
from lead_engine.tables import CONTRACTS
from tests.held import held
from tests.rules import FACTS, resolved

SECRET = "sesame"
RULES = DeliveryRules.from_methodology(resolved(), FACTS)
RECEIVED, BEFORE = date(2027, 9, 1), date(2027, 8, 1)
SHARE = 6  # of the network's people one in so many


@pytest.fixture(scope="module")
def files(network) -> dict[str, tuple[str, list[str]]]:
    """Header and rows by name of file, of some people of the invented network."""
    found = {}
    for path in sorted((network.parent / "rif").iterdir()):
        header, *rows = path.read_text("utf-8").splitlines()
        place = header.split("|").index("BENE_ID")
        found[path.stem] = header, [row for row in rows if is_chosen(row.split("|"), place)]
    return found


def is_chosen(fields: list[str], place: int) -> bool:
    person = fields[place] if len(fields) > place else ""
    return person.lstrip("-").isdigit() and int(person) % SHARE == 0


def write(folder, name: str, header: str, rows: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv").write_text("\n".join([header, *rows, ""]), "utf-8")


def spread(folder, files, chance: random.Random):
    """Some rows a month before, and all of them in two files each, in any order and some of them in both."""
    for name, (header, rows) in files.items():
        write(folder / "before", name, header, chance.sample(rows, len(rows) // 2))
        parts: tuple[list[str], list[str]] = ([], [])
        for row in chance.sample(rows, len(rows)):
            for part in chance.choice([parts[:1], parts[1:], parts, parts[1:] * 2]):
                part.append(row)
        for number, part in enumerate(parts):
            write(folder / "now", f"{name}_part{number}", header, part)
    return open_delivery(str(folder / "now"), RECEIVED), open_delivery(str(folder / "before"), BEFORE)


def core(spark, deliveries) -> dict:
    persons, lines = (
        held(read(spark, deliveries, SECRET)) for read in (records.beneficiary_records, records.line_records)
    )
    claim = held(claims.claim(lines, None, None, None, persons, None, None, RULES))
    beneficiary = held(people.beneficiary(persons, lines, None, None, None, None))
    return {
        "core__claim": claim,
        "core__claim_line": claims.claim_line(lines, None, None, claim, RULES),
        "core__claim_diagnosis": claims.claim_diagnosis(lines, None, None, None, None, claim, RULES),
        "core__beneficiary_identity": people.identity(spark, deliveries, (), (), SECRET, None),
        "core__beneficiary": beneficiary,
        "core__enrolment_year": people.enrolment_year(spark, persons),
        "core__enrolment_month": people.enrolment_month(persons, beneficiary, None, None),
    }


def test_order_repetition_and_splitting_change_nothing(spark, tmp_path, files):
    for name, (header, rows) in files.items():
        write(tmp_path / "one", name, header, rows)
    one = core(spark, (open_delivery(str(tmp_path / "one"), RECEIVED),))
    many = core(spark, spread(tmp_path, files, random.Random(61)))
    for name, frame in one.items():
        columns = list(CONTRACTS[name].columns)
        expected = checksum(frame, columns)
        assert checksum(many[name], columns) == expected, name
        assert expected.rows > (1_000 if name == "core__claim_line" else 20), name
