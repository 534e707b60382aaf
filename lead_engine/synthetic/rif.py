"""The network as RIF files: rows of the layout the engine reads, one text a file and block of people."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from lead_engine.sources.rif.delivery import BENEFICIARY, CLAIMS, layout

from .claims import Care
from .identifiers import bene_number, ccns, npis, tins
from .people import DUAL, People, status_codes
from .plan import CALENDAR, DIAGNOSES, MONTHS, NO_DAY, YEARS, Flags, places
from .practices import World
from .records import AGAIN, ORIGINAL, Records, delivered, mbis, plain, text, usd, written

DAY = "%d-%b-%Y"
PROFESSIONAL_NPI = {"carrier": "PRF_PHYSN_NPI", "dme": "PRVDR_NPI"}


def heads(_: World) -> dict[str, bytes]:
    """Every file of a delivery, and how it begins."""
    kinds = {f"{BENEFICIARY}_{year}.csv": BENEFICIARY for year in YEARS} | {f"{kind}.csv": kind for kind in CLAIMS}
    return {name: ("|".join(_columns(kind)) + "\n").encode() for name, kind in kinds.items()}


def finish(folder: Path, world: World) -> None:
    """Nothing is left to do: a RIF delivery is its files."""


def block(people: People, care: Care, _: World) -> Iterator[tuple[str, bytes]]:
    """The lines of a block of people in each file."""
    for year in YEARS:
        yield f"{BENEFICIARY}_{year}.csv", _rows(BENEFICIARY, _year(people, year))
    records = delivered(people, care, ORIGINAL, AGAIN)
    for kind in CLAIMS:
        yield f"{kind}.csv", _rows(kind, _claims(people, records.of(kind), kind))


def _columns(kind: str) -> list[str]:
    return list(dict.fromkeys(name for field in layout(kind) for name in field.names))


def _rows(kind: str, told: dict[str, pa.Array]) -> bytes:
    """Columns in the order of the layout; what the network does not tell is empty."""
    size = len(next(iter(told.values())))
    empty = pa.array([""] * size, pa.string())
    columns = _columns(kind)
    table = pa.table([told.get(name, empty) for name in columns], columns)
    out = BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False, delimiter="|", quoting_style="none")
    pyarrow.csv.write_csv(table, out, options)
    return out.getvalue()


def _year(people: People, year: int) -> dict[str, pa.Array]:
    """The beneficiary-year records of who is alive and in Medicare in the year."""
    months = [place for place in range(MONTHS) if CALENDAR[place].year == year]
    here: Flags = np.any(people.enrolled()[:, months], axis=1)
    people = people.take(here)
    enrolled = people.enrolled()[:, months]
    parts = np.where(people.has_part_b, "3", "1")
    everybody, at = np.arange(len(people))[:, None], np.array(months)[None, :]
    told: dict[str, np.ndarray] = {
        "buy_in_codes": np.broadcast_to(parts[:, None], enrolled.shape),
        "hmo_codes": np.where(people.in_advantage()[:, months], "1", "0"),
        "medicare_status_codes": status_codes(people)[:, months],
        "dual_codes": np.broadcast_to(DUAL[people.dual][:, None], enrolled.shape),
        "county_fips_codes": np.array(places())[people.counties(everybody, at)],
    }
    counted = enrolled.sum(axis=1)
    died = people.death.astype("datetime64[Y]") == np.datetime64(str(year), "Y")
    row = {
        "BENE_ID": plain(bene_number(people.number)),
        "RFRNC_YR": pa.array([str(year)] * len(people)),
        "MBI_NUM": mbis(people, np.full(len(people), months[-1])),
        "BENE_BIRTH_DT": written(people.birth, DAY),
        "DEATH_DT": written(np.where(died, people.death, NO_DAY), DAY),
        "BENE_SEX_IDENT_CD": pa.array(np.where(people.is_female, "2", "1")),
        "BENE_ENTLMT_RSN_ORIG": pa.array(np.where(people.is_disabled, "1", "0")),
        "A_MO_CNT": plain(counted),
        "B_MO_CNT": plain(np.where(people.has_part_b, counted, 0)),
    }
    for field in layout(BENEFICIARY):
        if field.is_monthly:
            for place, name in enumerate(field.names[: len(months)]):
                row[name] = pa.array(np.where(enrolled[:, place], told[field.column][:, place], ""))
    return row


def _claims(people: People, records: Records, kind: str) -> dict[str, pa.Array]:
    claims, lines = records.claims, records.lines
    own = _professional if kind in PROFESSIONAL_NPI else _institutional
    by_claim = {
        "BENE_ID": plain(bene_number(people.number[claims.person])),
        "CLM_ID": plain(records.claim_id),
        "FINAL_ACTION": pa.array(np.where(records.is_superseded, "N", "F")),
        "NCH_CLM_TYPE_CD": text(claims.claim_type),
        "CLM_FROM_DT": written(claims.first, DAY),
        "CLM_THRU_DT": written(claims.last, DAY),
        "NCH_WKLY_PROC_DT": written(claims.known, DAY),
        "PRNCPAL_DGNS_CD": text(claims.diagnoses[:, 0]),
        **{f"ICD_DGNS_CD{place + 1}": text(claims.diagnoses[:, place]) for place in range(DIAGNOSES)},
    }
    take: Callable[[pa.Array], pa.Array] = lambda column: column.take(pa.array(lines.claim))  # noqa: E731
    shared = {name: take(column) for name, column in by_claim.items()}
    return shared | {"HCPCS_CD": text(lines.hcpcs)} | own(records, kind, take)


def _professional(records: Records, kind: str, take: Callable[[pa.Array], pa.Array]) -> dict[str, pa.Array]:
    lines = records.lines
    return {
        "CARR_CLM_PMT_DNL_CD": take(pa.array(np.where(records.claims.is_denied, "0", "1"))),
        "LINE_NUM": plain(lines.number),
        "LINE_1ST_EXPNS_DT": written(lines.day, DAY),
        "TAX_NUM": tins(lines.practice),
        PROFESSIONAL_NPI[kind]: npis(lines.practice, lines.clinician),
        "PRVDR_SPCLTY": text(lines.specialty),
        "LINE_PLACE_OF_SRVC_CD": text(lines.place),
        "LINE_PRCSG_IND_CD": pa.array(np.where(lines.is_denied, "C", "A")),
        "LINE_ALOWD_CHRG_AMT": usd(lines.allowed),
        "LINE_NCH_PMT_AMT": usd(lines.paid),
        "LINE_ICD_DGNS_CD": take(text(records.claims.diagnoses[:, 0])),
    }


def _institutional(records: Records, kind: str, take: Callable[[pa.Array], pa.Array]) -> dict[str, pa.Array]:
    claims, lines = records.claims, records.lines
    bill = text(claims.bill_type)
    row = {
        "CLM_PMT_AMT": take(usd(claims.paid)),
        "CLM_MDCR_NON_PMT_RSN_CD": take(pa.array(np.where(claims.is_denied, "N", ""))),
        "PRVDR_NUM": take(ccns(claims.practice)),
        "CLM_FAC_TYPE_CD": take(pc.utf8_slice_codeunits(bill, 0, 1)),
        "CLM_SRVC_CLSFCTN_TYPE_CD": take(pc.utf8_slice_codeunits(bill, 1, 2)),
        "CLM_LINE_NUM": plain(lines.number),
        "REV_CNTR": text(lines.revenue_center),
        "RNDRNG_PHYSN_NPI": npis(lines.practice, lines.clinician),
    }
    if kind in ("inpatient", "snf"):
        row |= {
            "CLM_ADMSN_DT": take(written(claims.admitted, DAY)),
            "CLM_IP_ADMSN_TYPE_CD": take(text(claims.admission_type)),
            "CLM_DRG_CD": take(text(claims.drg)),
        }
        return row
    row |= {"REV_CNTR_DT": written(lines.day, DAY), "REV_CNTR_PMT_AMT_AMT": usd(lines.paid)}
    if kind == "outpatient":
        row |= {
            "REV_CNTR_CASH_DDCTBL_AMT": usd(0 * lines.paid),
            "REV_CNTR_COINSRNC_WGE_ADJSTD_C": usd(lines.allowed - lines.paid),
        }
    return row
