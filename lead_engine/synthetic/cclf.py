"""The network as CCLF deliveries: fixed-width files of each ACO and day, each with the CCLF0 that counts them.

An ACO is delivered the people whose primary care it gave at the start; the first ACO also those of no ACO.
"""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from lead_engine.sources.cclf.delivery import known_lengths, positions

from . import identifiers
from .claims import Care
from .identifiers import ccns, npis, tins
from .people import DUAL, People, status_codes
from .plan import CALENDAR, DIAGNOSES, LAST_DELIVERY, MONTHS, NEVER, NO_DAY, NONE, places
from .practices import World
from .records import AGAIN, CANCELLATION, ORIGINAL, Records, delivered, mbis, plain, text, usd, written

DELIVERED = (date(2024, 1, 15), date(2025, 1, 15), date(2026, 1, 15), date(2026, 10, 15), LAST_DELIVERY)
NUMBERS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "A", "B")
DAY, NO_TEXT = "%Y-%m-%d", "1000-01-01"
PART_A = ("outpatient", "inpatient", "snf", "hha", "hospice")
ADJUSTMENT = {"A": np.array(["0", "1", "2"]), "B": np.array(["0", "1", "0"])}  # Part B has no adjustments (DL 3.4)


def heads(world: World) -> dict[str, bytes]:
    """Every file but CCLF0 of every delivery; none has a header."""
    return {name(aco.aco_id, number, day): b"" for aco in world.acos for day in DELIVERED for number in NUMBERS}


def finish(folder: Path, world: World) -> None:
    """Write each CCLF0 once its files are whole."""
    for aco in world.acos:
        for day in DELIVERED:
            lines = ["File Number  |File Description    |Total Records Count |Record Length"]
            for number in NUMBERS:
                width = max(known_lengths(number))
                size = (folder / name(aco.aco_id, number, day)).stat().st_size
                lines.append(f"CCLF{number}  |{'Invented':<43}|{size // (width + 1):>11}|{width:>5}")
            (folder / name(aco.aco_id, "0", day)).write_text("\n".join(lines) + "\n", "utf-8")


def block(people: People, care: Care, world: World) -> Iterator[tuple[str, bytes]]:
    """The records of a block of people in each file."""
    records = delivered(people, care, ORIGINAL, CANCELLATION, AGAIN)
    by_practice = np.array([0, *(0 if each.aco is None else world.acos.index(each.aco) for each in world.practices)])
    aco_of = by_practice[people.home]
    for place, aco in enumerate(world.acos):
        for day, before in zip(DELIVERED, (date.min, *DELIVERED), strict=False):
            known = (records.claims.known <= np.datetime64(day)) & (records.claims.known > np.datetime64(before))
            own = records.some(known & (aco_of[records.claims.person] == place))
            snapshot = people.take((aco_of == place) & (people.entitled <= _month(day)))
            for number, told in _delivery(people, snapshot, own, day):
                yield name(aco.aco_id, number, day), _lines(number, told)


def name(aco: str, number: str, day: date) -> str:
    """The name of a file."""
    return f"P.{aco}.ACO.ZC{number}Y{day:%y}.D{day:%y%m%d}.T1200000"


def number_of(name: str) -> str:
    """The number of a file, from its name."""
    return name.split(".ZC")[1][0]


def _month(day: date) -> int:
    first = day.replace(day=1)
    return CALENDAR.index(first) if first in CALENDAR else MONTHS - 1


def _delivery(
    people: People, snapshot: People, records: Records, day: date
) -> Iterator[tuple[str, dict[str, pa.Array]]]:
    part_a, carrier, dme = records.of(*PART_A), records.of("carrier"), records.of("dme")
    yield "1", _headers(people, part_a, day)
    yield "2", _revenue_lines(people, part_a, day)
    yield "4", _codes(people, part_a, day)
    yield "5", _part_b(people, carrier, day) | _physician(carrier)
    yield "6", _part_b(people, dme, day) | _equipment(dme)
    yield "8", _people(snapshot, day)
    yield "9", _changes(snapshot, day)


def _lines(number: str, told: dict[str, pa.Array]) -> bytes:
    """Fields at their places: amounts to the right, the rest to the left, blanks between."""
    size, at, parts = len(next(iter(told.values()))), 1, []
    for name, (start, length) in sorted(positions(number).items(), key=lambda field: field[1]):
        if start > at:
            parts.append(pa.scalar(" " * (start - at)))
        value = told.get(name)
        blank = pa.scalar(" " * length)
        pad = pc.utf8_lpad if name.endswith("_AMT") else pc.utf8_rpad
        parts.append(blank if value is None else pad(value, length))
        at = start + length
    end = max(known_lengths(number)) - at + 1
    joined = pc.binary_join_element_wise(pa.array([""] * size, pa.string()), *parts, pa.scalar(" " * end), "")
    out = BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
    pyarrow.csv.write_csv(pa.table([joined], ["record"]), out, options)
    return out.getvalue()


def _mbi(people: People, records: Records, day: date) -> pa.Array:
    """The number that is current when the files are made (DL 2.1)."""
    return mbis(people, np.full(len(people), _month(day))).take(pa.array(records.claims.person))


def _claim(people: People, records: Records, day: date, part: str) -> dict[str, pa.Array]:
    claims = records.claims
    return {
        "CUR_CLM_UNIQ_ID": plain(records.claim_id),
        "BENE_MBI_ID": _mbi(people, records, day),
        "CLM_TYPE_CD": text(claims.claim_type),
        "CLM_FROM_DT": written(claims.first, DAY),
        "CLM_THRU_DT": written(claims.last, DAY),
        "CLM_ADJSMT_TYPE_CD": pa.array(ADJUSTMENT[part][records.role]),
        "CLM_EFCTV_DT": written(claims.known, DAY),
        "CLM_IDR_LD_DT": written(claims.known, DAY),
    }


def _headers(people: People, records: Records, day: date) -> dict[str, pa.Array]:
    claims = records.claims
    bill, ccn = text(claims.bill_type), ccns(claims.practice)
    return _claim(people, records, day, "A") | {
        "CLM_BILL_FAC_TYPE_CD": pc.utf8_slice_codeunits(bill, 0, 1),
        "CLM_BILL_CLSFCTN_CD": pc.utf8_slice_codeunits(bill, 1, 2),
        "PRNCPL_DGNS_CD": text(claims.diagnoses[:, 0]),
        "CLM_PMT_AMT": usd(claims.paid),
        "DGNS_DRG_CD": text(claims.drg),
        "CLM_ADMSN_TYPE_CD": text(claims.admission_type),
        "PRVDR_OSCAR_NUM": ccn,
        "CLM_BLG_PRVDR_OSCAR_NUM": ccn,
    }


def _revenue_lines(people: People, records: Records, day: date) -> dict[str, pa.Array]:
    lines, take = records.lines, pa.array(records.lines.claim)
    return {
        "CUR_CLM_UNIQ_ID": plain(records.claim_id).take(take),
        "CLM_LINE_NUM": plain(lines.number),
        "BENE_MBI_ID": _mbi(people, records, day).take(take),
        "CLM_LINE_FROM_DT": written(lines.day, DAY),
        "CLM_LINE_PROD_REV_CTR_CD": text(lines.revenue_center),
        "CLM_LINE_HCPCS_CD": text(lines.hcpcs),
        "CLM_LINE_CVRD_PD_AMT": usd(lines.paid),
    }


def _codes(people: People, records: Records, day: date) -> dict[str, pa.Array]:
    owner, place = np.nonzero(records.claims.diagnoses != NONE)
    take = pa.array(owner)
    return {
        "CUR_CLM_UNIQ_ID": plain(records.claim_id).take(take),
        "BENE_MBI_ID": _mbi(people, records, day).take(take),
        "CLM_DGNS_CD": text(records.claims.diagnoses[owner, place]),
    }


def _part_b(people: People, records: Records, day: date) -> dict[str, pa.Array]:
    lines, take = records.lines, pa.array(records.lines.claim)
    # The same for a claim, its cancellation and the claim billed again.
    control = plain(records.claim_id + records.role)
    by_claim = _claim(people, records, day, "B") | {
        "CLM_CARR_PMT_DNL_CD": pa.array(np.where(records.claims.is_denied, "0", "1")),
        "CLM_CNTL_NUM": control,
    }
    return {name: column.take(take) for name, column in by_claim.items()} | {
        "CLM_LINE_NUM": plain(lines.number),
        "CLM_LINE_FROM_DT": written(lines.day, DAY),
        "CLM_LINE_HCPCS_CD": text(lines.hcpcs),
        "CLM_LINE_CVRD_PD_AMT": usd(lines.paid),
        "CLM_LINE_ALOWD_CHRG_AMT": usd(lines.allowed),
        "CLM_PRCSG_IND_CD": pa.array(np.where(lines.is_denied, "C", "A")),
    }


def _physician(records: Records) -> dict[str, pa.Array]:
    lines, take = records.lines, pa.array(records.lines.claim)
    codes = {
        f"CLM_DGNS_{place + 1}_CD": text(records.claims.diagnoses[:, place]).take(take) for place in range(DIAGNOSES)
    }
    return codes | {
        "CLM_PRVDR_SPCLTY_CD": text(lines.specialty),
        "CLM_POS_CD": text(lines.place),
        "CLM_LINE_DGNS_CD": codes["CLM_DGNS_1_CD"],
        "CLM_RNDRG_PRVDR_TAX_NUM": tins(lines.practice),
        "CLM_RNDRG_PRVDR_NPI_NUM": npis(lines.practice, lines.clinician),
    }


def _equipment(records: Records) -> dict[str, pa.Array]:
    lines = records.lines
    return {"CLM_POS_CD": text(lines.place), "CLM_BLG_PRVDR_NPI_NUM": npis(lines.practice, lines.clinician)}


def _people(people: People, day: date) -> dict[str, pa.Array]:
    month = _month(day)
    at = np.full(len(people), month)
    fips = pa.array(np.array(places())[people.counties(np.arange(len(people)), at)])
    first = np.array(CALENDAR, "datetime64[D]")[np.minimum(people.entitled, MONTHS - 1)]
    died = np.where(people.death <= np.datetime64(day), people.death, NO_DAY)
    return {
        "BENE_MBI_ID": mbis(people, at),
        "BENE_FIPS_STATE_CD": pc.utf8_slice_codeunits(fips, 0, 2),
        "BENE_FIPS_CNTY_CD": pc.utf8_slice_codeunits(fips, 2, 5),
        "BENE_DOB": written(people.birth, DAY),
        "BENE_SEX_CD": pa.array(np.where(people.is_female, "2", "1")),
        "BENE_MDCR_STUS_CD": pa.array(status_codes(people)[:, month]),
        "BENE_DUAL_STUS_CD": pa.array(DUAL[people.dual]),
        "BENE_DEATH_DT": written(died, DAY, NO_TEXT),
        "BENE_ORGNL_ENTLMT_RSN_CD": pa.array(np.where(people.is_disabled, "1", "0")),
        "BENE_PART_A_ENRLMT_BGN_DT": written(first, DAY),
        "BENE_PART_B_ENRLMT_BGN_DT": written(np.where(people.has_part_b, first, NO_DAY), DAY, NO_TEXT),
    }


def _changes(people: People, day: date) -> dict[str, pa.Array]:
    changed = people.take((people.changes_mbi <= _month(day)) & (people.changes_mbi < NEVER))
    return {
        "CRNT_NUM": mbis(changed, np.full(len(changed), NEVER)),
        "PRVS_NUM": identifiers.mbis(changed.number, 1),
    }
