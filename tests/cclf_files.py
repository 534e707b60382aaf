"""CCLF files for tests: records from field values, whole deliveries with their CCLF0."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from lead_engine.sources.cclf.delivery import known_lengths, positions

NAMES = {"1": "Part A Claims Header File", "8": "Beneficiary Demographics File"}
EMPTY = {"9": []}

PERSON = {
    "BENE_MBI_ID": "1S00A00AA01", "BENE_FIPS_STATE_CD": "39", "BENE_FIPS_CNTY_CD": "035", "BENE_DOB": "1950-01-01",
    "BENE_SEX_CD": "2", "BENE_MDCR_STUS_CD": "10", "BENE_DUAL_STUS_CD": "NA", "BENE_DEATH_DT": "1000-01-01",
    "BENE_ORGNL_ENTLMT_RSN_CD": "0", "BENE_PART_A_ENRLMT_BGN_DT": "2024-11-01", "BENE_PART_B_ENRLMT_BGN_DT": "2024-12-01",
}  # fmt: skip
HEADER = {
    "CUR_CLM_UNIQ_ID": "0000000000001", "BENE_MBI_ID": "1S00A00AA01", "CLM_TYPE_CD": "60", "CLM_FROM_DT": "2025-02-03",
    "CLM_THRU_DT": "2025-02-05", "CLM_BILL_FAC_TYPE_CD": "1", "CLM_BILL_CLSFCTN_CD": "1", "PRNCPL_DGNS_CD": "I10",
    "CLM_PMT_AMT": "200.00", "CLM_ADJSMT_TYPE_CD": "0", "CLM_EFCTV_DT": "2025-02-10", "CLM_IDR_LD_DT": "2025-02-17",
    "PRVDR_OSCAR_NUM": "360001", "CLM_BLG_PRVDR_OSCAR_NUM": "360001",
}  # fmt: skip
LINE = {
    "CUR_CLM_UNIQ_ID": "0000000000009", "CLM_LINE_NUM": "0000000001", "BENE_MBI_ID": "1S00A00AA01", "CLM_TYPE_CD": "71",
    "CLM_FROM_DT": "2025-03-03", "CLM_THRU_DT": "2025-03-03", "CLM_LINE_FROM_DT": "2025-03-03", "CLM_PRVDR_SPCLTY_CD": "08",
    "CLM_POS_CD": "11", "CLM_LINE_HCPCS_CD": "99213", "CLM_LINE_CVRD_PD_AMT": "80.00", "CLM_LINE_ALOWD_CHRG_AMT": "100.00",
    "CLM_RNDRG_PRVDR_TAX_NUM": "000000001", "CLM_CARR_PMT_DNL_CD": "1", "CLM_PRCSG_IND_CD": "A", "CLM_ADJSMT_TYPE_CD": "0",
    "CLM_EFCTV_DT": "2025-03-10", "CLM_IDR_LD_DT": "2025-03-17", "CLM_CNTL_NUM": "C1", "CLM_DGNS_1_CD": "E119",
}  # fmt: skip
CHANGE = {"CRNT_NUM": "1S00A00AA02", "PRVS_NUM": "1S00A00AA01"}


def record(number: str, values: dict[str, str], length: int | None = None) -> str:
    """One record of a file: amounts to the right of their field, everything else to the left."""
    width = length or max(known_lengths(number))
    text = [" "] * width
    for name, (start, size) in positions(number).items():
        value = values.get(name, "")
        if start + size - 1 <= width:
            text[start - 1 : start - 1 + size] = value.rjust(size) if name.endswith("_AMT") else value.ljust(size)
    return "".join(text)


def deliver(
    folder: Path, files: dict[str, Iterable[str]], day: date = date(2025, 7, 15), aco: str = "A9001", end: str = "\n"
) -> Path:
    """A delivery of the given records (CCLF9 empty unless given) with a CCLF0 that agrees with it."""
    folder.mkdir(parents=True, exist_ok=True)
    control = ["File Number  |File Description    |Total Records Count |Record Length"]
    for number, given in sorted((EMPTY | dict(files)).items()):
        records = list(given)
        width = len(records[0]) if records else max(known_lengths(number))
        (folder / name(number, day, aco)).write_text("".join(text + end for text in records), "latin-1", newline="")
        control.append(f"CCLF{number}  |{NAMES.get(number, ''):<43}|{len(records):>11}|{width:>5}")
    (folder / name("0", day, aco)).write_text("\n".join(control) + "\n", "utf-8")
    return folder


def name(number: str, day: date, aco: str = "A9001") -> str:
    return f"P.{aco}.ACO.ZC{number}Y{day:%y}.D{day:%y%m%d}.T1200000"
