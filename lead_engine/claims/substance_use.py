"""Claims that may not be shown to an ACO: those with a code of substance use (DL 5.1, DL 5.3). Computation counts them all."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from .rules import SubstanceUseRules

CLAIM = ["source_kind", "claim_id"]


def without_them(lines: DataFrame, diagnoses: DataFrame, rules: SubstanceUseRules) -> DataFrame:
    """Lines of the claims that have none of the codes, neither on a line nor as a diagnosis.

    In: rows of `core__claim_line`, the rows of `core__claim_diagnosis` of the same people. Out: rows of the first.
    """
    told = lines.where(F.col("hcpcs_code").isin(list(rules.hcpcs_codes))).select(*CLAIM)
    found = diagnoses.where(F.col("icd10_code").isin(list(rules.icd10_codes))).select(*CLAIM)
    return lines.join(told.unionByName(found), CLAIM, "left_anti")
